//! Jobs: what is sent, what is believed, and how long is waited.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod document;
mod request;
mod stream;

use serde_json::{Value as Json, json};

use super::Operation;
use super::request::{Given, Question};
use crate::client::failure::Failure;
use crate::client::options::{Read, read};
use crate::client::tests::{EDGE, given, runtime, text};
use crate::client::value::{Argument, Members, Value};

const ID: &str = "job_0123456789abcdef01234567";
const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The options of an operation, with these beside the endpoint.
fn options<const N: usize>(operation: Operation, own: [(&str, Value); N]) -> Read {
    let operation = crate::client::call::Operation::Job(operation);
    read(
        given([("endpoint", text(EDGE))]),
        given(own),
        operation,
        runtime(),
    )
}

/// What is asked with these options.
fn question<const N: usize>(
    operation: Operation,
    is_drill: bool,
    own: [(&str, Value); N],
) -> Result<Question, Failure> {
    let confirmed = match operation {
        Operation::Start => Argument::Members(confirmation(2.0)),
        Operation::Approve => given([("planHash", text(HASH))]),
        _ => Argument::Missing,
    };
    let confirmed = Given::Confirmed(confirmed);
    Question::new(operation, text(ID), is_drill, confirmed, &options(operation, own))
}

fn confirmation(total: f64) -> Members {
    Members(vec![
        ("planHash".to_owned(), text(HASH)),
        ("total".to_owned(), Value::Number(total)),
    ])
}

/// A job of two orders, of which one is revoked.
fn job() -> Json {
    json!({
        "id": ID, "state": "running", "drill": false, "createdAt": "2026-07-29T12:00:00.000Z", "createdBy": "key:ops",
        "planHash": HASH, "total": 2, "duplicates": 0, "counts": counts(&[("revoked", 1), ("pending", 1)]),
        "atRisk": false, "approvals": [], "revision": 3,
    })
}

fn counts(of: &[(&str, u64)]) -> Json {
    let mut counts = json!({
        "pending": 0, "sending": 0, "revoked": 0, "alreadyRevoked": 0, "alreadyRejected": 0, "tested": 0, "refused": 0,
        "unknown": 0, "cancelled": 0,
    });
    for (name, number) in of {
        counts[*name] = json!(number);
    }
    counts
}
