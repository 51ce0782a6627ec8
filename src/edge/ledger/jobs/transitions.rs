//! What people do with a job: start, approve, decline, pause, resume, cancel. And what happens to it by itself: it expires, is
//! halted by the breaker, goes on, and ends.

use serde_json::{Value, json};

use super::{EXPIRES_MS, Job, JobState, RowOutcome};
use crate::api::job::{JobApproval, JobDecline, PausedJobs};
use crate::api::value::JobId;
use crate::edge::command::{Asker, Change, ChangeJob, Refused};
use crate::edge::http_answer::{HttpAnswer, Problem, json as text};
use crate::edge::ledger::Ledger;
use crate::edge::ledger::breaker::{LOGIN_REFUSED, Position};
use crate::edge::ledger::host::{Host, HostError};
use crate::edge::ledger::limits::DAY_MS;
use crate::edge::ledger::refusals;
use crate::edge::names::{actor_key, person_key};
use crate::edge::timestamp;
use crate::problem::Kind;

/// So many jobs are named in one entry of the audit log: it is one row, and the platform takes 2 MB in a row.
const MAX_NAMED: usize = 1_000;

impl<H: Host> Ledger<H> {
    /// Starts, approves, declines, pauses, resumes or cancels a job.
    pub fn change_job(&self, by: &Asker, command: &ChangeJob) -> Result<HttpAnswer, HostError> {
        let change = &command.change;
        let now = self.host.now();
        self.expire_jobs(now)?;
        let refused = |problem: Problem| self.refuse_job(problem, by, change.action(), now);
        let Some(job) = self.job_of(&command.job)? else {
            return refused(unknown_job());
        };
        // A caller who may make test calls may start what consists of nothing else.
        let is_start = matches!(change, Change::Start { .. });
        let drills = is_start && job.drill && self.covers(&command.test, &job)?;
        if !drills && !self.covers(&command.act, &job)? {
            return refused(if self.covers(&command.read, &job)? {
                let detail = "No single grant of the caller has the permission for this and covers all orders of the job.";
                Problem::new(Kind::Forbidden, detail)
            } else {
                unknown_job()
            });
        }
        match change {
            Change::Start { plan_hash, total } => {
                let is_this_plan = *plan_hash == job.plan_hash && i64::try_from(*total) == Ok(job.total);
                self.start_job(job, by, change, is_this_plan, now)
            }
            Change::Approve { plan_hash } => self.judge_job(job, by, command, plan_hash, None, now),
            Change::Decline { plan_hash, comment } => {
                self.judge_job(job, by, command, plan_hash, Some(comment), now)
            }
            Change::Pause => self.plainly(job, by, change, JobState::Paused, now),
            Change::Resume => self.resume_job(job, by, change, now),
            Change::Cancel => self.plainly(job, by, change, JobState::Cancelled, now),
        }
    }

    fn start_job(
        &self,
        job: Job,
        by: &Asker,
        change: &Change,
        is_this_plan: bool,
        now: i64,
    ) -> Result<HttpAnswer, HostError> {
        if job.state != JobState::Planned {
            return self.refuse_job(illegal(&job, "started"), by, change.action(), now);
        }
        if !is_this_plan {
            return self.refuse_job(another_plan(&job), by, change.action(), now);
        }
        let needs_approval = self.needs_approval(by, &job, &self.unapproved_jobs(now)?);
        self.host.execute(
            "UPDATE jobs SET started_by = ?, starter = ?, instance = ? WHERE number = ?",
            &[
                by.actor.as_str().into(),
                by.person.as_str().into(),
                by.instance.as_str().into(),
                job.number.into(),
            ],
        )?;
        let next = if needs_approval {
            self.host.execute(
                "UPDATE jobs SET expires_at = ? WHERE number = ?",
                &[(now + EXPIRES_MS).into(), job.number.into()],
            )?;
            JobState::AwaitingApproval
        } else {
            JobState::Running
        };
        self.move_job(job, next, by, change.action(), now)
    }

