//! The orders of a job, each with what became of it.

use serde::{Deserialize, Serialize};

use super::{MAX_INTEGER, given};
use crate::verdict::Outcome;

/// Where an order of a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowOutcome {
    /// Not sent yet.
    Pending,
    /// Under way.
    Sending,
    /// Revoked by this job.
    Revoked,
    /// Revoked before.
    AlreadyRevoked,
    /// Rejected before.
    AlreadyRejected,
    /// Tested: nothing was changed.
    Tested,
    /// The CA said no.
    Refused,
    /// It is not known what the CA did.
    Unknown,
    /// Given up before it was sent.
    Cancelled,
}

impl RowOutcome {
    /// All of them, with their names.
    pub const ALL: [(&'static str, RowOutcome); 9] = [
        ("pending", RowOutcome::Pending),
        ("sending", RowOutcome::Sending),
        ("revoked", RowOutcome::Revoked),
        ("already-revoked", RowOutcome::AlreadyRevoked),
        ("already-rejected", RowOutcome::AlreadyRejected),
        ("tested", RowOutcome::Tested),
        ("refused", RowOutcome::Refused),
        ("unknown", RowOutcome::Unknown),
        ("cancelled", RowOutcome::Cancelled),
    ];

    /// The same of a single call, if it is done.
    pub fn done(self) -> Option<Outcome> {
        match self {
            RowOutcome::Revoked => Some(Outcome::Revoked),
            RowOutcome::AlreadyRevoked => Some(Outcome::AlreadyRevoked),
            RowOutcome::AlreadyRejected => Some(Outcome::AlreadyRejected),
            RowOutcome::Tested => Some(Outcome::Tested),
            _ => None,
        }
    }
}

/// An order of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Its place in the job, from 1.
    pub row: u64,
    /// The order.
    pub order_number: String,
    /// Why it is revoked, in the CA's comment.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<String>,
    /// The product, where the order's number alone does not say it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<String>,
    /// Whether it is a test, which changes nothing.
    pub test: bool,
    /// Where it stands.
    pub outcome: RowOutcome,
    /// The CA's code.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i64>,
    /// The CA's text.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// How many calls to the CA there were.
    pub attempts: u64,
    /// Whether its outcome was unknown, and found out afterwards.
    pub settled: bool,
    /// When it last changed (RFC 3339, UTC).
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Where it stands in the audit log, from 1.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub audit_seq: Option<u64>,
}

impl Row {
    /// Whether it says nothing that contradicts itself.
    pub fn agrees(&self) -> bool {
        let fits_outcome = self.outcome.done().is_none_or(|done| {
            done.fits(self.test) && self.error_code.is_none_or(|code| code == i64::from(done.code()))
        });
        let number = self.order_number.as_str();
        // `parse` takes a sign as well.
        let is_number =
            number.starts_with(|first| ('1'..='9').contains(&first)) && number.parse::<i64>().is_ok();
        fits_outcome
            && is_number
            && (1..=MAX_INTEGER).contains(&self.row)
            && self.attempts <= MAX_INTEGER
            && self.audit_seq != Some(0)
    }
}

/// A page of a job's orders (`GET /v1/jobs/{id}/orders`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPage {
    /// The orders, by their place.
    pub orders: Vec<Row>,
    /// After which the next page comes.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}
