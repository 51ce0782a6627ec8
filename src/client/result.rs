//! A call that is done, as JavaScript gets it.

use super::call::{Call, Effect};
use super::transcript::Told;
use crate::verdict::Outcome;

/// The members of a `Revocation`.
pub fn done(call: &Call<'_>, outcome: Outcome, error_message: Option<&str>, audit_seq: Option<i64>) -> Told {
    const SCOPE: &str = "done";
    let mut told = Told::default();
    told.text(SCOPE, "orderNumber", call.subject);
    told.text(SCOPE, "outcome", outcome.name());
    told.number(SCOPE, "errorCode", outcome.code().into());
    if let Some(text) = error_message {
        told.text(SCOPE, "errorMessage", text);
    }
    told.flag(SCOPE, "test", call.effect == Effect::Tests);
    if let Some(seq) = audit_seq {
        told.number(SCOPE, "auditSeq", seq);
    }
    told
}

/// The document as it was answered.
pub fn read() -> Told {
    let mut told = Told::default();
    told.document("read", "document");
    told
}
