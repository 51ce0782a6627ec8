//! Repeated calls with the same idempotency key.

use autorevoke::edge::ledger::{Purpose, Revocation};
use serde_json::{Value, json};

use crate::sqlite_host::{Bench, read, real, revocation};

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
        let (status, mut again) = bench.answered(&keyed("key:a", "1"));
        if let Some(instance) = again.get_mut("instance") {
            // The one thing that is the request's own.
            *instance = first.1["instance"].clone();
        }
        assert_eq!((status, again), first, "{body}");
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

fn lost(bench: &Bench) {
    let attempt = bench.sent(&keyed("key:a", "1"));
    assert_eq!(bench.finish(&attempt, "").0, 502);
}

#[test]
fn a_call_that_may_have_acted_is_told_so_while_the_edge_sends_its_order_again() {
    let bench = Bench::with(&[("CA_TIMEOUT_MS", "5000"), ("RESEND_WINDOW_MS", "60000")]);
    lost(&bench);
    bench.pass(1_000);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=0");
    bench.pass(5_000);
    let _again = bench.due_now(Purpose::Resend);
    let (status, problem) = bench.answered(&keyed("key:a", "1"));
    assert_eq!((status, &problem["mayHaveRevoked"]), (409, &json!(true)));
    assert_eq!(problem["type"], "urn:autorevoke:problem:in-progress");
    // It is none of another caller's call.
    let (status, problem) = bench.answered(&keyed("key:b", "1"));
    assert_eq!((status, &problem["mayHaveRevoked"]), (409, &json!(false)));
}

#[test]
fn an_answer_that_was_told_as_unknown_is_not_frozen_once_the_order_is_settled() {
    let bench = Bench::new();
    bench.finish(&bench.sent(&real("1")), "");
    let refused = bench.sent(&keyed("key:a", "1"));
    let (status, problem) = bench.finish(&refused, "errorCode=-4&errorMessage=x");
    assert_eq!((status, &problem["mayHaveRevoked"]), (502, &json!(true)));
    bench.pass(1_500);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=-21&errorMessage=done");
    let (status, told) = bench.answered(&keyed("key:a", "1"));
    assert_eq!((status, &told["outcome"]), (200, &json!("already-revoked")));
}

#[test]
fn an_answer_that_was_told_as_unknown_is_tried_again_as_long_as_it_is_not_known() {
    let bench = Bench::new();
    bench.finish(&bench.sent(&real("1")), "");
    bench.finish(&bench.sent(&keyed("key:a", "1")), "errorCode=-4&errorMessage=x");
    let again = bench.sent(&keyed("key:a", "1"));
    assert_eq!(bench.finish(&again, "errorCode=0").0, 200);
}

#[test]
fn whatever_keeps_a_repeated_call_from_being_sent_it_may_have_acted() {
    for (variables, why) in [
        (&[("RATE_LIMIT_PER_MINUTE", "1")][..], "a limit"),
        (&[], "the breaker"),
        (&[], "no turn"),
        (&[], "the disk"),
    ] {
        let bench = Bench::with(variables);
        lost(&bench);
        let again = keyed("key:a", "1");
        let answer = match why {
            "a limit" => bench.answered(&again),
            "the breaker" => {
                bench.finish(&bench.sent(&real("9")), "errorCode=-16&errorMessage=x");
                bench.answered(&again)
            }
            "no turn" => read(&bench.ledger.no_connection(&again)),
            _ => read(&bench.ledger.not_begun(&again)),
        };
        let told = (answer.0, &answer.1["type"], &answer.1["mayHaveRevoked"]);
        let unknown = json!("urn:autorevoke:problem:unknown-outcome");
        assert_eq!(told, (502, &unknown, &json!(true)), "{why}");
    }
}
