//! The error as JavaScript gets it, and what was at stake in the call that it ends.

use js_sys::{Error, Reflect};
use wasm_bindgen::prelude::*;

use super::given::{property, record, text};
use crate::problem::Kind;
use crate::protocol::{InvalidOrder, printable};

/// What a call would do, for the sentences about its end.
#[derive(Debug, Clone)]
pub struct Stakes {
    /// The order that it is about, if it is about one.
    pub order_number: Option<String>,
    /// What it does to it.
    pub effect: Effect,
}

/// What a call does when it succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It revokes.
    Revokes,
    /// It validates, and changes nothing.
    Tests,
    /// It only reads.
    Reads,
}

impl Stakes {
    /// Whether a call that may have got through may have revoked.
    pub fn may_have_revoked(&self) -> bool {
        self.effect == Effect::Revokes
    }

    fn order(&self) -> String {
        self.order_number
            .as_deref()
            .map(|number| [" for order ", number].concat())
            .unwrap_or_default()
    }
}

/// The members of a `RevocationError`.
pub struct Failure {
    pub kind: Kind,
    pub message: String,
    pub may_have_revoked: bool,
    pub order_number: Option<String>,
    pub error_code: Option<i64>,
    pub error_message: Option<String>,
    pub status: Option<u16>,
    pub problem: JsValue,
    pub retry_after: Option<u32>,
    pub fields: JsValue,
    pub cause: JsValue,
}

impl Failure {
    fn new(kind: Kind, message: String) -> Failure {
        Failure {
            kind,
            message,
            may_have_revoked: false,
            order_number: None,
            error_code: None,
            error_message: None,
            status: None,
            problem: JsValue::UNDEFINED,
            retry_after: None,
            fields: JsValue::UNDEFINED,
            cause: JsValue::UNDEFINED,
        }
    }

    /// Of a kind, in a call with these stakes; nothing has happened unless it is said afterwards.
    pub fn of(kind: Kind, stakes: &Stakes, message: String) -> Failure {
        Failure {
            order_number: stakes.order_number.clone(),
            ..Failure::new(kind, message)
        }
    }

    /// The order is invalid; `others` are faults in the options.
    pub fn invalid_order(faults: &InvalidOrder, others: &str) -> Failure {
        let fields = faults
            .fields()
            .iter()
            .map(|(name, fault)| (name.as_str(), fault.as_str().into()));
        let sentences = faults
            .fields()
            .iter()
            .map(|(name, fault)| [" ", name, " ", fault, "."].concat());
        let message = ["The order is invalid and was not sent."]
            .into_iter()
            .map(str::to_owned);
        let message = message.chain(sentences).chain([others.to_owned()]).collect();
        Failure {
            fields: record(fields),
            ..Failure::new(Kind::InvalidOrder, message)
        }
    }

    /// It is certain that nothing left, for this reason.
    pub fn not_sent(stakes: &Stakes, why: &str) -> Failure {
        Failure::of(
            Kind::NotSent,
            stakes,
            ["Nothing was sent", &stakes.order(), ": ", why].concat(),
        )
    }

    /// The caller's signal fired; `left` when the request may have gone out by then.
    pub fn aborted(stakes: &Stakes, left: bool, reason: &JsValue, secrets: &[&str]) -> Failure {
        let message = if left {
            [
                "The call",
                &stakes.order(),
                " was aborted after its request had left.",
                doubt(stakes),
            ]
            .concat()
        } else {
            [
                "The call",
                &stakes.order(),
                " was aborted before anything was sent.",
            ]
            .concat()
        };
        Failure {
            may_have_revoked: left && stakes.may_have_revoked(),
            ..Failure::of(Kind::Aborted, stakes, message).caused_by(reason, secrets)
        }
    }

    /// It may have left, and it is not known what came of it; `why` follows a colon.
    pub fn unknown(stakes: &Stakes, why: &str) -> Failure {
        let what = match stakes.effect {
            Effect::Revokes => "It is not known what became of the revocation",
            Effect::Tests => "It is not known what became of the test call",
            Effect::Reads => "No answer that can be believed",
        };
        let message = [what, &stakes.order(), ": ", why, ".", doubt(stakes)].concat();
        Failure {
            may_have_revoked: stakes.may_have_revoked(),
            ..Failure::of(Kind::UnknownOutcome, stakes, message)
        }
    }

    /// With the name and the message of what was thrown, and nothing else of it.
    pub fn caused_by(self, thrown: &JsValue, secrets: &[&str]) -> Failure {
        Failure {
            cause: cause(thrown, secrets).unwrap_or_default(),
            ..self
        }
    }

    /// As `pkg/` makes an Error of it.
    pub fn into_js(self) -> JsValue {
        let members = [
            ("kind", Some(self.kind.name().into())),
            ("message", Some(self.message.into())),
            ("mayHaveRevoked", Some(self.may_have_revoked.into())),
            ("orderNumber", self.order_number.map(JsValue::from)),
            (
                "errorCode",
                self.error_code.map(|code| JsValue::from(code as f64)),
            ),
            ("errorMessage", self.error_message.map(JsValue::from)),
            ("status", self.status.map(JsValue::from)),
            ("problem", Some(self.problem)),
            ("retryAfter", self.retry_after.map(JsValue::from)),
            ("fields", Some(self.fields)),
            ("cause", Some(self.cause)),
        ];
        let given = members
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name, value)));
        record(given.filter(|(_, value)| !value.is_undefined()))
    }
}

/// What not knowing means, and what to do now.
fn doubt(stakes: &Stakes) -> &'static str {
    match stakes.effect {
        Effect::Revokes => {
            " It may or may not have been revoked: do not assume either. Ask the edge for the order, check with a \
             test call (-21 says that it is revoked), or ask the CA."
        }
        Effect::Tests => " Nothing was changed, since it was a test call; the test proves nothing.",
        Effect::Reads => " Nothing was changed, since this call only reads.",
    }
}

/// A fresh Error with the name and the message of what was thrown: the thrown thing itself may hold the request.
fn cause(thrown: &JsValue, secrets: &[&str]) -> Option<JsValue> {
    let message = text(&property(thrown, "message")).or_else(|| text(thrown))?;
    // Node says no more than "fetch failed"; what failed is one level deeper.
    let deeper = text(&property(&property(thrown, "cause"), "message"));
    let full = deeper.map_or(message.clone(), |deeper| [&message, " (", &deeper, ")"].concat());
    let name = text(&property(thrown, "name")).filter(|name| is_error_name(name));
    let error = Error::new(&printable(&full, secrets));
    if let Some(name) = name {
        error.set_name(&name);
    }
    // A stack would tell of this module alone, and repeat the message.
    let _ = Reflect::delete_property(&error, &"stack".into());
    Some(error.into())
}

fn is_error_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric())
}
