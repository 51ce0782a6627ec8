//! What became of a job, for those who answer for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::audit::Head;
use super::job::{JobApproval, JobDecline, JobState};
use super::value::{Actor, JobId, JobName, Label, NameText, PlanHash, Time};
use super::{MAX_INTEGER, given};

/// The incident report of a job, as things stood when it was made (`GET /v1/jobs/{id}/report`). When the CA publishes a
/// revocation is not known here.
///
/// ```json done
/// {
///   "jobId": "job_6f1c0a94be27d3580e4b9a71",
///   "name": "Keys in a public repository",
///   "drill": false,
///   "state": "done",
///   "generatedAt": "2026-11-23T00:30:00.000Z",
///   "statement": "2 of 3 orders were accepted by the CA (revoked, or cancelled if not issued); 1 was refused.",
///   "total": 3,
///   "duplicates": 1,
///   "accepted": 2,
///   "revoked": 2,
///   "alreadyRevoked": 0,
///   "alreadyRejected": 0,
///   "tested": 0,
///   "remaining": 0,
///   "failed": 1,
///   "unknown": 0,
///   "cancelled": 0,
///   "failures": [
///     {
///       "errorCode": -35,
///       "title": "Expired",
///       "meaning": "The certificate has expired and cannot be revoked any more.",
///       "advice": "Nothing was changed, and nothing needs to be.",
///       "count": 1,
///       "orderNumbers": ["123457"]
///     }
///   ],
///   "unknownOrders": [],
///   "labels": { "123457": "www.example.com" },
///   "waitsForPerson": 0,
///   "unknownSinceRestore": 0,
///   "weakerReason": 0,
///   "planned": {
///     "createdAt": "2026-11-23T00:20:11.402Z",
///     "createdBy": "key:operator",
///     "deadline": "2026-11-24T00:00:00.000Z",
///     "planHash": "60fcd22ecc793f2be0116ea75d01b8178acf53dc7e2bd1bd82b701972f0b01aa"
///   },
///   "actual": {
///     "startedAt": "2026-11-23T00:21:40.018Z",
///     "startedBy": "key:operator",
///     "firstSentAt": "2026-11-23T00:21:40.024Z",
///     "lastAnswerAt": "2026-11-23T00:21:41.606Z",
///     "finishedAt": "2026-11-23T00:21:41.611Z",
///     "durationSeconds": 1.593
///   },
///   "approvals": [],
///   "rate": 1.883,
///   "atRisk": false,
///   "deadlineMet": true,
///   "checkpoint": {
///     "seq": 15,
///     "hash": "28009d3dde16399df7573cf9b929ec851c9beb2f21fa9bfed9b528a967345762",
///     "time": "2026-11-23T00:16:58.005Z",
///     "ledger": "31f2b5ea-99ae-4434-97b1-89886f75546d",
///     "kid": "18SVgg0yRpGce3CTszpXp0OSk2CsAbitDlgopuDE8WQ",
///     "signature": "23lB5MEZYBZs5QnGh9PRZx7xqNGi241UzMwqpP5G65Uizf1sPZC6vcM_Asm_crSFwhhoJV6ssVDx8UuM1nOiCA"
///   }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "JobReport"))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The job.
    pub job_id: JobId,
    /// What its planner called it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub name: Option<JobName>,
    /// Whether all its orders are tests, which change nothing.
    pub drill: bool,
    /// Where it stands.
    pub state: JobState,
    /// When the report was made.
    pub generated_at: Time,
    /// How the figures are meant, in words.
    pub statement: String,
    /// How many orders the job has.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    pub total: u64,
    /// How many rows named an order that another row had named.
    #[serde(default)]
    pub duplicates: u64,
    /// Accepted by the CA: revoked, or cancelled if not issued, now or before.
    #[serde(default)]
    pub accepted: u64,
    /// Accepted by the CA for this job.
    pub revoked: u64,
    /// Revoked before.
    pub already_revoked: u64,
    /// Rejected before.
    pub already_rejected: u64,
    /// Tested: nothing was changed.
    pub tested: u64,
    /// Neither done nor given up yet.
    pub remaining: u64,
    /// Refused by the CA.
    pub failed: u64,
    /// It is not known what the CA did.
    pub unknown: u64,
    /// Given up before they were sent.
    pub cancelled: u64,
    /// Why orders were refused. The hundred codes of most orders, and the others together: the counts add up to `failed`.
    #[cfg_attr(feature = "openapi", schemars(length(max = 101)))]
    pub failures: Vec<Failures>,
    /// What names the first hundred of those whose outcome is unknown.
    #[cfg_attr(feature = "openapi", schemars(length(max = 100)))]
    #[serde(default)]
    pub unknown_orders: Vec<NameText>,
    /// What those are called that are listed here as refused or unknown, by what names them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<NameText, Label>,
    /// About how many orders nothing more is done by itself, although they are unknown; among the first 10000 unknown and the
    /// first 10000 refused ones.
    #[cfg_attr(feature = "openapi", schemars(range(max = 20_000)))]
    #[serde(default)]
    pub waits_for_person: u64,
    /// How many orders are unknown since the ledger was restored from a backup, in which they had been refused or were to be sent;
    /// among the first 10000 unknown and the first 10000 refused ones.
    #[cfg_attr(feature = "openapi", schemars(range(max = 20_000)))]
    #[serde(default)]
    pub unknown_since_restore: u64,
    /// How many were revoked before although `keyCompromise` was asked for: perhaps with a weaker reason.
    #[serde(default)]
    pub weaker_reason: u64,
    /// How it was planned.
    pub planned: Planned,
    /// How it went.
    pub actual: Actual,
    /// Who approved it.
    #[serde(default)]
    pub approvals: Vec<JobApproval>,
    /// Who declined it, and why.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub declined: Option<JobDecline>,
    /// Orders a second that are being finished.
    #[cfg_attr(feature = "openapi", schemars(extend("minimum" = 0)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Orders a second that must be finished from now on to meet the deadline.
    #[cfg_attr(feature = "openapi", schemars(extend("minimum" = 0)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub needed_rate: Option<f64>,
    /// When it will be done at the present rate.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub eta: Option<Time>,
    /// Whether it will miss its deadline at the present rate.
    #[serde(default)]
    pub at_risk: bool,
    /// Why it does not go on, or goes on slowly.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// Whether its deadline was met; null while it is not decided, or where there is no deadline.
    #[serde(default)]
    pub deadline_met: Option<bool>,
    /// The end of the audit log when the report was made.
    pub checkpoint: Head,
}

