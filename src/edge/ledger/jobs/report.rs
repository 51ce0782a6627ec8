//! The incident report: what became of every order of a job, and when, with the figures that a root program asks for when
//! revocations are late.

use serde_json::{Map, Value, json};

use super::markdown::markdown;
use super::{Job, RowOutcome, given, rounded};
use crate::edge::http_answer::HttpAnswer;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::host::{Host, HostError};
use crate::edge::plan::LISTED;
use crate::edge::timestamp;
use crate::protocol::describe;

const STATEMENT: &str = "\"Revoked\" here means accepted by the CA (revoked, or cancelled if not issued). When a revocation is \
                         published, in CRLs and by OCSP, is the CA's to say.";
const DRILL_STATEMENT: &str = "This was a drill: every call was a test call, and nothing was changed at the CA. \"Tested\" means \
                               that the CA would have accepted it.";

/// What the ledger says of a job, before the head of its audit log is signed.
#[derive(Debug)]
pub enum Reported {
    /// Answer so: there is no such job for this caller.
    Answer(HttpAnswer),
    /// The report without its checkpoint, as JSON, and whether Markdown is wanted.
    Report(Map<String, Value>, bool),
}

impl<H: Host> Ledger<H> {
    /// The report of a job; the command is the front's.
    pub fn job_report(&self, command: &Value) -> Result<Reported, HostError> {
        let job = match self.readable_job(command)? {
            Ok(job) => job,
            Err(answer) => return Ok(Reported::Answer(answer)),
        };
        let markdown = command.get("markdown") == Some(&Value::Bool(true));
        Ok(Reported::Report(self.report(&job)?, markdown))
    }

    fn report(&self, job: &Job) -> Result<Map<String, Value>, HostError> {
        let now = self.host.now();
        let time = |at: Option<i64>| at.map(timestamp::text);
        let pace = job.pace(now);
        let count = |outcome| job.count(outcome);
        let accepted = count(RowOutcome::Revoked)
            + count(RowOutcome::AlreadyRevoked)
            + count(RowOutcome::AlreadyRejected);
        let ended = job.finished_at.or(job.last_answer_at);
        let seconds = job
            .started_at
            .zip(ended)
            .map(|(from, to)| rounded((to - from) as f64 / 1000.0));
        let whole = job.remaining() == 0 && count(RowOutcome::Unknown) == 0;
        let met = job.deadline.and_then(|deadline| match job.last_answer_at {
            Some(at) if whole && job.started_at.is_some() => Some(at <= deadline),
            _ if now > deadline => Some(false),
            _ => None,
        });
        let members = json!({
            "jobId": job.id,
            "name": job.name,
            "drill": job.drill,
            "state": job.state.name(),
            "generatedAt": timestamp::text(now),
            "statement": if job.drill { DRILL_STATEMENT } else { STATEMENT },
            "total": job.total,
            "duplicates": job.duplicates,
            "accepted": accepted,
            "revoked": count(RowOutcome::Revoked),
            "alreadyRevoked": count(RowOutcome::AlreadyRevoked),
            "alreadyRejected": count(RowOutcome::AlreadyRejected),
            "tested": count(RowOutcome::Tested),
            "remaining": job.remaining(),
            "failed": count(RowOutcome::Refused),
            "unknown": count(RowOutcome::Unknown),
            "cancelled": count(RowOutcome::Cancelled),
            "failures": self.failures(job)?,
            "unknownOrders": self.numbers_of(job, "outcome = 'unknown'", &[])?,
            "weakerReason": self.weaker_reasons(job)?,
            "planned": given(json!({
                "createdAt": timestamp::text(job.created_at),
                "createdBy": job.created_by,
                "deadline": time(job.deadline),
                "planHash": job.plan_hash,
            })),
            "actual": given(json!({
                "startedAt": time(job.started_at),
                "startedBy": job.started_by,
                "firstSentAt": time(job.first_sent_at),
                "lastAnswerAt": time(job.last_answer_at),
                "finishedAt": time(job.finished_at),
                "durationSeconds": seconds,
            })),
            "approvals": job.approvals,
            "rate": pace.rate.map(rounded),
            "neededRate": pace.needed.map(rounded),
            "eta": time(pace.eta),
            "atRisk": pace.at_risk,
            "lastError": job.last_error,
        });
        let mut report = given(members);
        report.insert("deadlineMet".into(), met.into());
        Ok(report)
    }

    /// Refused rows by the CA's code.
    fn failures(&self, job: &Job) -> Result<Vec<Value>, HostError> {
        let rows = self.host.sql(
            "SELECT error_code, COUNT(*) FROM job_orders WHERE job = ? AND outcome = 'refused' \
             GROUP BY error_code ORDER BY 2 DESC, 1",
            &[job.number.into()],
        )?;
        let mut failures = Vec::with_capacity(rows.len());
        for row in rows {
            let [code, count] = row.as_slice() else {
                return Err(HostError);
            };
            let number = code.as_i64().and_then(|code| i32::try_from(code).ok());
            let described = describe(number.unwrap_or_default());
            failures.push(json!({
                "errorCode": code,
                "title": described.title,
                "meaning": described.meaning,
                "advice": described.advice,
                "count": count,
                "orderNumbers": self.numbers_of(job, "outcome = 'refused' AND error_code IS ?", std::slice::from_ref(code))?,
            }));
        }
        Ok(failures)
    }

    /// Orders that had been revoked before, perhaps for a weaker reason than a compromised key.
    fn weaker_reasons(&self, job: &Job) -> Result<i64, HostError> {
        let rows = self.host.sql(
            "SELECT COUNT(*) FROM job_orders INDEXED BY job_orders_weaker WHERE job = ? AND outcome = 'already-revoked' \
             AND json_extract(order_text, '$.codeReason') = 1",
            &[job.number.into()],
        )?;
        let count = rows.first().and_then(|row| row.first()).and_then(Value::as_i64);
        count.ok_or(HostError)
    }

    /// The order numbers of refused or unknown rows that fit a condition, the first [`LISTED`]. SQLite would rather read all rows
    /// of the job, which come in order.
    fn numbers_of(&self, job: &Job, condition: &str, values: &[Value]) -> Result<Vec<Value>, HostError> {
        let statement = [
            "SELECT CAST(order_number AS TEXT) FROM job_orders INDEXED BY job_orders_told WHERE job = ? AND ",
            condition,
            " ORDER BY row LIMIT ?",
        ]
        .concat();
        let mut all = vec![job.number.into()];
        all.extend(values.iter().cloned());
        all.push(LISTED.into());
        let rows = self.host.sql(&statement, &all)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| row.into_iter().next())
            .collect())
    }
}

/// The answer with a report and its checkpoint, the signed head of the audit log.
pub fn answer(mut report: Map<String, Value>, checkpoint: Value, as_markdown: bool) -> HttpAnswer {
    report.insert("checkpoint".into(), checkpoint);
    if as_markdown {
        HttpAnswer::of("text/markdown; charset=utf-8", markdown(&report))
    } else {
        HttpAnswer::ok(&Value::Object(report))
    }
}
