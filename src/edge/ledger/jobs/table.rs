//! Jobs as they are listed, one of them, and its rows: page by page, or as CSV.

use serde::Deserialize;
use serde_json::{Value, json};

use super::rows::{UNKNOWN_SINCE_RESTORE, WAITS_FOR_PERSON};
use super::transitions::unknown_job;
use super::{Job, RowOutcome};
use crate::api::about::About;
use crate::api::job::JobList;
use crate::api::row::Row as Document;
use crate::api::value::Seq;
use crate::edge::command::{Asker, Command, JobOrders, ListJobs, MoreJobOrders, OneJob, Request};
use crate::edge::http_answer::{HttpAnswer, More, json as text};
use crate::edge::ledger::Ledger;
use crate::edge::ledger::attempt::Asked;
use crate::edge::ledger::host::{Host, HostError, Typed, flag};
use crate::edge::plan::{COLUMNS, csv_line, with_comment};
use crate::edge::timestamp;
use crate::protocol::NameKind;

/// A page of rows ends when it is longer than this, in bytes.
const MAX_PAGE_BYTES: usize = 1024 * 1024;
/// A part of a CSV, too. Short texts are cleared away soon: with parts of 2 MiB workerd grew by 290 MB more.
const CSV_PART_BYTES: usize = 64 * 1024;
/// So many jobs are read from the database at once, and looked at for one page.
const READ_JOBS: usize = 100;
const LOOKED_AT_JOBS: usize = 1_000;
/// So many rows are read from the database at once.
const READ_ROWS: u64 = 250;

/// The columns of a [`Row`], in its order; [`WAITS_FOR_PERSON`] and [`UNKNOWN_SINCE_RESTORE`] follow.
const ROW_COLUMNS: &str =
    "row, order_text, outcome, error_code, error_message, attempts, settled, updated_at, audit_seq, about";

/// A row as it is stored, and what is to be said of its order.
#[derive(Deserialize)]
struct Row {
    row: u64,
    order_text: String,
    outcome: RowOutcome,
    error_code: Option<i32>,
    error_message: Option<String>,
    attempts: u64,
    #[serde(deserialize_with = "flag")]
    settled: bool,
    updated_at: i64,
    audit_seq: Option<u64>,
    about: Option<String>,
    #[serde(deserialize_with = "flag")]
    waits_for_person: bool,
    #[serde(deserialize_with = "flag")]
    unknown_since_restore: bool,
}

