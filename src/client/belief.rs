//! What is believed of an answer that should be the edge's. Anything may stand in its place: a captive portal, a
//! proxy's error page, a cache. Success and "it was not sent" are believed only when everything fits.

use js_sys::{Array, JSON, Object};
use wasm_bindgen::prelude::*;

use super::failure::{Failure, Stakes};
use super::given::{integer, members, own, record, text};
use super::result::Revocation;
use super::transport::Incoming;
use crate::problem::{self, Kind};
use crate::protocol::{Order, WITHHELD, printable};
use crate::verdict::Outcome;

const JSON_MEDIA_TYPE: &str = "application/json";

/// An answer, with what it answers.
pub struct Asked<'a> {
    pub incoming: &'a Incoming,
    pub stakes: &'a Stakes,
    /// The token that was sent.
    pub secrets: Vec<&'a str>,
}

/// What `success` makes of a document that came with 200, or the failure that the answer is.
pub fn judge(asked: &Asked<'_>, success: &dyn Fn(&JsValue) -> Option<JsValue>) -> Result<JsValue, Failure> {
    let incoming = asked.incoming;
    let unbelievable = || Failure {
        status: Some(incoming.status),
        ..Failure::unknown(
            asked.stakes,
            "what came in answer is not an answer of the edge to this call",
        )
    };
    let document = if incoming.redirected {
        None
    } else {
        document(&incoming.body)
    }
    .ok_or_else(unbelievable)?;
    match (incoming.status, media_type(&incoming.content_type).as_str()) {
        (200, JSON_MEDIA_TYPE) => success(&document).ok_or_else(unbelievable),
        (_, problem::MEDIA_TYPE) => Err(failure(&document, asked).unwrap_or_else(unbelievable)),
        _ => Err(unbelievable()),
    }
}

/// A `Revocation` of this very order.
pub fn revocation(document: &JsValue, order: &Order, secrets: &[&str]) -> Option<JsValue> {
    let name = text(&own(document, "outcome")?)?;
    let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)?;
    let error_message = optional(document, "errorMessage", text)?;
    let audit_seq = optional(document, "auditSeq", integer)?;
    let fits = outcome.fits(order.test())
        && integer(&own(document, "errorCode")?)? == i64::from(outcome.code())
        && text(&own(document, "orderNumber")?)? == order.order_number()
        && own(document, "test")?.as_bool()? == order.test()
        && audit_seq.is_none_or(|seq| seq > 0)
        // The CA has a text for a refusal only; code 0 with one contradicts itself.
        && (outcome.code() != 0 || error_message.is_none());
    let error_message = error_message.map(|message| printable(&message, secrets));
    fits.then(|| {
        Revocation {
            order,
            outcome,
            error_message,
            audit_seq,
        }
        .into_js()
    })
}

/// What the edge knows of this very order.
pub fn order(document: &JsValue, order_number: &str) -> Option<JsValue> {
    let fits = text(&own(document, "orderNumber")?)? == order_number
        && text(&own(document, "state")?).is_some()
        && Array::is_array(&own(document, "attempts")?)
        && Array::is_array(&own(document, "auditSeqs")?);
    fits.then(|| document.clone())
}

/// Who the edge takes the caller for.
pub fn me(document: &JsValue) -> Option<JsValue> {
    let fits = text(&own(document, "actor")?).is_some()
        && text(&own(document, "person")?).is_some()
        && Array::is_array(&own(document, "grants")?);
    fits.then(|| document.clone())
}

