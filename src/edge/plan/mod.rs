//! The plan of a job: rows of JSON or CSV become orders that are checked, merged where they are the same, and put under
//! one hash. Nothing is sent.
//!
//! | module | what lives there |
//! |---|---|
//! | `json_rows`, `csv_rows` | a plan as it is sent |
//! | `rfc4180` | the records of a CSV text that means only one thing |
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

use super::command::NewJob;
use super::grant::{OTHER_NAMES, covered_as};
use super::http_answer::json as json_text;
use super::json_order::normalised;
use super::timestamp;
use crate::api::job::{JobReasons, MergedOrder};
use crate::audit::hex;
use crate::protocol::{InvalidOrder, Member, NameKind, Order, Via, order_from_members};

pub use csv_cells::{COLUMNS, csv_line};
pub use csv_rows::from_csv;
pub use json_rows::from_json;

use csv_rows::cell_member;
use merge::{Merged, merged};

/// A job's name in characters, at most.
const MAX_NAME_CHARS: usize = 200;
/// How many merged and how many known orders a plan lists besides their numbers.
pub const LISTED: usize = 100;
/// How many faults are named: a body could have millions. Rows with faults are numbered all the same.
const MAX_FAULTS: usize = 100_000;
/// How many row numbers a list has at most.
const NAMED_ROWS: usize = 1_000;
/// How many row numbers a sentence has.
const ROWS_IN_WORDS: usize = 10;
/// Rows go to the ledger in texts of about this size, in bytes: small beside the 2 MB that a value of the database may have
/// on Cloudflare, and the 32 MiB of a message. Short texts are cleared away soon: with 256 KiB workerd grew by 40 MB more.
const PART_BYTES: usize = 64 * 1024;
/// The member that says why, which every row must have, or the plan for all of them: it cannot be corrected afterwards.
const REASON: &str = "codeReason";
/// The one member of an order that is long. As a default it is kept once, with the job.
const COMMENT: &str = "revocationReason";

/// A row as it is sent: its members, of whatever type.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number, from 1.
    pub number: usize,
    /// Its own members, without those of `defaults`.
    pub members: Vec<(String, Member)>,
    /// What is wrong with the row as a whole.
    pub fault: Option<&'static str>,
}

/// A plan as it is sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlanRequest {
    /// Its name.
    pub name: Option<String>,
    /// Its deadline, in milliseconds since 1970.
    pub deadline: Option<i64>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Members for rows without their own.
    pub defaults: Vec<(String, Member)>,
    /// What is wrong besides the rows.
    pub faults: InvalidOrder,
}

/// A planned order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The number of its row, the first of several.
    pub row: usize,
    /// The order, without the comment that all rows share.
    pub order: Order,
    /// Whether the row has no comment of its own, so that the plan's is meant.
    pub shares_comment: bool,
}

/// A plan without faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The job's name.
    pub name: Option<String>,
    /// The job's deadline, in milliseconds since 1970.
    pub deadline: Option<i64>,
    /// The comment of the rows that have none of their own.
    pub comment: Option<String>,
    /// Its orders, each once, in the order of their rows.
    pub orders: Vec<Planned>,
    /// Rows that were merged into others.
    pub duplicates: usize,
    /// What was merged: the first [`LISTED`] orders, and the first thousand of their rows.
    pub merged: Vec<MergedOrder>,
    /// How many of all merged orders had rows with different reasons.
    pub conflicts: usize,
}

/// What is wrong with a plan: every fault in every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPlan {
    /// The numbers of the bad rows.
    pub rows: Vec<usize>,
    /// What is wrong, by `row N: member` or by member.
    pub faults: InvalidOrder,
}

impl PlanRequest {
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

    /// Takes the reason of the rows that have none of their own, as a cell of a CSV has it.
    pub fn default_reason(&mut self, text: &str) {
        self.take_defaults(vec![(REASON.to_owned(), cell_member(REASON, text))], "");
    }

