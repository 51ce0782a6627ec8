//! What is judged without JavaScript: what was given, what is sent, what is believed, and what is said of it.
//!
//! Natively there are no JavaScript values but `undefined` and `null`. What needs more is tested in `tests/client`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod answer;
mod audit;
mod belief;
mod declarations;
mod direct;
mod edge;
mod failure;
mod options;
mod order;

use proptest::test_runner::Config;
use wasm_bindgen::convert::IntoWasmAbi;
use wasm_bindgen::{JsCast, JsValue};

use super::answer::{Answer, Head};
use super::belief::Document;
use super::call::Operation;
use super::options::{Read, Runtime, Signal, Url, read};
use super::value::{Argument, Members, Value};

/// What nobody may be told.
pub(super) const SECRET: &str = "open-sesame";

/// How a property is run: so many cases, or at most as many as `TEST_CASES` says.
pub(super) fn cases(all: u32) -> Config {
    let most = std::env::var("TEST_CASES").map(|most| most.parse().expect("TEST_CASES: a number"));
    Config {
        cases: most.map_or(all, |most| all.min(most)),
        failure_persistence: None,
        ..Config::default()
    }
}

/// A string.
pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A function; natively there is nothing behind it.
pub(super) fn function() -> Value {
    Value::Function(JsValue::UNDEFINED.unchecked_into())
}

/// An object; natively nothing is behind it.
pub(super) fn object() -> Value {
    Value::Object(JsValue::UNDEFINED.unchecked_into())
}

/// An object with these members.
pub(super) fn given<const N: usize>(members: [(&str, Value); N]) -> Argument {
    Argument::Members(named(members))
}

fn named<const N: usize>(members: [(&str, Value); N]) -> Members {
    Members(members.map(|(name, value)| (name.to_owned(), value)).into())
}

/// A runtime: it reads URLs, takes every object for a signal and for a URL, and has a `fetch`.
pub(super) fn runtime() -> Runtime {
    Runtime {
        fetch: Some(JsValue::UNDEFINED.unchecked_into()),
        in_page: false,
        url,
        href: |value| matches!(value, Value::Object(_)).then(|| "https://url.example/".to_owned()),
        signal: |value| matches!(value, Value::Object(_)).then(|| Signal(JsValue::UNDEFINED)),
    }
}

/// As much of the URL standard as the texts below need.
fn url(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let (authority, _) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
    let (login, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let hostname = match host.rsplit_once(':') {
        Some((hostname, port)) if port.bytes().all(|b| b.is_ascii_digit()) => hostname,
        _ => host,
    };
    Some(Url {
        href: text.to_owned(),
        protocol: [scheme, ":"].concat(),
        hostname: hostname.to_owned(),
        has_login: !login.is_empty(),
    })
}

pub(super) const EDGE: &str = "https://edge.example/base";

/// The options of a call through the edge.
pub(super) fn through_edge(operation: Operation) -> Read {
    read(
        given([("endpoint", text(EDGE))]),
        Argument::Missing,
        operation,
        runtime(),
    )
}

/// An answer with this body.
pub(super) fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    Answer {
        head: Head {
            status,
            content_type: content_type.to_owned(),
            ..Head::default()
        },
        body: body.into(),
    }
}

/// As JavaScript would read a body: of two members with one name the last one counts. It is itself `null`, as its members
/// are their kinds.
pub(super) fn document(body: &[u8]) -> Option<Document> {
    let serde_json::Value::Object(members) = serde_json::from_slice(body).ok()? else {
        return None;
    };
    let fields = match members.get("fields") {
        Some(serde_json::Value::Object(fields)) => Some(read_members(fields)),
        _ => None,
    };
    Some(Document {
        members: read_members(&members),
        fields,
        value: JsValue::NULL,
    })
}

fn read_members(members: &serde_json::Map<String, serde_json::Value>) -> Members {
    let member = |(name, value): (&String, &serde_json::Value)| {
        let value = match value {
            serde_json::Value::Null => Value::Other,
            serde_json::Value::Bool(it) => Value::Bool(*it),
            serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap()),
            serde_json::Value::String(it) => text(it),
            serde_json::Value::Array(items) => Value::Array(items.len() as u32),
            serde_json::Value::Object(_) => object(),
        };
        (name.clone(), value)
    };
    Members(members.iter().map(member).collect())
}

/// Whether this is the document that came, and not `undefined`.
pub(super) fn is_document(value: JsValue) -> bool {
    value.into_abi() == JsValue::NULL.into_abi()
}
