//! What is sent about jobs, and every fault in what was given for it. Orders are judged by the edge, row by row.

use form_urlencoded::byte_serialize;

use super::Operation;
use super::document::STATES;
use crate::client::call::{self, Call};
use crate::client::failure::{invalid, not_sent};
use crate::client::options::Options;
use crate::client::request::to_edge;
use crate::client::transcript::{Given, Told, Value};
use crate::protocol::{InvalidOrder, decimal, joined, printable_name, signed_decimal};

/// What the edge takes (contract, section 3).
const MAX_PLAN_BYTES: i64 = 8 * 1024 * 1024;
const MAX_ID_CHARS: usize = 64;
/// The edge says something every 10 s.
const MAX_SILENCE_MS: i64 = 30_000;

/// Where a row can stand.
pub const OUTCOMES: [&str; 9] = [
    "pending",
    "sending",
    "revoked",
    "already-revoked",
    "already-rejected",
    "tested",
    "refused",
    "unknown",
    "cancelled",
];

/// Whether an operation has an option of this name beside those that every call has.
pub fn knows(operation: &str, name: &str) -> bool {
    matches!(
        (operation, name),
        ("job-orders", "outcome" | "after" | "limit")
            | ("job-list", "state" | "after" | "limit")
            | ("job-csv", "outcome")
            | ("job-report", "markdown")
            | ("job-watch", "onInterruption")
    )
}

/// Takes one of these options.
pub fn take<'a>(options: &mut Options<'a>, name: &str, value: Value<'a>) -> Result<(), &'static str> {
    match name {
        "outcome" => {
            let outcome = value.text().filter(|text| OUTCOMES.contains(text));
            options.outcome = outcome.ok_or(
                "must be pending, sending, revoked, already-revoked, already-rejected, tested, refused, unknown or \
                 cancelled",
            )?;
        }
        "state" => {
            let state = value.text().filter(|text| STATES.contains(text));
            options.state = state
                .ok_or("must be planned, awaiting-approval, running, paused, halted, done or cancelled")?;
        }
        "markdown" => options.markdown = value.flag().ok_or("must be true or false")?,
        "onInterruption" if value.is(b'f') => {}
        "onInterruption" => return Err("must be a function"),
        _ => options.page.take(name, value)?,
    }
    Ok(())
}

/// What is to be sent, or why nothing is.
///
/// Given besides what every call has: `job` (`id`, whether it is known to be a `drill`, and of a plan whether it is an
/// object, how many `rows` it has, and how many `bytes` it makes), the members of the `plan`, and what was seen by who
/// `watch`es.
pub fn plan(given: &Given<'_>, options: &Options<'_>) -> Told {
    let name = given.one("call", "operation").text().unwrap_or_default();
    let operation = match Operation::of_name(name) {
        Some(Operation::Report) if options.markdown => Operation::Markdown,
        Some(operation) => operation,
        None => return not_sent(&Call::UNKNOWN, "there is no such operation."),
    };
    let mut faults = InvalidOrder::new();
    let mut id = "";
    if operation.is_about_one() {
        match given.one("job", "id").text() {
            Some(text) if is_id(text) => id = text,
            _ => faults.note("id", "must be the id of a job, as the edge gives it"),
        }
    }
    let Asked {
        path,
        asked,
        accept,
        body,
    } = ask(operation, id, given, options, &mut faults);
    if !faults.fields().is_empty() {
        return invalid(
            "The call is invalid and nothing was sent.",
            &faults,
            &options.faults,
        );
    }
    let is_drill = given.one("job", "drill").flag() == Some(true);
    let mut call = Call::new(call::Operation::Job(operation), operation.effect(is_drill), id);
    call.asked = &asked;
    let text = match &body {
        Body::None => None,
        Body::Json(text) => Some(text.as_str()),
        Body::Given(_) => Some(""),
    };
    let mut told = to_edge(&call, options, &path, text);
    // Of entries with the same name the last one counts.
    told.text("headers", "Accept", accept);
    if let Body::Given(media_type) = body {
        told.text("headers", "Content-Type", media_type);
        told.document("request", "body");
    }
    match operation {
        Operation::Create => match options.idempotency_key.or(given.one("call", "key").text()) {
            Some(key) => told.text("headers", "Idempotency-Key", key),
            None if options.faults.is_empty() => {
                return not_sent(&call, "this runtime gives no random numbers.");
            }
            None => {}
        },
        Operation::Watch | Operation::Csv => told.number("call", "silence", MAX_SILENCE_MS),
        _ => {}
    }
    if operation == Operation::Watch
        && let Some(id) = given.one("watch", "lastEventId").text()
        && !id.is_empty()
    {
        told.text("headers", "Last-Event-ID", id);
    }
    told
}

