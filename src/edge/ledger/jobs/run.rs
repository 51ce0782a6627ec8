//! Which row of which job is sent next. Jobs are served in turn, real ones before drills, and each row is begun in the same step in
//! which it is chosen: when a connection is free for it.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use serde_json::Value;

use super::{Job, JobState};
use crate::edge::command::Asker;
use crate::edge::json_order::order_from_json;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::attempt::{Attempt, Begun};
use crate::edge::ledger::breaker::Position;
use crate::edge::ledger::host::{Host, HostError, Typed};
use crate::edge::ledger::limits::Reached;
use crate::edge::ledger::pace::Go;
use crate::edge::ledger::revocation::{JobRow, Purpose, Revocation};
use crate::edge::plan::with_comment;

/// How long a row waits whose order is being worked on by somebody else, in milliseconds.
const IN_THE_WAY_MS: i64 = 1_000;
/// Rows that are looked up at once.
const LOOKED_UP: usize = 40;
/// How much longer than a call may take a check is waited for, in milliseconds.
const CHECK_GRACE_MS: i64 = 1_000;

/// What is remembered of running jobs in this process.
#[derive(Debug, Default)]
pub struct Waits {
    /// Until when a job waits for its person's limit, in milliseconds since 1970.
    until: BTreeMap<i64, i64>,
    /// The job that was served last.
    served: i64,
    /// Rows that are due, in the order in which they are sent. Whatever changes a job empties it.
    queue: VecDeque<Row>,
}

impl Waits {
    /// A job has changed: what was looked up may not hold any more.
    pub(super) fn forget(&mut self, job: i64) {
        self.until.remove(&job);
        self.forget_rows();
    }

    /// Which rows may be sent has changed.
    pub(super) fn forget_rows(&mut self) {
        self.queue.clear();
    }

    fn is_waiting(&self, job: i64, now: i64) -> bool {
        self.until.get(&job).is_some_and(|until| now < *until)
    }
}

/// A row that is due.
#[derive(Debug, Clone)]
struct Row {
    job: Rc<Job>,
    number: i64,
    order_text: String,
}

impl<H: Host> Ledger<H> {
    /// The next call of a job, if one is due: a row's, or a test call that finds out whether the CA answers at all. Its intent
    /// is written.
    pub fn next_job_call(&self) -> Result<Option<Box<Attempt>>, HostError> {
        let now = self.host.now();
        let go = self.pace.borrow().jobs(now);
        let call = match self.jobs_that_send()? {
            Some(states) if !matches!(go, Go::Wait(_)) => self.next_row(states, go, now)?,
            _ => None,
        };
        if call.is_none() {
            self.idle_at.set(Some(now));
        }
        Ok(call)
    }

