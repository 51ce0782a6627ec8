//! The members of a request's body, read one by one. What is missing, wrong or unknown is named all at once at the end.

use serde_json::{Map, Value};

use crate::api::about::About;
use crate::api::value::is_comment;
use crate::certificate::MEMBER;
use crate::edge::http_answer::Problem;
use crate::edge::json_order::order_from_json;
use crate::list::certificate_in;
use crate::protocol::{InvalidOrder, Order};
use crate::strict_json;

/// What has not been read yet, and the faults of what has.
pub(super) struct Members {
    left: Map<String, Value>,
    faults: InvalidOrder,
}

impl Members {
    /// Those of a JSON object.
    pub(super) fn read(body: &[u8]) -> Result<Members, Problem> {
        Ok(Members {
            left: strict_json::read_object(body).map_err(Problem::malformed)?,
            faults: InvalidOrder::new(),
        })
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, name: &str) -> String {
        match self.left.remove(name) {
            Some(Value::String(text)) => return text,
            Some(_) => self.faults.note(name, "must be a string"),
            None => self.faults.note(name, "is missing"),
        }
        String::new()
    }

    /// A text for people that must be there.
    pub(super) fn comment(&mut self, name: &str) -> String {
        let is_text = self.left.get(name).is_some_and(Value::is_string);
        let text = self.text(name);
        if is_text && !is_comment(&text) {
            self.faults.note(
                name,
                "must have 1 to 1024 characters, none of them a control character",
            );
        }
        text
    }

    /// A whole number that must be there.
    pub(super) fn whole_number(&mut self, name: &str) -> u64 {
        let value = self.left.remove(name);
        let number = value.as_ref().and_then(Value::as_u64);
        if number.is_none() {
            let is_missing = value.is_none();
            let fault = if is_missing {
                "is missing"
            } else {
                "must be a whole number"
            };
            self.faults.note(name, fault);
        }
        number.unwrap_or_default()
    }

    /// A truth value; without it false.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        match self.left.remove(name) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                self.faults.note(name, "must be true or false");
                false
            }
        }
    }

    /// What the certificate says that may name the order.
    pub(super) fn certificate(&self) -> Option<About> {
        let certificate = certificate_in(self.left.get(MEMBER)?).ok()?;
        Some(About::from(&certificate))
    }

    /// The order that all of them describe.
    pub(super) fn order(&mut self) -> Result<Order, Problem> {
        order_from_json(std::mem::take(&mut self.left)).map_err(|faults| {
            let problem = Problem::invalid_order(&faults);
            self.faults = faults;
            problem
        })
    }

    /// 422 that names every fault, and every member that was not asked for.
    pub(super) fn end(mut self) -> Result<(), Problem> {
        for name in self.left.keys() {
            self.faults.note(name, "is not known here");
        }
        if self.faults.fields().is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid_order(&self.faults))
        }
    }
}
