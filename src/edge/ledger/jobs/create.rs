//! A new job: the plan is kept in one transaction, and nothing is sent.

use serde_json::{Map, Value, json};

use super::{EXPIRES_MS, Job};
use crate::audit::sha256_hex;
use crate::edge::http_answer::{HttpAnswer, Problem};
use crate::edge::ledger::Ledger;
use crate::edge::ledger::command::Asker;
use crate::edge::ledger::host::{Host, HostError};
use crate::edge::plan::LISTED;
use crate::problem::Kind;

/// Letters of a job's id after its prefix.
const ID_LETTERS: usize = 24;

impl<H: Host> Ledger<H> {
    /// Keeps a plan; the command is the front's, and the rows are [`Plan::rows`](crate::edge::plan::Plan::rows).
    pub fn create_job(&self, command: &Value, rows: Vec<String>) -> Result<HttpAnswer, HostError> {
        let by = Asker::read(command).ok_or(HostError)?;
        let now = self.host.now();
        let text = |name: &str| command.get(name).and_then(Value::as_str);
        let number = |name: &str| command.get(name).and_then(Value::as_i64).ok_or(HostError);
        let plan_hash = text("planHash").ok_or(HostError)?;
        let key = text("idempotencyKey");
        let told = json!([
            plan_hash,
            text("name"),
            command.get("deadline"),
            command.get("duplicates")
        ]);
        let fingerprint = sha256_hex(told.to_string().as_bytes());
        if let Some(key) = key
            && let Some(answer) = self.kept_job(&by, key, &fingerprint, now)?
        {
            return Ok(answer);
        }
        let digest = sha256_hex(["job ", &by.instance, " ", plan_hash].concat().as_bytes());
        let id = ["job_", digest.get(..ID_LETTERS).ok_or(HostError)?].concat();
        let total = number("total")?;
        let inserted = self.host.sql(
            "INSERT INTO jobs (id, name, state, drill, instance, created_at, created_by, creator, deadline, expires_at, \
             plan_hash, total, duplicates, first_order, last_order, pending, merged, known, idempotency_key, fingerprint) \
             VALUES (?, ?, 'planned', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS INTEGER), CAST(? AS INTEGER), ?, ?, '', ?, ?) \
             RETURNING number",
            &[
                id.as_str().into(),
                text("name").into(),
                i64::from(command.get("drill") == Some(&Value::Bool(true))).into(),
                by.instance.as_str().into(),
                now.into(),
                by.actor.as_str().into(),
                by.person.as_str().into(),
                command.get("deadline").cloned().unwrap_or_default(),
                (now + EXPIRES_MS).into(),
                plan_hash.into(),
                total.into(),
                number("duplicates")?.into(),
                text("firstOrder").into(),
                text("lastOrder").into(),
                total.into(),
                text("merged").into(),
                key.into(),
                fingerprint.into(),
            ],
        )?;
        let number = inserted
            .first()
            .and_then(|row| row.first())
            .and_then(Value::as_i64);
        let number = number.ok_or(HostError)?;
        for some in rows {
            self.host.execute(
                "INSERT INTO job_orders (job, row, identity, order_number, order_text, test, outcome, updated_at, next_at) \
                 SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 CAST(json_extract(value, '$[2]') AS INTEGER), json_extract(value, '$[3]'), \
                 json_extract(value, '$[4]'), 'pending', ?, 0 FROM json_each(?)",
                &[number.into(), now.into(), some.into()],
            )?;
        }
        let known = self.known_orders(number)?;
        self.host.execute(
            "UPDATE jobs SET known = ? WHERE number = ?",
            &[known.to_string().into(), number.into()],
        )?;
        let job = self.job_numbered(number)?;
        let mut members = job.audit_members(&by, "plan-job");
        members.insert("drill".into(), job.drill.into());
        members.insert("duplicates".into(), job.duplicates.into());
        self.log(members, now)?;
        self.alarm_is_stale.set(true);
        self.created(&job, now)
    }

    /// The job that this key already made.
    fn kept_job(
        &self,
        by: &Asker,
        key: &str,
        fingerprint: &str,
        now: i64,
    ) -> Result<Option<HttpAnswer>, HostError> {
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
        job.map(|job| self.created(&job, now)).transpose()
    }

    fn created(&self, job: &Job, now: i64) -> Result<HttpAnswer, HostError> {
        let body = Value::Object(self.planned_document(job, now)?);
        let mut answer = HttpAnswer::ok(&body);
        answer.status = 201;
        answer.headers.push(("Location", ["/v1/jobs/", &job.id].concat()));
        Ok(answer)
    }

    /// The job, and what its planner should know.
    pub(super) fn planned_document(&self, job: &Job, now: i64) -> Result<Map<String, Value>, HostError> {
        let rows = self.host.sql(
            "SELECT known, merged FROM jobs WHERE number = ?",
            &[job.number.into()],
        )?;
        let mut document = job.document(now);
        if let Some([known, merged]) = rows.first().map(Vec::as_slice) {
            for (name, text) in [("known", known), ("merged", merged)] {
                let value = text.as_str().and_then(|text| serde_json::from_str(text).ok());
                document.insert(name.into(), value.ok_or(HostError)?);
            }
        }
        Ok(document)
    }

    /// Orders of the job that the ledger has really sent before, and where they stand.
    fn known_orders(&self, job: i64) -> Result<Value, HostError> {
        let from = " FROM job_orders JOIN orders ON orders.identity = job_orders.identity WHERE job = ?";
        let counted = self
            .host
            .sql(&["SELECT COUNT(*)", from].concat(), &[job.into()])?;
        let count = counted
            .first()
            .and_then(|row| row.first())
            .and_then(Value::as_i64);
        let statement = ["SELECT order_text, orders.state", from, " ORDER BY row LIMIT ?"].concat();
        let rows = self.host.sql(&statement, &[job.into(), LISTED.into()])?;
        let mut orders = Vec::with_capacity(rows.len());
        for row in rows {
            let [Value::String(text), Value::String(state)] = row.as_slice() else {
                return Err(HostError);
            };
            let mut members: Map<String, Value> = serde_json::from_str(text).map_err(|_| HostError)?;
            members.retain(|name, _| matches!(name.as_str(), "orderNumber" | "productCode" | "product"));
            members.insert("state".into(), state.as_str().into());
            orders.push(Value::Object(members));
        }
        Ok(json!({ "count": count.ok_or(HostError)?, "orders": orders }))
    }
}
