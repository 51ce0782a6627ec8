//! The rows of a job: what becomes of each, with the job's counts kept up in the same step.

use serde::Deserialize;
use serde_json::Value;

use super::clock::Window;
use super::{Job, JobState, MINUTE_MS, RowOutcome};
use crate::edge::command::Asker;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::host::{Host, HostError, Typed};
use crate::edge::ledger::order_status::OrderStatus;
use crate::edge::ledger::revocation::{JobRow, Purpose};
use crate::edge::ledger::state::State;
use crate::protocol::Answer;

/// The first pause before a row is sent again, in milliseconds; it doubles each time.
const FIRST_PAUSE_MS: i64 = 1_000;
/// The longest one.
const LONGEST_PAUSE_MS: i64 = 300_000;
/// How long rows are tried again in a job without a deadline, in milliseconds after its start.
const RETRY_WITHIN_MS: i64 = 86_400_000;
/// Codes of the CA that say "not yet": it is issuing the certificate just now.
const NOT_YET: [i32; 2] = [-23, -26];

/// In SQL, of a row: whether nothing more is done by itself about its order, which is unknown. That is so of an order which is
/// not probed any more, and of one that the ledger has never sent: a restore made its row unknown.
pub(super) const WAITS_FOR_PERSON: &str = "CASE WHEN test = 1 THEN 0 \
    WHEN outcome = 'unknown' THEN NOT EXISTS (SELECT 1 FROM orders WHERE orders.identity = job_orders.identity \
    AND (orders.state = 'sending' OR (orders.state = 'unknown' AND orders.settle_at IS NOT NULL))) \
    WHEN outcome = 'refused' THEN EXISTS (SELECT 1 FROM orders WHERE orders.identity = job_orders.identity \
    AND orders.state = 'unknown' AND orders.restored = 1 AND orders.settle_at IS NULL) ELSE 0 END";
/// In SQL, of a row: whether its order is unknown since the ledger was restored from a backup, in which it was refused, or waited
/// in a job.
pub(super) const UNKNOWN_SINCE_RESTORE: &str = "CASE WHEN test = 1 THEN 0 \
    WHEN outcome = 'unknown' THEN NOT EXISTS (SELECT 1 FROM orders WHERE orders.identity = job_orders.identity \
    AND orders.state IN ('sending', 'unknown') AND orders.restored = 0) \
    WHEN outcome = 'refused' THEN EXISTS (SELECT 1 FROM orders WHERE orders.identity = job_orders.identity \
    AND orders.state = 'unknown' AND orders.restored = 1) ELSE 0 END";

/// What an attempt makes of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ended {
    outcome: RowOutcome,
    code: Option<i32>,
    message: Option<String>,
    seq: u64,
    next_at: Option<i64>,
    /// When the first attempt began whose outcome is unknown.
    first_lost_at: Option<i64>,
}

/// A row as it stood when its call ended, and what of its job matters then: all of it is read but when the job ends.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Found {
    outcome: RowOutcome,
    retries: i64,
    first_lost_at: Option<i64>,
    job_state: JobState,
    job_started_at: Option<i64>,
    job_deadline: Option<i64>,
    window_at: i64,
    window_count: i64,
    window_before: i64,
    /// Rows that are still to be sent or in flight.
    job_remaining: i64,
}

impl Found {
    /// Whether a row that was not carried out now may be sent later.
    fn may_retry(&self, answer: &Answer, now: i64) -> bool {
        if self.job_state == JobState::Cancelled {
            return false;
        }
        let started = self.job_started_at.unwrap_or(now);
        let until = match self.job_deadline {
            Some(deadline) if deadline > started => deadline,
            _ => started + RETRY_WITHIN_MS,
        };
        // A refused login is nothing that the row could help.
        matches!(answer, Answer::LoginRefused(_)) || now < until
    }
}

impl<H: Host> Ledger<H> {
    /// A row's call is about to be made.
    pub(in crate::edge::ledger) fn row_begun(
        &self,
        row: &JobRow,
        intent_seq: u64,
        now: i64,
    ) -> Result<(), HostError> {
        self.host.execute(
            "UPDATE job_orders SET outcome = 'sending', attempts = attempts + 1, next_at = NULL, audit_seq = ?, \
             updated_at = ? WHERE job = ? AND row = ?",
            &[intent_seq.into(), now.into(), row.job.into(), row.row.into()],
        )?;
        // Only a row that is pending is ever begun.
        self.host.execute(
            "UPDATE jobs SET pending = pending - 1, sending = sending + 1, revision = revision + 1, \
             first_sent_at = COALESCE(first_sent_at, ?) WHERE number = ?",
            &[now.into(), row.job.into()],
        )?;
        Ok(())
    }

