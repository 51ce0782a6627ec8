//! The incident report: what became of every order of a job, and when, with the figures that a root program asks for when
//! revocations are late.

use std::collections::BTreeMap;

use serde_json::Value;

use super::markdown::markdown;
use super::rows::{UNKNOWN_SINCE_RESTORE, WAITS_FOR_PERSON};
use super::{Job, rounded, whole};
use crate::api::audit::Head;
use crate::api::report::{Actual, Failures, Planned, Report};
use crate::api::value::{Label, NameText, Time};
use crate::edge::command::{Asker, OneJob};
use crate::edge::http_answer::HttpAnswer;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::host::{Host, HostError, Typed};
use crate::edge::plan::LISTED;
use crate::edge::timestamp;
use crate::protocol::describe;

/// So many of the CA's codes are listed one by one, those of most orders first.
const MAX_CODES: usize = 100;
/// So many unknown rows, and so many refused ones, are looked at for what else is to be said of them.
const MAX_LOOKED_AT: i64 = 10_000;

const STATEMENT: &str = "\"Revoked\" here means accepted by the CA (revoked, or cancelled if not issued). When a revocation is \
                         published, in CRLs and by OCSP, is the CA's to say.";
const DRILL_STATEMENT: &str = "This was a drill: every call was a test call, and nothing was changed at the CA. \"Tested\" means \
                               that the CA would have accepted it.";

/// Title, meaning and advice for rows without a code.
const UNREADABLE: [&str; 3] = [
    "Not sent",
    "What is stored of these orders cannot be read as such, so the edge has not sent them.",
    "Plan a new job with them.",
];

/// What orders are called, by what names them.
type Labels = BTreeMap<NameText, Label>;

/// What the ledger says of a job, before the head of its audit log is signed.
#[derive(Debug)]
pub enum Reported {
    /// Answer so: there is no such job for this caller.
    Answer(HttpAnswer),
    /// The report, whose checkpoint is still to be signed, and whether Markdown is wanted.
    Report(Box<Report>, bool),
}

impl<H: Host> Ledger<H> {
    /// The report of a job.
    pub fn job_report(&self, by: &Asker, of: &OneJob, markdown: bool) -> Result<Reported, HostError> {
        let job = match self.readable_job(by, of)? {
            Ok(job) => job,
            Err(answer) => return Ok(Reported::Answer(answer)),
        };
        Ok(Reported::Report(Box::new(self.report(&job)?), markdown))
    }

    fn report(&self, job: &Job) -> Result<Report, HostError> {
        let now = self.host.now();
        let document = job.document(now);
        let counts = document.counts;
        let ended = job.finished_at.or(job.last_answer_at);
        let duration = job.started_at.zip(ended);
        let is_over = counts.pending + counts.sending + counts.unknown == 0;
        let deadline_met = job.deadline.and_then(|deadline| match job.last_answer_at {
            Some(at) if is_over && job.started_at.is_some() => Some(at <= deadline),
            _ if now > deadline => Some(false),
            _ => None,
        });
        let (waits_for_person, unknown_since_restore) = self.left_to_people(job)?;
        let mut labels = Labels::new();
        let failures = self.failures(job, &mut labels)?;
        let unknown_orders = self.numbers_of(job, "outcome = 'unknown'", &[], &mut labels)?;
        let time = |at: i64| Time::from(timestamp::text(at));
        Ok(Report {
            job_id: document.id,
            name: document.name,
            drill: job.drill,
            state: job.state,
            generated_at: time(now),
            statement: if job.drill { DRILL_STATEMENT } else { STATEMENT }.to_owned(),
            total: document.total,
            duplicates: document.duplicates,
            accepted: counts.revoked + counts.already_revoked + counts.already_rejected,
            revoked: counts.revoked,
            already_revoked: counts.already_revoked,
            already_rejected: counts.already_rejected,
            tested: counts.tested,
            remaining: counts.pending + counts.sending,
            failed: counts.refused,
            unknown: counts.unknown,
            cancelled: counts.cancelled,
            failures,
            unknown_orders,
            labels,
            waits_for_person,
            unknown_since_restore,
            weaker_reason: self.weaker_reasons(job)?,
            planned: Planned {
                created_at: document.created_at,
                created_by: document.created_by,
                deadline: document.deadline,
                plan_hash: document.plan_hash,
            },
            actual: Actual {
                started_at: document.started_at,
                started_by: document.started_by,
                first_sent_at: job.first_sent_at.map(time),
                last_answer_at: job.last_answer_at.map(time),
                finished_at: document.finished_at,
                duration_seconds: duration.and_then(|(from, to)| rounded((to - from) as f64 / 1000.0)),
            },
            approvals: document.approvals,
            declined: document.declined,
            rate: document.rate,
            needed_rate: document.needed_rate,
            eta: document.eta,
            at_risk: document.at_risk,
            last_error: document.last_error,
            deadline_met,
            checkpoint: self.head()?.signed(""),
        })
    }

