//! Whether the CA may have acted: the one place that decides it, from the attempts in the ledger. Every answer asks here.

use serde::Deserialize;
use serde_json::Value;

use super::Ledger;
use super::attempt::Record;
use super::command::Revocation;
use super::host::{Host, HostError};
use super::state::State;

/// Entries of the audit log that are searched for a request that has just failed: more than a job at a CA that answers in
/// 15 ms writes (800 a second) while a request waits for its turn and for the CA (40 s).
const SEARCHED: u32 = 100_000;

/// What matters here of an entry of the audit log.
#[derive(Deserialize)]
struct Entry {
    instance: Option<String>,
    phase: String,
    state: Option<String>,
    #[serde(default)]
    test: bool,
}

impl Entry {
    fn may_have_acted(&self) -> bool {
        let is_sent = self.phase == "intent" && !self.test;
        // A job that was let go on, a breaker that was resumed: what waited for that is sent.
        is_sent || matches!(self.state.as_deref(), Some("running" | "half-open"))
    }
}

impl Record {
    /// Whether it is in doubt what the CA did: this attempt's outcome is not known, or it was refused after one whose
    /// outcome was not.
    pub(super) fn may_have_revoked(&self) -> bool {
        let in_doubt = match self.state {
            State::Sending | State::Unknown => true,
            State::Refused => self.prior_state == State::Unknown,
            _ => false,
        };
        in_doubt && !self.test
    }
}

impl<H: Host> Ledger<H> {
    /// Whether the CA may have acted for this call, by an attempt under its key or in its request, although the call itself
    /// cannot say so: it was refused, or not sent.
    pub(super) fn may_have_revoked(&self, call: &Revocation) -> Result<bool, HostError> {
        if call.order.test() {
            return Ok(false);
        }
        let [from, to] = super::numbered(call.order.order_number());
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
        // Of the same order that is all. Of another product, in the same request, a revocation counts as well.
        let acted = |record: &Record| record.may_have_revoked() || record.state == State::Revoked;
        Ok(records.iter().any(acted))
    }

    /// Whether the CA may have been called because of this request, or may be yet: what it means that an exception broke off
    /// its answer.
    pub fn may_have_acted(&self, instance: &str) -> Result<bool, HostError> {
        if self.working.borrow().is_for(instance) {
            return Ok(true);
        }
        let statement =
            "SELECT entry FROM (SELECT entry FROM audit ORDER BY seq DESC LIMIT ?) WHERE INSTR(entry, ?)";
        for row in self.host.sql(statement, &[SEARCHED.into(), instance.into()])? {
            let text = row.first().and_then(Value::as_str).ok_or(HostError)?;
            let entry: Entry = serde_json::from_str(text).map_err(|_| HostError)?;
            if entry.instance.as_deref() == Some(instance) && entry.may_have_acted() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
