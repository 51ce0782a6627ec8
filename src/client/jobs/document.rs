//! What is believed of an answer about jobs: it must be of the very job, whole, and must not contradict itself.

use serde_json::{Map, Value};

use super::Operation;
use super::request::{OUTCOMES, is_id, is_plan_hash};
use crate::client::belief::{is_media_type, unbelievable};
use crate::client::call::{self, Call};
use crate::client::ending::Head;
use crate::client::result::read;
use crate::client::transcript::Told;
use crate::protocol::MAX_JS_INTEGER;
use crate::strict_json::read_object;
use crate::verdict::Outcome;

type Object = Map<String, Value>;

pub const STATES: [&str; 7] = [
    "planned",
    "awaiting-approval",
    "running",
    "paused",
    "halted",
    "done",
    "cancelled",
];

const COUNTS: [&str; 9] = [
    "pending",
    "sending",
    "revoked",
    "alreadyRevoked",
    "alreadyRejected",
    "tested",
    "refused",
    "unknown",
    "cancelled",
];

/// The edge gives no more rows at once, whatever it is asked for.
const MAX_ROWS: u64 = 10_000;

/// The answers of which the document is none: a report as text, and "nothing new since".
pub fn without_document(call: &Call<'_>, head: &Head<'_>, body: &[u8]) -> Option<Told> {
    let call::Operation::Job(operation) = call.operation else {
        return None;
    };
    let believed = match operation {
        Operation::Markdown if head.status == 200 && is_media_type(head.content_type, "text/markdown") => {
            str::from_utf8(body)
                .ok()
                .filter(|text| text.starts_with("# "))
                .map(|text| {
                    let mut told = Told::default();
                    told.text("read", "document", text);
                    told
                })
        }
        // Only to who has seen something.
        Operation::Watch if head.status == 204 => (!call.asked.is_empty()).then(read),
        _ => return None,
    };
    let believed = believed.filter(|_| !head.redirected);
    Some(believed.unwrap_or_else(|| unbelievable(call, head)))
}

/// Whether a document is what was asked for.
pub fn fits(operation: Operation, call: &Call<'_>, body: &[u8]) -> bool {
    let Ok(document) = read_object(body) else {
        return false;
    };
    match operation {
        Operation::List => is_list(&document, call.asked),
        Operation::PauseAll => {
            list(&document, "paused").is_some_and(|ids| ids.iter().all(|id| id.as_str().is_some_and(is_id)))
        }
        Operation::Orders => is_page(&document, call.asked),
        Operation::Report => is_report(&document, call.subject),
        Operation::Csv | Operation::Markdown | Operation::Watch => false,
        _ => is_job_after(operation, &document, call),
    }
}

/// The job that an answer to this is, if it can be.
fn is_job_after(operation: Operation, document: &Object, call: &Call<'_>) -> bool {
    let Some(job) = job_of(document) else {
        return false;
    };
    let (plan_hash, total) = call.asked.split_once(' ').unwrap_or((call.asked, ""));
    let is_asked = (operation == Operation::Create || job.id == call.subject)
        && (plan_hash.is_empty() || plan_hash == job.plan_hash)
        && (total.is_empty() || total.parse() == Ok(job.total));
    is_asked
        && match operation {
            Operation::Start => job.state != "planned",
            Operation::Approve | Operation::Resume => !["planned", "awaiting-approval"].contains(&job.state),
            Operation::Pause => ["paused", "halted"].contains(&job.state),
            Operation::Cancel => job.state == "cancelled",
            _ => true,
        }
}

/// What matters of a job.
pub struct Job<'a> {
    pub id: &'a str,
    pub state: &'a str,
    pub plan_hash: &'a str,
    pub total: u64,
    pub revision: u64,
}

impl Job<'_> {
    /// Whether nothing more is sent for it, ever.
    pub fn is_over(&self) -> bool {
        ["done", "cancelled"].contains(&self.state)
    }
}

/// A job, if this is one.
pub fn job_of(document: &Object) -> Option<Job<'_>> {
    let job = Job {
        id: text(document, "id").filter(|id| is_id(id))?,
        state: text(document, "state").filter(|state| STATES.contains(state))?,
        plan_hash: text(document, "planHash").filter(|hash| is_plan_hash(hash))?,
        total: count(document, "total")?,
        revision: count(document, "revision")?,
    };
    let counts = document.get("counts")?.as_object()?;
    let mut sum = 0_u64;
    for name in COUNTS {
        sum = sum.checked_add(count(counts, name)?)?;
    }
    let whole = sum == job.total
        && (counts.len() == COUNTS.len())
        && count(document, "duplicates").is_some()
        && ["createdAt", "createdBy"]
            .iter()
            .all(|name| text(document, name).is_some())
        && [
            "name",
            "startedAt",
            "startedBy",
            "finishedAt",
            "deadline",
            "expiresAt",
            "eta",
            "lastError",
        ]
        .iter()
        .all(|name| document.get(*name).is_none_or(Value::is_string))
        && ["rate", "neededRate"].iter().all(|name| {
            document
                .get(*name)
                .is_none_or(|rate| rate.as_f64().is_some_and(|rate| rate >= 0.0))
        })
        && ["atRisk", "drill"]
            .iter()
            .all(|name| flag(document, name).is_some())
        && list(document, "approvals")?.iter().all(Value::is_object);
    // What nobody can be at any more, while something is said to be left or under way.
    let left = count(counts, "pending")?.checked_add(count(counts, "sending")?)?;
    let agrees = match job.state {
        "done" => left == 0,
        "cancelled" => count(counts, "pending")? == 0,
        "planned" | "awaiting-approval" => count(counts, "pending")? == job.total,
        _ => true,
    } && (flag(document, "drill") != Some(true) || count(counts, "revoked")? == 0)
        && (flag(document, "drill") != Some(false) || job.total > count(counts, "tested")?);
    (whole && agrees).then_some(job)
}

