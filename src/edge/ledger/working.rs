//! Calls that wait for their turn or are under way in this process: one at a time for an order, and for a key.

use std::collections::{BTreeMap, BTreeSet};

use super::command::{Purpose, Revocation};

/// Who is in whose way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The same call, by its idempotency key.
    SameCall,
    /// Another payload under the same key.
    Mismatch,
    /// Another call for the same order.
    SameOrder,
}

#[derive(Debug, Default)]
pub(super) struct Working {
    orders: BTreeSet<String>,
    /// Orders that the edge is probing by itself: the next slice may find them due again meanwhile.
    probes: BTreeSet<String>,
    /// Fingerprints by actor and key.
    keys: BTreeMap<(String, String), String>,
}

impl Working {
    pub(super) fn conflict(&self, revocation: &Revocation) -> Option<Conflict> {
        let fingerprint = key_of(revocation).and_then(|key| self.keys.get(&key));
        match fingerprint {
            Some(fingerprint) if *fingerprint == revocation.fingerprint => Some(Conflict::SameCall),
            Some(_) => Some(Conflict::Mismatch),
            None if holds_order(revocation) && self.orders.contains(&revocation.identity) => {
                Some(Conflict::SameOrder)
            }
            None if is_own_probe(revocation) && self.probes.contains(&revocation.identity) => {
                Some(Conflict::SameOrder)
            }
            None => None,
        }
    }

    pub(super) fn enter(&mut self, revocation: &Revocation) {
        if holds_order(revocation) {
            self.orders.insert(revocation.identity.clone());
        }
        if is_own_probe(revocation) {
            self.probes.insert(revocation.identity.clone());
        }
        if let Some(key) = key_of(revocation) {
            self.keys.insert(key, revocation.fingerprint.clone());
        }
    }

    pub(super) fn leave(&mut self, revocation: &Revocation) {
        if holds_order(revocation) {
            self.orders.remove(&revocation.identity);
        }
        if is_own_probe(revocation) {
            self.probes.remove(&revocation.identity);
        }
        if let Some(key) = key_of(revocation) {
            self.keys.remove(&key);
        }
    }
}

/// A test call, and so a probe, neither waits for a real one nor stands in its way.
fn holds_order(revocation: &Revocation) -> bool {
    revocation.purpose != Purpose::Probe && !revocation.order.test()
}

/// A probe that nobody asked for: one at a time is enough.
fn is_own_probe(revocation: &Revocation) -> bool {
    revocation.purpose == Purpose::Probe && revocation.is_automatic()
}

fn key_of(revocation: &Revocation) -> Option<(String, String)> {
    let key = revocation.idempotency_key.clone()?;
    Some((revocation.actor.clone(), key))
}
