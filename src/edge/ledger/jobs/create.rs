//! A new job: its rows come in parts and are staged; with the last part the job exists. Nothing is sent. Rows of plans that
//! nobody starts are purged.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{EXPIRES_MS, Job};
use crate::api::job::{Job as Document, KnownOrder, KnownOrders};
use crate::api::value::Label;
use crate::audit::sha256_hex;
use crate::edge::command::{Asker, NewJob};
use crate::edge::http_answer::{HttpAnswer, Problem, json as json_text};
use crate::edge::ledger::Ledger;
use crate::edge::ledger::attempt::Asked;
use crate::edge::ledger::host::{Host, HostError, Typed};
use crate::edge::ledger::state::State;
use crate::edge::names::{actor_key, person_key};
use crate::edge::plan::LISTED;
use crate::problem::Kind;

/// Letters of a job's id after its prefix.
const ID_LETTERS: usize = 24;

/// How many plans that nobody has started one person may have, and with how many orders in all. A single plan may always have
/// as many as a job.
const MAX_PLANS: usize = 200;
const MAX_PLANNED_ORDERS: i64 = 1_000_000;
/// How long the next part of a plan may take, in milliseconds; then its rows are purged.
const NEXT_PART_WITHIN_MS: i64 = 600_000;
/// How many rows one step deletes.
const PURGED_ROWS: i64 = 2_000;

impl<H: Host> Ledger<H> {
    /// Stages a [part](crate::edge::plan::Plan::part) of a plan, counted from 0. The last part makes the job. An answer before
    /// that is a refusal, and ends the plan.
    pub fn create_job(
        &self,
        by: &Asker,
        command: &NewJob,
        rows: &str,
        part: i64,
        is_last: bool,
    ) -> Result<Option<HttpAnswer>, HostError> {
        let now = self.host.now();
        let fingerprint = fingerprint(command);
        if part == 0 || is_last {
            let refused = match self.kept_job(by, command, &fingerprint, now)? {
                None => self.too_many_plans(by, command.total, now)?,
                kept => kept,
            };
            if refused.is_some() {
                self.abandon_rows(by)?;
                return Ok(refused);
            }
        }
        self.alarm_is_stale.set(true);
        let staged = self.stage_rows(by, rows, part, now)?;
        if !is_last {
            return Ok(None);
        }
        self.make_job(by, command, &fingerprint, &staged, now).map(Some)
    }

    /// Stages the rows of a part.
    fn stage_rows(&self, by: &Asker, rows: &str, part: i64, now: i64) -> Result<Staged, HostError> {
        let instance = Value::from(by.instance.as_str());
        if part == 0 {
            self.host.execute(
                "INSERT INTO loose_rows (instance, sweep_at) VALUES (?, 0)",
                std::slice::from_ref(&instance),
            )?;
        }
        let found: Option<(i64, i64, String)> = self.host.row(
            "SELECT job, rows, known FROM loose_rows WHERE instance = ? AND parts = ?",
            &[instance, part.into()],
        )?;
        let (job, before, known) = found.ok_or(HostError)?;
        self.host.execute(
            "INSERT INTO job_orders (job, row, identity, order_number, order_text, test, about, outcome, updated_at, next_at) \
             SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
             CAST(json_extract(value, '$[2]') AS INTEGER), json_extract(value, '$[3]'), \
             json_extract(value, '$[4]'), json_extract(value, '$[5]'), 'pending', ?, 0 FROM json_each(?)",
            &[job.into(), now.into(), rows.into()],
        )?;
        let mut staged = Staged {
            job,
            rows: before,
            known: serde_json::from_str(&known).map_err(|_| HostError)?,
        };
        let first = "SELECT json_extract(?, '$[0][0]'), json_array_length(?)";
        let of_part: Option<(i64, i64)> = self.host.row(first, &[rows.into(), rows.into()])?;
        let (first, count) = of_part.ok_or(HostError)?;
        staged.rows += count;
        self.note_known(&mut staged, first)?;
        self.host.execute(
            "UPDATE loose_rows SET parts = parts + 1, rows = ?, known = ?, sweep_at = ? WHERE job = ?",
            &[
                staged.rows.into(),
                json_text(&staged.known).into(),
                (now + NEXT_PART_WITHIN_MS).into(),
                staged.job.into(),
            ],
        )?;
        Ok(staged)
    }

