//! What is believed of an answer that should be the edge's. Anything may stand in its place: a captive portal, a
//! proxy's error page, a cache. Success and "it was not sent" are believed only when everything fits.

use super::call::{Call, Effect, Operation};
use super::ending::Head;
use super::failure::{FAILED, failed, unknown};
use super::result::{done, read};
use super::transcript::{Given, Told, Value};
use crate::problem::{self, Kind};
use crate::protocol::{WITHHELD, decimal, joined, printable, reveals};
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

/// An answer that is none of the edge to this call.
pub fn unbelievable(call: &Call<'_>, head: &Head<'_>) -> Told {
    let status = decimal(head.status.unsigned_abs());
    // A page's runtime shows of a redirect only that it was one.
    let status = if head.status == 0 { "redirect" } else { &status };
    let why = joined(&[
        "HTTP ",
        status,
        " came, not from the edge (from a gateway or login page?)",
    ]);
    unbelieved(call, head, &why)
}

/// An answer that is not believed, for this reason.
fn unbelieved(call: &Call<'_>, head: &Head<'_>, why: &str) -> Told {
    let mut told = unknown(call, why);
    told.number(FAILED, "status", head.status);
    told
}

/// What an answer means; `secrets` is the token that was sent.
pub fn judge(call: &Call<'_>, head: &Head<'_>, given: &Given<'_>, body: &[u8], secrets: &[&str]) -> Told {
    #[cfg(feature = "jobs")]
    if let Some(told) = super::jobs::without_document(call, head, body) {
        return told;
    }
    let believed = if head.redirected || !names_each_member_once(given, body) {
        None
    } else if head.status == success_status(call) && is_media_type(head.content_type, JSON_MEDIA_TYPE) {
        #[cfg(feature = "jobs")]
        if let Operation::Job(operation) = call.operation {
            let fits = super::jobs::fits(operation, call, body);
            return if fits { read() } else { unbelievable(call, head) };
        }
        success(call, head, given, secrets)
    } else if is_media_type(head.content_type, problem::MEDIA_TYPE) {
        failure(call, head, given, body, secrets)
    } else {
        None
    };
    match believed {
        Some(told) => told,
        None => unbelievable(call, head),
    }
}

/// The one HTTP status that says that it is done.
fn success_status(call: &Call<'_>) -> i64 {
    match call.operation {
        #[cfg(feature = "jobs")]
        Operation::Job(operation) => operation.success_status(),
        _ => 200,
    }
}

fn success(call: &Call<'_>, head: &Head<'_>, given: &Given<'_>, secrets: &[&str]) -> Option<Told> {
    let member = |name| given.one("document", name);
    match call.operation {
        Operation::Order | Operation::Settle => {
            let state = member("state").text()?;
            let fits = member("orderNumber").text() == Some(call.order_number())
                && STATES.contains(&state)
                && member("attempts").is(b'l')
                && member("auditSeqs").is(b'l');
            fits.then(read)
        }
        Operation::Me => {
            // `null` where nobody is known.
            let person = member("person");
            let fits = member("actor").text().is_some()
                && (person.text().is_some() || person.is(b'x'))
                && member("grants").is(b'l');
            fits.then(read)
        }
        #[cfg(feature = "audit")]
        Operation::AuditList | Operation::AuditHead => super::audit::fits(call, given).then(read),
        _ => revocation(call, given, secrets).or_else(|| {
            // What was to be a test and was none has acted, whatever was asked for.
            let real = Call {
                effect: Effect::Revokes,
                ..*call
            };
            revocation(&real, given, secrets)
                .map(|_| unbelieved(&real, head, "the edge says that it was no test"))
        }),
    }
}

/// A `Revocation` of this very order.
fn revocation(call: &Call<'_>, given: &Given<'_>, secrets: &[&str]) -> Option<Told> {
    let member = |name| given.one("document", name);
    let name = member("outcome").text()?;
    let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)?;
    let error_message = optional_text(member("errorMessage"))?;
    let audit_seq = optional_integer(member("auditSeq"))?;
    let test = call.effect == Effect::Tests;
    let fits = outcome.fits(test)
        && member("errorCode").integer() == Some(i64::from(outcome.code()))
        && member("orderNumber").text() == Some(call.order_number())
        && member("test").flag() == Some(test)
        && audit_seq.is_none_or(|seq| seq > 0)
        // The CA has a text for a refusal only; code 0 with one contradicts itself.
        && (outcome.code() != 0 || error_message.is_none());
    if !fits {
        return None;
    }
    let error_message = error_message.map(|message| printable(message, secrets));
    Some(done(call, outcome, error_message.as_deref(), audit_seq))
}