    /// A row's call has ended; `after` is where its order stands then, if it was a real call.
    pub(in crate::edge::ledger) fn row_ended(
        &self,
        row: &JobRow,
        answer: &Answer,
        state: State,
        after: Option<&OrderStatus>,
        seq: u64,
        begun: i64,
    ) -> Result<(), HostError> {
        let now = self.host.now();
        let found = self.found(row)?;
        let order_is_unknown = after.is_some_and(|after| after.state == State::Unknown);
        if state == State::Unknown && !order_is_unknown {
            return self.test_lost(row, found, begun, seq, now);
        }
        let code = answer.code();
        let again = match answer {
            Answer::LoginRefused(_) | Answer::Busy(_) => true,
            Answer::Refused(_) => code.is_some_and(|code| NOT_YET.contains(&code)),
            _ => false,
        };
        // A row keeps its place also where an earlier call for its order has an unknown outcome.
        let (outcome, next_at) = if again && found.may_retry(answer, now) {
            (RowOutcome::Pending, Some(now + pause(found.retries)))
        } else if order_is_unknown {
            (RowOutcome::Unknown, None)
        } else {
            (row_outcome(state), None)
        };
        let ended = Ended {
            outcome,
            code,
            message: answer.message().map(str::to_owned),
            seq,
            next_at,
            first_lost_at: None,
        };
        self.put_row(row, found, &ended, now)
    }

    /// A row's call was cut off; nobody will ever hear of it. It began at `begun`.
    pub(in crate::edge::ledger) fn row_lost(
        &self,
        row: &JobRow,
        test: bool,
        seq: u64,
        begun: i64,
        now: i64,
    ) -> Result<(), HostError> {
        let found = self.found(row)?;
        if test {
            return self.test_lost(row, found, begun, seq, now);
        }
        let ended = Ended {
            outcome: RowOutcome::Unknown,
            code: None,
            message: None,
            seq,
            next_at: None,
            first_lost_at: None,
        };
        self.put_row(row, found, &ended, now)
    }

    /// A test call was lost. It has changed nothing, so within the window of re-sends it is simply made again.
    fn test_lost(&self, row: &JobRow, found: Found, begun: i64, seq: u64, now: i64) -> Result<(), HostError> {
        let first = found.first_lost_at.unwrap_or(begun);
        let next_at = now + pause(found.retries);
        let in_window = next_at <= first + i64::from(self.config.resend_window_ms);
        let again = in_window && found.job_state != JobState::Cancelled;
        let ended = Ended {
            outcome: if again {
                RowOutcome::Pending
            } else {
                RowOutcome::Unknown
            },
            code: None,
            message: None,
            seq,
            next_at: Some(next_at).filter(|_| again),
            first_lost_at: Some(first),
        };
        self.put_row(row, found, &ended, now)
    }

    fn put_row(&self, row: &JobRow, found: Found, ended: &Ended, now: i64) -> Result<(), HostError> {
        self.host.execute(
            "UPDATE job_orders SET outcome = ?, error_code = ?, error_message = ?, audit_seq = ?, updated_at = ?, \
             next_at = ?, retries = retries + ?, first_lost_at = COALESCE(?, first_lost_at) WHERE job = ? AND row = ?",
            &[
                ended.outcome.name().into(),
                ended.code.into(),
                ended.message.clone().into(),
                ended.seq.into(),
                now.into(),
                ended.next_at.into(),
                i64::from(ended.next_at.is_some()).into(),
                ended.first_lost_at.into(),
                row.job.into(),
                row.row.into(),
            ],
        )?;
        let finished = found.outcome.is_open() && !ended.outcome.is_open();
        let window = Window {
            at: found.window_at,
            count: found.window_count,
            before: found.window_before,
        };
        let window = window.with(i64::from(finished), now);
        self.recount(row.job, (found.outcome, ended.outcome), 1, now, Some(window))?;
        let nothing_left = found.job_remaining == i64::from(finished);
        if nothing_left {
            self.finish_if_done(&self.job_numbered(row.job)?, now)?;
        }
        Ok(())
    }

    fn found(&self, row: &JobRow) -> Result<Found, HostError> {
        let found = self.host.row(
            "SELECT outcome, retries, first_lost_at, state, started_at, deadline, window_at, window_count, window_before, \
             pending + sending FROM job_orders JOIN jobs ON number = job WHERE job = ? AND row = ?",
            &[row.job.into(), row.row.into()],
        )?;
        found.ok_or(HostError)
    }

