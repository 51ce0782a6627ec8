//! What the wasm module offers to `pkg/` about jobs.

use js_sys::{ArrayBuffer, JSON, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::Operation;
use super::document::judge;
use super::plan::{Csv, Plan};
use super::request::{Given, Question};
use super::stream::{self, Seen};
use crate::client::call;
use crate::client::exports::options;
use crate::client::failure::Failure;
use crate::client::options::{Options, Read};
use crate::client::runtime::{argument, document, integer, is_well_formed, property, text, value};
use crate::client::task::{Kept, Waiter, begin};
use crate::client::transport::Exchange;
use crate::client::value::{Argument, Value};

/// Begins an operation on a job, or on all: `confirmed` is what was confirmed of its plan, and `drill` whether it is
/// known to be one.
#[wasm_bindgen]
pub fn job(
    kept: Kept,
    bound: JsValue,
    own: JsValue,
    operation: Operation,
    id: JsValue,
    drill: bool,
    confirmed: JsValue,
) -> usize {
    let given = Given::Confirmed(argument(value(confirmed)));
    start(kept, bound, own, operation, id, drill, given)
}

/// Begins `jobs.create()`: `plan` is a copy, and `body` the bytes that say it, if it can be written.
#[wasm_bindgen]
pub fn create_job(kept: Kept, bound: JsValue, own: JsValue, plan: JsValue, body: JsValue) -> usize {
    let given = Given::Plan(read_plan(plan, body));
    start(
        kept,
        bound,
        own,
        Operation::Create,
        JsValue::UNDEFINED,
        false,
        given,
    )
}

/// Begins `jobs.watch()`, after this revision, and after so many failures in a row.
#[wasm_bindgen]
pub fn watch_job(
    kept: Kept,
    bound: JsValue,
    own: JsValue,
    id: JsValue,
    revision: Option<f64>,
    failures: u32,
) -> usize {
    let seen = Seen {
        revision: revision.map(|revision| revision as u64),
        last_event_id: revision
            .map(|revision| (revision as u64).to_string())
            .unwrap_or_default(),
        failures,
        ..Seen::default()
    };
    let waiter = Waiter::of(kept);
    let its = waiter.clone();
    let running = async move {
        let (mut question, options) = asked(bound, own, Operation::Watch, id, false, Given::Nothing)?;
        stream::watch(&mut question, &options, seen, &its).await?;
        Ok(JsValue::UNDEFINED)
    };
    begin(waiter, Box::pin(running))
}

/// Begins `jobs.ordersCsv()`.
#[wasm_bindgen]
pub fn job_rows(kept: Kept, bound: JsValue, own: JsValue, id: JsValue) -> usize {
    let waiter = Waiter::of(kept);
    let its = waiter.clone();
    let running = async move {
        let (question, options) = asked(bound, own, Operation::Csv, id, false, Given::Nothing)?;
        stream::rows(&question, &options, &its).await?;
        Ok(JsValue::UNDEFINED)
    };
    begin(waiter, Box::pin(running))
}

fn start(
    kept: Kept,
    bound: JsValue,
    own: JsValue,
    operation: Operation,
    id: JsValue,
    drill: bool,
    given: Given,
) -> usize {
    let waiter = Waiter::of(kept);
    let its = waiter.clone();
    let running = async move {
        let (question, options) = asked(bound, own, operation, id, drill, given)?;
        let mut exchange = Exchange::new(question.call(), &options, &its);
        let answer = exchange.run(&question.outgoing).await?;
        judge(&question, &answer, document(&answer.body), &exchange.secrets())
    };
    begin(waiter, Box::pin(running))
}

fn asked(
    bound: JsValue,
    own: JsValue,
    operation: Operation,
    id: JsValue,
    drill: bool,
    given: Given,
) -> Result<(Question, Options), Failure> {
    let read: Read = options(bound, own, call::Operation::Job(operation));
    let question = Question::new(operation, value(id), drill, given, &read)?;
    Ok((question, read.options))
}

fn read_plan(plan: JsValue, body: JsValue) -> Plan {
    let csv = csv_of(&property(&plan, "csv"));
    if csv != Csv::None && plan.is_object() {
        // It can be large: only its kind is read.
        let _ = Reflect::delete_property(plan.unchecked_ref::<Object>(), &"csv".into());
    }
    let [reason, comment] = match csv {
        Csv::None => [None, None],
        _ => take_defaults(&plan),
    };
    let mut plan = argument(value(plan));
    if let Argument::Members(members) = &mut plan {
        for (name, value) in &mut members.0 {
            if let ("deadline", Value::Object(date)) = (name.as_str(), &*value)
                && let Some(text) = as_json(date)
            {
                *value = Value::Text(text);
            }
        }
    }
    let bytes = integer(&property(&body, "byteLength")).unwrap_or_default();
    Plan {
        plan,
        csv,
        reason,
        comment,
        bytes: usize::try_from(bytes).unwrap_or_default(),
        body: (!body.is_undefined()).then_some(body),
    }
}

/// Takes `defaults` out of a plan with a CSV where it has nothing but a reason and a comment.
fn take_defaults(plan: &JsValue) -> [Option<Value>; 2] {
    const NAMES: [&str; 2] = ["codeReason", "revocationReason"];
    let defaults = property(plan, "defaults");
    let Some(object) = defaults.dyn_ref::<Object>() else {
        return [None, None];
    };
    let keys = Object::keys(object);
    let is_taken = |key: JsValue| NAMES.into_iter().any(|name| key == JsValue::from_str(name));
    if keys.length() == 0 || !keys.iter().all(is_taken) {
        return [None, None];
    }
    let _ = Reflect::delete_property(plan.unchecked_ref::<Object>(), &"defaults".into());
    NAMES.map(|name| {
        Some(property(&defaults, name))
            .filter(|it| !it.is_undefined())
            .map(value)
    })
}

fn csv_of(csv: &JsValue) -> Csv {
    if csv.is_undefined() {
        return Csv::None;
    }
    match csv.dyn_ref::<JsString>() {
        Some(text) if is_well_formed(text) => Csv::Some,
        Some(_) => Csv::Malformed,
        // By shape: it may come from another realm.
        None if ArrayBuffer::is_view(csv) && integer(&property(csv, "BYTES_PER_ELEMENT")) == Some(1) => {
            Csv::Some
        }
        None => Csv::Wrong,
    }
}

/// A Date is as good as its text.
fn as_json(date: &Object) -> Option<String> {
    let json = JSON::stringify(date).ok()?;
    text(&JSON::parse(&String::from(json)).ok()?)
}
