//! The query of a request: whole numbers by name, each once, and nothing else.

use std::collections::BTreeMap;

use crate::protocol::MAX_JS_INTEGER;

/// The parameters' values, or a sentence that says what is wrong.
pub(super) fn numbers(
    query: &str,
    names: &'static [&'static str],
) -> Result<BTreeMap<&'static str, u64>, String> {
    let mut values = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let Some(known) = names.iter().find(|known| **known == name) else {
            return Err(match names {
                [] => "This path takes no query parameters.".to_owned(),
                _ => format!("The query parameters here are: {}.", names.join(", ")),
            });
        };
        let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        let number = value.parse().ok();
        let Some(number) = number.filter(|number| digits && *number <= MAX_JS_INTEGER) else {
            return Err(format!(
                "The query parameter {known} must be a whole number up to 2^53-1."
            ));
        };
        if values.insert(*known, number).is_some() {
            return Err(format!("The query parameter {known} was given twice."));
        }
    }
    Ok(values)
}
