//! What is believed of an answer that should be the edge's. Anything may stand in its place: a captive portal, a
//! proxy's error page, a cache. Success and "it was not sent" are believed only when everything fits.

use wasm_bindgen::JsValue;

use super::answer::{Answer, Head};
use super::call::{Call, Effect, Operation};
use super::failure::Failure;
use super::revocation::Revocation;
use super::value::{Members, Value};
use crate::problem::{self, Kind};
use crate::protocol::{NameKind, REDACTED, decimal, printable, reveals};
use crate::verdict::Outcome;

const JSON_MEDIA_TYPE: &str = "application/json";

/// Where an order can stand.
const STATES: [&str; 7] = [
    "pending",
    "sending",
    "revoked",
    "already-revoked",
    "already-rejected",
    "refused",
    "unknown",
];

/// A JSON object that was answered.
#[derive(Debug)]
pub struct Document {
    pub members: Members,
    /// The members of `fields`, if it is an object.
    pub fields: Option<Members>,
    /// Itself, for JavaScript.
    pub value: JsValue,
}

/// What an answer to a revocation means; `secrets` is the token that was sent.
pub fn revocation(
    call: &Call<'_>,
    answer: &Answer,
    document: Option<Document>,
    secrets: &[&str],
) -> Result<Revocation, Failure> {
    let document = well_formed(answer, document).ok_or_else(|| unbelievable(call, &answer.head))?;
    if !is_json(call, &answer.head) {
        return Err(problem_of(call, answer, document, secrets));
    }
    if let Some(done) = revoked(call, &document, secrets) {
        return Ok(done);
    }
    // What was to be a test and was none has acted, whatever was asked for.
    let real = Call {
        effect: Effect::Revokes,
        ..*call
    };
    Err(match revoked(&real, &document, secrets) {
        Some(_) => unbelieved(&real, &answer.head, "the edge says that it was no test"),
        None => unbelievable(call, &answer.head),
    })
}

/// The document that an answer to anything else is, if it is what was asked for.
pub fn document(
    call: &Call<'_>,
    answer: &Answer,
    document: Option<Document>,
    secrets: &[&str],
) -> Result<JsValue, Failure> {
    let document = well_formed(answer, document).ok_or_else(|| unbelievable(call, &answer.head))?;
    if !is_json(call, &answer.head) {
        return Err(problem_of(call, answer, document, secrets));
    }
    if fits(call, &document.members) {
        Ok(document.value)
    } else {
        Err(unbelievable(call, &answer.head))
    }
}

/// An answer that is none of the edge to this call.
pub fn unbelievable(call: &Call<'_>, head: &Head) -> Failure {
    let status = decimal(head.status.into());
    // A page's runtime shows of a redirect only that it was one.
    let status = if head.status == 0 { "redirect" } else { &status };
    let why = [
        "HTTP ",
        status,
        " came, not from the edge (from a gateway or login page?)",
    ];
    unbelieved(call, head, &why.concat())
}

/// An answer that is not believed, for this reason.
fn unbelieved(call: &Call<'_>, head: &Head, why: &str) -> Failure {
    let mut failure = Failure::unknown(call, why);
    failure.status = Some(head.status);
    failure
}

/// A document that came by no redirect, and is written so that it means one thing.
pub fn well_formed(answer: &Answer, document: Option<Document>) -> Option<Document> {
    let document = document.filter(|_| !answer.head.redirected)?;
    // Of two members with one name `JSON.parse` takes the last.
    (members_written(&answer.body) == document.members.0.len()).then_some(document)
}

/// Whether this is the head of a success of this call.
pub fn is_json(call: &Call<'_>, head: &Head) -> bool {
    head.status == success_status(call) && head.is(JSON_MEDIA_TYPE)
}

/// The one HTTP status that says that it is done.
fn success_status(call: &Call<'_>) -> u16 {
    match call.operation {
        #[cfg(feature = "full")]
        Operation::Job(operation) => operation.success_status(),
        _ => 200,
    }
}

/// Whether a document is what this call asked for.
fn fits(call: &Call<'_>, document: &Members) -> bool {
    let is_text = |name| document.get(name).text().is_some();
    let is_array = |name| matches!(document.get(name), Value::Array(_));
    match call.operation {
        Operation::Order | Operation::Settle => {
            let state = document.get("state").text().unwrap_or_default();
            is_named(document, call, false)
                && STATES.contains(&state)
                && is_array("attempts")
                && is_array("auditSeqs")
        }
        Operation::Me => {
            // `null` where nobody is known.
            let has_person = is_text("person") || matches!(document.get("person"), Value::Other);
            is_text("actor") && has_person && is_array("grants")
        }
        #[cfg(feature = "full")]
        Operation::OrderList | Operation::AuditList | Operation::AuditHead => {
            super::audit::fits(call.operation, document)
        }
        _ => false,
    }
}

/// Whether a document names the certificate that the call is about, or where that is allowed none, and no other.
fn is_named(document: &Members, call: &Call<'_>, or_none: bool) -> bool {
    NameKind::ALL.into_iter().all(|kind| {
        let expected = call.name().filter(|name| name.kind() == kind);
        match document.get(kind.parameter()) {
            Value::Undefined => or_none || expected.is_none(),
            named => expected.is_some_and(|name| named.text() == Some(name.value())),
        }
    })
}

