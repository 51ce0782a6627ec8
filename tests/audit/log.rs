//! Logs as the edge writes them, made up.

use autorevoke::audit::{Fault, NO_HASH, chain, verify};
use serde_json::{Map, Value, json};

pub const LEDGER: &str = "0b5f0c1e-0000-4000-8000-5a5a5a5a5a5a";

/// A log by its lines, each the RFC 8785 form of an entry.
#[derive(Debug, Clone)]
pub struct Log(pub Vec<String>);

impl Log {
    /// One that begins as every log does, and goes on with revocations.
    pub fn of(entries: usize) -> Log {
        let mut log = Log(Vec::new());
        log.push(json!({"action": "open", "actor": "edge", "ledger": LEDGER, "phase": "outcome", "time": 0}));
        while log.0.len() < entries {
            let at = log.0.len();
            log.push(revocation(
                at,
                "It was found in \"public\"\n\u{1}\u{7f}\u{2028}é😀",
            ));
        }
        log
    }

    /// Chains an entry to the last one.
    pub fn push(&mut self, members: Value) {
        let prev_hash = self.0.last().map_or(NO_HASH.to_owned(), |line| hash_of(line));
        let Value::Object(members) = members else {
            panic!("no object")
        };
        let seq = self.0.len() as u64 + 1;
        self.0.push(chain(members, seq, &prev_hash).text);
    }

    pub fn text(&self) -> String {
        self.0.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The head after these many entries.
    pub fn head(&self, seq: usize) -> Value {
        json!({
            "seq": seq,
            "hash": hash_of(&self.0[seq - 1]),
            "time": "2026-11-22T00:00:00.000Z",
            "ledger": LEDGER,
            "kid": "k1",
            "signature": "c2lnbmF0dXJl",
        })
    }
}

/// An entry about a revocation; every other one is an outcome.
pub fn revocation(at: usize, comment: &str) -> Value {
    json!({
        "action": "revoke",
        "actor": "key:demo",
        "errorCode": -21,
        "orderNumber": (100_000 + at).to_string(),
        "phase": if at.is_multiple_of(2) { "outcome" } else { "intent" },
        "revocationReason": comment,
        "test": false,
        "nested": {"list": [1, "two", null, {"deep": 9_007_199_254_740_991_i64}]},
    })
}

pub fn members(line: &str) -> Map<String, Value> {
    serde_json::from_str(line).unwrap()
}

pub fn hash_of(line: &str) -> String {
    members(line)["hash"].as_str().unwrap().to_owned()
}

pub fn fault(log: &str, head: Option<&Value>) -> Option<Fault> {
    verify(
        log.as_bytes(),
        head.map(Value::to_string).as_deref().map(str::as_bytes),
    )
    .fault
}

/// The place and the reason.
pub fn found(log: &str, head: Option<&Value>) -> (Option<u64>, String) {
    let fault = fault(log, head).expect("it is found");
    (fault.first_bad, fault.reason)
}