/// After what, how many at most, and which: what was asked for of a page.
fn asked_of_page(asked: &str) -> (u64, u64, &str) {
    let mut parts = asked.splitn(3, ' ');
    let mut number = || {
        parts
            .next()
            .and_then(|part| part.parse::<u64>().ok())
            .unwrap_or_default()
    };
    let (after, limit) = (number(), number());
    (after, limit, parts.next().unwrap_or_default())
}

/// A page of jobs in this state, at most so many; `next` is the number of a job, and they come the newest first.
fn is_list(document: &Object, asked: &str) -> bool {
    let (after, limit, state) = asked_of_page(asked);
    let Some(jobs) = list(document, "jobs") else {
        return false;
    };
    let fits = |job: &Value| {
        job.as_object()
            .and_then(job_of)
            .is_some_and(|job| state.is_empty() || state == job.state)
    };
    let next_fits = match document.get("next") {
        None => true,
        Some(next) => next
            .as_u64()
            .is_some_and(|next| next > 0 && (after == 0 || next < after)),
    };
    (limit == 0 || jobs.len() as u64 <= limit) && jobs.iter().all(fits) && next_fits
}

/// A page of rows after this one, at most so many, of this outcome: each where it was asked for.
fn is_page(document: &Object, asked: &str) -> bool {
    let (after, limit, outcome) = asked_of_page(asked);
    let Some(rows) = list(document, "orders") else {
        return false;
    };
    let most = if limit == 0 { MAX_ROWS } else { limit };
    let mut last = after;
    for row in rows {
        match row.as_object().and_then(|row| row_of(row, outcome)) {
            Some(number) if number > last => last = number,
            _ => return false,
        }
    }
    let next_fits = match document.get("next") {
        None => true,
        Some(next) => next.as_u64().is_some_and(|next| next >= last && next > after),
    };
    rows.len() as u64 <= most && next_fits
}

/// The number of a row, if it is one.
fn row_of(row: &Object, asked: &str) -> Option<u64> {
    let outcome = text(row, "outcome").filter(|outcome| OUTCOMES.contains(outcome))?;
    let test = flag(row, "test")?;
    let code = match row.get("errorCode") {
        None => None,
        Some(code) => Some(code.as_i64()?),
    };
    let done = Outcome::ALL.into_iter().find(|known| known.name() == outcome);
    let fits = (asked.is_empty() || asked == outcome)
        && is_order_number(text(row, "orderNumber")?)
        && flag(row, "settled").is_some()
        && count(row, "attempts").is_some()
        && ["errorMessage", "productCode", "revocationReason", "updatedAt"]
            .iter()
            .all(|name| row.get(*name).is_none_or(Value::is_string))
        && row
            .get("auditSeq")
            .is_none_or(|seq| seq.as_u64().is_some_and(|seq| seq > 0))
        && done.is_none_or(|done| done.fits(test) && code.is_none_or(|code| code == i64::from(done.code())));
    count(row, "row").filter(|row| fits && *row > 0)
}

fn is_report(document: &Object, id: &str) -> bool {
    let mut sum = Some(0_u64);
    for name in [
        "revoked",
        "alreadyRevoked",
        "alreadyRejected",
        "tested",
        "remaining",
        "failed",
        "unknown",
        "cancelled",
    ] {
        sum = sum.and_then(|sum| sum.checked_add(count(document, name)?));
    }
    let is_head = |head: &Object| {
        ["hash", "time", "ledger", "kid", "signature"]
            .iter()
            .all(|name| text(head, name).is_some())
            && count(head, "seq").is_some()
    };
    let object = |name: &str| document.get(name).and_then(Value::as_object);
    text(document, "jobId") == Some(id)
        && text(document, "state").is_some_and(|state| STATES.contains(&state))
        && text(document, "generatedAt").is_some()
        && text(document, "statement").is_some()
        && flag(document, "drill").is_some()
        && sum.is_some()
        && sum == count(document, "total")
        && list(document, "failures").is_some_and(|all| all.iter().all(Value::is_object))
        && object("planned").is_some()
        && object("actual").is_some()
        && object("checkpoint").is_some_and(is_head)
}

fn is_order_number(text: &str) -> bool {
    !text.starts_with('0') && text.parse::<i64>().is_ok_and(|number| number > 0)
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

fn flag(object: &Object, name: &str) -> Option<bool> {
    object.get(name)?.as_bool()
}

fn list<'a>(object: &'a Object, name: &str) -> Option<&'a Vec<Value>> {
    object.get(name)?.as_array()
}

/// A number of things, as JavaScript can have it exactly.
fn count(object: &Object, name: &str) -> Option<u64> {
    object
        .get(name)?
        .as_u64()
        .filter(|number| *number <= MAX_JS_INTEGER)
}
