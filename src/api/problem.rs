//! Why a request did not succeed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::given;
use super::job::JobState;
use super::name::CertificateName;
use super::value::{CaMessage, Instance, JobId, NameText, Seq};
use crate::problem::Kind;

/// A problem document (RFC 9457). Decide by its `type` and by `mayHaveRevoked`; `title` and `detail` are for people.
///
/// ```json caRefused
/// {
///   "type": "urn:autorevoke:problem:ca-refused",
///   "title": "The CA refused",
///   "status": 422,
///   "detail": "The CA answered -23 for order 123459: The certificate is being issued at this moment and cannot be revoked yet.",
///   "instance": "urn:uuid:e98e8959-7b25-4d8b-9beb-ec2d1d269eed",
///   "mayHaveRevoked": false,
///   "orderNumber": "123459",
///   "errorCode": -23,
///   "errorMessage": "The certificate is being issued!",
///   "auditSeq": 11
/// }
/// ```
///
/// ```json unknown
/// {
///   "type": "urn:autorevoke:problem:unknown-outcome",
///   "title": "The outcome is unknown",
///   "status": 502,
///   "detail": "It is not known what the CA did with order 123460: the connection broke.",
///   "instance": "urn:uuid:028f1535-059e-41ff-b9b1-401a92b2067b",
///   "mayHaveRevoked": true,
///   "orderNumber": "123460",
///   "auditSeq": 13
/// }
/// ```
///
/// ```json invalidRows
/// {
///   "type": "urn:autorevoke:problem:invalid-order",
///   "title": "The order is invalid",
///   "status": 422,
///   "detail": "2 rows of the plan are not sound: see rows and fields. Nothing was kept.",
///   "instance": "urn:uuid:7f3dbb0e-54c9-4f19-8a2c-fb4d15a2cc21",
///   "mayHaveRevoked": false,
///   "rows": [2, 5],
///   "fields": {
///     "row 2: orderNumber": "must be decimal digits without leading zeros, from 1 to 9223372036854775807 (2^63-1)",
///     "row 5: codeReason": "must be 0, 1, 3, 4 or 5, or one of their names"
///   }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Which problem it is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The type, in a few words.
    pub title: String,
    /// The HTTP status.
    #[cfg_attr(feature = "openapi", schemars(range(min = 400, max = 599)))]
    pub status: u16,
    /// What happened, and what to do now, in words for a person.
    pub detail: String,
    /// The request.
    pub instance: Instance,
    /// True: the order may have been revoked, or not; assume neither. False: it was not revoked by this call.
    pub may_have_revoked: bool,
    /// What names the certificate that it is about.
    #[serde(flatten)]
    pub name: Option<CertificateName>,
    /// The CA's code, where it answered with one.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i32>,
    /// The CA's text.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<CaMessage>,
    /// What is wrong, by member; in a plan by row and member, `row 3: codeReason`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub fields: Option<BTreeMap<String, String>>,
    /// The job that it is about.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub job_id: Option<JobId>,
    /// Where the job stands.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub state: Option<JobState>,
    /// The rows of a plan that are wrong, counted from 1.
    #[cfg_attr(feature = "openapi", schemars(inner(range(min = 1))))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<usize>>,
    /// The orders of a plan that the caller's grants do not cover.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub orders: Option<Vec<NameText>>,
    /// Seconds after which to try again.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The entry of the audit log about the outcome.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub audit_seq: Option<Seq>,
}
