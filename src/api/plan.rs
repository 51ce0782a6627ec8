//! What is sent about jobs: a plan, and what confirms, approves or declines it.

use serde::{Deserialize, Serialize};

use super::given;
use super::order::{Order, Reason, Test};
use super::value::{
    Deadline, DeclineComment, JobName, PlanHash, ProductCode, RevocationReason, WrittenLabel,
};

/// What a job is to do (`POST /v1/jobs`).
///
/// ```json keyCompromise
/// {
///   "name": "Keys in a public repository",
///   "deadline": "2026-11-24T00:00:00.000Z",
///   "defaults": { "codeReason": "keyCompromise" },
///   "orders": [
///     { "orderNumber": "123456", "label": "www.example.com" },
///     { "orderNumber": "123457", "revocationReason": "Its key was in the same file" },
///     { "orderNumber": 123458, "codeReason": 4 },
///     { "orderNumber": "123456", "codeReason": "superseded" }
///   ]
/// }
/// ```
///
/// ```json drill
/// {
///   "name": "Yearly drill",
///   "defaults": { "codeReason": "keyCompromise", "test": true },
///   "orders": [{ "orderNumber": "123456" }, { "orderNumber": "123457" }]
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What to call the job.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub name: Option<JobName>,
    /// When it must be done.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// What holds for each row that does not say otherwise.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub defaults: Option<PlanDefaults>,
    /// A row each; either all of them with `test`, or none. Each has a `codeReason`, unless `defaults` has one.
    #[cfg_attr(feature = "openapi", schemars(length(min = 1)))]
    pub orders: Vec<PlanOrder>,
}

/// An order of a plan, and what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(extend("unevaluatedProperties" = false)))]
pub struct PlanOrder {
    /// The order.
    #[serde(flatten)]
    pub order: Order,
    /// What to call it: for people to read, never sent to the CA, and no part of `planHash`. Without it, it is called by the names in
    /// its `certificate`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub label: Option<WrittenLabel>,
}

/// What holds for each row of a plan that does not say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanDefaults {
    /// Why; without it each row must say so.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub code_reason: Option<Reason>,
    /// A comment.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<RevocationReason>,
    /// Which certificate of the order.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The product's number.
    #[cfg_attr(feature = "openapi", schemars(extend("maximum" = super::MAX_INTEGER)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// Whether to change nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
}

/// Which plan to start, and how many orders it has (`POST /v1/jobs/{id}/start`).
///
/// ```json start
/// { "planHash": "60fcd22ecc793f2be0116ea75d01b8178acf53dc7e2bd1bd82b701972f0b01aa", "total": 3 }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Start {
    /// The job's `planHash`.
    pub plan_hash: PlanHash,
    /// The job's `total`.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1, max = super::MAX_INTEGER)))]
    pub total: u64,
}

/// Which plan is approved (`POST /v1/jobs/{id}/approve`).
///
/// ```json approve
/// { "planHash": "60fcd22ecc793f2be0116ea75d01b8178acf53dc7e2bd1bd82b701972f0b01aa" }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approval {
    /// The job's `planHash`.
    pub plan_hash: PlanHash,
}

/// Which plan is declined, and why (`POST /v1/jobs/{id}/decline`).
///
/// ```json decline
/// {
///   "planHash": "60fcd22ecc793f2be0116ea75d01b8178acf53dc7e2bd1bd82b701972f0b01aa",
///   "comment": "123458 is the mail gateway's: it was replaced last week"
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decline {
    /// The job's `planHash`.
    pub plan_hash: PlanHash,
    /// Why.
    pub comment: DeclineComment,
}

/// There is nothing to say: an empty object.
///
/// ```json nothing
/// {}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
