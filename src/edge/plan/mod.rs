//! The plan of a job: rows of JSON or CSV become orders that are checked, merged where they are the same, and put under
//! one hash. Nothing is sent.
//!
//! | module | what lives there |
//! |---|---|
//! | `json_rows`, `csv_rows` | rows as they were given |
//! | `rfc4180` | whether a text is CSV that means only one thing |
//! | `merge` | the same order in several rows |
//! | `csv_cells` | the job's rows as CSV again |

mod csv_cells;
mod csv_rows;
mod json_rows;
mod merge;
mod rfc4180;

use std::fmt::Write;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::json_order::normalised;
use super::timestamp;
use crate::audit::hex;
use crate::protocol::{Door, InvalidOrder, Member, Order, order_from_members};

pub use csv_cells::{COLUMNS, csv_line};
pub use csv_rows::from_csv;
pub use json_rows::from_json;

use merge::{Merged, merged};

/// A job's name in characters, at most.
const MAX_NAME_CHARS: usize = 200;
/// How many of the rows that a plan tells of besides its figures are listed.
pub const LISTED: usize = 100;
/// How many faults are told in words. Of what a caller may send there could be millions; bad rows are numbered all the same.
const MAX_FAULTS: usize = 100_000;
/// How many other rows a fault names that several share.
const NAMED_ROWS: usize = 10;
/// Rows are handed to the database in texts of about this size, in bytes; it takes 2 MB at most.
const CHUNK_BYTES: usize = 256 * 1024;

/// One row as it was given: its members, of whatever type.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number, from 1.
    pub number: usize,
    /// Its members, those of `defaults` not yet among them.
    pub members: Vec<(String, Member)>,
    /// What is wrong with the row as a whole.
    pub fault: Option<&'static str>,
}

/// A job as it was given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// Its name.
    pub name: Option<String>,
    /// Its deadline, in milliseconds since 1970.
    pub deadline: Option<i64>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Members for the rows that do not have them.
    pub defaults: Vec<(String, Member)>,
    /// What is wrong besides the rows.
    pub faults: InvalidOrder,
}

/// A planned order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The number of its row, the first of several.
    pub row: usize,
    /// The order.
    pub order: Order,
}

/// A plan without faults.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The job's name.
    pub name: Option<String>,
    /// The job's deadline, in milliseconds since 1970.
    pub deadline: Option<i64>,
    /// Its orders, each once, in the order in which they were given.
    pub orders: Vec<Planned>,
    /// Rows that were merged into others.
    pub duplicates: usize,
    /// What was merged, for the one who planned it: the first [`LISTED`].
    pub merged: Vec<Value>,
}

/// What is wrong with a plan: every fault in every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPlan {
    /// The numbers of the bad rows.
    pub rows: Vec<usize>,
    /// What is wrong, by `row N: member` or by member.
    pub faults: InvalidOrder,
}

impl Given {
    /// Notes a fault of this member, or of this row's member.
    fn note(&mut self, field: &str, fault: &str) {
        if self.faults.fields().len() < MAX_FAULTS {
            self.faults.note(field, fault);
        }
    }

    /// Takes the name of the job.
    pub fn name(&mut self, text: &str) {
        let length = text.chars().count();
        if (1..=MAX_NAME_CHARS).contains(&length) && !text.chars().any(char::is_control) {
            self.name = Some(text.to_owned());
        } else {
            self.note(
                "name",
                "must have 1 to 200 characters, none of them a control character",
            );
        }
    }

    /// Takes the deadline of the job.
    pub fn deadline(&mut self, text: &str) {
        self.deadline = timestamp::millis(text);
        if self.deadline.is_none() {
            let fault = "must be a time as in RFC 3339, for example 2026-11-28T17:00:00Z";
            self.note("deadline", fault);
        }
    }