/// The failure that a problem document tells of.
fn failure(document: &JsValue, asked: &Asked<'_>) -> Option<Failure> {
    let Asked {
        incoming,
        stakes,
        secrets,
    } = asked;
    let kind = Kind::from_name(text(&own(document, "type")?)?.strip_prefix(problem::TYPE_PREFIX)?)?;
    let status = integer(&own(document, "status")?)?;
    if status != i64::from(incoming.status) || !kind.statuses().contains(&incoming.status) {
        return None;
    }
    let about = optional(document, "orderNumber", text)?;
    if about.is_some() && about != stakes.order_number {
        return None;
    }
    let error_code = optional(document, "errorCode", integer)?;
    let may = optional(document, "mayHaveRevoked", JsValue::as_bool)?;
    // Of the two cases of "in-progress" it must say which.
    if !is_code_of(kind, error_code) || kind == Kind::InProgress && may.is_none() {
        return None;
    }
    let title = optional(document, "title", text)?;
    let detail = optional(document, "detail", text)?;
    let message = detail.or(title).unwrap_or_else(|| kind.title().to_owned());
    let error_message = optional(document, "errorMessage", text)?;
    let fields = optional(document, "fields", fields)?;
    let retry_after =
        optional(document, "retryAfter", integer)?.and_then(|seconds| u32::try_from(seconds).ok());
    // Whatever repeats the token is no answer of the edge's making; what it says is kept, its texts are not.
    let body = String::from_utf8_lossy(&incoming.body);
    let repeats_token = printable(&body, secrets) == WITHHELD;
    let shown = |text: String| {
        if repeats_token {
            WITHHELD.to_owned()
        } else {
            printable(&text, &[])
        }
    };
    let kept = |value: JsValue| if repeats_token { JsValue::UNDEFINED } else { value };
    Some(Failure {
        may_have_revoked: stakes.may_have_revoked() && (may == Some(true) || kind == Kind::UnknownOutcome),
        error_code,
        error_message: error_message.map(shown),
        status: Some(incoming.status),
        problem: kept(document.clone()),
        retry_after: retry_after.or(incoming.retry_after),
        fields: kept(fields.unwrap_or_default()),
        ..Failure::of(kind, stakes, shown(message))
    })
}

/// Whether a failure of this kind can come from this code of the CA.
fn is_code_of(kind: Kind, code: Option<i64>) -> bool {
    match (kind, code) {
        (Kind::CaRefused, Some(code)) => code < 0 && ![-14, -16, -20, -21, -42].contains(&code),
        (Kind::CaLoginRefused, Some(code)) => code == -16,
        (Kind::CaBusy, Some(code)) => code == -42,
        (Kind::UnknownOutcome, Some(code)) => code == -14,
        (Kind::CaRefused, None) => false,
        (_, code) => code.is_none(),
    }
}

/// A member that need not be there, but when it is, must be of its type: then `None` for the whole.
fn optional<T>(document: &JsValue, name: &str, read: impl Fn(&JsValue) -> Option<T>) -> Option<Option<T>> {
    match own(document, name) {
        None => Some(None),
        Some(value) => read(&value).map(Some),
    }
}

/// Names and texts, and nothing else.
fn fields(value: &JsValue) -> Option<JsValue> {
    let texts = members(value)?
        .into_iter()
        .map(|(name, fault)| text(&fault).map(|fault| (name, fault)));
    let texts = texts.collect::<Option<Vec<_>>>()?;
    Some(record(
        texts
            .iter()
            .map(|(name, fault)| (name.as_str(), fault.as_str().into())),
    ))
}

/// The body as a JSON object that names none of its members twice: of two, `JSON.parse` takes the last.
fn document(body: &[u8]) -> Option<JsValue> {
    let text = std::str::from_utf8(body).ok()?;
    let value = JSON::parse(text).ok()?;
    let is_object = value.is_object() && !Array::is_array(&value);
    let once = is_object && members_written(text) == Object::keys(value.unchecked_ref::<Object>()).length();
    once.then_some(value)
}

/// How many members the outermost object of a well-formed JSON text is written with.
fn members_written(text: &str) -> u32 {
    let (mut count, mut depth, mut in_string, mut escaped) = (0, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b':' if depth == 1 => count += 1,
            _ => {}
        }
    }
    count
}

/// Without parameters, in lower case.
fn media_type(header: &str) -> String {
    header
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
