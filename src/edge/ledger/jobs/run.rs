//! Which row of which job is sent next. Jobs take turns, and each row is begun in the same step in which it is chosen.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use serde_json::Value;

use super::{Job, JobRow, JobState};
use crate::edge::json_order::order_from_json;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::attempt::Attempt;
use crate::edge::ledger::breaker::Position;
use crate::edge::ledger::calls::Begun;
use crate::edge::ledger::command::{Asker, Purpose, Revocation};
use crate::edge::ledger::host::{Host, HostError};
use crate::edge::ledger::limits::Reached;
use crate::edge::ledger::pace::Go;
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
    /// Jobs that are running for certain. Whatever changes a job takes it out.
    running: BTreeSet<i64>,
}

impl Waits {
    /// A job has changed: what was looked up may not hold any more.
    pub(super) fn forget(&mut self, job: i64) {
        self.until.remove(&job);
        self.running.remove(&job);
        self.forget_rows();
    }

    /// Which rows may be sent has changed.
    pub(super) fn forget_rows(&mut self) {
        self.queue.clear();
    }

    /// Whether this job is known to run; if not, it may all the same.
    pub(super) fn is_running(&self, job: i64) -> bool {
        self.running.contains(&job)
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

/// A call that a job makes.
#[derive(Debug)]
pub enum JobCall {
    /// A row's call, whose intent is written.
    Row(Box<Attempt>),
    /// A test call that finds out whether the CA answers, to be entered and begun like any other.
    Check(Box<Revocation>),
}

impl<H: Host> Ledger<H> {
    /// The next call of a job, if one is due.
    pub fn next_job_call(&self) -> Result<Option<JobCall>, HostError> {
        let now = self.host.now();
        let states = match self.breaker.borrow().position {
            Position::Open => return Ok(None),
            Position::HalfOpen if self.trial.get().is_some() => return Ok(None),
            // A row of what was halted may be the one call that is let through.
            Position::HalfOpen => "(state = 'running' OR (state = 'halted' AND held = 0))",
            Position::Closed => "state = 'running'",
        };
        let go = self.pace.borrow().jobs(now);
        if matches!(go, Go::Wait(_)) {
            return Ok(None);
        }
        if self.job_waits.borrow().queue.is_empty() {
            self.look_up(states, now)?;
        }
        loop {
            let Some(row) = self.job_waits.borrow_mut().queue.pop_front() else {
                return Ok(None);
            };
            if self.job_waits.borrow().is_waiting(row.job.number, now) {
                continue;
            }
            let revocation = row_call(&row)?;
            if go == Go::Check && !revocation.order.test() {
                let until = now + i64::from(self.config.timeout_ms) + CHECK_GRACE_MS;
                self.pace.borrow_mut().checking(until);
                // Should it be this very order, the next check is of another.
                self.job_waits.borrow_mut().queue.push_back(row);
                return Ok(Some(JobCall::Check(Box::new(revocation.as_check()))));
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
            if row.job.state == JobState::Running {
                self.job_waits.borrow_mut().running.insert(row.job.number);
            }
            let begun = self.begin(&revocation);
            if !matches!(begun, Ok(Begun::Send(_))) {
                self.leave(&revocation);
                self.job_waits.borrow_mut().queue.clear();
            }
            return Ok(match begun? {
                Begun::Send(attempt) => Some(JobCall::Row(attempt)),
                _ => None,
            });
        }
    }

    /// Rows that are due, of each job in turn.
    fn look_up(&self, states: &str, now: i64) -> Result<(), HostError> {
        let statement = [
            "SELECT number FROM jobs WHERE ",
            states,
            " AND EXISTS (SELECT 1 FROM job_orders WHERE job = number AND next_at <= ?) ORDER BY number",
        ]
        .concat();
        let numbers = self.host.sql(&statement, &[now.into()])?;
        let mut numbers: Vec<i64> = numbers.iter().filter_map(|row| row.first()?.as_i64()).collect();
        numbers.retain(|number| !self.job_waits.borrow().is_waiting(*number, now));
        let served = self.job_waits.borrow().served;
        let first = numbers.partition_point(|number| *number <= served);
        numbers.rotate_left(first);
        numbers.truncate(LOOKED_UP);
        let each = LOOKED_UP / numbers.len().max(1);
        let mut lanes: Vec<VecDeque<Row>> = Vec::with_capacity(numbers.len());
        for number in numbers {
            let job = Rc::new(self.job_numbered(number)?);
            let rows = self.host.sql(
                "SELECT row, order_text FROM job_orders WHERE job = ? AND next_at <= ? ORDER BY next_at, row LIMIT ?",
                &[number.into(), now.into(), each.into()],
            )?;
            let lane = rows.into_iter().map(|row| match row.as_slice() {
                [number, Value::String(text)] => Ok(Row {
                    job: job.clone(),
                    number: number.as_i64().ok_or(HostError)?,
                    order_text: text.clone(),
                }),
                _ => Err(HostError),
            });
            lanes.push(lane.collect::<Result<_, _>>()?);
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
        let position = self.breaker.borrow().position;
        let mut times = Vec::new();
        let expiry = "SELECT MIN(at) FROM (SELECT MIN(expires_at) AS at FROM jobs WHERE started_by IS NULL \
                      UNION ALL SELECT MIN(expires_at) FROM jobs WHERE state = 'awaiting-approval' \
                      UNION ALL SELECT MIN(sweep_at) FROM loose_rows)";
        times.extend(first_number(&self.host.sql(expiry, &[])?));
        let states = match position {
            Position::Open => "state = 'never'",
            Position::HalfOpen => "(state = 'running' OR (state = 'halted' AND held = 0))",
            Position::Closed => "state = 'running'",
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
        for row in self.host.sql(&statement, &[])? {
            let [number, at] = row.as_slice() else {
                return Err(HostError);
            };
            let (number, at) = (number.as_i64().ok_or(HostError)?, at.as_i64().ok_or(HostError)?);
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

fn row_call(row: &Row) -> Result<Revocation, HostError> {
    let Ok(Value::Object(members)) = serde_json::from_str(&row.order_text) else {
        return Err(HostError);
    };
    let job = &row.job;
    let order = order_from_json(with_comment(members, job.comment.as_deref())).map_err(|_| HostError)?;
    // None of a drill's rows can ever be sent without `test`.
    if job.drill && !order.test() {
        return Err(HostError);
    }
    let by = Asker {
        actor: job.started_by.clone().ok_or(HostError)?,
        person: job.starter.clone().ok_or(HostError)?,
        instance: job.instance.clone(),
    };
    let mut revocation = by.about(order, Purpose::Call);
    // Approved jobs and drills are outside of a person's limits.
    revocation.limited = !job.drill && job.approvals.is_empty();
    revocation.job = Some(JobRow {
        job: job.number,
        id: job.id.clone(),
        row: row.number,
    });
    Ok(revocation)
}

fn first_number(rows: &[Vec<Value>]) -> Option<i64> {
    rows.first()?.first()?.as_i64()
}