    /// Checks every row, and merges those that are about the same order.
    pub fn plan(mut self, max_orders: usize) -> Result<Plan, InvalidPlan> {
        let mut bad = Vec::new();
        if self.rows.len() > max_orders {
            let fault = format!("has more rows than a job may have here (MAX_JOB_ORDERS): {max_orders}");
            self.note("orders", &fault);
            return Err(InvalidPlan {
                rows: bad,
                faults: self.faults,
            });
        }
        if self.rows.is_empty() && self.faults.fields().is_empty() {
            self.note("orders", "must have at least one row");
        }
        let mut orders = Vec::with_capacity(self.rows.len());
        for row in std::mem::take(&mut self.rows) {
            let number = row.number;
            match row.order(&self.defaults) {
                Ok(order) => orders.push(Planned { row: number, order }),
                Err(faults) => {
                    bad.push(number);
                    for (field, fault) in faults.fields() {
                        self.note(&format!("row {number}: {field}"), fault);
                    }
                }
            }
        }
        let Merged {
            orders,
            duplicates,
            listed,
            mixed,
        } = merged(orders);
        for rows in mixed {
            let mut all: Vec<String> = rows.iter().take(NAMED_ROWS).map(usize::to_string).collect();
            if rows.len() > NAMED_ROWS {
                all.push("...".to_owned());
            }
            let fault = format!(
                "differs between rows for the same order: {}. One call either tests or revokes",
                all.join(", ")
            );
            for row in rows {
                self.note(&format!("row {row}: test"), &fault);
                bad.push(row);
            }
        }
        if !self.faults.fields().is_empty() {
            bad.sort_unstable();
            bad.dedup();
            return Err(InvalidPlan {
                rows: bad,
                faults: self.faults,
            });
        }
        Ok(Plan {
            name: self.name,
            deadline: self.deadline,
            orders,
            duplicates,
            merged: listed,
        })
    }
}

impl Row {
    fn order(self, defaults: &[(String, Member)]) -> Result<Order, InvalidOrder> {
        if let Some(fault) = self.fault {
            let mut faults = InvalidOrder::new();
            faults.note("row", fault);
            return Err(faults);
        }
        let own = self.members;
        let missing: Vec<(String, Member)> = defaults
            .iter()
            .filter(|(name, _)| !own.iter().any(|(given, _)| given == name))
            .cloned()
            .collect();
        order_from_members(own.into_iter().chain(missing), Door::Edge)
    }
}

impl Plan {
    /// Whether nothing but test calls is planned.
    pub fn is_drill(&self) -> bool {
        self.orders.iter().all(|planned| planned.order.test())
    }

    /// The lower-case hex SHA-256 of the plan's lines, sorted.
    pub fn hash(&self) -> String {
        let mut sorted: Vec<&Order> = self.orders.iter().map(|planned| &planned.order).collect();
        sorted.sort_by_cached_key(|order| sort_key(order));
        let mut hash = Sha256::new();
        for order in sorted {
            hash.update(line(order).as_bytes());
            hash.update(b"\n");
        }
        hex(&hash.finalize())
    }

    /// What the ledger is asked to keep, besides who asks and [`Plan::rows`].
    pub fn command(&self) -> Map<String, Value> {
        let numbers = || self.orders.iter().map(|planned| number_of(&planned.order));
        let members = json!({
            "name": self.name,
            "deadline": self.deadline,
            "planHash": self.hash(),
            "total": self.orders.len(),
            "duplicates": self.duplicates,
            "drill": self.is_drill(),
            "firstOrder": numbers().min().unwrap_or_default().to_string(),
            "lastOrder": numbers().max().unwrap_or_default().to_string(),
            "merged": Value::from(self.merged.clone()).to_string(),
        });
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// The orders for the database, in texts of some size: JSON arrays of `[row, identity, orderNumber, order, test]`.
    ///
    /// They go beside the command and not in it: there they would be escaped once more, and 8 MiB of backslashes would become
    /// more than one object may be handed at once.
    pub fn rows(&self) -> Vec<String> {
        let mut chunks = Vec::new();
        let mut chunk = String::new();
        for Planned { row, order } in &self.orders {
            chunk.push(if chunk.is_empty() { '[' } else { ',' });
            // The order as an object: as a text within the text it would be escaped twice.
            let item = json!([
                row,
                order.identity(),
                order.order_number(),
                normalised(order),
                u8::from(order.test())
            ]);
            // Writing into a string cannot fail.
            let _ = write!(chunk, "{item}");
            if chunk.len() > CHUNK_BYTES {
                chunk.push(']');
                chunks.push(std::mem::take(&mut chunk));
            }
        }
        if !chunk.is_empty() {
            chunk.push(']');
            chunks.push(chunk);
        }
        chunks
    }
}

/// An order's line in the plan: RFC 8785 of the members that it has.
fn line(order: &Order) -> String {
    let mut value = normalised(order);
    if let (Some(product), Some(members)) = (order.product(), value.as_object_mut()) {
        members.insert("product".into(), product.to_string().into());
    }
    // Sorted members, integers and strings only: what serde_json writes is RFC 8785.
    value.to_string()
}

fn sort_key(order: &Order) -> (u64, String, Option<u64>) {
    let code = order.product_code().unwrap_or_default().to_owned();
    (number_of(order), code, order.product())
}

/// The number of an order, which is always decimal text within u64.
pub fn number_of(order: &Order) -> u64 {
    order.order_number().parse().unwrap_or_default()
}