/// What is asked for.
struct Asked {
    path: String,
    /// What the answer must fit, besides the job.
    asked: String,
    accept: &'static str,
    body: Body,
}

impl Asked {
    /// A page of what stands like this, or of all.
    fn page(&mut self, options: &Options<'_>, standing: &str) {
        let page = &options.page;
        let of = |number: Option<u64>| decimal(number.unwrap_or_default());
        self.asked = joined(&[&of(page.after), " ", &of(page.limit), " ", standing]);
        self.path = page.of(&self.path);
    }
}

enum Body {
    None,
    Json(String),
    /// As JavaScript has it, of this media type.
    Given(&'static str),
}

fn ask(
    operation: Operation,
    id: &str,
    given: &Given<'_>,
    options: &Options<'_>,
    faults: &mut InvalidOrder,
) -> Asked {
    let mut asked = Asked {
        path: joined(&["/v1/jobs/", id]),
        asked: String::new(),
        accept: "application/json, application/problem+json",
        body: Body::None,
    };
    match operation {
        Operation::Create => {
            let (path, media_type) = create(given, faults);
            asked.path = path;
            asked.body = Body::Given(media_type);
        }
        Operation::List => {
            asked.path = "/v1/jobs".to_owned();
            if !options.state.is_empty() {
                asked.path.push_str(&joined(&["?state=", options.state]));
            }
            asked.page(options, options.state);
        }
        Operation::Get => {}
        Operation::Start => {
            asked.path.push_str("/start");
            let (plan_hash, total) = confirmed(given, true, faults);
            let total = signed_decimal(total);
            asked.asked = joined(&[plan_hash, " ", &total]);
            let parts = ["{\"planHash\":\"", plan_hash, "\",\"total\":", &total, "}"];
            asked.body = Body::Json(joined(&parts));
        }
        Operation::Approve => {
            asked.path.push_str("/approve");
            let (plan_hash, _) = confirmed(given, false, faults);
            asked.asked = plan_hash.to_owned();
            asked.body = Body::Json(joined(&["{\"planHash\":\"", plan_hash, "\"}"]));
        }
        Operation::Pause | Operation::Resume | Operation::Cancel => {
            asked.path.push_str(match operation {
                Operation::Pause => "/pause",
                Operation::Resume => "/resume",
                _ => "/cancel",
            });
            asked.body = Body::Json("{}".to_owned());
        }
        Operation::PauseAll => {
            asked.path = "/v1/jobs/pause-all".to_owned();
            asked.body = Body::Json("{}".to_owned());
        }
        Operation::Orders | Operation::Csv => {
            asked.path.push_str("/orders");
            if !options.outcome.is_empty() {
                asked.path.push_str(&joined(&["?outcome=", options.outcome]));
            }
            if operation == Operation::Csv {
                asked.accept = "text/csv, application/problem+json";
            } else {
                asked.page(options, options.outcome);
            }
        }
        Operation::Report => asked.path.push_str("/report"),
        Operation::Markdown => {
            asked.path.push_str("/report");
            asked.accept = "text/markdown, application/problem+json";
        }
        Operation::Watch => {
            asked.path.push_str("/events");
            asked.accept = "text/event-stream, application/problem+json";
            if let Some(revision) = given.one("watch", "revision").integer() {
                asked.asked = signed_decimal(revision);
            }
        }
    }
    asked
}

/// What is confirmed of a plan: its hash, and its total where that has to be said as well.
fn confirmed<'a>(given: &Given<'a>, with_total: bool, faults: &mut InvalidOrder) -> (&'a str, i64) {
    let (mut plan_hash, mut total) = (None, None);
    for (name, value) in given.of("plan") {
        match name {
            "planHash" => plan_hash = value.text().filter(|text| is_plan_hash(text)),
            "total" if with_total => total = value.integer().filter(|number| *number > 0),
            _ => faults.note(&printable_name(name), "does not exist"),
        }
    }
    if plan_hash.is_none() {
        faults.note(
            "planHash",
            "must be the hash of the plan that you have seen, 64 hex digits",
        );
    }
    if with_total && total.is_none() {
        faults.note(
            "total",
            "must be the number of orders of the plan that you have seen",
        );
    }
    (plan_hash.unwrap_or_default(), total.unwrap_or_default())
}

