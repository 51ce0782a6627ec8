//! Jobs: thousands of orders under one plan, started and approved by people, sent in slices by the one way to the CA.
//!
//! | module | what lives there |
//! |---|---|
//! | `state` | the states of a job and of its rows |
//! | `create`, `transitions` | what people do with a job |
//! | `run`, `rows` | which row is sent next, and what becomes of it |
//! | `clock` | rate, needed rate, ETA, and whether it will be late |
//! | `rights` | whether a caller's grants cover a job |
//! | `table`, `report`, `markdown`, `events` | what is told |

mod clock;
mod create;
mod events;
mod markdown;
mod report;
mod rights;
mod rows;
mod run;
mod state;
mod table;
mod transitions;

use serde_json::{Map, Value, json};

use self::clock::{Pace, Reading, Window};
use super::Ledger;
use super::command::Asker;
use super::host::{Host, HostError};
use super::metrics::Jobs as Figures;
use crate::edge::timestamp;

pub use self::report::{Reported, answer as report_answer};
pub use self::rows::JobRow;
pub(super) use self::run::Waits;
pub use self::state::{JobState, RowOutcome};

/// How long a job that was not started, or not approved, is kept for that, in milliseconds.
const EXPIRES_MS: i64 = 86_400_000;

/// The columns that [`Job::read`] takes, in its order; those of the counts follow.
const COLUMNS: &str = "number, id, name, state, drill, instance, created_at, created_by, creator, deadline, \
                       expires_at, started_at, started_by, starter, active_since, finished_at, plan_hash, total, \
                       duplicates, revision, CAST(first_order AS TEXT), CAST(last_order AS TEXT), first_sent_at, \
                       last_answer_at, window_at, window_count, window_before, approvals, last_error, comment, \
                       fingerprint, declined";

/// A job as the ledger keeps it; times in milliseconds since 1970.
#[derive(Debug, Clone)]
pub(super) struct Job {
    number: i64,
    id: String,
    name: Option<String>,
    state: JobState,
    drill: bool,
    /// The request that it came with, and after its start the one that started it.
    instance: String,
    created_at: i64,
    created_by: String,
    creator: String,
    deadline: Option<i64>,
    expires_at: Option<i64>,
    started_at: Option<i64>,
    started_by: Option<String>,
    starter: Option<String>,
    /// Since when it has been running without a stop.
    active_since: Option<i64>,
    finished_at: Option<i64>,
    plan_hash: String,
    total: i64,
    duplicates: i64,
    revision: i64,
    first_order: u64,
    last_order: u64,
    first_sent_at: Option<i64>,
    last_answer_at: Option<i64>,
    window: Window,
    approvals: Vec<Value>,
    /// Who has declined it, when and why.
    declined: Option<Value>,
    last_error: Option<String>,
    /// The comment of the rows that have none of their own.
    comment: Option<String>,
    fingerprint: String,
    counts: [i64; RowOutcome::ALL.len()],
}

impl Job {
    fn read(row: &[Value]) -> Option<Job> {
        let mut columns = row.iter();
        let mut next = || columns.next();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut job = Job {
            number: next()?.as_i64()?,
            id: text(next()?)?,
            name: text(next()?),
            state: JobState::from_name(next()?.as_str()?)?,
            drill: next()?.as_i64()? != 0,
            instance: text(next()?)?,
            created_at: next()?.as_i64()?,
            created_by: text(next()?)?,
            creator: text(next()?)?,
            deadline: next()?.as_i64(),
            expires_at: next()?.as_i64(),
            started_at: next()?.as_i64(),
            started_by: text(next()?),
            starter: text(next()?),
            active_since: next()?.as_i64(),
            finished_at: next()?.as_i64(),
            plan_hash: text(next()?)?,
            total: next()?.as_i64()?,
            duplicates: next()?.as_i64()?,
            revision: next()?.as_i64()?,
            first_order: next()?.as_str()?.parse().ok()?,
            last_order: next()?.as_str()?.parse().ok()?,
            first_sent_at: next()?.as_i64(),
            last_answer_at: next()?.as_i64(),
            window: Window {
                at: next()?.as_i64()?,
                count: next()?.as_i64()?,
                before: next()?.as_i64()?,
            },
            approvals: serde_json::from_str(next()?.as_str()?).ok()?,
            last_error: text(next()?),
            comment: text(next()?),
            fingerprint: text(next()?)?,
            declined: text(next()?).and_then(|text| serde_json::from_str(&text).ok()),
            counts: [0; RowOutcome::ALL.len()],
        };
        for count in &mut job.counts {
            *count = next()?.as_i64()?;
        }
        Some(job)
    }

