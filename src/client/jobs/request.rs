//! What is sent about jobs, and every fault in what was given for it. Orders are judged by the edge, row by row.

use serde::Serialize;

use super::Operation;
use super::plan::Plan;
use crate::api::job::JobState;
use crate::api::row::RowOutcome;
use crate::api::value::is_comment;
use crate::client::call::{self, Call, Subject};
use crate::client::edge::once;
use crate::client::failure::Failure;
use crate::client::options::{Asked, Read};
use crate::client::page::Page;
use crate::client::request::{Body, Outgoing};
use crate::client::value::{Argument, Members, Value};
use crate::protocol::{InvalidOrder, printable_name};

const MAX_ID_CHARS: usize = 64;

/// Takes an option that only some operations have.
pub fn take(asked: &mut Asked, operation: Operation, name: &str, value: Value) -> Result<(), &'static str> {
    match (operation, name) {
        (Operation::Orders | Operation::Csv, "outcome") => {
            let texts = value.text().into_iter().flat_map(|text| text.split(','));
            let named = texts.map(|text| RowOutcome::ALL.into_iter().find(|it| it.name() == text));
            asked.outcomes = named.collect::<Option<Vec<_>>>().unwrap_or_default();
            if asked.outcomes.is_empty() {
                return Err(
                    "must be some of pending, sending, revoked, already-revoked, already-rejected, tested, refused, \
                     unknown and cancelled",
                );
            }
        }
        (Operation::List, "state") => {
            asked.state =
                Some(named(&JobState::ALL, JobState::name, &value).ok_or(
                    "must be planned, awaiting-approval, running, paused, halted, done or cancelled",
                )?);
        }
        (Operation::Orders | Operation::List, "after" | "limit") => asked.page.take(name, &value)?,
        (Operation::Report, "markdown") => asked.markdown = value.bool().ok_or("must be true or false")?,
        // `pkg/` calls it.
        (Operation::Watch, "onInterruption") if matches!(value, Value::Function(_)) => {}
        (Operation::Watch, "onInterruption") => return Err("must be a function"),
        _ => return Err("is not an option"),
    }
    Ok(())
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, value: &Value) -> Option<T> {
    let text = value.text()?;
    all.iter().copied().find(|it| name(*it) == text)
}

/// What was given for an operation, besides the options.
pub enum Given {
    Nothing,
    /// What is confirmed of a plan.
    Confirmed(Argument),
    /// A new job.
    Plan(Plan),
}

/// A question about jobs, and what its answer must fit.
pub struct Question {
    pub operation: Operation,
    pub id: String,
    is_drill: bool,
    pub outgoing: Outgoing,
    pub expected: Expected,
}

/// What an answer must fit, besides its form.
#[derive(Debug, Default)]
pub struct Expected {
    pub plan_hash: Option<String>,
    pub total: Option<u64>,
    pub page: Page,
    /// None: all of them.
    pub outcomes: Vec<RowOutcome>,
    pub state: Option<JobState>,
}

impl Question {
    /// What is to be sent, or why nothing is.
    pub fn new(
        operation: Operation,
        id: Value,
        is_drill: bool,
        given: Given,
        read: &Read,
    ) -> Result<Question, Failure> {
        let operation = match operation {
            Operation::Report if read.asked.markdown => Operation::Markdown,
            other => other,
        };
        let mut faults = InvalidOrder::new();
        let id = match id {
            _ if !operation.is_about_one() => String::new(),
            Value::Text(id) if is_id(&id) => id,
            _ => {
                faults.note("id", "must be the id of a job, as the edge gives it");
                String::new()
            }
        };
        let (outgoing, expected) = ask(operation, &id, given, read, &mut faults);
        if !faults.fields().is_empty() {
            let sentence = "The call is invalid and nothing was sent.";
            return Err(Failure::invalid(sentence, faults, &read.faults.0));
        }
        let mut question = Question {
            operation,
            id,
            is_drill,
            outgoing,
            expected,
        };
        read.faults.refuse(&question.call())?;
        if operation == Operation::Create {
            let call = Call {
                operation: call::Operation::Job(operation),
                effect: operation.effect(false),
                subject: Subject::None,
            };
            once(&mut question.outgoing, &read.options, &call)?;
        }
        Ok(question)
    }

    /// The call that asks it.
    pub fn call(&self) -> Call<'_> {
        Call {
            operation: call::Operation::Job(self.operation),
            effect: self.operation.effect(self.is_drill),
            subject: if self.id.is_empty() {
                Subject::None
            } else {
                Subject::Job(&self.id)
            },
        }
    }
}

/// What is asked for in the query of a URL.
#[derive(Serialize)]
struct Query {
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<JobState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
}

/// Where something is, with what is asked for of it.
pub fn with_query(path: &str, query: &impl Serialize) -> String {
    match serde_urlencoded::to_string(query) {
        Ok(query) if !query.is_empty() => [path, "?", &query].concat(),
        _ => path.to_owned(),
    }
}