    /// The condition for jobs whose rows may be sent now.
    fn jobs_that_send(&self) -> Result<Option<&'static str>, HostError> {
        Ok(match self.breaker_position()? {
            _ if !self.sends_by_itself()? => None,
            Position::Closed => Some("state = 'running'"),
            // A row of what was halted may be the one call that is let through.
            _ => Some("(state = 'running' OR (state = 'halted' AND held = 0))"),
        })
    }

    fn next_row(&self, states: &str, go: Go, now: i64) -> Result<Option<Box<Attempt>>, HostError> {
        loop {
            if self.job_waits.borrow().queue.is_empty() {
                self.look_up(states, now)?;
            }
            let Some(row) = self.job_waits.borrow_mut().queue.pop_front() else {
                return Ok(None);
            };
            if self.job_waits.borrow().is_waiting(row.job.number, now) {
                continue;
            }
            let Some(revocation) = row_call(&row) else {
                self.row_unreadable(&row.job, row.number, now)?;
                continue;
            };
            if go == Go::Check && !revocation.order.test() {
                let check = self.begin_due(&revocation.as_check())?;
                let until = now + i64::from(self.config.timeout_ms) + CHECK_GRACE_MS;
                self.change_pace(|pace| pace.checking(until));
                // Should it be this very order, the next check is of another.
                self.job_waits.borrow_mut().queue.push_back(row);
                return Ok(check);
            }
            if let Err(reached) = self.check_limits(&revocation, now)? {
                self.wait_for_limit(&row.job, reached, now)?;
                continue;
            }
            if self.enter(&revocation)?.is_some() {
                self.postpone(&row, now + IN_THE_WAY_MS)?;
                continue;
            }
            self.job_waits.borrow_mut().served = row.job.number;
            let begun = self.begin(&revocation);
            if let Ok(Begun::Send(attempt)) = begun {
                return Ok(Some(attempt));
            }
            self.leave(&revocation);
            self.job_waits.borrow_mut().queue.clear();
            return begun.map(|_| None);
        }
    }

    /// Rows that are due, of each job in turn.
    fn look_up(&self, states: &str, now: i64) -> Result<(), HostError> {
        let due =
            " AND EXISTS (SELECT 1 FROM job_orders WHERE job = number AND next_at <= ?) ORDER BY number";
        let mut jobs = self.jobs_where(&[states, due].concat(), &[now.into()])?;
        jobs.retain(|job| !self.job_waits.borrow().is_waiting(job.number, now));
        // Nothing waits for a drill.
        if jobs.iter().any(|job| !job.drill) {
            jobs.retain(|job| !job.drill);
        }
        let served = self.job_waits.borrow().served;
        let first = jobs.partition_point(|job| job.number <= served);
        jobs.rotate_left(first);
        jobs.truncate(LOOKED_UP);
        let each = LOOKED_UP / jobs.len().max(1);
        let mut lanes: Vec<VecDeque<Row>> = Vec::with_capacity(jobs.len());
        for job in jobs.into_iter().map(Rc::new) {
            let rows: Vec<(i64, String)> = self.host.rows(
                "SELECT row, order_text FROM job_orders WHERE job = ? AND next_at <= ? ORDER BY next_at, row LIMIT ?",
                &[job.number.into(), now.into(), each.into()],
            )?;
            let lane = rows.into_iter().map(|(number, order_text)| Row {
                job: job.clone(),
                number,
                order_text,
            });
            lanes.push(lane.collect());
        }
        let mut waits = self.job_waits.borrow_mut();
        while lanes.iter().any(|lane| !lane.is_empty()) {
            waits
                .queue
                .extend(lanes.iter_mut().filter_map(VecDeque::pop_front));
        }
        Ok(())
    }

    /// When the next row is due, in milliseconds since 1970, if any is.
    pub(in crate::edge::ledger) fn jobs_due_at(&self) -> Result<Option<i64>, HostError> {
        let now = self.host.now();
        let mut times = Vec::new();
        let expiry = "SELECT MIN(at) FROM (SELECT MIN(expires_at) AS at FROM jobs WHERE started_by IS NULL \
                      UNION ALL SELECT MIN(expires_at) FROM jobs WHERE state = 'awaiting-approval' \
                      UNION ALL SELECT MIN(sweep_at) FROM loose_rows)";
        times.extend(self.host.value::<i64>(expiry, &[])?);
        let Some(states) = self.jobs_that_send()? else {
            return Ok(times.into_iter().min());
        };
        let statement = [
            "SELECT number, (SELECT MIN(next_at) FROM job_orders WHERE job = number AND next_at IS NOT NULL) AS at \
             FROM jobs WHERE at IS NOT NULL AND ",
            states,
        ]
        .concat();
        let earliest = match self.pace.borrow().jobs(now) {
            Go::Wait(until) => until,
            Go::Send | Go::Check => 0,
        };
        let waits = self.job_waits.borrow();
        for (number, at) in self.host.rows::<(i64, i64)>(&statement, &[])? {
            let limit = waits.until.get(&number).copied().unwrap_or_default();
            times.push(at.max(earliest).max(limit));
        }
        Ok(times.into_iter().min())
    }

    fn postpone(&self, row: &Row, until: i64) -> Result<(), HostError> {
        self.host.execute(
            "UPDATE job_orders SET next_at = ? WHERE job = ? AND row = ?",
            &[until.into(), row.job.number.into(), row.number.into()],
        )?;
        Ok(())
    }

    fn wait_for_limit(&self, job: &Job, reached: Reached, now: i64) -> Result<(), HostError> {
        let until = now + i64::from(reached.retry_after) * 1000;
        self.job_waits.borrow_mut().until.insert(job.number, until);
        let words = if reached.daily {
            "Waits: its person's limit of revocations in 24 hours is reached (DAILY_LIMIT), and the job was not approved by a \
             second person."
        } else {
            "Waits: its person's limit of calls in a minute is reached (RATE_LIMIT_PER_MINUTE), and the job was not \
             approved by a second person."
        };
        if job.state == JobState::Running && job.last_error.as_deref() != Some(words) {
            self.host.execute(
                "UPDATE jobs SET last_error = ?, revision = revision + 1 WHERE number = ?",
                &[words.into(), job.number.into()],
            )?;
        }
        Ok(())
    }
}

/// The call of a row; nothing if what is stored of it cannot be read as an order that its job may send.
fn row_call(row: &Row) -> Option<Revocation> {
    let Ok(Value::Object(members)) = serde_json::from_str(&row.order_text) else {
        return None;
    };
    let job = &row.job;
    let order = order_from_json(with_comment(members, job.comment.as_deref())).ok()?;
    // None of a drill's rows can ever be sent without `test`.
    if job.drill && !order.test() {
        return None;
    }
    let by = Asker {
        actor: job.started_by.clone()?,
        person: job.starter.clone()?,
        instance: job.instance.clone(),
    };
    let mut revocation = Revocation::new(by, order, Purpose::Call);
    // Approved jobs and drills are outside of a person's limits.
    revocation.limited = !job.drill && job.approvals.is_empty();
    revocation.job = Some(JobRow {
        job: job.number,
        id: job.id.clone(),
        row: row.number,
    });
    Some(revocation)
}