    /// Refused rows by the CA's code. They always add up to all of them.
    fn failures(&self, job: &Job, labels: &mut Labels) -> Result<Vec<Failures>, HostError> {
        let by_code: Vec<(Option<i32>, i64)> = self.host.rows(
            "SELECT error_code, COUNT(*) FROM job_orders WHERE job = ? AND outcome = 'refused' \
             GROUP BY error_code ORDER BY 2 DESC, 1",
            &[job.number.into()],
        )?;
        let (listed, others) = by_code.split_at(by_code.len().min(MAX_CODES));
        let mut failures = Vec::with_capacity(listed.len() + 1);
        for (code, count) in listed {
            let [title, meaning, advice] = code.map_or(UNREADABLE, |code| {
                let described = describe(code);
                [described.title, described.meaning, described.advice]
            });
            let numbers = self.numbers_of(
                job,
                "outcome = 'refused' AND error_code IS ?",
                &[(*code).into()],
                labels,
            )?;
            failures.push(failure(*code, [title, meaning, advice], *count, numbers));
        }
        if !others.is_empty() {
            let count = others.iter().map(|(_, count)| count).sum();
            let meaning = format!("{} more codes, of fewer orders each.", others.len());
            let advice = "The job's orders say which: GET /v1/jobs/{id}/orders?outcome=refused.";
            failures.push(failure(
                None,
                ["Other codes", &meaning, advice],
                count,
                Vec::new(),
            ));
        }
        Ok(failures)
    }

    /// How many rows wait for a person, and how many are unknown since a restore.
    fn left_to_people(&self, job: &Job) -> Result<(u64, u64), HostError> {
        let looked_at = "FROM job_orders INDEXED BY job_orders_told WHERE job = ?1 AND outcome =";
        let marks = [
            WAITS_FOR_PERSON,
            " AS waits, ",
            UNKNOWN_SINCE_RESTORE,
            " AS since",
        ]
        .concat();
        let statement = format!(
            "SELECT COALESCE(SUM(waits), 0), COALESCE(SUM(since), 0) FROM (\
             SELECT * FROM (SELECT {marks} {looked_at} 'unknown' LIMIT ?2) UNION ALL \
             SELECT * FROM (SELECT {marks} {looked_at} 'refused' LIMIT ?2))"
        );
        let values = [job.number.into(), MAX_LOOKED_AT.into()];
        self.host.row(&statement, &values)?.ok_or(HostError)
    }

    /// Orders that had been revoked before, perhaps for a weaker reason than a compromised key.
    fn weaker_reasons(&self, job: &Job) -> Result<u64, HostError> {
        self.host.one(
            "SELECT COUNT(*) FROM job_orders INDEXED BY job_orders_weaker WHERE job = ? AND outcome = 'already-revoked' \
             AND json_extract(order_text, '$.codeReason') = 1",
            &[job.number.into()],
        )
    }

    /// The names of refused or unknown rows that fit a condition, the first [`LISTED`]; and what these are called. SQLite would rather read all rows
    /// of the job, which come in order.
    fn numbers_of(
        &self,
        job: &Job,
        condition: &str,
        values: &[Value],
        labels: &mut Labels,
    ) -> Result<Vec<NameText>, HostError> {
        let statement = [
            "SELECT SUBSTR(identity, 1, INSTR(identity, '/') - 1), json_extract(about, '$.label') FROM job_orders INDEXED BY job_orders_told WHERE job = ? AND ",
            condition,
            " ORDER BY row LIMIT ?",
        ]
        .concat();
        let mut all = vec![job.number.into()];
        all.extend(values.iter().cloned());
        all.push(LISTED.into());
        let rows: Vec<(NameText, Option<Label>)> = self.host.rows(&statement, &all)?;
        let named = rows.into_iter().map(|(name, label)| {
            labels.extend(label.map(|label| (name.clone(), label)));
            name
        });
        Ok(named.collect())
    }
}

fn failure(
    error_code: Option<i32>,
    [title, meaning, advice]: [&str; 3],
    count: i64,
    order_numbers: Vec<NameText>,
) -> Failures {
    Failures {
        error_code,
        title: title.to_owned(),
        meaning: meaning.to_owned(),
        advice: advice.to_owned(),
        count: whole(count),
        order_numbers,
    }
}

/// The answer with a report and its checkpoint, the signed head of the audit log.
pub fn answer(mut report: Report, checkpoint: Head, as_markdown: bool) -> HttpAnswer {
    report.checkpoint = checkpoint;
    if as_markdown {
        HttpAnswer::of("text/markdown; charset=utf-8", markdown(&report))
    } else {
        HttpAnswer::ok(&report)
    }
}
