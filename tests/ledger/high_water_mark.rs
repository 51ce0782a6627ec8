//! A ledger that was restored or begun anew is recognised, and what it says counts for less then.

use autorevoke::edge::ledger::{Purpose, Settlement};
use serde_json::{Value, json};

use crate::sqlite_host::{Bench, real};

fn is_rolled_back(bench: &Bench, seen: &Value) -> bool {
    bench
        .transaction(|ledger| ledger.check_high_water_mark(seen))
        .unwrap()
}

fn head(bench: &Bench) -> Value {
    serde_json::to_value(bench.ledger.head().unwrap()).unwrap()
}

fn with(bodies: &[&str]) -> Bench {
    let bench = Bench::new();
    for (at, body) in bodies.iter().enumerate() {
        let attempt = bench.sent(&real(&(at + 1).to_string()));
        bench.finish(&attempt, body);
    }
    bench
}

#[test]
fn a_ledger_that_has_only_grown_is_the_same() {
    let bench = with(&["errorCode=0"]);
    let seen = head(&bench);
    assert!(!is_rolled_back(&bench, &seen));
    let attempt = bench.sent(&real("9"));
    bench.finish(&attempt, "errorCode=-35&errorMessage=x");
    assert!(!is_rolled_back(&bench, &seen));
    assert_eq!(bench.state("9"), "refused");
}

#[test]
fn an_older_one_knows_less_than_it_says() {
    let newer = with(&[
        "errorCode=0",
        "errorCode=-35&errorMessage=x",
        "",
        "errorCode=-21&errorMessage=x",
        "errorCode=0",
    ]);
    let restored = with(&[
        "errorCode=0",
        "errorCode=-35&errorMessage=x",
        "",
        "errorCode=-21&errorMessage=x",
    ]);
    assert!(is_rolled_back(&restored, &head(&newer)));
    for (number, state) in [
        ("1", "revoked"),
        ("2", "unknown"),
        ("3", "unknown"),
        ("4", "already-revoked"),
    ] {
        assert_eq!(restored.state(number), state, "order {number}");
    }
    let (status, problem) = restored.order("5");
    assert_eq!(status, 404);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("does not say that it was never sent")
    );
    // What was refused is not probed by itself: it may be all that there is.
    assert_eq!(restored.due().len(), 1);
    let probe = restored.due_now(Purpose::Probe);
    assert_eq!(probe.revocation().order.name().value(), "3");
    restored.finish(&probe, "errorCode=0");
    for (number, since_restore) in [("2", json!(true)), ("3", json!(null))] {
        let (_, order) = restored.order(number);
        let told = [&order["unknownSinceRestore"], &order["waitsForPerson"]];
        assert_eq!(told, [&since_restore; 2], "order {number}");
    }
    restored.pass(60_000);
    assert!(
        restored.due().iter().all(|call| call.order.test()),
        "nothing is sent by itself"
    );
    let entry = restored
        .audit()
        .into_iter()
        .find(|entry| entry["action"] == "restore")
        .unwrap();
    assert_eq!(entry["seenSeq"], head(&newer)["seq"]);
    crate::audit_chain::assert_whole(&restored.audit());
    assert!(!is_rolled_back(&restored, &head(&restored)));
}

#[test]
fn one_of_another_history_or_with_another_id_is_recognised() {
    let bench = with(&["errorCode=0"]);
    for (name, value) in [("ledger", json!("another")), ("hash", json!("0".repeat(64)))] {
        let mut seen = head(&bench);
        seen[name] = value;
        assert!(is_rolled_back(&bench, &seen), "{name}");
    }
}

#[test]
fn what_was_refused_before_a_restore_is_not_probed_for_ever() {
    let bench = with(&["errorCode=-35&errorMessage=expired"]);
    let seen = json!({ "seq": 99_999, "hash": "0".repeat(64), "ledger": "x" });
    assert!(is_rolled_back(&bench, &seen));
    for _ in 0..3 {
        bench.pass(86_400_000);
        assert_eq!(bench.due(), []);
    }
    let (_, order) = bench.order("1");
    let told = ["state", "unknownSinceRestore", "waitsForPerson"].map(|name| order[name].clone());
    assert_eq!(told, [json!("unknown"), json!(true), json!(true)]);
    // A person may ask, and that brings no probes back.
    let Settlement::Calls(calls) = bench.settle("1", false) else {
        panic!("it is unknown")
    };
    bench.finish(&bench.sent(&calls[0]), "errorCode=-35&errorMessage=expired");
    assert_eq!(bench.alarm_in(), None);
}
