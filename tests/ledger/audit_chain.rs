//! The audit log: an intent and an outcome for every attempt, chained, and without secrets.

use autorevoke::audit::{NO_HASH, sha256_hex};
use serde_json::{Value, json};

use crate::sqlite_host::{Bench, OPENING, real, test};

/// Checks the chain as a stranger would, from the contract's words.
pub fn assert_whole(entries: &[Value]) {
    let mut prev_hash = NO_HASH.to_owned();
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(entry["seq"], at + 1);
        assert_eq!(entry["prevHash"], prev_hash.as_str());
        let mut bare = entry.as_object().unwrap().clone();
        let hash = bare.remove("hash").unwrap();
        assert_eq!(
            hash,
            sha256_hex(Value::Object(bare).to_string().as_bytes()).as_str()
        );
        prev_hash = hash.as_str().unwrap().to_owned();
    }
}

#[test]
fn every_attempt_has_its_intent_and_its_outcome() {
    let mut bench = Bench::new();
    for body in [
        "errorCode=0",
        "errorCode=-4&errorMessage=canary-password+is+wrong",
        "",
    ] {
        let attempt = bench.sent(&real("1"));
        bench.finish(&attempt, body);
    }
    bench.sent(&test("2"));
    bench.restart();
    let entries = bench.audit();
    assert_whole(&entries);
    let entries = &entries[OPENING..];
    let phases: Vec<_> = entries
        .iter()
        .map(|entry| entry["phase"].as_str().unwrap())
        .collect();
    assert_eq!(phases, ["intent", "outcome"].repeat(4));
    assert_eq!(entries[3]["errorMessage"], "[withheld: it contained credentials]");
    assert!(!json!(entries).to_string().contains("canary"));
    for entry in &entries[..2] {
        assert_eq!(
            (&entry["actor"], &entry["orderNumber"]),
            (&json!("key:a"), &json!("1"))
        );
    }
    assert_eq!(entries[1]["intentSeq"], OPENING + 1);
}
