//! Jobs: thousands of orders under one plan, started and approved by people, sent in batches by the one way to the CA.
//!
//! | module | what lives there |
//! |---|---|
//! | `state` | the states of a job and of its rows |
//! | `create`, `transitions` | what people do with a job |
//! | `run`, `rows` | which row is sent next, and what becomes of it |
//! | `clock` | rate, needed rate, ETA, and whether it will be late |
//! | `rights` | whether a caller's grants cover a job |
//! | `table`, `report`, `markdown`, `events` | what is answered |

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

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use self::clock::{Pace, Reading, Window};
use super::Ledger;
use super::host::{Host, HostError, Typed, flag, from_text, read};
use super::metrics::Jobs as Figures;
use crate::api::job::{Job as Document, JobApproval, JobCounts, JobDecline, JobReasons};
use crate::api::value::Time;
use crate::edge::command::Asker;
use crate::edge::timestamp;

pub use self::report::{Reported, answer as report_answer};
pub(super) use self::run::Waits;
pub use self::state::{JobState, RowOutcome};

/// How long a job that was not started, or not approved, is kept for that, in milliseconds.
const EXPIRES_MS: i64 = 86_400_000;

const MINUTE_MS: i64 = 60_000;
/// So many minutes of a job are shown.
const MAX_RATES: i64 = 240;

/// The columns that [`Job::read`] takes, in its order; those of the counts follow.
const COLUMNS: &str = "number, id, name, state, drill, instance, created_at, created_by, creator, deadline, \
                       expires_at, started_at, started_by, starter, active_since, finished_at, plan_hash, total, \
                       duplicates, revision, CAST(first_order AS TEXT), CAST(last_order AS TEXT), first_sent_at, \
                       last_answer_at, window_at, window_count, window_before, approvals, last_error, comment, \
                       fingerprint, COALESCE(declined, 'null'), reasons";

/// A job as the ledger keeps it; times in milliseconds since 1970.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Job {
    number: i64,
    id: String,
    name: Option<String>,
    state: JobState,
    #[serde(deserialize_with = "flag")]
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
    #[serde(deserialize_with = "from_text")]
    first_order: u64,
    #[serde(deserialize_with = "from_text")]
    last_order: u64,
    first_sent_at: Option<i64>,
    last_answer_at: Option<i64>,
    window_at: i64,
    window_count: i64,
    window_before: i64,
    #[serde(deserialize_with = "from_text")]
    approvals: Vec<JobApproval>,
    last_error: Option<String>,
    /// The comment of the rows that have none of their own.
    comment: Option<String>,
    fingerprint: String,
    /// Who has declined it, when and why.
    #[serde(deserialize_with = "from_text")]
    declined: Option<JobDecline>,
    #[serde(deserialize_with = "from_text")]
    reasons: JobReasons,
    counts: [i64; RowOutcome::ALL.len()],
}

impl Job {
    /// Reads [`COLUMNS`], which those of the counts follow.
    fn read(mut columns: Vec<Value>) -> Option<Job> {
        let counts = columns.split_off(columns.len().checked_sub(RowOutcome::ALL.len())?);
        columns.push(counts.into());
        read(columns)
    }

    fn count(&self, of: RowOutcome) -> i64 {
        let counts = RowOutcome::ALL.into_iter().zip(self.counts);
        counts
            .filter(|(outcome, _)| *outcome == of)
            .map(|(_, count)| count)
            .sum()
    }