    /// Makes a job of the staged rows.
    fn make_job(
        &self,
        by: &Asker,
        command: &NewJob,
        fingerprint: &str,
        staged: &Staged,
        now: i64,
    ) -> Result<HttpAnswer, HostError> {
        let plan_hash = command.plan_hash.as_str();
        let digest = sha256_hex(["job ", &by.instance, " ", plan_hash].concat().as_bytes());
        let id = ["job_", digest.get(..ID_LETTERS).ok_or(HostError)?].concat();
        let total = command.total;
        if staged.rows != total {
            return Err(HostError);
        }
        self.host
            .execute("DELETE FROM loose_rows WHERE job = ?", &[staged.job.into()])?;
        self.host.execute(
            "INSERT INTO jobs (number, id, name, state, drill, instance, created_at, created_by, creator, deadline, expires_at, \
             plan_hash, total, duplicates, first_order, last_order, pending, merged, known, comment, idempotency_key, \
             fingerprint, reasons, conflicts) VALUES (?, ?, ?, 'planned', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS INTEGER), CAST(? AS INTEGER), \
             ?, ?, ?, ?, ?, ?, ?, ?)",
            &[
                staged.job.into(),
                id.as_str().into(),
                command.name.as_deref().into(),
                i64::from(command.drill).into(),
                by.instance.as_str().into(),
                now.into(),
                by.actor.as_str().into(),
                by.person.as_str().into(),
                command.deadline.into(),
                (now + EXPIRES_MS).into(),
                plan_hash.into(),
                total.into(),
                command.duplicates.into(),
                command.first_order.to_string().into(),
                command.last_order.to_string().into(),
                total.into(),
                command.merged.as_str().into(),
                json_text(&staged.known).into(),
                command.comment.as_deref().into(),
                command.idempotency_key.as_deref().into(),
                fingerprint.into(),
                json_text(&command.reasons).into(),
                command.conflicts.into(),
            ],
        )?;
        let job = self.job_numbered(staged.job)?;
        let mut members = job.audit_members(by, "plan-job");
        members.insert("drill".into(), job.drill.into());
        members.insert("duplicates".into(), job.duplicates.into());
        self.log(members, now)?;
        self.created(&job, by, now)
    }

    /// The refusal of a plan whose planner has too many that nobody has started.
    fn too_many_plans(&self, by: &Asker, total: i64, now: i64) -> Result<Option<HttpAnswer>, HostError> {
        let plans: Vec<NotStarted> = self.host.rows(
            "SELECT created_by, creator, total, expires_at FROM jobs WHERE started_by IS NULL ORDER BY expires_at",
            &[],
        )?;
        let (actor, person) = (actor_key(&by.actor), person_key(&by.person));
        let of_actor = |plan: &&NotStarted| actor_key(&plan.created_by) == actor;
        let of_person = |plan: &&NotStarted| person_key(&plan.creator) == person;
        let own: [Vec<&NotStarted>; 2] = [
            plans.iter().filter(of_actor).collect(),
            plans.iter().filter(of_person).collect(),
        ];
        let orders = |own: &[&NotStarted]| own.iter().map(|plan| plan.total).sum::<i64>();
        let too_many =
            |own: &&Vec<&NotStarted>| own.len() >= MAX_PLANS || orders(own) + total > MAX_PLANNED_ORDERS;
        // Without any, a plan may be as large as it is.
        let full = own.iter().filter(|own| !own.is_empty()).find(too_many);
        let Some((full, first)) = full.and_then(|full| Some((full, full.first()?))) else {
            return Ok(None);
        };
        let detail = format!(
            "This person has {} plans with {} orders that were not started. There may be {MAX_PLANS} with \
             {MAX_PLANNED_ORDERS} orders in all; they are deleted 24 hours after they were made. Start one of them first. \
             Nothing was kept.",
            full.len(),
            orders(full)
        );
        let seconds = (first.expires_at - now).max(0) / 1000 + 1;
        let problem =
            Problem::new(Kind::RateLimited, detail).retry_after(u32::try_from(seconds).unwrap_or(u32::MAX));
        self.refuse_job(problem, by, "plan-job", now).map(Some)
    }

    /// Leaves the staged rows of this plan to the purge.
    fn abandon_rows(&self, by: &Asker) -> Result<(), HostError> {
        self.host.execute(
            "UPDATE loose_rows SET instance = NULL, sweep_at = 0 WHERE instance = ?",
            &[by.instance.as_str().into()],
        )
    }

    /// Deletes a plan that nobody has started: the job at once, its rows with the purge.
    pub(super) fn delete_plan(&self, job: &Job) -> Result<(), HostError> {
        self.host
            .execute("DELETE FROM jobs WHERE number = ?", &[job.number.into()])?;
        self.host.execute(
            "INSERT INTO loose_rows (job, sweep_at) VALUES (?, 0)",
            &[job.number.into()],
        )
    }

