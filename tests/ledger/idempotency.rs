//! Repeated calls with the same idempotency key.

use autorevoke::edge::ledger::Revocation;
use serde_json::{Value, json};

use crate::sqlite_host::{Bench, revocation};

fn keyed(actor: &str, number: &str) -> Revocation {
    revocation(
        actor,
        Some("key-1"),
        json!({ "codeReason": 0, "orderNumber": number, "test": false }),
    )
}

#[test]
fn an_answer_of_the_ca_is_repeated_as_it_was() {
    for body in [
        "errorCode=0",
        "errorCode=-21&errorMessage=done",
        "errorCode=-35&errorMessage=expired",
        "errorCode=-16&errorMessage=x",
    ] {
        let bench = Bench::new();
        let attempt = bench.sent(&keyed("key:a", "1"));
        let first = bench.finish(&attempt, body);
        assert_eq!(bench.answered(&keyed("key:a", "1")), first, "{body}");
    }
}

#[test]
fn what_is_not_known_or_busy_is_not_frozen() {
    for body in [
        "",
        "errorCode=-14&errorMessage=x",
        "errorCode=-42&errorMessage=busy",
    ] {
        let bench = Bench::new();
        let attempt = bench.sent(&keyed("key:a", "1"));
        bench.finish(&attempt, body);
        let again = bench.sent(&keyed("key:a", "1"));
        assert_eq!(bench.finish(&again, "errorCode=0").0, 200, "{body}");
    }
}

#[test]
fn a_key_belongs_to_one_payload_of_one_actor() {
    let bench = Bench::new();
    let attempt = bench.sent(&keyed("key:a", "1"));
    let problem = |answer: (u16, Value)| {
        (
            answer.0,
            answer.1["type"].clone(),
            answer.1["mayHaveRevoked"].clone(),
        )
    };
    let in_progress = json!("urn:autorevoke:problem:in-progress");
    assert_eq!(
        problem(bench.answered(&keyed("key:a", "1"))),
        (409, in_progress.clone(), json!(true))
    );
    bench.finish(&attempt, "errorCode=0");
    let mismatch = json!("urn:autorevoke:problem:idempotency-mismatch");
    assert_eq!(
        problem(bench.answered(&keyed("key:a", "2"))),
        (422, mismatch, json!(false))
    );
    bench.sent(&keyed("key:b", "2"));
}

#[test]
fn a_key_whose_call_was_lost_in_a_crash_may_be_tried_again() {
    let mut bench = Bench::new();
    bench.sent(&keyed("key:a", "1"));
    bench.restart();
    bench.sent(&keyed("key:a", "1"));
}