    fn count(&self, of: RowOutcome) -> i64 {
        let counts = RowOutcome::ALL.into_iter().zip(self.counts);
        counts
            .filter(|(outcome, _)| *outcome == of)
            .map(|(_, count)| count)
            .sum()
    }

    /// Rows that are still to be sent or under way.
    fn remaining(&self) -> i64 {
        self.count(RowOutcome::Pending) + self.count(RowOutcome::Sending)
    }

    fn pace(&self, now: i64) -> Pace {
        let running = self.state == JobState::Running;
        let reading = Reading {
            remaining: if self.state.is_final() {
                0
            } else {
                self.remaining()
            },
            deadline: self.deadline,
            running_since: self.active_since.filter(|_| running),
            stands_still: matches!(self.state, JobState::Paused | JobState::Halted),
            window: self.window,
        };
        reading.pace(now)
    }

    /// The job as callers see it.
    fn document(&self, now: i64) -> Map<String, Value> {
        let time = |at: Option<i64>| at.map(timestamp::text);
        let pace = self.pace(now);
        let counts = RowOutcome::ALL.into_iter().zip(self.counts);
        let counts: Map<String, Value> = counts
            .map(|(outcome, count)| (outcome.count().to_owned(), count.into()))
            .collect();
        let waits = matches!(self.state, JobState::Planned | JobState::AwaitingApproval);
        let members = json!({
            "id": self.id,
            "name": self.name,
            "state": self.state.name(),
            "drill": self.drill,
            "createdAt": timestamp::text(self.created_at),
            "createdBy": self.created_by,
            "expiresAt": time(self.expires_at.filter(|_| waits)),
            "startedAt": time(self.started_at),
            "startedBy": self.started_by,
            "finishedAt": time(self.finished_at),
            "deadline": time(self.deadline),
            "planHash": self.plan_hash,
            "total": self.total,
            "duplicates": self.duplicates,
            "counts": counts,
            "rate": pace.rate.map(rounded),
            "neededRate": pace.needed.map(rounded),
            "eta": time(pace.eta),
            "atRisk": pace.at_risk,
            "approvals": self.approvals,
            "declined": self.declined,
            "lastError": self.last_error,
            "revision": self.revision,
        });
        given(members)
    }

    /// The members of an audit entry about this job.
    fn audit_members(&self, by: &Asker, action: &str) -> Map<String, Value> {
        let mut members = by.audit_members(action, "outcome");
        if by.instance.is_empty() {
            members.remove("instance");
        }
        members.insert("jobId".into(), self.id.as_str().into());
        members.insert("state".into(), self.state.name().into());
        members.insert("planHash".into(), self.plan_hash.as_str().into());
        members.insert("total".into(), self.total.into());
        members
    }
}

/// The members that there are: `null` counts as none.
fn given(members: Value) -> Map<String, Value> {
    match members {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect(),
        _ => Map::new(),
    }
}

fn rounded(rate: f64) -> Value {
    json!((rate * 1000.0).round() / 1000.0)
}

impl<H: Host> Ledger<H> {
    /// Jobs that fit a condition. One that cannot be read is not among them: it sends nothing, and must not keep the others.
    fn jobs_where(&self, condition: &str, values: &[Value]) -> Result<Vec<Job>, HostError> {
        let counts: Vec<&str> = RowOutcome::ALL.into_iter().map(RowOutcome::column).collect();
        let statement = [
            "SELECT ",
            COLUMNS,
            ", ",
            &counts.join(", "),
            " FROM jobs WHERE ",
            condition,
        ]
        .concat();
        let rows = self.host.sql(&statement, values)?;
        Ok(rows.iter().filter_map(|row| Job::read(row)).collect())
    }

    /// What the metrics tell of jobs.
    pub(super) fn job_figures(&self, now: i64) -> Result<Figures, HostError> {
        let mut figures = Figures::default();
        let unfinished = "state IN ('planned', 'awaiting-approval', 'running', 'paused', 'halted')";
        for job in self.jobs_where(unfinished, &[])? {
            *figures.by_state.entry(job.state.name()).or_default() += 1;
            if job.started_at.is_some() {
                figures.remaining += job.remaining();
            }
            figures.at_risk += u64::from(job.pace(now).at_risk);
        }
        Ok(figures)
    }

    fn job_of(&self, id: &str) -> Result<Option<Job>, HostError> {
        let rows = self
            .host
            .sql("SELECT number FROM jobs WHERE id = ?", &[id.into()])?;
        let number = rows.first().and_then(|row| row.first()).and_then(Value::as_i64);
        number.map(|number| self.job_numbered(number)).transpose()
    }

    fn job_numbered(&self, number: i64) -> Result<Job, HostError> {
        self.jobs_where("number = ?", &[number.into()])?
            .pop()
            .ok_or(HostError)
    }
}
