//! One call to the CA: under way, and as the ledger remembers it.

use serde_json::{Map, Value};

use super::command::{Purpose, Revocation, audit_members};
use super::state::State;

/// A call to the CA whose intent is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub(super) id: i64,
    pub(super) intent_seq: u64,
    pub(super) prior_state: State,
    pub(super) begun_at: i64,
    pub(super) revocation: Revocation,
}

impl Attempt {
    /// What it was made for.
    pub fn purpose(&self) -> Purpose {
        self.revocation.purpose
    }
}

/// The columns that [`Record::read`] takes, in its order.
pub(super) const COLUMNS: &str = "id, identity, prior_state, test, order_text, actor, person, instance, fingerprint, \
                                  state, error_code, error_message, detail, started_at, ended_at, intent_seq, \
                                  outcome_seq, purpose";

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
}

impl Record {
    pub(super) fn read(row: Vec<Value>) -> Option<Record> {
        let columns: [Value; 18] = row.try_into().ok()?;
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
        )
    }
}
