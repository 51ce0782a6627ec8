//! Whether the CA may have acted: the one place that decides it, from the attempts in the ledger, for every answer.

use serde::Deserialize;
use serde_json::Value;

use super::Ledger;
use super::attempt::Record;
use super::audit_log;
use super::host::{Host, HostError};
use super::revocation::Revocation;
use super::state::State;
use crate::edge::timestamp;

/// Entries of the audit log that are searched for a request that has just failed: two minutes of a fast job, and as long a
/// search as a few calls take.
const SEARCHED: u64 = 100_000;
/// How far the clocks of the front and of the ledger are apart at most, in milliseconds.
const CLOCKS_APART_MS: i64 = 60_000;

/// The members of an audit entry that decide.
#[derive(Deserialize)]
struct Entry {
    time: String,
    instance: Option<String>,
    phase: String,
    state: Option<String>,
    #[serde(default)]
    test: bool,
}

impl Entry {
    fn may_have_acted(&self) -> bool {
        let is_sent = self.phase == "intent" && !self.test;
        // A job that was started or resumed, a breaker that was resumed: what waited for that is sent.
        is_sent || matches!(self.state.as_deref(), Some("running" | "half-open"))
    }
}

impl Record {
    /// Whether the order may have been revoked although this attempt does not say so: its outcome is unknown, or it was refused
    /// after an attempt whose outcome is unknown.
    pub(super) fn may_have_revoked(&self) -> bool {
        let is_possible = match self.state {
            State::Sending | State::Unknown => true,
            State::Refused => self.prior_state == State::Unknown,
            _ => false,
        };
        is_possible && !self.test
    }
}

impl<H: Host> Ledger<H> {
    /// Whether the CA may have acted for this call, which was refused or not sent: by an attempt under the same idempotency key
    /// or in the same request.
    pub(super) fn may_have_revoked(&self, call: &Revocation) -> Result<bool, HostError> {
        if call.order.test() {
            return Ok(false);
        }
        let [from, to] = super::named(&call.order.name().text());
        let records = self.records(
            "identity >= ? AND identity < ? AND test = 0 AND (instance = ? OR (actor = ? AND idempotency_key = ?))",
            &[
                from,
                to,
                call.instance.as_str().into(),
                call.actor.as_str().into(),
                call.idempotency_key.clone().into(),
            ],
        )?;
        // A request may have revoked the order for another product before.
        let acted = |record: &Record| record.may_have_revoked() || record.state == State::Revoked;
        Ok(records.iter().any(acted))
    }

    /// Whether the CA has been called because of a request that arrived at `since`, or may yet be: asked when an exception broke
    /// off its answer. `true` where the search does not reach back to that time.
    pub fn may_have_acted(&self, instance: &str, since: i64) -> Result<bool, HostError> {
        if self.in_flight.borrow().is_for(instance) {
            return Ok(true);
        }
        let before = audit_log::end(&self.host)?.seq.saturating_sub(SEARCHED);
        let statement = "SELECT entry FROM audit WHERE seq > ? AND INSTR(entry, ?)";
        for row in self.host.sql(statement, &[before.into(), instance.into()])? {
            let entry = entry_of(&row)?;
            if entry.instance.as_deref() == Some(instance) && entry.may_have_acted() {
                return Ok(true);
            }
        }
        let unsearched = self
            .host
            .sql("SELECT entry FROM audit WHERE seq = ?", &[before.into()])?;
        let began = timestamp::text(since - CLOCKS_APART_MS);
        Ok(match unsearched.first() {
            Some(row) => entry_of(row)?.time >= began,
            None => false,
        })
    }
}

fn entry_of(row: &[Value]) -> Result<Entry, HostError> {
    let text = row.first().and_then(Value::as_str).ok_or(HostError)?;
    serde_json::from_str(text).map_err(|_| HostError)
}
