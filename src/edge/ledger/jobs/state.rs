//! The states of a job and of its rows, and which may follow which.

use serde::Deserialize;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Nothing was sent; it waits for its start.
    Planned,
    /// It was started, and waits for a second person.
    AwaitingApproval,
    /// Its rows are being sent.
    Running,
    /// A person stopped it.
    Paused,
    /// The breaker opened.
    Halted,
    /// No row is left to be sent, or under way.
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

    /// The name in the ledger and in answers.
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

    /// Whether a job in this state may go on to `next`.
    ///
    /// ```
    /// use autorevoke::edge::ledger::JobState;
    /// assert!(JobState::AwaitingApproval.may_become(JobState::Running));
    /// assert!(!JobState::Cancelled.may_become(JobState::Running));
    /// ```
    pub const fn may_become(self, next: JobState) -> bool {
        use JobState::*;
        matches!(
            (self, next),
            (Planned, AwaitingApproval | Running | Cancelled)
                | (AwaitingApproval, Running | Cancelled)
                | (Running, Paused | Halted | Done | Cancelled)
                | (Paused | Halted, Running | Cancelled)
        )
    }

    /// Whether nothing follows any more.
    pub const fn is_final(self) -> bool {
        matches!(self, JobState::Done | JobState::Cancelled)
    }
}

/// Where a row of a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowOutcome {
    /// It is to be sent, perhaps once more.
    Pending,
    /// A call is under way.
    Sending,
    /// The CA accepted it.
    Revoked,
    /// It had been revoked before.
    AlreadyRevoked,
    /// It had been rejected before.
    AlreadyRejected,
    /// A test call went well.
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

    /// The name in the ledger and in answers.
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

    /// The name in a job's `counts`.
    pub const fn count(self) -> &'static str {
        match self {
            RowOutcome::AlreadyRevoked => "alreadyRevoked",
            RowOutcome::AlreadyRejected => "alreadyRejected",
            other => other.name(),
        }
    }

    /// The column of the table of jobs that counts it.
    pub(super) const fn column(self) -> &'static str {
        match self {
            RowOutcome::AlreadyRevoked => "already_revoked",
            RowOutcome::AlreadyRejected => "already_rejected",
            other => other.name(),
        }
    }

    /// Whether there is still something to do about it.
    pub const fn is_open(self) -> bool {
        matches!(self, RowOutcome::Pending | RowOutcome::Sending)
    }
}
