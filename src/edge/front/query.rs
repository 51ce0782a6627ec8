//! The query of a request: known names, each once, and nothing else.

use std::collections::BTreeMap;

use crate::edge::command::Page;
use crate::edge::http_answer::Problem;
use crate::protocol::MAX_JS_INTEGER;

/// The parameters of a request, each a text as it was given.
#[derive(Debug, Default)]
pub(super) struct Query(BTreeMap<&'static str, String>);

impl Query {
    /// Reads them.
    pub(super) fn read(query: &str, names: &'static [&'static str]) -> Result<Query, Problem> {
        let mut values = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let Some(known) = names.iter().find(|known| **known == name) else {
                return Err(Problem::malformed(match names {
                    [] => "This path takes no query parameters.".to_owned(),
                    _ => format!("The query parameters here are: {}.", names.join(", ")),
                }));
            };
            if values.insert(*known, value.into_owned()).is_some() {
                return Err(Problem::malformed(format!(
                    "The query parameter {known} was given twice."
                )));
            }
        }
        Ok(Query(values))
    }

    /// A parameter that is text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that is a whole number up to 2^53-1.
    fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let Some(value) = self.text(name) else {
            return Ok(None);
        };
        let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        let number = value.parse().ok();
        match number.filter(|number| digits && *number <= MAX_JS_INTEGER) {
            Some(number) => Ok(Some(number)),
            None => Err(Problem::malformed(format!(
                "The query parameter {name} must be a whole number up to 2^53-1."
            ))),
        }
    }

    /// `after` and `limit`.
    pub(super) fn page(&self, (usual, most): (u64, u64)) -> Result<Page, Problem> {
        let limit = self.number("limit")?.unwrap_or(usual);
        let after = self.number("after")?.unwrap_or_default();
        if (1..=most).contains(&limit) {
            Ok(Page { after, limit })
        } else {
            let fault = format!("The query parameter limit must be from 1 to {most}.");
            Err(Problem::malformed(fault))
        }
    }

    /// A parameter that is the name of one of these.
    pub(super) fn one_of<T: Copy>(
        &self,
        parameter: &str,
        values: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<Option<T>, Problem> {
        let Some(given) = self.text(parameter) else {
            return Ok(None);
        };
        match values.iter().find(|value| name(**value) == given) {
            Some(value) => Ok(Some(*value)),
            None => {
                let names: Vec<&str> = values.iter().map(|value| name(*value)).collect();
                Err(Problem::malformed(format!(
                    "The query parameter {parameter} must be one of: {}.",
                    names.join(", ")
                )))
            }
        }
    }

    /// A parameter that is the names of some of these, separated by commas; none where it is not there.
    pub(super) fn some_of<T: Copy>(
        &self,
        parameter: &str,
        values: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<Vec<T>, Problem> {
        let Some(text) = self.text(parameter) else {
            return Ok(Vec::new());
        };
        let found = text
            .split(',')
            .map(|part| values.iter().copied().find(|value| name(*value) == part));
        found.collect::<Option<Vec<T>>>().ok_or_else(|| {
            let names: Vec<&str> = values.iter().map(|value| name(*value)).collect();
            Problem::malformed(format!(
                "The query parameter {parameter} must be one or several of these, separated by commas: {}.",
                names.join(", ")
            ))
        })
    }

    /// Whether there is none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