    /// Approves, or declines with a comment: another person than the one who planned or started it has looked at the plan.
    fn judge_job(
        &self,
        job: Job,
        by: &Asker,
        command: &ChangeJob,
        plan_hash: &str,
        declined: Option<&String>,
        now: i64,
    ) -> Result<HttpAnswer, HostError> {
        let action = command.change.action();
        let done = if declined.is_none() {
            "approved"
        } else {
            "declined"
        };
        if !command.is_person {
            let detail = format!(
                "A job is {done} by a person. This caller is none: give its key a person, or use a person's token."
            );
            return self.refuse_job(Problem::new(Kind::Forbidden, detail), by, action, now);
        }
        if job.is_of(by) {
            let detail = format!(
                "A job is {done} by another person than the one who planned or started it, and by another key or subject, \
                 whatever person that names. Its own people may cancel it."
            );
            return self.refuse_job(Problem::new(Kind::Forbidden, detail), by, action, now);
        }
        if job.state != JobState::AwaitingApproval {
            return self.refuse_job(illegal(&job, done), by, action, now);
        }
        if plan_hash != job.plan_hash {
            return self.refuse_job(another_plan(&job), by, action, now);
        }
        let (person, actor) = (by.person.as_str().into(), by.actor.as_str().into());
        let time = timestamp::text(now).into();
        let (column, value, next) = if let Some(comment) = declined {
            let declined = JobDecline {
                person,
                actor,
                time,
                comment: comment.as_str().into(),
            };
            ("declined", text(&declined), JobState::Cancelled)
        } else {
            let mut approvals = job.approvals.clone();
            approvals.push(JobApproval { person, actor, time });
            ("approvals", text(&approvals), JobState::Running)
        };
        let statement = ["UPDATE jobs SET ", column, " = ? WHERE number = ?"].concat();
        self.host
            .execute(&statement, &[value.into(), job.number.into()])?;
        self.move_job(job, next, by, action, now)
    }

    fn resume_job(&self, job: Job, by: &Asker, change: &Change, now: i64) -> Result<HttpAnswer, HostError> {
        let action = change.action();
        if !matches!(job.state, JobState::Paused | JobState::Halted) {
            return self.refuse_job(illegal(&job, "resumed"), by, action, now);
        }
        if self.breaker_position()? == Position::Open {
            let detail = "The breaker is open, so nothing can be sent: put the cause right, then POST /v1/breaker/resume. \
                          Halted jobs go on by themselves then.";
            let problem = Problem::new(Kind::IllegalState, detail).with(|it| it.state = Some(job.state));
            return self.refuse_job(problem, by, action, now);
        }
        self.move_job(job, JobState::Running, by, action, now)
    }

    fn plainly(
        &self,
        job: Job,
        by: &Asker,
        change: &Change,
        next: JobState,
        now: i64,
    ) -> Result<HttpAnswer, HostError> {
        if !job.state.may_become(next) {
            let done = if next == JobState::Paused {
                "paused"
            } else {
                "cancelled"
            };
            return self.refuse_job(illegal(&job, done), by, change.action(), now);
        }
        self.move_job(job, next, by, change.action(), now)
    }

    /// Stops every job: none sends anything until it is resumed. That holds for one that is done as
    /// well, whose lost calls would be sent again.
    pub fn pause_all_jobs(&self, by: &Asker) -> Result<HttpAnswer, HostError> {
        let now = self.host.now();
        let mut paused = Vec::new();
        for job in self.jobs_where("state = 'running' ORDER BY number", &[])? {
            paused.push(job.id.clone());
            self.move_job(job, JobState::Paused, by, Change::Pause.action(), now)?;
        }
        let words = "All jobs were stopped while the breaker had halted this one: it does not go on when the breaker closes, but \
                     when it is resumed.";
        let held = "UPDATE jobs SET held = 1, last_error = ?, revision = revision + 1 WHERE state = 'halted' AND held = 0 \
                    RETURNING id";
        for row in self.host.sql(held, &[words.into()])? {
            paused.extend(row.first().and_then(Value::as_str).map(str::to_owned));
        }
        let words = "All jobs were stopped: orders of this one that are unknown are probed, and not sent again by themselves.";
        self.host.execute(
            "UPDATE jobs SET held = 1, last_error = ?, revision = revision + 1 \
             WHERE state = 'done' AND unknown > 0 AND drill = 0 AND held = 0",
            &[words.into()],
        )?;
        self.job_waits.borrow_mut().forget_rows();
        let mut members = by.audit_members("pause-all-jobs", "outcome");
        // The others can be found as well: each has an entry of its own, or says in `lastError` what has stopped it.
        let named = paused.get(..MAX_NAMED).unwrap_or(&paused);
        members.insert("jobIds".into(), json!(named));
        members.insert("count".into(), paused.len().into());
        self.log(members, now)?;
        let paused = paused.into_iter().map(JobId::from).collect();
        Ok(HttpAnswer::ok(&PausedJobs { paused }).with_status(202))
    }

