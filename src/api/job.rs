//! A job: a plan of many orders, and how far it has come.

use serde::{Deserialize, Serialize};

use super::name::CertificateName;
use super::order::OrderState;
use super::value::{Actor, DeclineComment, JobId, JobName, Label, Person, PlanHash, ProductCode, Time};
use super::{MAX_INTEGER, given};
use crate::protocol::CodeReason;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Nothing was sent; it waits for its start.
    Planned,
    /// It was started, and another person must approve it.
    AwaitingApproval,
    /// Its orders are being sent.
    Running,
    /// A person stopped it: it sends nothing until it is resumed.
    Paused,
    /// It sends nothing since the CA has refused the login; it goes on when the breaker closes.
    Halted,
    /// Every order has an outcome, or was sent and its outcome is unknown.
    Done,
    /// What was not sent never will be.
    Cancelled,
}

impl JobState {
    /// All of them.
    pub const ALL: [JobState; 7] = [
        JobState::Planned,
        JobState::AwaitingApproval,
        JobState::Running,
        JobState::Paused,
        JobState::Halted,
        JobState::Done,
        JobState::Cancelled,
    ];

    /// The name in the ledger and in documents.
    pub const fn name(self) -> &'static str {
        match self {
            JobState::Planned => "planned",
            JobState::AwaitingApproval => "awaiting-approval",
            JobState::Running => "running",
            JobState::Paused => "paused",
            JobState::Halted => "halted",
            JobState::Done => "done",
            JobState::Cancelled => "cancelled",
        }
    }

    /// Whether nothing follows any more.
    pub const fn is_final(self) -> bool {
        matches!(self, JobState::Done | JobState::Cancelled)
    }
}

/// How many orders of a job have which outcome. The members add up to its `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobCounts {
    /// Not sent yet, or to be sent again.
    pub pending: u64,
    /// In flight.
    pub sending: u64,
    /// Revoked by this job, or cancelled if not issued.
    pub revoked: u64,
    /// Revoked before.
    pub already_revoked: u64,
    /// Rejected before.
    pub already_rejected: u64,
    /// Tested: nothing was changed.
    pub tested: u64,
    /// The CA said no.
    pub refused: u64,
    /// It is not known what the CA did.
    pub unknown: u64,
    /// Given up before they were sent.
    pub cancelled: u64,
}

impl JobCounts {
    /// All together; nothing if there are more than can be counted.
    pub fn sum(&self) -> Option<u64> {
        [
            self.pending,
            self.sending,
            self.revoked,
            self.already_revoked,
            self.already_rejected,
            self.tested,
            self.refused,
            self.unknown,
            self.cancelled,
        ]
        .into_iter()
        .try_fold(0_u64, u64::checked_add)
    }
}

/// How many orders of a job have which reason; one that none has is left out. The members add up to its `total`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(extend("minProperties" = 1)))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobReasons {
    /// Reason 0.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unspecified: u64,
    /// Reason 1.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub key_compromise: u64,
    /// Reason 3.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub affiliation_changed: u64,
    /// Reason 4.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub superseded: u64,
    /// Reason 5.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cessation_of_operation: u64,
}

impl JobReasons {
    /// Counts one more order.
    pub fn count(&mut self, reason: CodeReason) {
        *match reason {
            CodeReason::Unspecified => &mut self.unspecified,
            CodeReason::KeyCompromise => &mut self.key_compromise,
            CodeReason::AffiliationChanged => &mut self.affiliation_changed,
            CodeReason::Superseded => &mut self.superseded,
            CodeReason::CessationOfOperation => &mut self.cessation_of_operation,
        } += 1;
    }

    /// All together; nothing if there are more than can be counted.
    pub fn sum(&self) -> Option<u64> {
        [
            self.unspecified,
            self.key_compromise,
            self.affiliation_changed,
            self.superseded,
            self.cessation_of_operation,
        ]
        .into_iter()
        .try_fold(0_u64, u64::checked_add)
    }
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Who approved a job, and when. A member that an answer lacks reads as empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct JobApproval {
    /// The person.
    #[serde(default)]
    pub person: Person,
    /// The actor.
    #[serde(default)]
    pub actor: Actor,
    /// When.
    #[serde(default)]
    pub time: Time,
}

/// Who declined a job, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct JobDecline {
    /// The person.
    pub person: Person,
    /// The actor.
    pub actor: Actor,
    /// When.
    pub time: Time,
    /// Why.
    pub comment: DeclineComment,
}