/// Orders that the CA refused with the same code. A member that an answer lacks reads as empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Failures {
    /// The CA's code; null for orders that the edge could not read and has not sent, and for all further codes together.
    pub error_code: Option<i32>,
    /// What the code is called.
    pub title: String,
    /// What it means.
    pub meaning: String,
    /// What to do.
    pub advice: String,
    /// How many orders they are.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    pub count: u64,
    /// What names the first hundred of them: order numbers, or one text for another name and its value.
    #[cfg_attr(feature = "openapi", schemars(length(max = 100)))]
    pub order_numbers: Vec<NameText>,
}

/// How a job was planned. A member that an answer lacks reads as empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Planned {
    /// When.
    pub created_at: Time,
    /// By whom.
    pub created_by: Actor,
    /// By when it should be done.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Time>,
    /// What was confirmed when it was started.
    pub plan_hash: PlanHash,
}

/// How a job went, as far as it has come.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Actual {
    /// When it was started.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// Who started it.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub started_by: Option<Actor>,
    /// When its first call left.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub first_sent_at: Option<Time>,
    /// When the last answer of the CA came.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub last_answer_at: Option<Time>,
    /// When it was over.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Time>,
    /// Seconds from its start to its end, or to the last answer.
    #[cfg_attr(feature = "openapi", schemars(extend("minimum" = 0)))]
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
}

impl Report {
    /// Whether its sums add up to the total.
    pub fn agrees(&self) -> bool {
        let sum = [
            self.revoked,
            self.already_revoked,
            self.already_rejected,
            self.tested,
            self.remaining,
            self.failed,
            self.unknown,
            self.cancelled,
        ]
        .into_iter()
        .try_fold(0_u64, u64::checked_add);
        sum == Some(self.total) && self.total <= MAX_INTEGER && self.checkpoint.seq.0 <= MAX_INTEGER
    }
}
