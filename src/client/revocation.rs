//! A call that is done, as the one who asked gets it.

use serde::{Serialize, Serializer};

use super::call::{Call, Effect};
use crate::verdict::Outcome;

/// The CA did what was asked for, or had done it before.
///
/// Through the edge or straight from the CA: nothing but a whole answer about this very order makes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Revocation {
    /// The order that it is about.
    pub order_number: String,
    /// How it ended.
    #[serde(serialize_with = "name_of")]
    pub outcome: Outcome,
    /// The code of the CA: 0, -20 or -21.
    pub error_code: i32,
    /// The text of the CA that came with a code below 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// Whether it was a test call, which changes nothing.
    pub test: bool,
    /// Where it stands in the edge's audit log, from 1.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_number")]
    pub audit_seq: Option<u64>,
}

fn name_of<S: Serializer>(outcome: &Outcome, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(outcome.name())
}

/// JavaScript's numbers carry it exactly up to 2^53-1, which no log reaches.
fn as_number<S: Serializer>(seq: &Option<u64>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(seq.unwrap_or_default() as f64)
}

impl Revocation {
    pub(super) fn new(
        call: &Call<'_>,
        outcome: Outcome,
        error_message: Option<String>,
        audit_seq: Option<u64>,
    ) -> Revocation {
        Revocation {
            order_number: call.subject.to_owned(),
            outcome,
            error_code: outcome.code(),
            error_message,
            test: call.effect == Effect::Tests,
            audit_seq,
        }
    }
}
