//! A call that ends without success: what its error says, and what that means for the one who asked.

use std::fmt;
use std::ops::{Deref, DerefMut};

use js_sys::Reflect;
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

use super::call::{Call, Effect};
use super::members::{Item, Members};
use super::to_js::to_js;
use crate::problem::Kind;
use crate::protocol::{InvalidOrder, NameKind, printable};

/// Why a call did not succeed: a `RevocationError`. Its members are those of [`Facts`].
pub struct Failure(Box<Facts>);

/// The members of a [`Failure`].
#[non_exhaustive]
pub struct Facts {
    /// Which way of failing it is.
    pub kind: Kind,
    /// What was wrong, and what to do now.
    pub message: String,
    /// Whether the CA may have revoked. Only `false` allows to assume that it has not.
    pub may_have_revoked: bool,
    /// What named the certificate that the call was about.
    pub name: Option<(NameKind, String)>,
    /// The code of the CA, if it gave one.
    pub error_code: Option<i32>,
    /// The text of the CA, if it gave one.
    pub error_message: Option<String>,
    /// The HTTP status of the answer, if one came.
    pub status: Option<u16>,
    /// Seconds to wait before the next attempt.
    pub retry_after: Option<u32>,
    /// Names of members, each with what is wrong with it.
    pub fields: Vec<(String, String)>,
    /// What was thrown underneath.
    pub cause: Option<Cause>,
    /// The edge's problem document (RFC 9457); undefined if there is none.
    pub problem: JsValue,
}

/// The name and the message of what was thrown, and nothing else of it: the thrown thing may hold the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// As an `Error` has it, where it is one.
    pub name: Option<String>,
    /// Without control characters; redacted if it contained a credential.
    pub message: String,
}

/// `pkg/` makes an object of `fields`, and an `Error` of the cause.
impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let cause = self.cause.as_ref();
        let (parameter, name) = match &self.name {
            Some((kind, name)) => (kind.parameter(), Some(name.as_str())),
            None => ("", None),
        };
        Members(&[
            ("kind", Item::Text(Some(self.kind.name()))),
            ("message", Item::Text(Some(&self.message))),
            (parameter, Item::Text(name)),
            ("errorMessage", Item::Text(self.error_message.as_deref())),
            (
                "causeName",
                Item::Text(cause.and_then(|cause| cause.name.as_deref())),
            ),
            ("causeMessage", Item::Text(cause.map(|cause| &*cause.message))),
            ("errorCode", Item::Number(self.error_code.map(f64::from))),
            ("status", Item::Number(self.status.map(f64::from))),
            ("retryAfter", Item::Number(self.retry_after.map(f64::from))),
            ("mayHaveRevoked", Item::Bool(self.may_have_revoked)),
            ("fields", Item::Pairs(&self.fields)),
        ])
        .serialize(to)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("kind", &self.kind)
            .field("may_have_revoked", &self.may_have_revoked)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Failure {}

impl Deref for Failure {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

impl Failure {
    /// Of a kind, and about no order.
    pub(super) fn new(kind: Kind, message: String) -> Failure {
        Failure(Box::new(Facts {
            kind,
            message,
            may_have_revoked: false,
            name: None,
            error_code: None,
            error_message: None,
            status: None,
            retry_after: None,
            fields: Vec::new(),
            cause: None,
            problem: JsValue::UNDEFINED,
        }))
    }

    /// Of a kind, in a call; nothing has happened unless it is said afterwards.
    pub(super) fn of(kind: Kind, call: &Call<'_>, message: String) -> Failure {
        let mut failure = Failure::new(kind, message);
        failure.name = call.name().map(|name| (name.kind(), name.value().to_owned()));
        failure
    }

    /// The order is invalid; `others` are faults in the options.
    pub(super) fn invalid_order(faults: InvalidOrder, others: &str) -> Failure {
        Failure::invalid("The order is invalid and was not sent.", faults, others)
    }

