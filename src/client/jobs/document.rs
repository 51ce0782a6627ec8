//! What is believed of an answer about jobs: it must be of the very job, whole, and must not contradict itself.

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::Operation;
use super::request::{Expected, Question, is_id, is_plan_hash};
use crate::api::job::{Job, JobList, JobState, PausedJobs};
use crate::api::reading::document;
use crate::api::report::Report;
use crate::api::row::{Row, RowPage};
use crate::client::answer::Answer;
use crate::client::belief::{Document, is_json, problem_of, unbelievable, well_formed};
use crate::client::failure::Failure;
use crate::strict_json::read_object;

/// The edge gives no more rows at once, whatever it is asked for.
const MAX_ROWS: u64 = 10_000;

/// What an answer means; `secrets` is the token that was sent.
pub fn judge(
    question: &Question,
    answer: &Answer,
    document: Option<Document>,
    secrets: &[&str],
) -> Result<JsValue, Failure> {
    let call = question.call();
    if let Some(text) = markdown(question.operation, answer) {
        return Ok(JsValue::from_str(text));
    }
    let document = well_formed(answer, document).ok_or_else(|| unbelievable(&call, &answer.head))?;
    if !is_json(&call, &answer.head) {
        Err(problem_of(&call, answer, document, secrets))
    } else if fits(question, &answer.body) {
        Ok(document.value)
    } else {
        Err(unbelievable(&call, &answer.head))
    }
}

/// The report for people, if it is one.
fn markdown(operation: Operation, answer: &Answer) -> Option<&str> {
    let head = &answer.head;
    let is_markdown = operation == Operation::Markdown
        && head.status == 200
        && head.is("text/markdown")
        && !head.redirected;
    let text = str::from_utf8(&answer.body).ok()?;
    (is_markdown && text.starts_with("# ")).then_some(text)
}

/// Whether a document is what was asked for.
fn fits(question: &Question, body: &[u8]) -> bool {
    let expected = &question.expected;
    match question.operation {
        Operation::List => read(body).is_some_and(|list| is_list(&list, expected)),
        Operation::PauseAll => {
            read(body).is_some_and(|PausedJobs { paused }| paused.iter().all(|id| is_id(id)))
        }
        Operation::Orders => read(body).is_some_and(|page| is_page(&page, expected)),
        Operation::Report => {
            read(body).is_some_and(|report: Report| *report.job_id == *question.id && report.agrees())
        }
        Operation::Csv | Operation::Markdown | Operation::Watch => false,
        _ => read_job(body).is_some_and(|job| is_job_after(question, &job)),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    document(read_object(body).ok()?)
}

/// A job, if this is one that does not contradict itself.
pub fn read_job(body: &[u8]) -> Option<Job> {
    read(body).filter(is_job)
}

fn is_job(job: &Job) -> bool {
    is_id(&job.id) && is_plan_hash(&job.plan_hash) && job.agrees()
}

/// Whether a job can be the answer to this.
fn is_job_after(question: &Question, job: &Job) -> bool {
    let Expected { plan_hash, total, .. } = &question.expected;
    let is_asked = (question.operation == Operation::Create || *job.id == *question.id)
        && plan_hash.as_ref().is_none_or(|hash| **hash == *job.plan_hash)
        && total.is_none_or(|total| total == job.total);
    is_asked
        && match question.operation {
            Operation::Start => job.state != JobState::Planned,
            Operation::Approve | Operation::Resume => {
                !matches!(job.state, JobState::Planned | JobState::AwaitingApproval)
            }
            Operation::Pause => matches!(job.state, JobState::Paused | JobState::Halted),
            Operation::Cancel | Operation::Decline => job.state == JobState::Cancelled,
            _ => true,
        }
}

/// A page of jobs in this state, at most so many; `next` is the number of a job, and they come the newest first.
fn is_list(list: &JobList, expected: &Expected) -> bool {
    let page = &expected.page;
    let after = page.after.unwrap_or_default();
    let fits = |job: &Job| is_job(job) && expected.state.is_none_or(|state| state == job.state);
    page.limit.is_none_or(|limit| list.jobs.len() as u64 <= limit)
        && list.jobs.iter().all(fits)
        && list
            .next
            .is_none_or(|next| next > 0 && (after == 0 || next < after))
}

/// A page of rows after this one, at most so many, of this outcome: each where it was asked for.
fn is_page(page: &RowPage, expected: &Expected) -> bool {
    let after = expected.page.after.unwrap_or_default();
    let mut last = after;
    for row in &page.orders {
        let fits = |row: &Row| {
            row.agrees() && (expected.outcomes.is_empty() || expected.outcomes.contains(&row.outcome))
        };
        if !fits(row) || row.row <= last {
            return false;
        }
        last = row.row;
    }
    page.orders.len() as u64 <= expected.page.limit.unwrap_or(MAX_ROWS)
        && page.next.is_none_or(|next| next >= last && next > after)
}
