//! Calls that wait for a slot or are in flight in this process: one at a time for an order, and for an idempotency key.

use std::collections::{BTreeMap, BTreeSet};

use super::revocation::{Purpose, Revocation};

/// Why a call cannot be taken up now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The same call, by its idempotency key.
    SameCall,
    /// Another payload under the same key.
    Mismatch,
    /// Another call for the same order.
    SameOrder,
}

/// The calls of this process.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    /// Attempts whose call has left. Any other row of the database that is `sending` was lost with its process.
    pub(super) attempts: BTreeSet<i64>,
    /// By the order's identity, the request that each real call belongs to.
    orders: BTreeMap<String, String>,
    /// Probes and re-sends that nobody asked for.
    settling: usize,
    /// Fingerprints by actor and idempotency key.
    keys: BTreeMap<(String, String), String>,
}

impl InFlight {
    pub(super) fn conflict(&self, revocation: &Revocation) -> Option<Conflict> {
        let fingerprint = key_of(revocation).and_then(|key| self.keys.get(&key));
        match fingerprint {
            Some(fingerprint) if *fingerprint == revocation.fingerprint => Some(Conflict::SameCall),
            Some(_) => Some(Conflict::Mismatch),
            None if holds_order(revocation) && self.orders.contains_key(&revocation.identity) => {
                Some(Conflict::SameOrder)
            }
            None => None,
        }
    }

    pub(super) fn enter(&mut self, revocation: &Revocation) {
        if holds_order(revocation) {
            let request = revocation.instance.clone();
            self.orders.insert(revocation.identity.clone(), request);
        }
        self.settling += usize::from(settles(revocation));
        if let Some(key) = key_of(revocation) {
            self.keys.insert(key, revocation.fingerprint.clone());
        }
    }

    pub(super) fn leave(&mut self, revocation: &Revocation) {
        if holds_order(revocation) {
            self.orders.remove(&revocation.identity);
        }
        self.settling -= usize::from(settles(revocation));
        if let Some(key) = key_of(revocation) {
            self.keys.remove(&key);
        }
    }

    /// How many probes and re-sends there are that nobody asked for.
    pub(super) fn settling(&self) -> usize {
        self.settling
    }

    /// Whether a real call of this request waits or is in flight.
    pub(super) fn is_for(&self, request: &str) -> bool {
        self.orders.values().any(|it| it == request)
    }
}

/// Test calls, and so probes, run beside a real call for the same order.
fn holds_order(revocation: &Revocation) -> bool {
    revocation.purpose != Purpose::Probe && !revocation.order.test()
}

/// A probe or a re-send that nobody asked for.
fn settles(revocation: &Revocation) -> bool {
    matches!(revocation.purpose, Purpose::Probe | Purpose::Resend) && revocation.is_automatic()
}

fn key_of(revocation: &Revocation) -> Option<(String, String)> {
    let key = revocation.idempotency_key.clone()?;
    Some((revocation.actor.clone(), key))
}