    /// It was found out where an order stands whose outcome was unknown; `by_probe` if a test call found it out.
    pub(in crate::edge::ledger) fn rows_settled(
        &self,
        identity: &str,
        state: State,
        by_probe: bool,
        seq: u64,
        now: i64,
    ) -> Result<(), HostError> {
        let outcome = row_outcome(state);
        if matches!(
            outcome,
            RowOutcome::Unknown | RowOutcome::Sending | RowOutcome::Pending
        ) {
            return Ok(());
        }
        let rows = self.host.sql(
            "UPDATE job_orders SET outcome = ?, settled = ?, audit_seq = ?, updated_at = ?, error_code = NULL, \
             error_message = NULL WHERE identity = ? AND outcome = 'unknown' AND test = 0 RETURNING job",
            &[
                outcome.name().into(),
                i64::from(by_probe).into(),
                seq.into(),
                now.into(),
                identity.into(),
            ],
        )?;
        for row in rows {
            let job = row.first().and_then(Value::as_i64).ok_or(HostError)?;
            self.recount(job, (RowOutcome::Unknown, outcome), 1, now, None)?;
        }
        Ok(())
    }

    /// An order with an unknown outcome is sent once more by itself.
    pub(in crate::edge::ledger) fn rows_resent(&self, identity: &str) -> Result<(), HostError> {
        self.host.execute(
            "UPDATE job_orders SET attempts = attempts + 1 WHERE identity = ? AND outcome = 'unknown' AND test = 0",
            &[identity.into()],
        )?;
        Ok(())
    }

    /// What is stored of a row cannot be read as an order, so it cannot be sent; it must not keep the others.
    pub(super) fn row_unreadable(&self, job: &Job, row: i64, now: i64) -> Result<(), HostError> {
        let mut members = job.audit_members(&Asker::edge(""), Purpose::Call.name());
        members.insert("phase".into(), "refused".into());
        members.insert("jobRow".into(), row.into());
        members.insert("reason".into(), "unreadable".into());
        let seq = self.log(members, now)?;
        let row = JobRow {
            job: job.number,
            id: job.id.clone(),
            row,
        };
        let ended = Ended {
            outcome: RowOutcome::Refused,
            code: None,
            message: Some("The edge cannot read this row, and has not sent it.".to_owned()),
            seq,
            next_at: None,
            first_lost_at: None,
        };
        self.put_row(&row, self.found(&row)?, &ended, now)
    }

    /// Nothing that was not sent will be.
    pub(super) fn cancel_rows(&self, job: i64, now: i64) -> Result<(), HostError> {
        self.move_rows(job, RowOutcome::Pending, RowOutcome::Cancelled, now)?;
        self.host.execute(
            "UPDATE job_orders SET next_at = NULL WHERE job = ? AND next_at IS NOT NULL",
            &[job.into()],
        )?;
        Ok(())
    }

    /// Moves all rows that stand at `from`.
    pub(super) fn move_rows(
        &self,
        job: i64,
        from: RowOutcome,
        to: RowOutcome,
        now: i64,
    ) -> Result<(), HostError> {
        self.host.execute(
            "UPDATE job_orders SET outcome = ?, next_at = NULL, updated_at = ? WHERE job = ? AND outcome = ?",
            &[to.name().into(), now.into(), job.into(), from.name().into()],
        )?;
        let moved = self.job_numbered(job)?.count(from);
        self.recount(job, (from, to), moved, now, None)
    }

    /// Counts rows that have moved; with the window of finished ones when a call has ended.
    fn recount(
        &self,
        job: i64,
        (from, to): (RowOutcome, RowOutcome),
        rows: i64,
        now: i64,
        answered: Option<Window>,
    ) -> Result<(), HostError> {
        if to.is_accepted() && from != to {
            self.host.execute(
                "INSERT INTO job_minutes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted",
                &[job.into(), (now / MINUTE_MS).into(), rows.into()],
            )?;
        }
        let mut statement = "UPDATE jobs SET revision = revision + 1".to_owned();
        let mut values: Vec<Value> = Vec::new();
        if from != to {
            for (outcome, sign) in [(from, " - ?"), (to, " + ?")] {
                let column = outcome.column();
                statement += &[", ", column, " = ", column, sign].concat();
                values.push(rows.into());
            }
        }
        if let Some(window) = answered {
            statement += ", window_at = ?, window_count = ?, window_before = ?, last_answer_at = ?";
            values.extend([window.at, window.count, window.before, now].map(Value::from));
        }
        statement += " WHERE number = ?";
        values.push(job.into());
        self.host.execute(&statement, &values)?;
        Ok(())
    }
}

fn row_outcome(state: State) -> RowOutcome {
    match state {
        State::Pending => RowOutcome::Pending,
        State::Sending => RowOutcome::Sending,
        State::Revoked => RowOutcome::Revoked,
        State::AlreadyRevoked => RowOutcome::AlreadyRevoked,
        State::AlreadyRejected => RowOutcome::AlreadyRejected,
        State::Tested => RowOutcome::Tested,
        State::Refused => RowOutcome::Refused,
        State::Unknown => RowOutcome::Unknown,
    }
}

fn pause(retries: i64) -> i64 {
    FIRST_PAUSE_MS
        .saturating_mul(1 << retries.clamp(0, 16))
        .min(LONGEST_PAUSE_MS)
}
