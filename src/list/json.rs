//! A plan as JSON: `{name?, deadline?, orders: [...], defaults?: {...}}`.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::certificate::Certificate;
use crate::printable::printable;
use crate::protocol::{InvalidOrder, MAX_JS_INTEGER, Member};
use crate::strict_json::read_object_with_items;

use super::columns::LABEL;
use super::row::{Members, faults_of_defaults, is_naming};
use super::{Faults, Reading, Row, certificates};

/// The member that has the rows.
pub(super) const ORDERS: &str = "orders";
/// The member of a row that has a certificate to be read.
const CERTIFICATE: &str = "certificate";
const REASON: &str = "codeReason";
/// Members of a row or the defaults at most: of a million each would be named.
const MAX_MEMBERS: usize = 64;
const TOO_MANY_MEMBERS: &str = "has more than 64 members, and an order has not so many";
/// Characters of a member's name that are shown.
const SHOWN_CHARS: usize = 64;

/// What a plan has besides its rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Head {
    pub(super) name: Option<String>,
    pub(super) deadline: Option<String>,
    pub(super) defaults: Members,
}

/// Reads all but the rows, which are only looked at; and what is wrong with it, beside the rows.
pub(super) fn head(text: &[u8]) -> Result<(Head, Faults), Faults> {
    let mut faults = Faults::default();
    let mut head = Head::default();
    let members = match read_object_with_items(text, ORDERS, &mut |_| true) {
        Ok(members) => members.unwrap_or_default(),
        Err(fault) => {
            let fault = format!("is no plan as JSON. {}", fault.trim_end_matches('.'));
            return Err(Faults::of_malformed(&fault));
        }
    };
    if !members.contains_key(ORDERS) {
        faults.note(ORDERS, "is missing");
    }
    for (name, value) in members {
        match (name.as_str(), value) {
            (ORDERS, Value::Array(_)) => {}
            (ORDERS, _) => faults.note(ORDERS, "must be an array of orders"),
            ("name", Value::String(text)) => head.name = Some(text),
            ("deadline", Value::String(text)) => head.deadline = Some(text),
            ("name" | "deadline", _) => faults.note(&name, "must be a string"),
            ("defaults", Value::Object(members)) if members.len() > MAX_MEMBERS => {
                faults.note("defaults", TOO_MANY_MEMBERS);
            }
            ("defaults", Value::Object(members)) => head.defaults = defaults(members, &mut faults),
            ("defaults", _) => faults.note("defaults", "must be an object"),
            (name, _) => faults.note(&printable(name, SHOWN_CHARS), "is not known here"),
        }
    }
    Ok((head, faults))
}

/// Reads the members for rows without their own. Their faults are named once, and not again with every row.
fn defaults(members: Map<String, Value>, faults: &mut Faults) -> Members {
    let mut found = InvalidOrder::new();
    let mut defaults = Members::new();
    for (name, value) in members {
        if is_naming(&name) || name == LABEL || name == CERTIFICATE {
            found.note(&name, "is each order's own");
        } else {
            defaults.push((Cow::Owned(name), member(value)));
        }
    }
    found.merge(faults_of_defaults(&defaults));
    for (field, fault) in found.fields() {
        faults.note(&format!("defaults: {field}"), fault);
        defaults.retain(|(name, _)| name != field);
        if field == REASON {
            // It is not missing.
            defaults.push((Cow::Borrowed(REASON), Member::Number(0.0)));
        }
    }
    defaults
}

/// Hands over the rows of a plan that has a [`head`].
pub(super) fn read(text: &[u8], reading: &mut Reading) {
    let mut item = |value| {
        let Some(number) = reading.next_row() else {
            return false;
        };
        match value {
            Value::Object(members) if members.len() > MAX_MEMBERS => {
                reading.bad_row(number, TOO_MANY_MEMBERS);
            }
            Value::Object(members) => reading.hand_over(row(number, members)),
            _ => reading.bad_row(number, "must be an object, as in {\"orderNumber\": \"123456\"}"),
        }
        true
    };
    // It was sound when the head was read.
    let _ = read_object_with_items(text, ORDERS, &mut item);
}

fn row(number: usize, members: Map<String, Value>) -> Row {
    let mut row = Row::new(number);
    let mut certificate = None;
    for (name, value) in members {
        match (name.as_str(), value) {
            (LABEL, Value::String(text)) => row.take_label(&text),
            (LABEL, _) => row.faults.note(LABEL, "must be a string"),
            (CERTIFICATE, value) => certificate = Some(value),
            (_, value) => row.members.push((Cow::Owned(name), member(value))),
        }
    }
    if let Some(certificate) = certificate {
        take_certificate(&mut row, &certificate);
    }
    row
}

/// Names the row by a certificate in PEM. A chain may stand with it.
fn take_certificate(row: &mut Row, value: &Value) {
    if row.members.iter().any(|(name, _)| is_naming(name)) {
        let fault =
            "is one name too many: give one of orderNumber, serialNumber, certificateID and certificate";
        return row.faults.note(CERTIFICATE, fault);
    }
    match certificate_in(value) {
        Ok(certificate) => certificates::name_by(row, &certificate),
        Err(fault) => row.note_unread_name(CERTIFICATE, fault),
    }
}

/// The one certificate in a PEM text, beside those of CAs.
pub(crate) fn certificate_in(value: &Value) -> Result<Certificate, &'static str> {
    let text = value.as_str().ok_or("must be a certificate in PEM")?;
    let mut found = Certificate::from_pem(text).map_err(|invalid| invalid.fault)?;
    found.retain(|certificate| !certificate.is_ca);
    let one = found.pop().filter(|_| found.is_empty());
    one.ok_or("must be one certificate, and none of a CA")
}

/// A JSON value as a member of an order.
pub(crate) fn member(value: Value) -> Member {
    match value {
        Value::String(text) => Member::Text(text),
        Value::Bool(value) => Member::Bool(value),
        Value::Number(number) => match number.as_f64() {
            // Written with a fraction or an exponent, it may have been rounded to this integer: 4503599627370497.5
            // reads as 4503599627370498, which is another order.
            Some(value)
                if number.is_f64() && value.fract() == 0.0 && value.abs() <= MAX_JS_INTEGER as f64 =>
            {
                Member::Other
            }
            Some(value) => Member::Number(value),
            None => Member::Other,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => Member::Other,
    }
}
