//! Random histories against a simple reference: the ledger never says more than what is known.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::audit_chain::assert_whole;
use crate::sqlite_host::{Bench, real, test};

const ORDERS: [&str; 2] = ["7", "77"];

#[derive(Debug, Clone, Copy)]
enum Event {
    Begin { order: usize, test: bool },
    End { which: usize, body: &'static str },
    Lose { which: usize },
    Restart,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let bodies = prop_oneof![
        Just("errorCode=0"),
        Just("errorCode=-21&errorMessage=done"),
        Just("errorCode=-20&errorMessage=done"),
        Just("errorCode=-35&errorMessage=no"),
        Just("errorCode=-42&errorMessage=busy"),
        Just("errorCode=-14&errorMessage=unknown"),
        Just("<html>"),
    ];
    let event = prop_oneof![
        6 => (0..ORDERS.len(), prop::bool::weighted(0.3)).prop_map(|(order, test)| Event::Begin { order, test }),
        6 => (0..4_usize, bodies).prop_map(|(which, body)| Event::End { which, body }),
        1 => (0..4_usize).prop_map(|which| Event::Lose { which }),
        1 => Just(Event::Restart),
    ];
    prop::collection::vec(event, 1..30)
}

/// What is known of one order, from its real attempts in the order of their ends.
fn reference(ends: &[&str], under_way: bool) -> &'static str {
    if under_way {
        return "sending";
    }
    let is_done = |end: &&str| ["revoked", "already-revoked", "already-rejected"].contains(end);
    let since_done = ends.iter().rposition(is_done).map_or(ends, |at| &ends[at..]);
    if since_done.contains(&"unknown") {
        return "unknown";
    }
    let runs: Vec<&&str> = ends
        .iter()
        .rev()
        .take_while(|end| **end != "unknown")
        .filter(|end| is_done(end))
        .collect();
    match (runs.first(), ends.is_empty()) {
        // The CA's "already" about what it had accepted from us, with nothing unknown in between.
        (Some(_), _) if runs.contains(&&"revoked") => "revoked",
        (Some(&&"already-revoked"), _) => "already-revoked",
        (Some(_), _) => "already-rejected",
        (None, false) => "refused",
        (None, true) => "pending",
    }
}

fn end_of(body: &str) -> &'static str {
    match body {
        "errorCode=0" => "revoked",
        "errorCode=-21&errorMessage=done" => "already-revoked",
        "errorCode=-20&errorMessage=done" => "already-rejected",
        "errorCode=-35&errorMessage=no" | "errorCode=-42&errorMessage=busy" => "refused",
        _ => "unknown",
    }
}

fn check(history: &[Event]) -> Result<(), TestCaseError> {
    let mut bench = Bench::new();
    let mut ends: [Vec<&'static str>; 2] = Default::default();
    let mut seen = [false; 2];
    let mut under_way: Vec<(usize, bool, Box<autorevoke::edge::ledger::Attempt>)> = Vec::new();
    for event in history {
        match *event {
            Event::Begin { order, test: is_test } => {
                let revocation = if is_test {
                    test(ORDERS[order])
                } else {
                    real(ORDERS[order])
                };
                let busy = !is_test && under_way.iter().any(|(it, test, _)| *it == order && !test);
                if busy {
                    prop_assert_eq!(bench.answered(&revocation).0, 409);
                } else {
                    under_way.push((order, is_test, bench.sent(&revocation)));
                    seen[order] = true;
                }
            }
            Event::End { which, body } if which < under_way.len() => {
                let (order, is_test, attempt) = under_way.remove(which);
                bench.finish(&attempt, body);
                if !is_test {
                    ends[order].push(end_of(body));
                }
            }
            Event::Lose { which } if which < under_way.len() => {
                let (order, is_test, attempt) = under_way.remove(which);
                bench.ledger.release(&attempt);
                if !is_test {
                    ends[order].push("unknown");
                }
            }
            Event::Restart => {
                for (order, is_test, _) in under_way.drain(..) {
                    if !is_test {
                        ends[order].push("unknown");
                    }
                }
                bench.restart();
            }
            Event::End { .. } | Event::Lose { .. } => {}
        }
        for (order, number) in ORDERS.iter().enumerate() {
            if seen[order] {
                let live = under_way.iter().any(|(it, test, _)| *it == order && !test);
                prop_assert_eq!(
                    bench.state(number),
                    reference(&ends[order], live),
                    "order {}",
                    number
                );
            } else {
                prop_assert_eq!(bench.order(number).0, 404);
            }
        }
    }
    assert_whole(&bench.audit());
    Ok(())
}

#[test]
fn random_histories_agree_with_the_reference() {
    let config = Config {
        cases: 1500,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(config, rng)
        .run(&events(), |history| check(&history))
        .unwrap();
}
