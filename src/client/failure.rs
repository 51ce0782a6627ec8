//! A call that ends without success: what its error says, written as JavaScript gets it.

use super::call::{Call, Effect};
use super::transcript::{Given, Told};
use crate::problem::Kind;
use crate::protocol::{InvalidOrder, joined, printable};

/// The scope of a `RevocationError`'s members.
pub const FAILED: &str = "failed";

/// Of a kind, in a call.
pub fn failed(kind: Kind, call: &Call<'_>, may_have_revoked: bool, message: &str) -> Told {
    let mut told = Told::default();
    told.text(FAILED, "kind", kind.name());
    told.text(FAILED, "message", message);
    told.flag(FAILED, "mayHaveRevoked", may_have_revoked);
    let order_number = call.order_number();
    if !order_number.is_empty() {
        told.text(FAILED, "orderNumber", order_number);
    }
    told
}

/// The order is invalid; `others` are faults in the options.
pub fn invalid_order(faults: &InvalidOrder, others: &str) -> Told {
    invalid("The order is invalid and was not sent.", faults, others)
}

/// What was to be sent is invalid, as the first sentence says.
pub fn invalid(sentence: &str, faults: &InvalidOrder, others: &str) -> Told {
    let mut message = sentence.to_owned();
    for (name, fault) in faults.fields() {
        for part in [" ", name, " ", fault, "."] {
            message.push_str(part);
        }
    }
    message.push_str(others);
    let mut told = failed(Kind::InvalidOrder, &Call::UNKNOWN, false, &message);
    told.object(FAILED, "fields", "fields");
    for (name, fault) in faults.fields() {
        told.text("fields", name, fault);
    }
    told
}

/// It is certain that nothing left, for this reason.
pub fn not_sent(call: &Call<'_>, why: &str) -> Told {
    let message = joined(&["Nothing was sent", &call.about(), ": ", why]);
    failed(Kind::NotSent, call, false, &message)
}

/// The caller's signal fired; `left` when the request may have gone out by then.
pub fn aborted(call: &Call<'_>, left: bool) -> Told {
    let (when, doubt) = if left {
        (" was aborted after its request had left.", doubt(call))
    } else {
        (" was aborted before anything was sent.", "")
    };
    let message = joined(&["The call", &call.about(), when, doubt]);
    failed(Kind::Aborted, call, left && call.may_have_revoked(), &message)
}

/// It may have left, and it is not known what came of it; `why` follows a colon.
pub fn unknown(call: &Call<'_>, why: &str) -> Told {
    let what = match call.effect {
        #[cfg(feature = "jobs")]
        Effect::Plans => super::jobs::not_known(call),
        #[cfg(feature = "jobs")]
        Effect::Revokes | Effect::Tests if is_job(call) => super::jobs::not_known(call),
        Effect::Revokes => "It is not known what became of the revocation",
        Effect::Tests => "It is not known what became of the test call",
        Effect::Reads => "No answer that can be believed",
    };
    let message = joined(&[what, &call.about(), ": ", why, ".", doubt(call)]);
    failed(Kind::UnknownOutcome, call, call.may_have_revoked(), &message)
}

#[cfg(feature = "jobs")]
fn is_job(call: &Call<'_>) -> bool {
    matches!(call.operation, super::call::Operation::Job(_))
}

/// What not knowing means, and what to do now.
fn doubt(call: &Call<'_>) -> &'static str {
    match call.effect {
        #[cfg(feature = "jobs")]
        Effect::Plans => super::jobs::doubt(call),
        #[cfg(feature = "jobs")]
        Effect::Revokes | Effect::Tests if is_job(call) => super::jobs::doubt(call),
        Effect::Revokes => {
            " It may or may not have been revoked: do not assume either. Ask the edge for the order, check with a \
             test call (-21 says that it is revoked), or ask the CA."
        }
        Effect::Tests => " Nothing was changed, since it was a test call; the test proves nothing.",
        Effect::Reads => " Nothing was changed, since this call only reads.",
    }
}

/// Adds the name and the message of what was thrown, and nothing else of it: the thrown thing may hold the request.
pub fn add_cause(told: &mut Told, given: &Given<'_>, secrets: &[&str]) {
    let thrown = |name| given.one("thrown", name).text();
    let Some(message) = thrown("message").or(thrown("itself")) else {
        return;
    };
    // Node says no more than "fetch failed"; what failed is one level deeper.
    let full = match thrown("deeper") {
        Some(deeper) => joined(&[message, " (", deeper, ")"]),
        None => message.to_owned(),
    };
    told.object(FAILED, "cause", "cause");
    told.text("cause", "message", &printable(&full, secrets));
    if let Some(name) = thrown("name").filter(|name| is_error_name(name)) {
        told.text("cause", "name", name);
    }
}

fn is_error_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric())
}