    /// Moves a job on, notes it, and gives the answer with it. The caller of this function has checked that it may.
    pub(super) fn move_job(
        &self,
        job: Job,
        next: JobState,
        by: &Asker,
        action: &str,
        now: i64,
    ) -> Result<HttpAnswer, HostError> {
        if !job.state.may_become(next) {
            return Err(HostError);
        }
        let prior = job.state;
        self.job_waits.borrow_mut().forget(job.number);
        self.host.execute(
            "UPDATE jobs SET state = ?, revision = revision + 1 WHERE number = ?",
            &[next.name().into(), job.number.into()],
        )?;
        match next {
            JobState::Running => {
                self.host.execute(
                    "UPDATE jobs SET started_at = COALESCE(started_at, ?1), active_since = ?1, window_at = ?1, \
                     window_count = 0, window_before = 0, held = 0, last_error = NULL WHERE number = ?2",
                    &[now.into(), job.number.into()],
                )?;
            }
            JobState::Cancelled => self.cancel_rows(job.number, now)?,
            // What it waited for is over.
            JobState::Done => self.host.execute(
                "UPDATE jobs SET last_error = NULL WHERE number = ?",
                &[job.number.into()],
            )?,
            _ => {}
        }
        if next.is_final() {
            self.host.execute(
                "UPDATE jobs SET finished_at = ? WHERE number = ?",
                &[now.into(), job.number.into()],
            )?;
        }
        let job = self.job_numbered(job.number)?;
        let mut members = job.audit_members(by, action);
        members.insert("priorState".into(), prior.name().into());
        if let Some(declined) = &job.declined {
            members.insert("comment".into(), (*declined.comment).into());
        }
        for outcome in RowOutcome::ALL.into_iter().filter(|_| job.state.is_final()) {
            members.insert(outcome.count().into(), job.count(outcome).into());
        }
        self.log(members, now)?;
        self.reschedule();
        if next == JobState::Running {
            if self.finish_if_done(&job, now)? {
                return self.accepted(&self.job_numbered(job.number)?, now);
            }
            if self.breaker_position()? == Position::Open {
                return self.halt_job(job, LOGIN_REFUSED, now);
            }
        }
        self.accepted(&job, now)
    }

    fn accepted(&self, job: &Job, now: i64) -> Result<HttpAnswer, HostError> {
        // Whoever asks: it is not planned any more.
        Ok(HttpAnswer::ok(&self.document(job, &Asker::edge(""), now)?).with_status(202))
    }

    /// Ends a running job that has nothing left to do.
    pub(super) fn finish_if_done(&self, job: &Job, now: i64) -> Result<bool, HostError> {
        let done = job.state == JobState::Running && job.remaining() == 0;
        if done {
            let by = Asker::edge("");
            self.move_job(job.clone(), JobState::Done, &by, "finish-job", now)?;
        }
        Ok(done)
    }

    /// What nobody started, or approved, in time. The plans among them are deleted, cancelled ones as well.
    pub(in crate::edge::ledger) fn expire_jobs(&self, now: i64) -> Result<(), HostError> {
        let by = Asker::edge("");
        for job in self.jobs_where("started_by IS NULL AND expires_at <= ?", &[now.into()])? {
            if !job.state.is_final() {
                let mut members = job.audit_members(&by, "expire-job");
                members.insert("state".into(), JobState::Cancelled.name().into());
                members.insert("priorState".into(), job.state.name().into());
                self.log(members, now)?;
            }
            self.delete_plan(&job)?;
        }
        let due = "state = 'awaiting-approval' AND expires_at <= ?";
        for job in self.jobs_where(due, &[now.into()])? {
            let words = "It was not approved within 24 hours.";
            self.host.execute(
                "UPDATE jobs SET last_error = ? WHERE number = ?",
                &[words.into(), job.number.into()],
            )?;
            self.move_job(job, JobState::Cancelled, &by, "expire-job", now)?;
        }
        Ok(())
    }

    /// The breaker has opened: nothing can be sent.
    pub(in crate::edge::ledger) fn halt_jobs(&self, why: &str, now: i64) -> Result<(), HostError> {
        for job in self.jobs_where("state = 'running' ORDER BY number", &[])? {
            self.halt_job(job, why, now)?;
        }
        Ok(())
    }

    fn halt_job(&self, job: Job, why: &str, now: i64) -> Result<HttpAnswer, HostError> {
        self.host.execute(
            "UPDATE jobs SET last_error = ? WHERE number = ?",
            &[why.into(), job.number.into()],
        )?;
        self.move_job(job, JobState::Halted, &Asker::edge(""), "halt-job", now)
    }

    /// The breaker has closed: what it halted goes on, unless a person stopped it meanwhile.
    pub(in crate::edge::ledger) fn go_on_with_jobs(&self, now: i64) -> Result<(), HostError> {
        for job in self.jobs_where("state = 'halted' AND held = 0 ORDER BY number", &[])? {
            self.move_job(
                job,
                JobState::Running,
                &Asker::edge(""),
                Change::Resume.action(),
                now,
            )?;
        }
        Ok(())
    }

