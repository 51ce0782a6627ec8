//! A call that is done, as the one who asked gets it.

use serde::{Serialize, Serializer};

use super::members::{Item, Members};
use crate::protocol::{Name, NameKind};
use crate::verdict::Outcome;

/// The CA did what was asked for, or had done it before.
///
/// Through the edge or straight from the CA: nothing but a whole answer about this very order makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revocation {
    /// Which parameter named the certificate.
    pub name_kind: NameKind,
    /// What it was named.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The code of the CA: 0, -20 or -21.
    pub error_code: i32,
    /// The text of the CA that came with a code below 0.
    pub error_message: Option<String>,
    /// Whether it was a test call, which changes nothing.
    pub test: bool,
    /// Where it stands in the edge's audit log, from 1.
    pub audit_seq: Option<u64>,
}

impl Serialize for Revocation {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Members(&[
            (self.name_kind.parameter(), Item::Text(Some(&self.name))),
            ("outcome", Item::Text(Some(self.outcome.name()))),
            ("errorCode", Item::Number(Some(self.error_code.into()))),
            ("errorMessage", Item::Text(self.error_message.as_deref())),
            ("test", Item::Bool(self.test)),
            ("auditSeq", Item::Number(self.audit_seq.map(|seq| seq as f64))),
        ])
        .serialize(to)
    }
}

impl Revocation {
    pub(super) fn new(
        name: Name<'_>,
        test: bool,
        outcome: Outcome,
        error_message: Option<String>,
        audit_seq: Option<u64>,
    ) -> Revocation {
        Revocation {
            name_kind: name.kind(),
            name: name.value().to_owned(),
            outcome,
            error_code: outcome.code(),
            error_message,
            test,
            audit_seq,
        }
    }
}