    /// What was to be sent is invalid, as the first sentence says.
    pub(super) fn invalid(sentence: &str, faults: InvalidOrder, others: &str) -> Failure {
        let mut message = sentence.to_owned();
        for (name, fault) in faults.fields() {
            for part in [" ", name, " ", fault, "."] {
                message.push_str(part);
            }
        }
        message.push_str(others);
        let mut failure = Failure::new(Kind::InvalidOrder, message);
        failure.fields = faults.into_fields();
        failure
    }

    /// It is certain that nothing left, for this reason.
    pub(super) fn not_sent(call: &Call<'_>, why: &str) -> Failure {
        let message = ["Nothing was sent", &call.about(), ": ", why].concat();
        Failure::of(Kind::NotSent, call, message)
    }

    /// The caller's signal fired; `left` when the request may have gone out by then.
    pub(super) fn aborted(call: &Call<'_>, left: bool) -> Failure {
        let (when, advice) = if left {
            (" was aborted after its request had left.", advice(call))
        } else {
            (" was aborted before anything was sent.", "")
        };
        let message = ["The call", &call.about(), when, advice].concat();
        let mut failure = Failure::of(Kind::Aborted, call, message);
        failure.may_have_revoked = left && call.may_have_revoked();
        failure
    }

    /// It may have left, and it is not known what came of it; `why` follows a colon.
    pub(super) fn unknown(call: &Call<'_>, why: &str) -> Failure {
        let message = [not_known(call), &call.about(), ": ", why, ".", advice(call)].concat();
        let mut failure = Failure::of(Kind::UnknownOutcome, call, message);
        failure.may_have_revoked = call.may_have_revoked();
        failure
    }

    /// As `pkg/` makes a `RevocationError` of it.
    pub(super) fn into_js(self) -> JsValue {
        let failure = to_js(&*self.0);
        if !self.problem.is_undefined() {
            let _ = Reflect::set(&failure, &"problem".into(), &self.problem);
        }
        failure
    }

    /// With what was thrown underneath.
    pub(super) fn caused_by(mut self, thrown: Thrown, secrets: &[&str]) -> Failure {
        self.cause = thrown.cause(secrets);
        self
    }
}

/// The beginning of a sentence that says what is not known.
fn not_known(call: &Call<'_>) -> &'static str {
    #[cfg(feature = "full")]
    if let super::call::Operation::Job(operation) = call.operation {
        return super::jobs::not_known(operation);
    }
    match call.effect {
        Effect::Revokes => "It is not known what became of the revocation",
        Effect::Tests => "It is not known what became of the test call",
        _ => "No answer that can be believed",
    }
}

/// What not knowing means, and what to do now.
fn advice(call: &Call<'_>) -> &'static str {
    #[cfg(feature = "full")]
    if let super::call::Operation::Job(operation) = call.operation {
        return super::jobs::advice(operation, call.effect);
    }
    match call.effect {
        Effect::Revokes => {
            " It may or may not have been revoked: do not assume either. Ask the edge for the order, check with a \
             test call (-21 says that it is revoked), or ask the CA."
        }
        Effect::Tests => " Nothing was changed, since it was a test call; the test proves nothing.",
        _ => " Nothing was changed, since this call only reads.",
    }
}

/// The texts of what was thrown.
#[derive(Debug, Default)]
pub(super) struct Thrown {
    /// Its message, or itself where it is a string.
    pub message: Option<String>,
    pub name: Option<String>,
    /// The message of its own cause: Node says no more than "fetch failed" above that.
    pub deeper: Option<String>,
}

impl Thrown {
    fn cause(self, secrets: &[&str]) -> Option<Cause> {
        let message = self.message?;
        let full = match self.deeper {
            Some(deeper) => [&message, " (", &deeper, ")"].concat(),
            None => message,
        };
        Some(Cause {
            name: self.name.filter(|name| is_error_name(name)),
            message: printable(&full, secrets),
        })
    }
}

fn is_error_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric())
}