/// A job (`GET /v1/jobs/{id}`).
///
/// ```json planned
/// {
///   "id": "job_6f1c0a94be27d3580e4b9a71",
///   "name": "Keys in a public repository",
///   "state": "planned",
///   "drill": false,
///   "createdAt": "2026-11-23T00:20:11.402Z",
///   "createdBy": "key:operator",
///   "creator": "olivia",
///   "expiresAt": "2026-11-24T00:20:11.402Z",
///   "deadline": "2026-11-24T00:00:00.000Z",
///   "planHash": "60fcd22ecc793f2be0116ea75d01b8178acf53dc7e2bd1bd82b701972f0b01aa",
///   "total": 3,
///   "duplicates": 1,
///   "reasons": { "keyCompromise": 2, "superseded": 1 },
///   "approvalNeeded": false,
///   "counts": {
///     "pending": 3, "sending": 0, "revoked": 0, "alreadyRevoked": 0, "alreadyRejected": 0, "tested": 0, "refused": 0,
///     "unknown": 0, "cancelled": 0
///   },
///   "neededRate": 0.001,
///   "atRisk": false,
///   "approvals": [],
///   "revision": 1,
///   "known": { "count": 1, "orders": [{ "orderNumber": "123458", "label": "mail.example.com", "state": "refused" }] },
///   "merged": [{ "orderNumber": "123456", "rows": [1, 4], "count": 2, "codeReason": 1, "conflict": true }],
///   "conflicts": 1
/// }
/// ```
///
/// ```json running
/// {
///   "id": "job_6f1c0a94be27d3580e4b9a71",
///   "name": "Keys in a public repository",
///   "state": "running",
///   "drill": false,
///   "createdAt": "2026-11-23T00:20:11.402Z",
///   "createdBy": "key:operator",
///   "creator": "olivia",
///   "startedBy": "key:operator",
///   "startedAt": "2026-11-23T00:21:40.018Z",
///   "deadline": "2026-11-24T00:00:00.000Z",
///   "planHash": "60fcd22ecc793f2be0116ea75d01b8178acf53dc7e2bd1bd82b701972f0b01aa",
///   "total": 3,
///   "duplicates": 1,
///   "reasons": { "keyCompromise": 2, "superseded": 1 },
///   "approvalNeeded": false,
///   "counts": {
///     "pending": 1, "sending": 1, "revoked": 1, "alreadyRevoked": 0, "alreadyRejected": 0, "tested": 0, "refused": 0,
///     "unknown": 0, "cancelled": 0
///   },
///   "rate": 1.942,
///   "rates": [1],
///   "neededRate": 0.001,
///   "eta": "2026-11-23T00:21:41.563Z",
///   "atRisk": false,
///   "approvals": [{ "person": "paul", "actor": "key:paul", "time": "2026-11-23T00:21:40.018Z" }],
///   "revision": 5
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(extend("allOf" = [
    {
        "if": { "properties": { "state": { "enum": ["planned", "awaiting-approval"] } } },
        "then": { "required": ["expiresAt"] },
        "else": { "properties": { "expiresAt": false } }
    },
    {
        "if": { "properties": { "state": { "enum": ["done", "cancelled"] } } },
        "then": { "required": ["finishedAt"] },
        "else": { "properties": { "finishedAt": false } }
    },
    {
        "if": { "properties": { "state": { "enum": ["running", "paused", "halted", "done"] } } },
        "then": { "required": ["startedAt", "startedBy"] }
    }
])))]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What its planner called it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub name: Option<JobName>,
    /// Where it stands.
    pub state: JobState,
    /// Whether every order has `test` true: nothing is changed at the CA.
    pub drill: bool,
    /// When it was planned.
    pub created_at: Time,
    /// Who planned it.
    pub created_by: Actor,
    /// The person who planned it.
    #[serde(default)]
    pub creator: Person,
    /// When it is cancelled if it is not started, or not approved.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// When it was started.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// Who started it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub started_by: Option<Actor>,
    /// When it was over.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Time>,
    /// By when it should be done.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Time>,
    /// What is confirmed when it is started, approved or declined.
    pub plan_hash: PlanHash,
    /// How many orders it has, each once; its `counts` add up to it.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    pub total: u64,
    /// How many rows named an order that another row had named.
    pub duplicates: u64,
    /// How many of its orders have which reason.
    #[serde(default)]
    pub reasons: JobReasons,
    /// Whether another person must approve it before it runs: of a planned job, if the one who asks started it now. A drill needs
    /// no approval.
    #[serde(default)]
    pub approval_needed: bool,
    /// How many of its orders have which outcome.
    pub counts: JobCounts,
    /// Orders a second that are being finished.
    #[cfg_attr(feature = "openapi", schemars(extend("minimum" = 0)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// How many orders were accepted by the CA, or tested in a drill, in each minute of UTC: the oldest first, at most 240. The first
    /// is the minute of `startedAt`, unless that is longer ago; the last is the minute of `finishedAt`, or the present one.
    #[cfg_attr(feature = "openapi", schemars(length(min = 1, max = 240)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub rates: Option<Vec<u64>>,
    /// Orders a second that must be finished from now on to meet the deadline.
    #[cfg_attr(feature = "openapi", schemars(extend("minimum" = 0)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub needed_rate: Option<f64>,
    /// When it will be done at the present rate.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub eta: Option<Time>,
    /// Whether it will miss its deadline at the present rate.
    pub at_risk: bool,
    /// Who approved it.
    pub approvals: Vec<JobApproval>,
    /// Who declined it, and why.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub declined: Option<JobDecline>,
    /// Why it does not go on, or goes on slowly.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// It grows with every change.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    pub revision: u64,
    /// Orders of the plan that the edge knew already: what its planner should see, and left out of lists and events.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownOrders>,
    /// Orders that more than one row named; the first hundred of them. Left out of lists and events.
    #[cfg_attr(feature = "openapi", schemars(length(max = 100)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub merged: Option<Vec<MergedOrder>>,
    /// How many orders were named by rows with different reasons, listed in `merged` or not. Left out of lists and events.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub conflicts: Option<u64>,
}

