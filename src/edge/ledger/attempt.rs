//! One call to the CA: under way, and as the ledger remembers it.

use serde_json::{Map, Value};

use super::command::{Purpose, Revocation, audit_members};
use super::jobs::JobRow;
use super::state::State;

/// A call to the CA whose intent is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub(super) id: i64,
    pub(super) intent_seq: u64,
    pub(super) prior_state: State,
    /// When its intent was written.
    pub(super) started_at: i64,
    /// When it was sent, as far as is known.
    pub(super) begun_at: i64,
    pub(super) revocation: Revocation,
}

impl Attempt {
    /// The call that it is made for.
    pub fn revocation(&self) -> &Revocation {
        &self.revocation
    }

    /// What it was made for.
    pub fn purpose(&self) -> Purpose {
        self.revocation.purpose
    }
}

/// The columns that [`Record::read`] takes, in its order.
pub(super) const COLUMNS: &str = "id, identity, prior_state, test, order_text, actor, person, instance, fingerprint, \
                                  state, error_code, error_message, detail, started_at, ended_at, intent_seq, \
                                  outcome_seq, purpose, job, job_row, (SELECT jobs.id FROM jobs WHERE number = attempts.job)";

/// A row of the table of attempts.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) id: i64,
    pub(super) identity: String,
    pub(super) prior_state: State,
    pub(super) test: bool,
    pub(super) order_text: String,
    pub(super) actor: String,
    pub(super) person: String,
    pub(super) instance: String,
    pub(super) fingerprint: String,
    pub(super) state: State,
    pub(super) error_code: Option<i32>,
    pub(super) error_message: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) started_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) intent_seq: u64,
    pub(super) outcome_seq: Option<u64>,
    pub(super) purpose: Purpose,
    pub(super) job: Option<JobRow>,
}

impl Record {
    pub(super) fn read(row: Vec<Value>) -> Option<Record> {
        let columns: [Value; 21] = row.try_into().ok()?;
        let [
            id,
            identity,
            prior_state,
            test,
            order_text,
            actor,
            person,
            instance,
            fingerprint,
            state,
            error_code,
            error_message,
            detail,
            started_at,
            ended_at,
            intent_seq,
            outcome_seq,
            purpose,
            job,
            job_row,
            job_id,
        ] = columns;
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        Some(Record {
            id: id.as_i64()?,
            identity: text(identity)?,
            prior_state: State::from_name(prior_state.as_str()?),
            test: test.as_i64()? != 0,
            order_text: text(order_text)?,
            actor: text(actor)?,
            person: text(person)?,
            instance: text(instance)?,
            fingerprint: text(fingerprint)?,
            state: State::from_name(state.as_str()?),
            error_code: error_code.as_i64().and_then(|code| i32::try_from(code).ok()),
            error_message: text(error_message),
            detail: text(detail),
            started_at: started_at.as_i64()?,
            ended_at: ended_at.as_i64(),
            intent_seq: intent_seq.as_u64()?,
            outcome_seq: outcome_seq.as_u64(),
            purpose: Purpose::from_name(purpose.as_str()?)?,
            job: job_of(&job, &job_row, job_id),
        })
    }

    pub(super) fn audit_members(&self, phase: &str) -> Map<String, Value> {
        audit_members(
            self.purpose,
            phase,
            &self.actor,
            &self.person,
            &self.instance,
            &self.order_text,
            self.job.as_ref(),
        )
    }
}

fn job_of(job: &Value, row: &Value, id: Value) -> Option<JobRow> {
    match id {
        Value::String(id) => Some(JobRow {
            job: job.as_i64()?,
            id,
            row: row.as_i64()?,
        }),
        _ => None,
    }
}