    /// This ledger is older than what has happened: what its jobs sent since is not known.
    pub(in crate::edge::ledger) fn give_up_jobs(&self, now: i64) -> Result<(), HostError> {
        let words = "The ledger was restored from a backup, or begun anew: what this job has sent since is not known. Plan a \
                     new job with its orders; the CA will say which of them are revoked.";
        for job in self.jobs_where("state NOT IN ('done', 'cancelled') ORDER BY number", &[])? {
            for from in [RowOutcome::Pending, RowOutcome::Sending] {
                self.move_rows(job.number, from, RowOutcome::Unknown, now)?;
            }
            self.host.execute(
                "UPDATE jobs SET last_error = ? WHERE number = ?",
                &[words.into(), job.number.into()],
            )?;
            self.move_job(job, JobState::Cancelled, &Asker::edge(""), "restore", now)?;
        }
        Ok(())
    }

    /// Whether another person must approve this job if this caller starts it now, beside these unapproved jobs.
    pub(super) fn needs_approval(&self, by: &Asker, job: &Job, unapproved: &[Job]) -> bool {
        let persons = [&by.person, &job.creator].map(|person| person_key(person));
        let actors = [&by.actor, &job.created_by].map(|actor| actor_key(actor));
        let others = unapproved.iter().filter(|other| other.number != job.number);
        let orders = orders_of(others, &actors, &persons) + job.total;
        !job.drill && orders > i64::from(self.config.approval_above)
    }

    /// Orders of unapproved jobs of this actor, or of this person, whichever is more.
    pub(in crate::edge::ledger) fn unapproved_orders(
        &self,
        actor: String,
        person: String,
        now: i64,
    ) -> Result<i64, HostError> {
        Ok(orders_of(self.unapproved_jobs(now)?.iter(), &[actor], &[person]))
    }

    /// Real jobs that nobody has approved, of the last 24 hours and unfinished ones.
    pub(super) fn unapproved_jobs(&self, now: i64) -> Result<Vec<Job>, HostError> {
        self.jobs_where(
            "drill = 0 AND approvals = '[]' AND number IN (SELECT number FROM jobs WHERE drill = 0 AND approvals = '[]' \
             AND started_at > ? UNION SELECT number FROM jobs WHERE state IN ('running', 'paused', 'halted'))",
            &[(now - DAY_MS).into()],
        )
    }

    /// Refuses, and leaves an entry in the audit log: the caller is known.
    pub(super) fn refuse_job(
        &self,
        problem: Problem,
        by: &Asker,
        action: &str,
        now: i64,
    ) -> Result<HttpAnswer, HostError> {
        let refused = Refused {
            action: action.to_owned(),
            reason: problem.kind().name().to_owned(),
            name: None,
        };
        self.reschedule();
        refusals::note(&self.host, by, &refused, now)?;
        Ok(problem.answer(&by.instance))
    }
}

/// The orders of those of these jobs that are of one of the actors, or of one of the persons, whichever is more.
fn orders_of<'a>(jobs: impl Iterator<Item = &'a Job>, actors: &[String], persons: &[String]) -> i64 {
    let (mut by_person, mut by_actor) = (0, 0);
    for job in jobs {
        if job.persons().any(|person| persons.contains(&person)) {
            by_person += job.total;
        }
        if job.actors().any(|actor| actors.contains(&actor)) {
            by_actor += job.total;
        }
    }
    by_person.max(by_actor)
}

/// There is no such job, or it is not the caller's: the answer must not differ.
pub(super) fn unknown_job() -> Problem {
    Problem::new(Kind::NotFound, "There is no such job.")
}

fn illegal(job: &Job, done: &str) -> Problem {
    let advice = match job.state {
        JobState::Planned => "It was not started yet.",
        JobState::AwaitingApproval => "It waits for the approval of a second person.",
        JobState::Running => "It is running.",
        JobState::Paused => "It is paused, and can be resumed or cancelled.",
        JobState::Halted => {
            "The breaker halted it; it goes on when the breaker closes, and can be cancelled."
        }
        JobState::Done => "It has ended.",
        JobState::Cancelled => "It was cancelled or declined, or has expired; plan a new one.",
    };
    let detail = format!(
        "A job in the state {} cannot be {done}. {advice}",
        job.state.name()
    );
    Problem::new(Kind::IllegalState, detail).with(|it| it.state = Some(job.state))
}

fn another_plan(job: &Job) -> Problem {
    let detail = "planHash or total is not this job's, so nothing was started. Look at the plan again: GET /v1/jobs/ and its id.";
    Problem::new(Kind::PlanMismatch, detail).with(|it| it.job_id = Some(job.id.as_str().into()))
}
