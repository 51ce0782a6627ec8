//! Jobs as they are listed, one of them, and its rows: page by page, or as CSV.

use serde_json::{Map, Value, json};

use super::rights::grants;
use super::transitions::unknown_job;
use super::{Job, RowOutcome, given};
use crate::edge::http_answer::HttpAnswer;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::command::Asker;
use crate::edge::ledger::host::{Host, HostError};
use crate::edge::plan::{COLUMNS, csv_line};
use crate::edge::timestamp;

/// Rows in one part of a CSV.
const CSV_ROWS: u64 = 5_000;

/// A row as callers see it, with its number.
type Told = (u64, Map<String, Value>);

/// The columns that [`told`] takes, in its order.
const ROW_COLUMNS: &str =
    "row, order_text, outcome, error_code, error_message, attempts, settled, updated_at, audit_seq";

impl<H: Host> Ledger<H> {
    /// The jobs that the caller may see, the newest first.
    pub fn jobs(&self, command: &Value) -> Result<HttpAnswer, HostError> {
        let now = self.host.now();
        self.expire_jobs(now)?;
        let readable = grants(command, "read").ok_or(HostError)?;
        let mut jobs = Vec::new();
        for job in self.jobs_where("1 ORDER BY number DESC", &[])? {
            if self.covers(&readable, &job)? {
                jobs.push(Value::Object(job.document(now)));
            }
        }
        Ok(HttpAnswer::ok(&json!({ "jobs": jobs })))
    }

    /// One job, with what its planner should know.
    pub fn job(&self, command: &Value) -> Result<HttpAnswer, HostError> {
        match self.readable_job(command)? {
            Ok(job) => Ok(HttpAnswer::ok(&Value::Object(
                self.planned_document(&job, self.host.now())?,
            ))),
            Err(answer) => Ok(answer),
        }
    }

    /// The job that a command is about, or the answer for a caller who may not see it.
    pub(super) fn readable_job(&self, command: &Value) -> Result<Result<Job, HttpAnswer>, HostError> {
        let by = Asker::read(command).ok_or(HostError)?;
        let now = self.host.now();
        self.expire_jobs(now)?;
        let readable = grants(command, "read").ok_or(HostError)?;
        let id = command.get("job").and_then(Value::as_str).unwrap_or_default();
        match self.job_of(id)? {
            Some(job) if self.covers(&readable, &job)? => Ok(Ok(job)),
            _ => Ok(Err(self.refuse_job(unknown_job(), &by, "read-job", now)?)),
        }
    }

    /// Rows of a job: a page of them as JSON, or the first part of all of them as CSV.
    pub fn job_orders(&self, command: &Value) -> Result<HttpAnswer, HostError> {
        let job = match self.readable_job(command)? {
            Ok(job) => job,
            Err(answer) => return Ok(answer),
        };
        let outcome = command.get("outcome").and_then(Value::as_str);
        if command.get("csv") == Some(&Value::Bool(true)) {
            let mut answer = self.csv_part(job.number, 0, outcome)?;
            answer.body.insert_str(0, &csv_line(&COLUMNS));
            return Ok(answer);
        }
        let number = |name: &str| command.get(name).and_then(Value::as_u64).ok_or(HostError);
        let limit = number("limit")?;
        let mut rows = self.rows_after(job.number, number("after")?, limit + 1, outcome)?;
        let more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| more).map(|(number, _)| *number);
        let rows: Vec<Value> = rows.into_iter().map(|(_, row)| Value::Object(row)).collect();
        let body = json!({ "orders": rows, "next": next });
        Ok(HttpAnswer::ok(&Value::Object(given(body))))
    }

    /// A further part of a CSV: the command is the one that the part before gave.
    pub fn more_job_orders(&self, command: &Value) -> Result<HttpAnswer, HostError> {
        let number = |name: &str| command.get(name).and_then(Value::as_i64).ok_or(HostError);
        let outcome = command.get("outcome").and_then(Value::as_str);
        let after = u64::try_from(number("after")?).map_err(|_| HostError)?;
        self.csv_part(number("number")?, after, outcome)
    }

    fn csv_part(&self, job: i64, after: u64, outcome: Option<&str>) -> Result<HttpAnswer, HostError> {
        let rows = self.rows_after(job, after, CSV_ROWS, outcome)?;
        let last = rows.last().map(|(number, _)| *number);
        let whole = (rows.len() as u64) < CSV_ROWS;
        let mut text = String::new();
        for (_, row) in &rows {
            let cells = COLUMNS.map(|column| match row.get(column) {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => String::new(),
            });
            text += &csv_line(&cells.each_ref().map(String::as_str));
        }
        let mut answer = HttpAnswer::of("text/csv; charset=utf-8; header=present", text);
        answer.headers.push((
            "Content-Disposition",
            "attachment; filename=\"orders.csv\"".to_owned(),
        ));
        if let Some(last) = last.filter(|_| !whole) {
            let command = json!({ "number": job, "after": last, "outcome": outcome });
            answer.more = Some(Box::new(("moreJobOrders", command.to_string(), 0)));
        }
        Ok(answer)
    }

    /// Rows after a number, with their numbers.
    fn rows_after(
        &self,
        job: i64,
        after: u64,
        limit: u64,
        outcome: Option<&str>,
    ) -> Result<Vec<Told>, HostError> {
        let filter = if outcome.is_some() { " AND outcome = ?" } else { "" };
        let statement = [
            "SELECT ",
            ROW_COLUMNS,
            " FROM job_orders WHERE job = ? AND row > ?",
            filter,
            " ORDER BY row LIMIT ?",
        ]
        .concat();
        let mut values: Vec<Value> = vec![job.into(), after.into()];
        values.extend(outcome.map(Value::from));
        values.push(limit.into());
        self.host
            .sql(&statement, &values)?
            .iter()
            .map(|row| told(row).ok_or(HostError))
            .collect()
    }
}

fn told(columns: &[Value]) -> Option<Told> {
    let [
        row,
        order,
        outcome,
        code,
        message,
        attempts,
        settled,
        updated,
        seq,
    ] = columns
    else {
        return None;
    };
    let mut members: Map<String, Value> = serde_json::from_str(order.as_str()?).ok()?;
    RowOutcome::from_name(outcome.as_str()?)?;
    let own = json!({
        "row": row,
        "outcome": outcome,
        "errorCode": code,
        "errorMessage": message,
        "attempts": attempts,
        "settled": settled.as_i64()? != 0,
        "updatedAt": timestamp::text(updated.as_i64()?),
        "auditSeq": seq,
    });
    members.extend(given(own));
    Some((row.as_u64()?, members))
}
