//! What the states of a job and of its rows are to the ledger, and which may follow which.

pub use crate::api::job::JobState;
pub use crate::api::row::RowOutcome;

impl JobState {
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
}

impl RowOutcome {
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

    /// Whether the CA has accepted it, for real or as a test.
    pub(super) const fn is_accepted(self) -> bool {
        matches!(
            self,
            RowOutcome::Revoked
                | RowOutcome::AlreadyRevoked
                | RowOutcome::AlreadyRejected
                | RowOutcome::Tested
        )
    }

    /// Whether there is still something to do about it.
    pub const fn is_open(self) -> bool {
        matches!(self, RowOutcome::Pending | RowOutcome::Sending)
    }
}