/// The failure that a problem document tells of.
fn failure(
    call: &Call<'_>,
    head: &Head<'_>,
    given: &Given<'_>,
    body: &[u8],
    secrets: &[&str],
) -> Option<Told> {
    let member = |name| given.one("document", name);
    let kind = Kind::from_name(member("type").text()?.strip_prefix(problem::TYPE_PREFIX)?)?;
    let is_its_status = kind
        .statuses()
        .iter()
        .any(|status| i64::from(*status) == head.status);
    if member("status").integer() != Some(head.status) || !is_its_status {
        return None;
    }
    let about = optional_text(member("orderNumber"))?;
    if about.is_some() && about != Some(call.order_number()) {
        return None;
    }
    let error_code = optional_integer(member("errorCode"))?;
    let may = member("mayHaveRevoked");
    // Of the two cases of "in-progress" it must say which.
    let says = may.flag().is_some() || may.is(b'u') && kind != Kind::InProgress;
    if !says || !is_code_of(kind, error_code) {
        return None;
    }
    let title = optional_text(member("title"))?;
    let detail = optional_text(member("detail"))?;
    let message = detail.or(title).unwrap_or(kind.title());
    let error_message = optional_text(member("errorMessage"))?;
    if !are_fields(given) {
        return None;
    }
    let retry_after = optional_integer(member("retryAfter"))?;
    let retry_after = retry_after.filter(|seconds| u32::try_from(*seconds).is_ok());
    // Whatever repeats the token is no answer of the edge's making; what it says is kept, its texts are not.
    let repeats_token = reveals(str::from_utf8(body).ok()?, secrets);
    let shown = |text: &str| {
        if repeats_token {
            WITHHELD.to_owned()
        } else {
            printable(text, &[])
        }
    };
    // A probe changes nothing, but what the edge says then is said of the attempt that it is about.
    let can = call.may_have_revoked() || call.operation == Operation::Settle;
    let may_have_revoked = can && (may.flag() == Some(true) || kind == Kind::UnknownOutcome);
    let mut told = failed(kind, call, may_have_revoked, &shown(message));
    if let Some(text) = error_message {
        told.text(FAILED, "errorMessage", &shown(text));
    }
    for (name, number) in [
        ("errorCode", error_code),
        ("status", Some(head.status)),
        ("retryAfter", retry_after.or(head.retry_after)),
    ] {
        if let Some(number) = number {
            told.number(FAILED, name, number);
        }
    }
    if !repeats_token {
        told.document(FAILED, "problem");
        if member("fields").is(b'o') {
            told.object(FAILED, "fields", "fields");
            for (name, fault) in given.of("fields") {
                told.text("fields", name, fault.text().unwrap_or_default());
            }
        }
    }
    Some(told)
}

/// Whether a failure of this kind can come from this code of the CA.
fn is_code_of(kind: Kind, code: Option<i64>) -> bool {
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
fn optional_text(value: Value<'_>) -> Option<Option<&str>> {
    if value.is(b'u') {
        Some(None)
    } else {
        value.text().map(Some)
    }
}

/// The same for an integer.
fn optional_integer(value: Value<'_>) -> Option<Option<i64>> {
    if value.is(b'u') {
        Some(None)
    } else {
        value.integer().map(Some)
    }
}

/// Whether `fields`, if it is there, has names and texts, and nothing else.
fn are_fields(given: &Given<'_>) -> bool {
    let whole = given.one("document", "fields");
    whole.is(b'u') || whole.is(b'o') && given.of("fields").all(|(_, fault)| fault.text().is_some())
}

/// Whether the body is a JSON object that names none of its members twice: of two, `JSON.parse` takes the last.
fn names_each_member_once(given: &Given<'_>, body: &[u8]) -> bool {
    given.one("answer", "document").is(b'o') && members_written(body) == given.of("document").count()
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

/// Whether a header names this media type, with parameters or without, in either case.
pub fn is_media_type(header: &str, media_type: &str) -> bool {
    let end = header.bytes().position(|b| b == b';').unwrap_or(header.len());
    let name = header.as_bytes().get(..end).unwrap_or_default();
    name.trim_ascii().eq_ignore_ascii_case(media_type.as_bytes())
}
