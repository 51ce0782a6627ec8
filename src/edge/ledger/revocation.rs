//! A call to the CA that may be made: what for, on whose behalf, and its members in the audit log.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::about::About;
use crate::audit::sha256_hex;
use crate::edge::command::{Asker, Revoke};
use crate::edge::json_order::normalised;
use crate::protocol::Order;

/// Who acts when nobody asked: the edge itself.
pub(super) const EDGE: &str = "edge";

/// What a call to the CA is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A caller asked for it.
    #[serde(rename = "revoke")]
    Call,
    /// To find out what became of an order with an unknown outcome: a test call.
    #[serde(rename = "settle")]
    Probe,
    /// To send an order with an unknown outcome once more.
    Resend,
    /// To find out whether the CA answers at all, before the next row of a job is sent: a test call.
    Check,
}

impl Purpose {
    /// The name in the ledger, and of the action in the audit log.
    pub const fn name(self) -> &'static str {
        match self {
            Purpose::Call => "revoke",
            Purpose::Probe => "settle",
            Purpose::Resend => "resend",
            Purpose::Check => "check",
        }
    }
}

/// A row of a job, as the call that is made for it knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// The job's number in the ledger.
    pub(super) job: i64,
    /// The job's id.
    pub(super) id: String,
    /// The row's number.
    pub(super) row: i64,
}

/// A call to the CA that may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Who asked.
    pub actor: String,
    /// The person behind the actor.
    pub person: String,
    /// The request's id in the log.
    pub instance: String,
    /// The caller's idempotency key.
    pub idempotency_key: Option<String>,
    /// What is to be revoked.
    pub order: Order,
    /// [`Order::identity`] of it.
    pub identity: String,
    /// The order with its members sorted: equal orders have equal texts.
    pub order_text: String,
    /// Lower-case hex SHA-256 of `order_text`.
    pub fingerprint: String,
    /// What the certificate says that names it, as it is kept. Of a job's row the job has it.
    pub about: Option<String>,
    /// What it is made for.
    pub purpose: Purpose,
    /// Whether it counts for the limits of its person.
    pub limited: bool,
    /// The row of a job that it is made for.
    pub job: Option<JobRow>,
}

impl Revocation {
    /// The one that a caller asks for.
    pub fn asked(by: Asker, revoke: Revoke) -> Revocation {
        Revocation {
            idempotency_key: revoke.idempotency_key,
            about: revoke.about.as_ref().and_then(About::kept),
            ..Revocation::new(by, revoke.order, Purpose::Call)
        }
    }

    /// One without an idempotency key, and of no job.
    pub(super) fn new(by: Asker, order: Order, purpose: Purpose) -> Revocation {
        let order_text = normalised(&order).to_string();
        Revocation {
            limited: by.actor != EDGE,
            job: None,
            actor: by.actor,
            person: by.person,
            instance: by.instance,
            idempotency_key: None,
            identity: order.identity(),
            order,
            fingerprint: sha256_hex(order_text.as_bytes()),
            order_text,
            about: None,
            purpose,
        }
    }

    /// Whether the edge makes it by itself: nobody waits for it, and no limit counts it.
    pub fn is_automatic(&self) -> bool {
        self.actor == EDGE
    }

    /// The members of an audit entry about this call.
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

    /// The same order as a test call by the edge itself, which tells whether the CA answers.
    pub(super) fn as_check(&self) -> Revocation {
        let by = Asker::edge(&self.instance);
        Revocation::new(by, self.order.clone().tested(), Purpose::Check)
    }
}

impl Asker {
    /// The edge itself; `cause` is the id of the request that an unknown outcome came from.
    pub(super) fn edge(cause: &str) -> Asker {
        Asker {
            actor: EDGE.to_owned(),
            person: EDGE.to_owned(),
            instance: cause.to_owned(),
        }
    }

    /// The members of an audit entry about something that is no order.
    pub(super) fn audit_members(&self, action: &str, phase: &str) -> Map<String, Value> {
        let own = [
            ("actor", self.actor.as_str()),
            ("person", self.person.as_str()),
            ("instance", self.instance.as_str()),
            ("action", action),
            ("phase", phase),
        ];
        Map::from_iter(own.map(|(name, value)| (name.to_owned(), Value::from(value))))
    }
}

/// The members of an audit entry about a call: who, which request, and the order's own.
pub(super) fn audit_members(
    purpose: Purpose,
    phase: &str,
    actor: &str,
    person: &str,
    instance: &str,
    order_text: &str,
    job: Option<&JobRow>,
) -> Map<String, Value> {
    let mut members: Map<String, Value> = serde_json::from_str(order_text).unwrap_or_default();
    let own = [
        ("actor", actor),
        ("person", person),
        ("instance", instance),
        ("action", purpose.name()),
        ("phase", phase),
    ];
    members.extend(own.map(|(name, value)| (name.to_owned(), Value::from(value))));
    if let Some(row) = job {
        members.insert("jobId".into(), row.id.as_str().into());
        members.insert("jobRow".into(), row.row.into());
    }
    members
}