/// Where a new job is posted, and as what.
fn create(given: &Given<'_>, faults: &mut InvalidOrder) -> (String, &'static str) {
    if !given.one("job", "plan").is(b'o') {
        faults.note("plan", "must be an object with orders, or with csv");
        return (String::new(), "");
    }
    let csv = given.one("plan", "csv");
    let is_csv = !csv.is(b'u');
    let has_bytes = given.one("job", "bytes").integer();
    let mut query = String::new();
    for (name, value) in given.of("plan") {
        let fault = match name {
            "name" | "deadline" => {
                if let (Some(text), true) = (value.text(), is_csv) {
                    let between = if query.is_empty() { "?" } else { "&" };
                    query.push_str(&joined(&[between, name, "="]));
                    query.extend(byte_serialize(text.as_bytes()));
                }
                match (value.text(), name) {
                    (Some(_), _) => continue,
                    (None, "name") => "must be a string",
                    (None, _) => "must be a date-time of RFC 3339 as a string, or a Date",
                }
            }
            "orders" if is_csv => "must not be there beside csv: it has the orders",
            "orders" if !value.is(b'l') => "must be an array of orders",
            "orders" if given.one("job", "rows").integer() == Some(0) => "must have one order at least",
            "defaults" if is_csv => "are for orders as JSON: give a CSV the columns instead",
            "defaults" if !value.is(b'o') => "must be an object",
            "csv" if value.is(b'm') => "is not well-formed Unicode (it has a lone surrogate)",
            "csv" if !value.is(b's') && !value.is(b'a') => "must be a string or a Uint8Array",
            "csv" if has_bytes == Some(0) => "must not be empty",
            "orders" | "defaults" | "csv" => continue,
            _ => "does not exist",
        };
        faults.note(&printable_name(name), fault);
    }
    let orders = if is_csv { "csv" } else { "orders" };
    if given.one("plan", orders).is(b'u') {
        faults.note("orders", "is missing: an array of orders, or give a csv");
    }
    match has_bytes {
        Some(bytes) if bytes > MAX_PLAN_BYTES => {
            faults.note(
                orders,
                "are more than the 8 MiB that the edge takes: make several jobs",
            );
        }
        Some(_) => {}
        None => faults.note(
            orders,
            "must be what JSON can say: no BigInt, and nothing that contains itself",
        ),
    }
    let media_type = if is_csv { "text/csv" } else { "application/json" };
    (joined(&["/v1/jobs", &query]), media_type)
}

/// Whether this can be an id of the edge: it becomes a part of a path.
pub fn is_id(text: &str) -> bool {
    (1..=MAX_ID_CHARS).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Whether this can be the hash of a plan.
pub fn is_plan_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
