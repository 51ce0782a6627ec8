//! What became of a job, for whoever answers for it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::MAX_INTEGER;
use super::job::JobState;

/// The report of a job (`GET /v1/jobs/{id}/report`), as far as it must not contradict itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The job.
    pub job_id: String,
    /// Where it stood.
    pub state: JobState,
    /// Whether all its orders are tests, which change nothing.
    pub drill: bool,
    /// When the report was made (RFC 3339, UTC).
    pub generated_at: String,
    /// What can be said of the whole, in a sentence.
    pub statement: String,
    /// How many orders the job has.
    pub total: u64,
    /// Revoked by the job.
    pub revoked: u64,
    /// Revoked before.
    pub already_revoked: u64,
    /// Rejected before.
    pub already_rejected: u64,
    /// Tested: nothing was changed.
    pub tested: u64,
    /// Not sent, or under way.
    pub remaining: u64,
    /// The CA said no.
    pub failed: u64,
    /// It is not known what the CA did.
    pub unknown: u64,
    /// Given up before they were sent.
    pub cancelled: u64,
    /// What the CA said no with.
    pub failures: Vec<Map<String, Value>>,
    /// How it was planned.
    pub planned: Map<String, Value>,
    /// How it went.
    pub actual: Map<String, Value>,
    /// The audit log's head when the report was made.
    pub checkpoint: Checkpoint,
}

/// The signed head of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The place of the last entry.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// When it was signed (RFC 3339, UTC).
    pub time: String,
    /// The ledger's id.
    pub ledger: String,
    /// The id of the key that signed.
    pub kid: String,
    /// The signature, base64url.
    pub signature: String,
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
        sum == Some(self.total) && self.total <= MAX_INTEGER && self.checkpoint.seq <= MAX_INTEGER
    }
}