impl Job {
    /// Whether it says nothing that contradicts itself: its sums add up, and no order is where none can be any more.
    pub fn agrees(&self) -> bool {
        let JobCounts {
            pending,
            sending,
            revoked,
            tested,
            ..
        } = self.counts;
        let fits_state = match self.state {
            JobState::Done => pending == 0 && sending == 0,
            JobState::Cancelled => pending == 0,
            JobState::Planned | JobState::AwaitingApproval => pending == self.total,
            _ => true,
        };
        let fits_drill = if self.drill {
            revoked == 0
        } else {
            self.total > tested
        };
        let is_rate = |rate: Option<f64>| rate.is_none_or(|rate| rate >= 0.0);
        self.counts.sum() == Some(self.total)
            // An older edge counts none.
            && self.reasons.sum().is_some_and(|sum| sum == 0 || sum == self.total)
            && !(self.drill && self.approval_needed)
            && [self.total, self.duplicates, self.revision]
                .iter()
                .all(|number| *number <= MAX_INTEGER)
            && is_rate(self.rate)
            && is_rate(self.needed_rate)
            && fits_state
            && fits_drill
    }

    /// Whether nothing more is sent for it, ever.
    pub fn is_over(&self) -> bool {
        self.state.is_final()
    }
}

/// Orders of a plan that the edge knew already.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct KnownOrders {
    /// How many they are.
    pub count: u64,
    /// The first hundred of them.
    #[cfg_attr(feature = "openapi", schemars(length(max = 100)))]
    pub orders: Vec<KnownOrder>,
}

/// An order of a plan that the edge knew already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KnownOrder {
    /// What names the certificate.
    #[serde(flatten)]
    pub name: CertificateName,
    /// What this plan calls it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Which certificate of it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The product's number.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// Where it stood.
    #[cfg_attr(feature = "openapi", schemars(extend("not" = { "const": "tested" })))]
    pub state: OrderState,
}

/// An order that more than one row of a plan named, and the reason with which it will be sent: the most serious of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MergedOrder {
    /// What names the certificate.
    #[serde(flatten)]
    pub name: CertificateName,
    /// What this plan calls it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Which certificate of it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The product's number.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// The first of its rows; of all merged orders together a thousand rows are named at most.
    #[cfg_attr(feature = "openapi", schemars(length(min = 2), inner(range(min = 1))))]
    pub rows: Vec<u64>,
    /// How many rows it has.
    #[cfg_attr(feature = "openapi", schemars(range(min = 2)))]
    #[serde(default)]
    pub count: u64,
    /// The most serious reason of its rows.
    pub code_reason: CodeReason,
    /// Whether the rows had different reasons.
    pub conflict: bool,
}

/// A page of jobs, the newest first (`GET /v1/jobs`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct JobList {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// There only if others may follow: `after` for the next page.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// The jobs that were stopped (`POST /v1/jobs/pause-all`).
///
/// ```json one
/// { "paused": ["job_6f1c0a94be27d3580e4b9a71"] }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PausedJobs {
    /// Their ids.
    pub paused: Vec<JobId>,
}

/// One event of a job's stream, by its fields (`GET /v1/jobs/{id}/events`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct JobEvent {
    /// What has happened: the job has changed.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = "progress")))]
    pub event: String,
    /// The job's `revision`.
    #[cfg_attr(feature = "openapi", schemars(extend("pattern" = "^[1-9][0-9]*$")))]
    pub id: String,
    /// The job.
    #[cfg_attr(feature = "openapi", schemars(extend(
        "contentMediaType" = "application/json",
        "contentSchema" = { "$ref": "#/components/schemas/JobProgress" }
    )))]
    pub data: String,
    /// Milliseconds after which to connect again when the stream has ended.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub retry: Option<u64>,
}
