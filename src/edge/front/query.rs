//! The query of a request: known names, each once, and nothing else.

use std::collections::BTreeMap;

use crate::protocol::MAX_JS_INTEGER;

/// The parameters of a request, each a text as it was given.
#[derive(Debug, Default)]
pub(super) struct Query(BTreeMap<&'static str, String>);

impl Query {
    /// Reads them, or says in a sentence what is wrong.
    pub(super) fn read(query: &str, names: &'static [&'static str]) -> Result<Query, String> {
        let mut values = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let Some(known) = names.iter().find(|known| **known == name) else {
                return Err(match names {
                    [] => "This path takes no query parameters.".to_owned(),
                    _ => format!("The query parameters here are: {}.", names.join(", ")),
                });
            };
            if values.insert(*known, value.into_owned()).is_some() {
                return Err(format!("The query parameter {known} was given twice."));
            }
        }
        Ok(Query(values))
    }

    /// A parameter that is text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that is a whole number up to 2^53-1.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, String> {
        let Some(value) = self.text(name) else {
            return Ok(None);
        };
        let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        let number = value.parse().ok();
        match number.filter(|number| digits && *number <= MAX_JS_INTEGER) {
            Some(number) => Ok(Some(number)),
            None => Err(format!(
                "The query parameter {name} must be a whole number up to 2^53-1."
            )),
        }
    }

    /// Whether there is none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