/// What is confirmed of a plan, and why it is declined.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Confirmation {
    plan_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

fn ask(
    operation: Operation,
    id: &str,
    given: Given,
    read: &Read,
    faults: &mut InvalidOrder,
) -> (Outgoing, Expected) {
    let options = &read.options;
    let asked = &read.asked;
    let mut expected = Expected::default();
    let mut path = match id {
        "" => "/v1/jobs".to_owned(),
        id => ["/v1/jobs/", id].concat(),
    };
    let mut accept = None;
    let mut body = None;
    match operation {
        Operation::Create => {
            let mut outgoing = Outgoing::post(options, &path, String::new());
            if let Given::Plan(plan) = given {
                plan.write(&mut outgoing, faults);
            }
            return (outgoing, expected);
        }
        Operation::Start | Operation::Approve | Operation::Decline => {
            path.push_str(match operation {
                Operation::Start => "/start",
                Operation::Approve => "/approve",
                _ => "/decline",
            });
            let confirmation = confirmed(operation, given, faults);
            // Of texts and numbers: it cannot fail.
            body = Some(serde_json::to_string(&confirmation).unwrap_or_default());
            expected.plan_hash = Some(confirmation.plan_hash);
            expected.total = confirmation.total;
        }
        Operation::Pause => path.push_str("/pause"),
        Operation::Resume => path.push_str("/resume"),
        Operation::Cancel => path.push_str("/cancel"),
        Operation::PauseAll => path.push_str("/pause-all"),
        Operation::List | Operation::Orders | Operation::Csv => {
            if operation != Operation::List {
                path.push_str("/orders");
            }
            let query = Query {
                outcome: Some(
                    asked
                        .outcomes
                        .iter()
                        .map(|it| it.name())
                        .collect::<Vec<_>>()
                        .join(","),
                )
                .filter(|names| !names.is_empty()),
                state: asked.state,
                after: asked.page.after,
                limit: asked.page.limit,
            };
            path = with_query(&path, &query);
            expected.page = asked.page;
            expected.outcomes = asked.outcomes.clone();
            expected.state = asked.state;
            accept = (operation == Operation::Csv).then_some("text/csv, application/problem+json");
        }
        Operation::Report => path.push_str("/report"),
        Operation::Markdown => {
            path.push_str("/report");
            accept = Some("text/markdown, application/problem+json");
        }
        Operation::Watch => {
            path.push_str("/events");
            accept = Some("text/event-stream, application/problem+json");
        }
        _ => {}
    }
    // What changes something is posted, with an empty object where there is nothing to say.
    let is_change = operation.success_status() == 202;
    let mut outgoing = match body {
        Some(body) => Outgoing::post(options, &path, body),
        None if is_change => Outgoing::post(options, &path, "{}".to_owned()),
        None => Outgoing::get(options, &path),
    };
    if let Some(accept) = accept {
        outgoing.set("Accept", accept);
    }
    outgoing.answer_limit = operation.answer_limit();
    (outgoing, expected)
}

/// What is confirmed of a plan: its hash, its total where it is started, and why where it is declined.
fn confirmed(operation: Operation, given: Given, faults: &mut InvalidOrder) -> Confirmation {
    let (is_start, is_decline) = (operation == Operation::Start, operation == Operation::Decline);
    let mut found = Confirmation::default();
    let members = match given {
        Given::Confirmed(Argument::Members(Members(members))) => members,
        _ => Vec::new(),
    };
    for (name, value) in members {
        match (name.as_str(), value) {
            ("planHash", Value::Text(hash)) if is_plan_hash(&hash) => found.plan_hash = hash,
            ("planHash", _) => {}
            ("total", value) if is_start => {
                found.total = value.integer().filter(|it| *it > 0).map(i64::unsigned_abs);
            }
            ("comment", Value::Text(text)) if is_decline && is_comment(&text) => found.comment = Some(text),
            ("comment", _) if is_decline => {}
            _ => faults.note(&printable_name(&name), "does not exist"),
        }
    }
    if found.plan_hash.is_empty() {
        faults.note(
            "planHash",
            "must be the hash of the plan that you have seen, 64 hex digits",
        );
    }
    if is_start && found.total.is_none() {
        faults.note(
            "total",
            "must be the number of orders of the plan that you have seen",
        );
    }
    if is_decline && found.comment.is_none() {
        faults.note(
            "comment",
            "must say why, in 1 to 1024 characters without control characters",
        );
    }
    found
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

impl Plan {
    /// Puts it into a request.
    fn write(self, outgoing: &mut Outgoing, faults: &mut InvalidOrder) {
        let (query, media_type) = self.checked(faults);
        outgoing.url = with_query(&outgoing.url, &query);
        outgoing.set("Content-Type", media_type);
        outgoing.body = self.body.map_or(Body::None, Body::Given);
        outgoing.answer_limit = Operation::Create.answer_limit();
    }
}
