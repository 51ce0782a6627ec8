//! The entries of the audit log and the chain of hashes that ties each to the one before.
//!
//! | module | what lives there |
//! |---|---|
//! | `head` | the head of a log: what is signed |
//! | `verify` | the verifier: which entry cannot be believed, and why |
//! | `readable` | which JSON the verifier reads |

mod head;
mod readable;
mod verify;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub use head::{Head, signed_text};
pub use readable::MAX_LINE_BYTES;
pub use verify::{Fault, Report, Verifier, verify};

/// `prevHash` of the first entry.
pub const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An entry that is ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the log, from 1.
    pub seq: u64,
    /// Lower-case hex SHA-256 of the entry without `hash`, serialised by RFC 8785 (JCS).
    pub hash: String,
    /// The whole entry, `hash` included, serialised by RFC 8785.
    pub text: String,
}

/// Chains an entry with these members to the one before it (`prev_hash` is [`NO_HASH`] for the first).
///
/// Members are strings, booleans, integers up to 2^53-1, and arrays and objects of these, under ASCII names: for
/// such values, `serde_json` with sorted members is RFC 8785.
///
/// ```
/// use autorevoke::audit::{NO_HASH, chain};
/// let members = serde_json::Map::from_iter([("action".to_owned(), "revoke".into())]);
/// let entry = chain(members, 1, NO_HASH);
/// assert!(entry.text.starts_with(r#"{"action":"revoke","hash":""#));
/// ```
pub fn chain(mut members: Map<String, Value>, seq: u64, prev_hash: &str) -> Entry {
    members.insert("seq".into(), seq.into());
    members.insert("prevHash".into(), prev_hash.into());
    let hash = sha256_hex(canonical(&members).as_bytes());
    members.insert("hash".into(), hash.as_str().into());
    Entry {
        seq,
        hash,
        text: canonical(&members),
    }
}

fn canonical(members: &Map<String, Value>) -> String {
    // Maps with string keys cannot fail to serialise.
    serde_json::to_string(members).unwrap_or_default()
}

/// Lower-case hex SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hex digits of these bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
            for digit in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
            hex
        })
}
