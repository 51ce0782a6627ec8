//! When the alarm rings: as soon as there is something to do, and not again and again while there is not.

use autorevoke::edge::ledger::{Host, Purpose};
use serde_json::json;

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, real};

const TIMEOUT_MS: i64 = 30_000;

/// Rings the alarm whenever it is set, for so long, and sends nothing of what is handed out; how often it rang, and how many calls
/// were handed out.
fn rings(bench: &Bench, millis: i64) -> (i64, usize) {
    let (mut rings, mut calls) = (0, 0);
    let until = bench.now() + millis;
    while let Some(at) = bench.alarm_in().filter(|at| bench.now() + at < until) {
        bench.pass(at.max(0));
        rings += 1;
        calls += bench.due().len() + usize::from(bench.next_call().is_some());
        assert!(rings < 10_000, "it never ends");
    }
    (rings, calls)
}

/// A breaker that is half-open, and a job whose row is on trial and is not answered.
fn hanging_trial() -> Bench {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000"), ("CA_TIMEOUT_MS", "30000")]);
    bench.running(&orders(1..=20, false), json!({}));
    bench.finish(&bench.next_row(), "errorCode=-16&errorMessage=x");
    let command = By("ann").asker();
    bench
        .transaction(|ledger| ledger.resume_breaker(&command))
        .unwrap();
    bench
}

#[test]
fn it_does_not_ring_for_what_waits_for_a_trial() {
    let bench = hanging_trial();
    let trial = bench.next_row();
    assert_eq!(rings(&bench, 30_000), (0, 0));
    bench.finish(&trial, "errorCode=0");
    assert!(bench.alarm_in().unwrap() <= 0, "what waited goes on at once");
}

#[test]
fn a_trial_that_is_lost_makes_room_for_the_next_at_once() {
    let bench = hanging_trial();
    let trial = bench.next_row();
    let armed = bench.ledger.next_alarm(None).unwrap();
    bench.finish(&trial, "");
    let sooner = bench.ledger.next_alarm(armed).unwrap();
    assert!(sooner.is_some_and(|at| at <= bench.now()), "{sooner:?}");
}

#[test]
fn it_does_not_ring_for_an_order_that_is_being_probed() {
    let bench = Bench::with(&[("CA_TIMEOUT_MS", "30000")]);
    bench.finish(&bench.sent(&real("1")), "");
    bench.pass(1_000);
    let probe = bench.due_now(Purpose::Probe);
    assert_eq!(rings(&bench, 30_000), (0, 0));
    bench.finish(&probe, "errorCode=-21&errorMessage=x");
    assert_eq!(bench.state("1"), "already-revoked");
}

#[test]
fn it_does_not_ring_for_probes_that_find_no_connection() {
    let bench = Bench::with(&[("CA_TIMEOUT_MS", "30000")]);
    for number in 1..=24 {
        bench.finish(&bench.sent(&real(&number.to_string())), "");
    }
    bench.pass(1_000);
    let mut probes = Vec::new();
    for call in bench.due() {
        if bench.ledger.may_settle() {
            probes.push(bench.sent(&call));
        }
    }
    assert_eq!(probes.len(), 2, "half of the connections");
    assert_eq!(rings(&bench, 30_000).0, 0);
    bench.finish(&probes[0], "errorCode=-35&errorMessage=x");
    assert!(bench.alarm_in().unwrap() <= 250);
}

#[test]
fn with_one_connection_orders_are_probed_all_the_same() {
    let bench = Bench::with(&[("CA_MAX_CONNECTIONS", "1")]);
    bench.finish(&bench.sent(&real("1")), "");
    bench.pass(1_000);
    assert!(bench.ledger.may_settle());
    let _probe = bench.due_now(Purpose::Probe);
    assert!(!bench.ledger.may_settle());
}

#[test]
fn what_is_due_and_cannot_be_done_is_looked_at_once_a_second() {
    let bench = Bench::new();
    bench.running(&orders([1, 2], false), json!({}));
    let _row = bench.next_row();
    // Another row's order is being worked on, whatever the table says.
    let single = bench.sent(&real("2"));
    bench
        .host
        .sql("UPDATE job_orders SET next_at = 0 WHERE row = 2", &[])
        .unwrap();
    assert!(bench.next_call().is_none());
    bench
        .host
        .sql("UPDATE job_orders SET next_at = 0 WHERE row = 2", &[])
        .unwrap();
    let (rings, calls) = rings(&bench, 5_000);
    assert!(rings <= 6 && calls == 0, "{rings} times");
    bench.finish(&single, "errorCode=0");
}

#[test]
fn that_it_is_to_be_moved_is_not_forgotten_when_that_cannot_be_looked_up() {
    for healthy in 0..6 {
        let bench = Bench::new();
        let far = bench.now() + 3_600_000;
        bench.running(&orders([1], false), json!({}));
        bench.host.0.healthy_statements.set(Some(healthy));
        let failed = bench.ledger.next_alarm(Some(far)).is_err();
        bench.host.0.healthy_statements.set(None);
        if !failed {
            assert!(healthy > 2);
            return;
        }
        assert!(bench.ledger.next_alarm(Some(far)).unwrap().is_some());
    }
    panic!("it takes more statements");
}

#[test]
fn an_alarm_that_is_set_is_moved_only_for_what_is_due_sooner() {
    let bench = Bench::new();
    let attempt = bench.sent(&real("1"));
    // The clock moves on by one when it is read.
    let asked = bench.now() + 1;
    let armed = bench.ledger.next_alarm(None).unwrap().unwrap();
    // When the call must have ended, should this process not be there to see it.
    assert_eq!(armed, asked + TIMEOUT_MS + 1_000);
    assert_eq!(bench.ledger.next_alarm(Some(armed)).unwrap(), None);
    bench.finish(&attempt, "");
    let sooner = bench.ledger.next_alarm(Some(armed)).unwrap().unwrap();
    assert!(sooner < armed);
    bench.pass(1_100);
    assert_eq!(
        bench.ledger.next_alarm(Some(sooner)).unwrap(),
        None,
        "it rings in a moment"
    );
    bench.pass(sooner + 5_000 - bench.now() - 2);
    assert_eq!(bench.ledger.next_alarm(Some(sooner)).unwrap(), None);
    assert!(
        bench.ledger.next_alarm(Some(sooner)).unwrap().is_some(),
        "it did not ring"
    );
}

#[test]
fn an_alarm_that_is_far_away_is_moved_for_a_call_under_way() {
    let bench = Bench::new();
    assert_eq!(bench.ledger.next_alarm(None).unwrap(), None);
    let far = bench.now() + 10 * TIMEOUT_MS;
    assert_eq!(bench.ledger.next_alarm(Some(far)).unwrap(), None);
    bench.sent(&real("1"));
    let moved = bench.ledger.next_alarm(Some(far)).unwrap();
    assert!(moved.is_some_and(|at| at < far), "{moved:?}");
}

#[test]
fn an_alarm_is_not_set_again_for_when_it_rings_anyway() {
    let bench = Bench::new();
    bench.finish(&bench.sent(&real("1")), "");
    let armed = bench.ledger.next_alarm(None).unwrap();
    // Something may have changed.
    assert!(bench.due().is_empty());
    assert_eq!(bench.ledger.next_alarm(armed).unwrap(), None);
}
