//! What a planner says of a job besides its orders: its name, its deadline, and what holds for rows that do not say it.

use std::borrow::Cow;

use super::COMMENT;
use crate::edge::timestamp;
use crate::list::plan_rules::Others;
use crate::list::{Faults, List, faults_of_defaults};
use crate::protocol::{CodeReason, Member};

/// A job's name in characters, at most.
const MAX_NAME_CHARS: usize = 200;

/// What is said of a job beside its list, as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// Its deadline.
    pub deadline: Option<&'a str>,
    /// The reason of the rows that have none.
    pub code_reason: Option<&'a str>,
    /// The comment of the rows that have none.
    pub comment: Option<&'a str>,
    /// Whether the rows that do not say otherwise are tests.
    pub test: Option<&'a str>,
}

/// The same, understood.
#[derive(Debug, Default)]
pub(super) struct Understood {
    pub(super) name: Option<String>,
    /// In milliseconds since 1970.
    pub(super) deadline: Option<i64>,
    pub(super) others: Others,
}

impl Terms<'_> {
    /// These terms, where they are there, and else the list's own.
    pub(super) fn or_of(self, list: &List, faults: &mut Faults) -> Understood {
        let mut understood = Understood::default();
        if let Some(text) = self.name.or(list.name()) {
            if is_name(text) {
                understood.name = Some(text.to_owned());
            } else {
                faults.note(
                    "name",
                    "must have 1 to 200 characters, none of them a control character",
                );
            }
        }
        if let Some(text) = self.deadline.or(list.deadline()) {
            understood.deadline = timestamp::millis(text);
            if understood.deadline.is_none() {
                let fault = "must be a time as in RFC 3339, for example 2026-11-28T17:00:00Z";
                faults.note("deadline", fault);
            }
        }
        if let Some(text) = self.code_reason {
            let reason = CodeReason::written(text);
            if reason.is_none() {
                faults.note("codeReason", "must be 0, 1, 3, 4 or 5, or one of their names");
            }
            // Whatever is wrong with it, no row lacks one.
            understood.others.code_reason = Some(reason.unwrap_or_default());
        }
        if let Some(text) = self.comment {
            let comment = (Cow::Borrowed(COMMENT), Member::Text(text.to_owned()));
            for (field, fault) in faults_of_defaults(&[comment]).fields() {
                faults.note(field, fault);
            }
            understood.others.comment = Some(text.to_owned());
        }
        match self.test {
            Some("true") => understood.others.test = true,
            Some("false") | None => {}
            Some(_) => faults.note("test", "must be true or false"),
        }
        understood
    }
}

fn is_name(text: &str) -> bool {
    (1..=MAX_NAME_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}
