//! What the front asks of the ledger: a revocation, checked and permitted.

use serde_json::{Map, Value};

use crate::audit::sha256_hex;
use crate::edge::json_order::order_from_json;
use crate::protocol::Order;

/// A revocation that may be carried out.
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
}

impl Revocation {
    /// Reads the command that the front wrote; `None` if it is no such command.
    pub fn read(command: &str) -> Option<Revocation> {
        let command: Value = serde_json::from_str(command).ok()?;
        let text = |name: &str| command.get(name).and_then(Value::as_str).map(str::to_owned);
        let members = command.get("order")?.as_object()?.clone();
        let order_text = serde_json::to_string(&members).ok()?;
        let order = order_from_json(members).ok()?;
        Some(Revocation {
            actor: text("actor")?,
            person: text("person")?,
            instance: text("instance")?,
            idempotency_key: text("idempotencyKey"),
            identity: order.identity(),
            order,
            fingerprint: sha256_hex(order_text.as_bytes()),
            order_text,
        })
    }

    /// The members of an audit entry about this revocation.
    pub(super) fn audit_members(&self, phase: &str) -> Map<String, Value> {
        audit_members(phase, &self.actor, &self.person, &self.instance, &self.order_text)
    }
}

/// The members of an audit entry about an order: who, which request, and the order's own.
pub(super) fn audit_members(
    phase: &str,
    actor: &str,
    person: &str,
    instance: &str,
    order_text: &str,
) -> Map<String, Value> {
    let mut members: Map<String, Value> = serde_json::from_str(order_text).unwrap_or_default();
    let own = [
        ("actor", actor),
        ("person", person),
        ("instance", instance),
        ("action", "revoke"),
        ("phase", phase),
    ];
    members.extend(own.map(|(name, value)| (name.to_owned(), Value::from(value))));
    members
}
