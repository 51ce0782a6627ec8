//! A new job, as it was given: what can be said of it without looking into its orders.

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::client::value::{Argument, Members, Value};
use crate::protocol::{InvalidOrder, printable_name};

/// What the edge takes (contract, section 3).
const MAX_PLAN_BYTES: usize = 8 * 1024 * 1024;

/// A plan, and the bytes that say it.
pub struct Plan {
    /// Its members, but for `csv`.
    pub plan: Argument,
    pub csv: Csv,
    /// The defaults that a CSV can have, as they are.
    pub reason: Option<Value>,
    pub comment: Option<Value>,
    /// As it is sent; nothing if it cannot be written.
    pub body: Option<JsValue>,
    /// How long that is.
    pub bytes: usize,
}

/// What `csv` is: what is in it can be large, and is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Csv {
    None,
    Some,
    /// A string with a lone surrogate.
    Malformed,
    Wrong,
}

/// What goes beside a list.
#[derive(Serialize, Default)]
pub struct Query {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
    #[serde(rename = "codeReason", skip_serializing_if = "Option::is_none")]
    code_reason: Option<String>,
    #[serde(rename = "revocationReason", skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    test: bool,
}

impl Plan {
    /// What goes into the query, and the media type of the body.
    pub fn checked(&self, faults: &mut InvalidOrder) -> (Query, &'static str) {
        let mut query = Query::default();
        let Argument::Members(Members(members)) = &self.plan else {
            faults.note("plan", "must be an object with orders, or with csv");
            return (query, "");
        };
        let is_csv = self.csv != Csv::None;
        let mut has_orders = is_csv;
        for (name, value) in members {
            let fault = match (name.as_str(), value) {
                ("name", Value::Text(text)) => {
                    query.name = Some(text.clone());
                    continue;
                }
                ("name", _) => "must be a string",
                ("deadline", Value::Text(text)) => {
                    query.deadline = Some(text.clone());
                    continue;
                }
                ("deadline", _) => "must be a date-time of RFC 3339 as a string, or a Date",
                ("test", Value::Bool(test)) if is_csv => {
                    query.test = *test;
                    continue;
                }
                ("test", _) => "must be true or false, and is for a csv: orders as JSON have defaults",
                ("columns", Value::Text(text)) if is_csv => {
                    query.columns = Some(text.clone());
                    continue;
                }
                ("columns", _) => "must be a string, COLUMN=NAME,..., and is for a csv",
                ("orders", _) if is_csv => "must not be there beside csv: it has the orders",
                ("orders", value) => {
                    has_orders = true;
                    match value {
                        Value::Array(0) => "must have one order at least",
                        Value::Array(_) => continue,
                        _ => "must be an array of orders",
                    }
                }
                ("defaults", _) if is_csv => {
                    "can have codeReason and revocationReason for a CSV, and nothing else: give it the columns instead"
                }
                ("defaults", Value::Object(_)) => continue,
                ("defaults", _) => "must be an object",
                _ => "does not exist",
            };
            faults.note(&printable_name(name), fault);
        }
        match &self.reason {
            None => {}
            Some(Value::Text(text)) => query.code_reason = Some(text.clone()),
            Some(other) => match other.integer() {
                Some(number) => query.code_reason = Some(number.to_string()),
                None => faults.note("codeReason", "must be the number or the name of a reason"),
            },
        }
        match &self.comment {
            None => {}
            Some(Value::Text(text)) => query.comment = Some(text.clone()),
            Some(_) => faults.note("revocationReason", "must be a string"),
        }
        match self.csv {
            Csv::Malformed => faults.note("csv", "is not well-formed Unicode (it has a lone surrogate)"),
            Csv::Wrong => faults.note("csv", "must be a string or a Uint8Array"),
            Csv::Some if self.bytes == 0 => faults.note("csv", "must not be empty"),
            _ => {}
        }
        let orders = if is_csv { "csv" } else { "orders" };
        if !has_orders {
            faults.note("orders", "is missing: an array of orders, or give a csv");
        }
        if self.body.is_none() {
            faults.note(
                orders,
                "must be what JSON can say: no BigInt, and nothing that contains itself",
            );
        } else if self.bytes > MAX_PLAN_BYTES {
            faults.note(
                orders,
                "are more than the 8 MiB that the edge takes: make several jobs",
            );
        }
        if is_csv {
            (query, "text/csv")
        } else {
            // The JSON says them itself.
            (Query::default(), "application/json")
        }
    }
}
