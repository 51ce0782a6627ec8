//! The plan of a job: a [list](crate::list) whose orders are put under one hash. Nothing is sent.
//!
//! | module | what lives there |
//! |---|---|
//! | `terms` | what a planner says of a job besides its orders |
//! | `csv_cells` | the job's rows as CSV again |

mod csv_cells;
mod terms;

use std::fmt::Write;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::command::NewJob;
use super::grant::{OTHER_NAMES, covered_as};
use super::http_answer::json as json_text;
use super::json_order::normalised;
use crate::api::job::{JobReasons, MergedOrder};
use crate::audit::hex;
use crate::list::plan_rules::{self, Merged, Planned};
use crate::list::{Faults, List};
use crate::protocol::Order;

pub use csv_cells::{COLUMNS, csv_line};
pub use terms::Terms;

/// How many known orders a plan lists besides their number.
pub const LISTED: usize = plan_rules::LISTED;
/// Rows go to the ledger in texts of about this size, in bytes: small beside the 2 MB that a value of the database may have
/// on Cloudflare, and the 32 MiB of a message. Short texts are cleared away soon: with 256 KiB workerd grew by 40 MB more.
const PART_BYTES: usize = 64 * 1024;
/// The one member of an order that is long. Where all rows share it, it is kept once, with the job.
const COMMENT: &str = "revocationReason";

/// A plan without faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    list: plan_rules::Plan,
    /// The job's name.
    name: Option<String>,
    /// The job's deadline, in milliseconds since 1970.
    deadline: Option<i64>,
}

/// The plan that a list is under these terms, which come before the list's own; or all that is wrong with either.
///
/// ```
/// use autorevoke::edge::plan::{Terms, plan};
/// use autorevoke::list::{Columns, List};
/// let list = List::open(b"orderNumber,codeReason\n612345001,keyCompromise\n", Columns::default())?;
/// assert_eq!(plan(&list, Terms::default(), 100_000)?.orders().len(), 1);
/// # Ok::<(), autorevoke::list::Faults>(())
/// ```
pub fn plan(list: &List, terms: Terms, max_orders: usize) -> Result<Plan, Faults> {
    let mut faults = Faults::default();
    let terms = terms.or_of(list, &mut faults);
    match plan_rules::plan_of(list, terms.others, max_orders) {
        Ok(list) => faults.or(|| Plan {
            list,
            name: terms.name,
            deadline: terms.deadline,
        }),
        Err(mut others) => {
            for (what, fault) in faults.named() {
                others.note(what, fault);
            }
            Err(others)
        }
    }
}

impl Plan {
    /// Its orders, each once, in the order of their rows.
    pub fn orders(&self) -> &[Planned] {
        &self.list.orders
    }

    /// Whether nothing but test calls is planned.
    pub fn is_drill(&self) -> bool {
        self.list.is_drill()
    }

    /// The lower-case hex SHA-256 of the plan's lines, sorted.
    pub fn hash(&self) -> String {
        let mut sorted: Vec<&Planned> = self.orders().iter().collect();
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
        for planned in self.orders() {
            reasons.count(planned.order.code_reason());
        }
        let numbers = || {
            self.orders()
                .iter()
                .map(|planned| covered_as(planned.order.name()))
        };
        NewJob {
            name: self.name.clone(),
            deadline: self.deadline,
            comment: self.list.comment.clone(),
            plan_hash: self.hash(),
            total: self.orders().len() as i64,
            duplicates: self.list.duplicates as i64,
            drill: self.is_drill(),
            first_order: numbers().min().unwrap_or_default(),
            last_order: numbers().max().unwrap_or_default(),
            reasons,
            merged: json_text(&self.merged()),
            conflicts: self.list.conflicts as i64,
            idempotency_key,
        }
    }

    /// What was merged.
    pub fn merged(&self) -> Vec<MergedOrder> {
        let document = |merged: &Merged| {
            let planned = self.orders().get(merged.order)?;
            let order = &planned.order;
            Some(MergedOrder {
                name: order.name().into(),
                product_code: order.product_code().map(Into::into),
                product: order.product(),
                label: planned.label().map(Into::into),
                rows: merged.rows.iter().map(|row| *row as u64).collect(),
                count: merged.count as u64,
                code_reason: order.code_reason(),
                conflict: merged.conflict,
            })
        };
        self.list.merged.iter().filter_map(document).collect()
    }

    /// The orders from `start` on for the database, as many as one text holds, and where the next part starts: a JSON array
    /// of `[row, identity, number, order, test, about]`, the number as [grants](covered_as) cover it; `about` null where nothing is
    /// known.
    ///
    /// They go beside the command, since within it they would be escaped once more.
    pub fn part(&self, start: usize) -> (String, usize) {
        let mut text = String::from("[");
        let mut end = start;
        for planned in self.orders().iter().skip(start) {
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
                u8::from(order.test()),
                planned.about
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
        let keeps_out = self.list.comment.is_some()
            && !planned.shares_comment
            && planned.order.revocation_reason().is_none();
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
            if let Some(comment) = self.list.comment.as_ref().filter(|_| planned.shares_comment) {
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