    /// Takes `defaults`, whose faults are named once and not again with every row, behind `prefix`.
    fn take_defaults(&mut self, members: Vec<(String, Member)>, prefix: &str) {
        let mut faults = InvalidOrder::new();
        let is_name = |name: &str| NameKind::ALL.into_iter().any(|kind| kind.parameter() == name);
        for (name, _) in members.iter().filter(|(name, _)| is_name(name)) {
            faults.note(name, "is each order's own");
        }
        let others = members.iter().filter(|(name, _)| !is_name(name)).cloned();
        let number = [("orderNumber".to_owned(), Member::Number(1.0))];
        if let Err(found) = order_from_members(number.into_iter().chain(others), Via::Edge) {
            faults.merge(found);
        }
        for (field, fault) in faults.fields() {
            self.note(&[prefix, field].concat(), fault);
        }
        if faults.fields().is_empty() {
            self.defaults = members;
        } else if members.iter().any(|(name, _)| name == REASON) {
            // Whatever is wrong with it, no row lacks one.
            self.defaults = vec![(REASON.to_owned(), Member::Number(0.0))];
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
        let comment = self.take_comment();
        let mut orders = Vec::with_capacity(self.rows.len());
        for row in std::mem::take(&mut self.rows) {
            let number = row.number;
            let shares_comment = comment.is_some() && !row.members.iter().any(|(name, _)| name == COMMENT);
            match row.order(&self.defaults) {
                Ok(order) => orders.push(Planned {
                    row: number,
                    order,
                    shares_comment,
                }),
                Err(faults) => {
                    bad.push(number);
                    for (field, fault) in faults.fields() {
                        self.note(&format!("row {number}: {field}"), fault);
                    }
                }
            }
        }
        self.note_mixed(&orders, &mut bad);
        if !self.faults.fields().is_empty() {
            bad.sort_unstable();
            bad.dedup();
            return Err(InvalidPlan {
                rows: bad,
                faults: self.faults,
            });
        }
        let Merged {
            orders,
            duplicates,
            listed,
            conflicts,
        } = merged(orders);
        Ok(Plan {
            name: self.name,
            deadline: self.deadline,
            comment,
            orders,
            duplicates,
            merged: listed,
            conflicts,
        })
    }

    /// Notes a plan that both tests and revokes: the rows of the smaller part are at fault.
    fn note_mixed(&mut self, orders: &[Planned], bad: &mut Vec<usize>) {
        let testing = orders.iter().filter(|planned| planned.order.test()).count();
        let revoking = orders.len() - testing;
        let fewer = testing.min(revoking);
        if fewer == 0 {
            return;
        }
        let rows = orders
            .iter()
            .filter(|planned| planned.order.test() == (testing == fewer))
            .map(|planned| planned.row);
        let mut named: Vec<String> = rows
            .clone()
            .take(ROWS_IN_WORDS)
            .map(|row| format!("row {row}"))
            .collect();
        if fewer > ROWS_IN_WORDS {
            named.push("...".to_owned());
        }
        let fault = format!(
            "must be the same in all rows, for a plan either tests or revokes: {testing} test, {revoking} revoke. The \
             fewer are {}",
            named.join(", ")
        );
        self.note("test", &fault);
        bad.extend(rows.take(NAMED_ROWS));
    }

    /// The comment for the rows that have none of their own, out of `defaults`.
    fn take_comment(&mut self) -> Option<String> {
        let at = self.defaults.iter().position(|(name, _)| name == COMMENT)?;
        match self.defaults.swap_remove(at) {
            (_, Member::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
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
            .filter(|(name, _)| !own.iter().any(|(own, _)| own == name))
            .cloned()
            .collect();
        let has_reason = own.iter().chain(&missing).any(|(name, _)| name == REASON);
        let order = order_from_members(own.into_iter().chain(missing), Via::Edge);
        if has_reason {
            return order;
        }
        let mut faults = order.err().unwrap_or_else(InvalidOrder::new);
        faults.note(REASON, "is missing, and the plan has none for all rows");
        Err(faults)
    }
}

impl Plan {
    /// Whether all rows are test calls.
    pub fn is_drill(&self) -> bool {
        self.orders.iter().all(|planned| planned.order.test())
    }

    /// The lower-case hex SHA-256 of the plan's lines, sorted.
    pub fn hash(&self) -> String {
        let mut sorted: Vec<&Planned> = self.orders.iter().collect();
        sorted.sort_by(|a, b| sort_key(&a.order).cmp(&sort_key(&b.order)));
        let mut hash = Sha256::new();
        for planned in sorted {
            hash.update(self.line(planned).as_bytes());
            hash.update(b"\n");
        }
        hex(&hash.finalize())
    }

    /// What the ledger is asked to keep, besides the [rows](Plan::part).
    pub fn command(&self, idempotency_key: Option<String>) -> NewJob {
        let mut reasons = JobReasons::default();
        for planned in &self.orders {
            reasons.count(planned.order.code_reason());
        }
        let numbers = || self.orders.iter().map(|planned| covered_as(planned.order.name()));
        NewJob {
            name: self.name.clone(),
            deadline: self.deadline,
            comment: self.comment.clone(),
            plan_hash: self.hash(),
            total: self.orders.len() as i64,
            duplicates: self.duplicates as i64,
            drill: self.is_drill(),
            first_order: numbers().min().unwrap_or_default(),
            last_order: numbers().max().unwrap_or_default(),
            reasons,
            merged: json_text(&self.merged),
            conflicts: self.conflicts as i64,
            idempotency_key,
        }
    }

    /// The orders from `start` on for the database, as many as one text holds, and where the next part starts: a JSON array
    /// of `[row, identity, number, order, test]`, the number as [grants](covered_as) cover it.
    ///
    /// They go beside the command, since within it they would be escaped once more.
    pub fn part(&self, start: usize) -> (String, usize) {
        let mut text = String::from("[");
        let mut end = start;
        for planned in self.orders.iter().skip(start) {
            if end > start {
                text.push(',');
            }
            let order = &planned.order;
            // The order as an object: as a text within the text it would be escaped twice.
            let item = json!([
                planned.row,
                order.identity(),
                covered_as(order.name()).to_string(),
                self.kept(planned),
                u8::from(order.test())
            ]);
            // Writing into a string cannot fail.
            let _ = write!(text, "{item}");
            end += 1;
            if text.len() > PART_BYTES {
                break;
            }
        }
        text.push(']');
        (text, end)
    }

    /// An order as it is stored: without the shared comment, and with an empty comment where it shall have none.
    fn kept(&self, planned: &Planned) -> Value {
        let mut value = normalised(&planned.order);
        let keeps_out =
            self.comment.is_some() && !planned.shares_comment && planned.order.revocation_reason().is_none();
        if let (true, Some(members)) = (keeps_out, value.as_object_mut()) {
            members.insert(COMMENT.into(), "".into());
        }
        value
    }

    /// An order's line in the plan: RFC 8785 of the members that it has.
    fn line(&self, planned: &Planned) -> String {
        let mut value = normalised(&planned.order);
        if let Some(members) = value.as_object_mut() {
            if let Some(product) = planned.order.product() {
                members.insert("product".into(), product.to_string().into());
            }
            if let Some(comment) = self.comment.as_ref().filter(|_| planned.shares_comment) {
                members.insert(COMMENT.into(), comment.as_str().into());
            }
        }
        // Sorted members, integers and strings only: what serde_json writes is RFC 8785.
        value.to_string()
    }
}

/// The whole order of a stored row: with the comment that its job has for all rows, unless it has its own.
pub(super) fn with_comment(mut kept: Map<String, Value>, comment: Option<&str>) -> Map<String, Value> {
    match kept.get(COMMENT) {
        Some(Value::String(own)) if own.is_empty() => {
            kept.remove(COMMENT);
        }
        None => kept.extend(comment.map(|comment| (COMMENT.to_owned(), comment.into()))),
        Some(_) => {}
    }
    kept
}

/// Order numbers come first, as numbers; then the others by their [text](crate::protocol::Name::text).
fn sort_key(order: &Order) -> (NameOrder, &str, Option<u64>) {
    let name = match covered_as(order.name()) {
        OTHER_NAMES => NameOrder::Text(order.name().text()),
        number => NameOrder::Number(number),
    };
    (name, order.product_code().unwrap_or_default(), order.product())
}

/// A name, as a plan is sorted by it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum NameOrder {
    Number(u64),
    Text(String),
}
