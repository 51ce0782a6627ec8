//! A job as JSON: `{name?, deadline?, orders: [...], defaults?: {...}}`.

use serde_json::{Map, Value};

use super::{PlanRequest, Row};
use crate::edge::json_order::member;
use crate::protocol::Member;
use crate::strict_json::read_object_with_items;

/// Reads a plan; the error is a sentence for the caller. At most one row more than `max_orders` is read.
pub fn from_json(body: &[u8], max_orders: usize) -> Result<PlanRequest, String> {
    let mut request = PlanRequest::default();
    let mut rows = Vec::new();
    let mut keep = |value: Value| {
        let number = rows.len() + 1;
        rows.push(row(number, value));
        number <= max_orders
    };
    let found = read_object_with_items(body, "orders", &mut keep)?;
    request.rows = rows;
    // There are too many rows: the plan names that fault.
    let Some(members) = found else { return Ok(request) };
    if !members.contains_key("orders") {
        request.note("orders", "is missing");
    }
    for (name, value) in members {
        match (name.as_str(), value) {
            ("orders", Value::Array(_)) => {}
            ("orders", _) => request.note("orders", "must be an array of orders"),
            ("name", Value::String(text)) => request.name(&text),
            ("name", _) => request.note("name", "must be a string"),
            ("deadline", Value::String(text)) => request.deadline(&text),
            ("deadline", _) => request.note("deadline", "must be a string"),
            ("defaults", Value::Object(members)) => request.take_defaults(members_of(members), "defaults: "),
            ("defaults", _) => request.note("defaults", "must be an object"),
            (name, _) => request
                .faults
                .note(&crate::protocol::printable_name(name), "is not known here"),
        }
    }
    Ok(request)
}

fn row(number: usize, value: Value) -> Row {
    match value {
        Value::Object(members) => Row {
            number,
            members: members_of(members),
            fault: None,
        },
        _ => Row {
            number,
            members: Vec::new(),
            fault: Some("must be an object, as in {\"orderNumber\": \"123456\"}"),
        },
    }
}

fn members_of(members: Map<String, Value>) -> Vec<(String, Member)> {
    members
        .into_iter()
        .map(|(name, value)| (name, member(value)))
        .collect()
}
