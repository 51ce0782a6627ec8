//! One call to the CA: in flight, and as the ledger remembers it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::host::flag;
use super::revocation::{JobRow, Purpose, Revocation, audit_members};
use super::state::State;
use crate::api::name::CertificateName;
use crate::api::value::{ProductCode, RevocationReason};
use crate::edge::http_answer::HttpAnswer;
use crate::protocol::CodeReason;

/// A call to the CA whose intent is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub(super) id: i64,
    pub(super) intent_seq: u64,
    pub(super) prior_state: State,
    /// When its intent was written: it left as soon as that was on disk.
    pub(super) started_at: i64,
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

/// What to do with a call that a connection is free for.
#[derive(Debug)]
pub enum Begun {
    /// Nothing is sent; answer so.
    Answer(HttpAnswer),
    /// Nothing is sent, since what it was for has been done meanwhile.
    Needless,
    /// The breaker lets a single call through, and that one is in flight: begin again when it has ended.
    Wait,
    /// The intent is written. Make it durable, send the form, and bring what came back to [`Ledger::finish`](super::Ledger::finish).
    Send(Box<Attempt>),
}

/// What was asked of the CA, as an order's text in the tables says it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    #[serde(flatten)]
    pub(super) name: CertificateName,
    pub(super) code_reason: CodeReason,
    pub(super) revocation_reason: Option<RevocationReason>,
    pub(super) product_code: Option<ProductCode>,
    pub(super) product: Option<u64>,
    pub(super) test: bool,
}

impl Asked {
    /// The same of the members of an order's text.
    pub(super) fn of(members: Map<String, Value>) -> Option<Asked> {
        serde_json::from_value(Value::Object(members)).ok()
    }

    /// Reads an order's text; nothing if it is not one.
    pub(super) fn read(order_text: &str) -> Option<Asked> {
        serde_json::from_str(order_text).ok()
    }
}

/// The columns of a [`Record`], in its order.
const COLUMNS: &str = "id, identity, prior_state, test, order_text, actor, person, instance, fingerprint, \
                                  state, error_code, error_message, detail, started_at, ended_at, intent_seq, \
                                  outcome_seq, purpose, job, job_row, (SELECT jobs.id FROM jobs WHERE number = attempts.job)";

/// The statement for the attempts that fit a condition.
pub(super) fn select(condition: &str) -> String {
    ["SELECT ", COLUMNS, " FROM attempts WHERE ", condition].concat()
}

/// A row of the table of attempts.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    pub(super) id: i64,
    pub(super) identity: String,
    pub(super) prior_state: State,
    #[serde(deserialize_with = "flag")]
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
    job: Option<i64>,
    job_row: Option<i64>,
    job_id: Option<String>,
}

impl Record {
    /// The row of a job that it was made for.
    pub(super) fn job(&self) -> Option<JobRow> {
        Some(JobRow {
            job: self.job?,
            id: self.job_id.clone()?,
            row: self.job_row?,
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
            self.job().as_ref(),
        )
    }
}