/// A `Revocation` of this very order.
fn revoked(call: &Call<'_>, document: &Document, secrets: &[&str]) -> Option<Revocation> {
    let member = |name| document.members.get(name);
    let name = member("outcome").text()?;
    let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)?;
    let error_message = optional_text(member("errorMessage"))?;
    let audit_seq = optional_integer(member("auditSeq"))?;
    let test = call.effect == Effect::Tests;
    let fits = outcome.fits(test)
        && member("errorCode").integer() == Some(i64::from(outcome.code()))
        && is_named(&document.members, call, false)
        && member("test").bool() == Some(test)
        && audit_seq.is_none_or(|seq| seq > 0)
        // The CA has a text for a refusal only; code 0 with one contradicts itself.
        && (outcome.code() != 0 || error_message.is_none());
    if !fits {
        return None;
    }
    let error_message = error_message.map(|message| printable(message, secrets));
    let audit_seq = audit_seq.map(i64::unsigned_abs);
    Some(Revocation::new(
        call.name()?,
        test,
        outcome,
        error_message,
        audit_seq,
    ))
}

/// The failure that a problem document tells of; unknown if it is none.
pub fn problem_of(call: &Call<'_>, answer: &Answer, document: Document, secrets: &[&str]) -> Failure {
    if !answer.head.is(problem::MEDIA_TYPE) {
        return unbelievable(call, &answer.head);
    }
    let Document {
        members,
        fields,
        value,
    } = document;
    match failure(call, answer, &members, fields, secrets) {
        Some((mut failure, Repeats::Nothing)) => {
            failure.problem = value;
            failure
        }
        Some((failure, Repeats::Token)) => failure,
        None => unbelievable(call, &answer.head),
    }
}

/// Whether a document has the token in it.
enum Repeats {
    Nothing,
    /// No answer of the edge's making does: what it says is kept, its texts are not.
    Token,
}

fn failure(
    call: &Call<'_>,
    answer: &Answer,
    document: &Members,
    fields: Option<Members>,
    secrets: &[&str],
) -> Option<(Failure, Repeats)> {
    let head = &answer.head;
    let member = |name| document.get(name);
    let kind = Kind::from_name(member("type").text()?.strip_prefix(problem::TYPE_PREFIX)?)?;
    if member("status").integer() != Some(head.status.into()) || !kind.statuses().contains(&head.status) {
        return None;
    }
    if !is_named(document, call, true) {
        return None;
    }
    let error_code = match optional_integer(member("errorCode"))? {
        Some(code) => Some(i32::try_from(code).ok()?),
        None => None,
    };
    let may = match member("mayHaveRevoked") {
        Value::Bool(may) => *may,
        // Of the two cases of "in-progress" it must say which.
        Value::Undefined if kind != Kind::InProgress => false,
        _ => return None,
    };
    if !is_code_of(kind, error_code) {
        return None;
    }
    let title = optional_text(member("title"))?;
    let detail = optional_text(member("detail"))?;
    let message = detail.or(title).unwrap_or(kind.title());
    let error_message = optional_text(member("errorMessage"))?;
    let fields = fields_of(document, fields)?;
    let retry_after = optional_integer(member("retryAfter"))?;
    let retry_after = retry_after.and_then(|seconds| u32::try_from(seconds).ok());
    let repeats = if reveals(str::from_utf8(&answer.body).ok()?, secrets) {
        Repeats::Token
    } else {
        Repeats::Nothing
    };
    let (shown, fields): (fn(&str) -> String, _) = match repeats {
        Repeats::Token => (|_| REDACTED.to_owned(), Vec::new()),
        Repeats::Nothing => (|text| printable(text, &[]), fields),
    };
    // A probe changes nothing, but what the edge says then is said of the attempt that it is about.
    let can = call.may_have_revoked() || call.operation == Operation::Settle;
    let mut failure = Failure::of(kind, call, shown(message));
    failure.may_have_revoked = can && (may || kind == Kind::UnknownOutcome);
    failure.error_code = error_code;
    failure.error_message = error_message.map(shown);
    failure.status = Some(head.status);
    failure.retry_after = retry_after.or(head.retry_after);
    failure.fields = fields;
    Some((failure, repeats))
}

/// Whether a failure of this kind can come from this code of the CA.
fn is_code_of(kind: Kind, code: Option<i32>) -> bool {
    match (kind, code) {
        (Kind::CaRefused, Some(code)) => code < 0 && ![-14, -16, -20, -21, -42].contains(&code),
        (Kind::CaLoginRefused, Some(code)) => code == -16,
        (Kind::CaBusy, Some(code)) => code == -42,
        // A refusal does not say what became of an attempt before it that nobody knows the end of.
        (Kind::UnknownOutcome, Some(code)) => code < 0,
        (Kind::CaRefused, None) => false,
        (_, code) => code.is_none(),
    }
}

/// A member that need not be there, but when it is, must be a string: then `None` for the whole.
fn optional_text(value: &Value) -> Option<Option<&str>> {
    match value {
        Value::Undefined => Some(None),
        Value::Text(text) => Some(Some(text)),
        _ => None,
    }
}

/// The same for an integer.
fn optional_integer(value: &Value) -> Option<Option<i64>> {
    match value {
        Value::Undefined => Some(None),
        other => other.integer().map(Some),
    }
}

/// What `fields` has, if it is there: names and texts, and nothing else.
fn fields_of(document: &Members, fields: Option<Members>) -> Option<Vec<(String, String)>> {
    let Some(Members(fields)) = fields else {
        return matches!(document.get("fields"), Value::Undefined).then(Vec::new);
    };
    let text = |(name, value)| match value {
        Value::Text(text) => Some((name, text)),
        _ => None,
    };
    fields.into_iter().map(text).collect()
}

/// How many members the outermost object of a well-formed JSON text is written with.
fn members_written(json: &[u8]) -> usize {
    let (mut count, mut depth, mut in_string, mut escaped) = (0, 0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth = depth.wrapping_add(1),
            b'}' | b']' => depth = depth.wrapping_sub(1),
            b':' if depth == 1 => count += 1,
            _ => {}
        }
    }
    count
}
