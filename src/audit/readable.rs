//! Which JSON can be hashed in one way only: what the verifier reads of entries and heads.

use serde_json::{Map, Value};

use crate::encoding::is_text;
use crate::protocol::MAX_JS_INTEGER;
use crate::strict_json::read_object;

/// The longest line that is read, in bytes: many times what the edge writes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// Reads a JSON object whose RFC 8785 form `serde_json` writes; the error is the end of a sentence, and quotes nothing.
pub fn read_line(line: &[u8]) -> Result<Map<String, Value>, &'static str> {
    if line.len() > MAX_LINE_BYTES {
        return Err("it is longer than 65536 bytes");
    }
    let members = read_object(line).map_err(|_| match is_text(line) {
        true => "it is not one JSON object with each member given once",
        false => {
            "it is neither UTF-8 nor UTF-16 with a byte order mark, so that nothing can be said of it: save it as UTF-8, or fetch it again"
        }
    })?;
    if !members.iter().all(|(name, value)| is_plain(name, value)) {
        return Err(
            "it holds a number that is no integer of at most 2^53-1, or a member whose name is not ASCII",
        );
    }
    Ok(members)
}

// Floating point numbers and names beyond ASCII have RFC 8785 forms too, but no entry of ours holds them: what is not
// understood is not believed.
fn is_plain(name: &str, value: &Value) -> bool {
    name.is_ascii() && is_plain_value(value)
}

fn is_plain_value(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number
            .as_i64()
            .is_some_and(|integer| integer.unsigned_abs() <= MAX_JS_INTEGER),
        Value::Array(items) => items.iter().all(is_plain_value),
        Value::Object(members) => members.iter().all(|(name, value)| is_plain(name, value)),
    }
}
