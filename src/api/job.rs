//! A job: a plan of many orders, and how far it has come.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{MAX_INTEGER, given};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Made, and not started.
    Planned,
    /// Started, and to be approved by another person.
    AwaitingApproval,
    /// Orders are being sent.
    Running,
    /// Held up by a person.
    Paused,
    /// Held up by the edge.
    Halted,
    /// Nothing is left to be sent.
    Done,
    /// Given up: what was left is not sent.
    Cancelled,
}

impl JobState {
    /// All of them, with their names.
    pub const ALL: [(&'static str, JobState); 7] = [
        ("planned", JobState::Planned),
        ("awaiting-approval", JobState::AwaitingApproval),
        ("running", JobState::Running),
        ("paused", JobState::Paused),
        ("halted", JobState::Halted),
        ("done", JobState::Done),
        ("cancelled", JobState::Cancelled),
    ];
}

/// How many orders of a job stand where. The members add up to its `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobCounts {
    /// Not sent yet.
    pub pending: u64,
    /// Under way.
    pub sending: u64,
    /// Revoked by this job.
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

/// A job (`GET /v1/jobs/{id}`). Times are of RFC 3339, in UTC.
///
/// ```
/// use autorevoke::api::job::{Job, JobState};
/// let job: Job = serde_json::from_str(
///     r#"{"id":"job_1","state":"planned","drill":false,"createdAt":"2026-07-29T12:00:00.000Z","createdBy":"key:ops",
///         "planHash":"00","total":1,"duplicates":0,"atRisk":false,"approvals":[],"revision":1,"counts":{"pending":1,
///         "sending":0,"revoked":0,"alreadyRevoked":0,"alreadyRejected":0,"tested":0,"refused":0,"unknown":0,
///         "cancelled":0}}"#,
/// )?;
/// assert_eq!(job.state, JobState::Planned);
/// assert!(job.agrees());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// 1 to 64 letters, digits, `_` and `-`.
    pub id: String,
    /// What its maker called it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it stands.
    pub state: JobState,
    /// Whether all its orders are tests, which change nothing.
    pub drill: bool,
    /// When it was made.
    pub created_at: String,
    /// The actor who made it.
    pub created_by: String,
    /// When it was started.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// The actor who started it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// When it was over.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// By when it should be done.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// When it is cancelled unless it is started, or approved, by then.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// SHA-256 of the plan, in lower-case hex.
    pub plan_hash: String,
    /// How many orders it has, each once.
    pub total: u64,
    /// How many rows said an order again.
    pub duplicates: u64,
    /// How many of its orders stand where.
    pub counts: JobCounts,
    /// Orders a second, of late.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Orders a second that the deadline needs.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub needed_rate: Option<f64>,
    /// When it will be done at the present rate.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub eta: Option<String>,
    /// Whether it will be done too late at the present rate.
    pub at_risk: bool,
    /// Who approved it.
    pub approvals: Vec<Map<String, Value>>,
    /// Why it does not get on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// It grows with every change.
    pub revision: u64,
}

impl Job {
    /// Whether it says nothing that contradicts itself: its sums add up, and nobody is where nobody can be any more.
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
        matches!(self.state, JobState::Done | JobState::Cancelled)
    }
}

/// A page of jobs, the newest first (`GET /v1/jobs`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobList {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// After which the next page comes.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// The jobs that were paused (`POST /v1/jobs/pause-all`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PausedJobs {
    /// Their ids.
    pub paused: Vec<String>,
}