    /// Rows that are still to be sent or in flight.
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
            window: Window {
                at: self.window_at,
                count: self.window_count,
                before: self.window_before,
            },
        };
        reading.pace(now)
    }

    /// The job as callers see it, but for what [`Ledger::document`] adds.
    fn document(&self, now: i64) -> Document {
        let time = |at: i64| Time::from(timestamp::text(at));
        let pace = self.pace(now);
        let waits = matches!(self.state, JobState::Planned | JobState::AwaitingApproval);
        let count = |of| whole(self.count(of));
        Document {
            id: self.id.as_str().into(),
            name: self.name.as_deref().map(Into::into),
            state: self.state,
            drill: self.drill,
            created_at: time(self.created_at),
            created_by: self.created_by.as_str().into(),
            creator: self.creator.as_str().into(),
            expires_at: self.expires_at.filter(|_| waits).map(time),
            started_at: self.started_at.map(time),
            started_by: self.started_by.as_deref().map(Into::into),
            finished_at: self.finished_at.map(time),
            deadline: self.deadline.map(time),
            plan_hash: self.plan_hash.as_str().into(),
            total: whole(self.total),
            duplicates: whole(self.duplicates),
            reasons: self.reasons,
            approval_needed: self.state == JobState::AwaitingApproval,
            counts: JobCounts {
                pending: count(RowOutcome::Pending),
                sending: count(RowOutcome::Sending),
                revoked: count(RowOutcome::Revoked),
                already_revoked: count(RowOutcome::AlreadyRevoked),
                already_rejected: count(RowOutcome::AlreadyRejected),
                tested: count(RowOutcome::Tested),
                refused: count(RowOutcome::Refused),
                unknown: count(RowOutcome::Unknown),
                cancelled: count(RowOutcome::Cancelled),
            },
            rate: pace.rate.and_then(rounded),
            rates: None,
            needed_rate: pace.needed.and_then(rounded),
            eta: pace.eta.map(time),
            at_risk: pace.at_risk,
            approvals: self.approvals.clone(),
            declined: self.declined.clone(),
            last_error: self.last_error.clone(),
            revision: whole(self.revision),
            known: None,
            merged: None,
            conflicts: None,
        }
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

/// A number of the tables that counts something.
fn whole(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// To six places, since some orders in some days are few a second; nothing for what is no number.
fn rounded(rate: f64) -> Option<f64> {
    Some((rate * 1e6).round() / 1e6).filter(|rate| rate.is_finite())
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
        Ok(rows.into_iter().filter_map(Job::read).collect())
    }

    /// The job as this caller sees it.
    fn document(&self, job: &Job, by: &Asker, now: i64) -> Result<Document, HostError> {
        let unapproved = match job.state {
            JobState::Planned => self.unapproved_jobs(now)?,
            _ => Vec::new(),
        };
        self.document_beside(&unapproved, job, by, now)
    }

    /// The same where the unapproved jobs have been read already.
    fn document_beside(
        &self,
        unapproved: &[Job],
        job: &Job,
        by: &Asker,
        now: i64,
    ) -> Result<Document, HostError> {
        let mut document = job.document(now);
        document.rates = self.rates(job, now)?;
        document.approval_needed |=
            job.state == JobState::Planned && self.needs_approval(by, job, unapproved);
        Ok(document)
    }

    /// How many rows were accepted in each minute.
    fn rates(&self, job: &Job, now: i64) -> Result<Option<Vec<u64>>, HostError> {
        let Some(started_at) = job.started_at else {
            return Ok(None);
        };
        let last = job.finished_at.unwrap_or(now) / MINUTE_MS;
        let first = (started_at / MINUTE_MS).max(last - MAX_RATES + 1);
        // As one text: each column that the host hands over costs more than the look at it.
        let counted: String = self.host.one(
            "SELECT json_group_array(json_array(minute, accepted)) FROM job_minutes \
             WHERE job = ? AND minute BETWEEN ? AND ?",
            &[job.number.into(), first.into(), last.into()],
        )?;
        let counted: BTreeMap<i64, u64> = serde_json::from_str::<Vec<(i64, u64)>>(&counted)
            .map_err(|_| HostError)?
            .into_iter()
            .collect();
        let rates = (first..=last).map(|minute| counted.get(&minute).copied().unwrap_or_default());
        Ok(Some(rates.collect()))
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
        let number = self
            .host
            .value("SELECT number FROM jobs WHERE id = ?", &[id.into()])?;
        number.map(|number| self.job_numbered(number)).transpose()
    }

    fn job_numbered(&self, number: i64) -> Result<Job, HostError> {
        self.jobs_where("number = ?", &[number.into()])?
            .pop()
            .ok_or(HostError)
    }
}