impl<H: Host> Ledger<H> {
    /// A page of the jobs that the caller may see, the newest first. So many are looked at that it may be a short one although
    /// others follow.
    pub fn jobs(&self, by: &Asker, command: &ListJobs) -> Result<HttpAnswer, HostError> {
        let now = self.host.now();
        let limit = usize::try_from(command.page.limit).unwrap_or(usize::MAX);
        let state = command.state;
        let filter = if state.is_some() { "state = ? AND " } else { "" };
        let condition = [filter, "number < ? ORDER BY number DESC LIMIT ?"].concat();
        // The first page begins after no job.
        let after = Some(command.page.after).filter(|after| *after > 0);
        let mut last = after.unwrap_or(i64::MAX as u64);
        let unapproved = self.unapproved_jobs(now)?;
        let (mut jobs, mut looked_at) = (Vec::new(), 0);
        let next = 'pages: loop {
            let mut values: Vec<Value> = state.map(|state| json!(state)).into_iter().collect();
            values.extend([last.into(), READ_JOBS.into()]);
            let found = self.jobs_where(&condition, &values)?;
            let is_last = found.len() < READ_JOBS;
            for job in found {
                if jobs.len() >= limit || looked_at >= LOOKED_AT_JOBS {
                    break 'pages Some(last);
                }
                last = job.number.unsigned_abs();
                looked_at += 1;
                if self.covers(&command.read, &job)? {
                    jobs.push(self.document_beside(&unapproved, &job, by, now)?);
                }
            }
            if is_last {
                break None;
            }
        };
        Ok(HttpAnswer::ok(&JobList { jobs, next }))
    }

    /// One job, with what its planner should know.
    pub fn job(&self, by: &Asker, of: &OneJob) -> Result<HttpAnswer, HostError> {
        match self.readable_job(by, of)? {
            Ok(job) => Ok(HttpAnswer::ok(&self.planned_document(
                &job,
                by,
                self.host.now(),
            )?)),
            Err(answer) => Ok(answer),
        }
    }

    /// The job, or the answer for a caller who may not see it.
    pub(super) fn readable_job(&self, by: &Asker, of: &OneJob) -> Result<Result<Job, HttpAnswer>, HostError> {
        let now = self.host.now();
        match self.job_of(&of.job)? {
            Some(job) if self.covers(&of.read, &job)? => Ok(Ok(job)),
            _ => Ok(Err(self.refuse_job(unknown_job(), by, "read-job", now)?)),
        }
    }

    /// Rows of a job: a page of them as JSON, or the first part of all of them as CSV.
    pub fn job_orders(&self, by: &Asker, command: &JobOrders) -> Result<HttpAnswer, HostError> {
        let job = match self.readable_job(by, &command.of)? {
            Ok(job) => job,
            Err(answer) => return Ok(answer),
        };
        let outcomes = command.outcomes.as_slice();
        if command.csv {
            let mut answer = self.csv_part(by, &job, 0, outcomes)?;
            answer.body.insert_str(0, &csv_line(&COLUMNS));
            return Ok(answer);
        }
        let mut body = "{\"orders\":[".to_owned();
        let most = (command.page.limit, MAX_PAGE_BYTES);
        let next = self.rows_after(&job, command.page.after, most, outcomes, |row| {
            if !body.ends_with('[') {
                body.push(',');
            }
            body += &text(&row);
            body.len()
        })?;
        body.push(']');
        if let Some(next) = next {
            body += &format!(",\"next\":{next}");
        }
        body.push('}');
        Ok(HttpAnswer::of("application/json", body))
    }

    /// A further part of a CSV: the command is the one that the part before gave.
    pub fn more_job_orders(&self, by: &Asker, command: &MoreJobOrders) -> Result<HttpAnswer, HostError> {
        let job = self.job_numbered(command.job)?;
        self.csv_part(by, &job, command.after, &command.outcomes)
    }

    fn csv_part(
        &self,
        by: &Asker,
        job: &Job,
        after: u64,
        outcomes: &[RowOutcome],
    ) -> Result<HttpAnswer, HostError> {
        let mut text = String::new();
        let next = self.rows_after(job, after, (u64::MAX, CSV_PART_BYTES), outcomes, |row| {
            text += &csv_line(&cells(&row).each_ref().map(String::as_str));
            text.len()
        })?;
        let mut answer = HttpAnswer::of("text/csv; charset=utf-8; header=present", text);
        answer.headers.push((
            "Content-Disposition",
            "attachment; filename=\"orders.csv\"".to_owned(),
        ));
        if let Some(next) = next {
            let more = MoreJobOrders {
                job: job.number,
                after: next,
                outcomes: outcomes.to_vec(),
            };
            let ask = Request {
                by: by.clone(),
                command: Command::MoreJobOrders(more),
            };
            answer.more = Some(Box::new(More { ask, pause_ms: 0 }));
        }
        Ok(answer)
    }

    /// Writes the rows after a number, up to so many rows and bytes, and gives the last one's number where there are more.
    /// `write` says how long the answer is then.
    fn rows_after(
        &self,
        job: &Job,
        after: u64,
        (limit, bytes): (u64, usize),
        outcomes: &[RowOutcome],
        mut write: impl FnMut(Document) -> usize,
    ) -> Result<Option<u64>, HostError> {
        let filter = match outcomes.len() {
            0 => String::new(),
            count => [" AND outcome IN (", &vec!["?"; count].join(", "), ")"].concat(),
        };
        let statement = [
            "SELECT ",
            ROW_COLUMNS,
            ", ",
            WAITS_FOR_PERSON,
            ", ",
            UNKNOWN_SINCE_RESTORE,
            " FROM job_orders WHERE job = ? AND row > ?",
            &filter,
            " ORDER BY row LIMIT ?",
        ]
        .concat();
        let (mut last, mut left, mut length) = (after, limit, 0);
        loop {
            let mut values: Vec<Value> = vec![job.number.into(), last.into()];
            values.extend(outcomes.iter().map(|outcome| json!(outcome)));
            // One more than is wanted tells whether there are more.
            let read = READ_ROWS.min(left.saturating_add(1));
            values.push(read.into());
            let rows: Vec<Row> = self.host.rows(&statement, &values)?;
            let is_last = (rows.len() as u64) < read;
            for row in rows {
                if left == 0 || length > bytes {
                    return Ok(Some(last));
                }
                (last, left) = (row.row, left - 1);
                length = write(row.document(job.comment.as_deref()).ok_or(HostError)?);
            }
            if is_last {
                return Ok(None);
            }
        }
    }
}

impl Row {
    /// As callers see it, with the comment of all rows of its job.
    fn document(self, comment: Option<&str>) -> Option<Document> {
        let kept = serde_json::from_str(&self.order_text).ok()?;
        let asked = Asked::of(with_comment(kept, comment))?;
        Some(Document {
            row: self.row,
            name: asked.name,
            about: About::read(self.about.as_deref()),
            code_reason: asked.code_reason,
            revocation_reason: asked.revocation_reason,
            product_code: asked.product_code,
            product: asked.product,
            test: asked.test,
            outcome: self.outcome,
            error_code: self.error_code.map(Into::into),
            error_message: self.error_message.map(Into::into),
            attempts: self.attempts,
            settled: self.settled,
            updated_at: Some(timestamp::text(self.updated_at).into()),
            audit_seq: self.audit_seq.map(Seq),
            waits_for_person: self.waits_for_person,
            unknown_since_restore: self.unknown_since_restore,
        })
    }
}

/// The cells of a row, in the order of [`COLUMNS`].
fn cells(row: &Document) -> [String; COLUMNS.len()] {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let number = |number: Option<u64>| number.map(|it| it.to_string()).unwrap_or_default();
    let mark = |mark: bool| text(mark.then_some("true"));
    let name = |kind: NameKind| text(Some(row.name.value()).filter(|_| row.name.kind() == kind));
    [
        name(NameKind::OrderNumber),
        row.code_reason.number().to_string(),
        text(row.revocation_reason.as_deref()),
        text(row.product_code.as_deref()),
        number(row.product),
        row.test.to_string(),
        row.outcome.name().to_owned(),
        row.error_code.map(|code| code.to_string()).unwrap_or_default(),
        text(row.error_message.as_deref()),
        row.attempts.to_string(),
        row.settled.to_string(),
        text(row.updated_at.as_deref()),
        number(row.audit_seq.map(|seq| seq.0)),
        mark(row.waits_for_person),
        mark(row.unknown_since_restore),
        name(NameKind::SerialNumber),
        name(NameKind::CertificateId),
        text(row.about.label.as_deref()),
    ]
}