    /// Deletes some of the staged rows whose time has passed.
    pub(in crate::edge::ledger) fn purge(&self, now: i64) -> Result<(), HostError> {
        let due: Option<i64> = self.host.value(
            "SELECT job FROM loose_rows WHERE sweep_at <= ? ORDER BY sweep_at LIMIT 1",
            &[now.into()],
        )?;
        let Some(job) = due else {
            return Ok(());
        };
        let last =
            "SELECT MAX(row), COUNT(*) FROM (SELECT row FROM job_orders WHERE job = ? ORDER BY row LIMIT ?)";
        let last: Option<(Option<i64>, i64)> = self.host.row(last, &[job.into(), PURGED_ROWS.into()])?;
        let (row, count) = last.ok_or(HostError)?;
        self.host.execute(
            "DELETE FROM job_orders WHERE job = ? AND row <= ?",
            &[job.into(), row.into()],
        )?;
        let statement = if count < PURGED_ROWS {
            "DELETE FROM loose_rows WHERE job = ?"
        } else {
            // Without its request, no further part is staged.
            "UPDATE loose_rows SET instance = NULL, sweep_at = 0 WHERE job = ?"
        };
        self.host.execute(statement, &[job.into()])
    }

    /// The job that this idempotency key has made before.
    fn kept_job(
        &self,
        by: &Asker,
        command: &NewJob,
        fingerprint: &str,
        now: i64,
    ) -> Result<Option<HttpAnswer>, HostError> {
        let Some(key) = command.idempotency_key.as_deref() else {
            return Ok(None);
        };
        let values = [by.actor.as_str().into(), key.into()];
        let job = self
            .jobs_where("created_by = ? AND idempotency_key = ?", &values)?
            .pop();
        let used = match &job {
            Some(job) => job.fingerprint != fingerprint,
            None => {
                let statement = "SELECT 1 FROM attempts WHERE actor = ? AND idempotency_key = ? LIMIT 1";
                !self.host.sql(statement, &values)?.is_empty()
            }
        };
        if used {
            let words = "This Idempotency-Key was used for something else before. Nothing was planned; use a new key for a \
                         new job.";
            let problem = Problem::new(Kind::IdempotencyMismatch, words);
            return Ok(Some(problem.answer(&by.instance)));
        }
        job.map(|job| self.created(&job, by, now)).transpose()
    }

    fn created(&self, job: &Job, by: &Asker, now: i64) -> Result<HttpAnswer, HostError> {
        let mut answer = HttpAnswer::ok(&self.planned_document(job, by, now)?).with_status(201);
        answer.headers.push(("Location", ["/v1/jobs/", &job.id].concat()));
        Ok(answer)
    }

    /// The job, with what was merged and which orders were sent before.
    pub(super) fn planned_document(&self, job: &Job, by: &Asker, now: i64) -> Result<Document, HostError> {
        let found: Option<(String, String, u64)> = self.host.row(
            "SELECT known, merged, conflicts FROM jobs WHERE number = ?",
            &[job.number.into()],
        )?;
        let mut document = self.document(job, by, now)?;
        let (known, merged, conflicts) = found.ok_or(HostError)?;
        document.known = Some(serde_json::from_str(&known).map_err(|_| HostError)?);
        document.merged = Some(serde_json::from_str(&merged).map_err(|_| HostError)?);
        document.conflicts = Some(conflicts);
        Ok(document)
    }

    /// Counts the orders of a part that were sent for real before, and lists the first of them with their states.
    fn note_known(&self, staged: &mut Staged, first: i64) -> Result<(), HostError> {
        let from = " FROM job_orders JOIN orders ON orders.identity = job_orders.identity WHERE job = ? AND row >= ?";
        let counted = ["SELECT COUNT(*)", from].concat();
        staged.known.count += self
            .host
            .one::<u64>(&counted, &[staged.job.into(), first.into()])?;
        let statement = [
            "SELECT order_text, orders.state, json_extract(about, '$.label')",
            from,
            " ORDER BY row LIMIT ?",
        ]
        .concat();
        let left = LISTED.saturating_sub(staged.known.orders.len());
        let values = [staged.job.into(), first.into(), left.into()];
        for (text, state, label) in self
            .host
            .rows::<(String, State, Option<Label>)>(&statement, &values)?
        {
            let asked = Asked::read(&text).ok_or(HostError)?;
            staged.known.orders.push(KnownOrder {
                name: asked.name,
                label,
                product_code: asked.product_code,
                product: asked.product,
                state,
            });
        }
        Ok(())
    }
}

/// The rows of a plan whose last part has not come.
struct Staged {
    job: i64,
    rows: i64,
    /// The orders that were sent for real before.
    known: KnownOrders,
}

/// A plan that nobody has started.
#[derive(Deserialize)]
struct NotStarted {
    created_by: String,
    creator: String,
    total: i64,
    expires_at: i64,
}

/// What two plans under one idempotency key must have in common.
fn fingerprint(command: &NewJob) -> String {
    let compared = json!([
        command.plan_hash,
        command.name,
        command.deadline,
        command.duplicates
    ]);
    sha256_hex(compared.to_string().as_bytes())
}
