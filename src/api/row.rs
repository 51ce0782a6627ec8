//! The orders of a job, each with what became of it.

use serde::{Deserialize, Serialize};

use super::about::About;
use super::name::CertificateName;
use super::value::{CaMessage, ProductCode, RevocationReason, Seq, Time};
use super::{MAX_INTEGER, given, is_false};
use crate::protocol::CodeReason;
use crate::verdict::Outcome;

/// Where an order of a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RowOutcome {
    /// Not sent yet, or to be sent again.
    Pending,
    /// A call is in flight.
    Sending,
    /// The CA accepted it: revoked, or cancelled if not issued.
    Revoked,
    /// It had been revoked before.
    AlreadyRevoked,
    /// It had been rejected before.
    AlreadyRejected,
    /// A test call went well: nothing was changed.
    Tested,
    /// The CA said no.
    Refused,
    /// It is not known what the CA did.
    Unknown,
    /// It was not sent, and will not be.
    Cancelled,
}

impl RowOutcome {
    /// All of them.
    pub const ALL: [RowOutcome; 9] = [
        RowOutcome::Pending,
        RowOutcome::Sending,
        RowOutcome::Revoked,
        RowOutcome::AlreadyRevoked,
        RowOutcome::AlreadyRejected,
        RowOutcome::Tested,
        RowOutcome::Refused,
        RowOutcome::Unknown,
        RowOutcome::Cancelled,
    ];

    /// The name in the ledger and in documents.
    pub const fn name(self) -> &'static str {
        match self {
            RowOutcome::Pending => "pending",
            RowOutcome::Sending => "sending",
            RowOutcome::Revoked => "revoked",
            RowOutcome::AlreadyRevoked => "already-revoked",
            RowOutcome::AlreadyRejected => "already-rejected",
            RowOutcome::Tested => "tested",
            RowOutcome::Refused => "refused",
            RowOutcome::Unknown => "unknown",
            RowOutcome::Cancelled => "cancelled",
        }
    }

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

/// An order of a job, and what became of it.
///
/// ```json refused
/// {
///   "row": 2,
///   "orderNumber": "123457",
///   "codeReason": 1,
///   "revocationReason": "Its key was in the same file",
///   "test": false,
///   "outcome": "refused",
///   "errorCode": -35,
///   "errorMessage": "The certificate has expired!",
///   "attempts": 1,
///   "settled": false,
///   "updatedAt": "2026-11-23T00:21:40.541Z",
///   "auditSeq": 26
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "JobOrder"))]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The first row of the plan that named it, counted from 1.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    pub row: u64,
    /// What names the certificate.
    #[serde(flatten)]
    pub name: CertificateName,
    /// What is known of it besides.
    #[serde(flatten)]
    pub about: About,
    /// Why it is revoked.
    pub code_reason: CodeReason,
    /// The planner's comment.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<RevocationReason>,
    /// Which certificate of the order.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The product's number.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// Whether it is a test, which changes nothing.
    pub test: bool,
    /// Where it stands.
    pub outcome: RowOutcome,
    /// The CA's last code, where it answered with one.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i64>,
    /// The CA's text.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<CaMessage>,
    /// How often it was sent.
    pub attempts: u64,
    /// Whether the outcome was found out after it had been unknown: that it was the job's own call is likely, and not proven.
    pub settled: bool,
    /// When it last changed.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Time>,
    /// The last entry of the audit log about it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub audit_seq: Option<Seq>,
    /// There only if the outcome of its order is unknown, and nothing more is done about it by itself. In CSV: `true`, or empty.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = true)))]
    #[serde(default, skip_serializing_if = "is_false")]
    pub waits_for_person: bool,
    /// There only if its order is unknown since the ledger was restored from a backup, in which it had been refused, as `outcome`
    /// goes on to say, or was to be sent. In CSV: `true`, or empty.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = true)))]
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown_since_restore: bool,
}

impl Row {
    /// Whether it says nothing that contradicts itself.
    pub fn agrees(&self) -> bool {
        let fits_outcome = self.outcome.done().is_none_or(|done| {
            done.fits(self.test) && self.error_code.is_none_or(|code| code == i64::from(done.code()))
        });
        fits_outcome
            && self.name.well_formed().is_some()
            && (1..=MAX_INTEGER).contains(&self.row)
            && self.attempts <= MAX_INTEGER
            && self.audit_seq != Some(Seq(0))
    }
}

/// A page of a job's orders, in the order of their rows (`GET /v1/jobs/{id}/orders`).
///
/// ```json page
/// {
///   "orders": [
///     {
///       "row": 1,
///       "orderNumber": "123456",
///       "label": "www.example.com",
///       "codeReason": 1,
///       "test": false,
///       "outcome": "revoked",
///       "errorCode": 0,
///       "attempts": 1,
///       "settled": false,
///       "updatedAt": "2026-11-23T00:21:40.533Z",
///       "auditSeq": 24
///     }
///   ],
///   "next": 1
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "JobOrders"))]
pub struct RowPage {
    /// The orders.
    #[cfg_attr(feature = "openapi", schemars(length(max = 10_000)))]
    pub orders: Vec<Row>,
    /// There are more: ask again with `after` set to this.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}
