//! What it means that an exception broke off an answer: the ledger knows whether the CA may have acted.

use autorevoke::edge::ledger::Revocation;
use serde_json::{Value, json};

use crate::job_bench::{By, changing, orders};
use crate::sqlite_host::{Bench, real, test};

const ANN: By = By("ann");

fn may_have_acted(bench: &Bench, instance: &Value) -> bool {
    let instance = instance.as_str().unwrap();
    bench.ledger.may_have_acted(instance, bench.now()).unwrap()
}

fn of(call: &Revocation) -> Value {
    call.instance.as_str().into()
}

#[test]
fn a_call_may_have_acted_as_soon_as_it_is_taken_up() {
    for ends in [false, true] {
        let bench = Bench::new();
        let call = real("1");
        assert!(!may_have_acted(&bench, &of(&call)));
        assert!(bench.ledger.enter(&call).unwrap().is_none());
        assert!(may_have_acted(&bench, &of(&call)), "it waits for its turn");
        bench.ledger.leave(&call);
        assert!(!may_have_acted(&bench, &of(&call)), "nothing was sent");
        let attempt = bench.sent(&call);
        assert!(may_have_acted(&bench, &of(&call)));
        if ends {
            bench.finish(&attempt, "errorCode=0");
        } else {
            bench.ledger.release(&attempt);
        }
        assert!(may_have_acted(&bench, &of(&call)));
        assert!(!may_have_acted(&bench, &of(&real("1"))), "another request");
    }
}

#[test]
fn a_test_call_and_one_that_was_turned_away_have_not() {
    let bench = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "1")]);
    let tested = test("1");
    bench.finish(&bench.sent(&tested), "errorCode=0");
    let limited = real("1");
    assert_eq!(bench.answered(&limited).0, 429);
    for call in [tested, limited] {
        assert!(!may_have_acted(&bench, &of(&call)));
    }
}

#[test]
fn what_lets_jobs_go_on_may_have_and_what_stops_them_has_not() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "2")]);
    let job = bench.running(&orders([1], false), json!({}));
    let large = bench.plan(ANN, &orders(11..=13, false), json!({}));
    let changed = |action: &str, by: By, job: &Value| {
        let (by, command) = (by.asker(), changing(action, job));
        bench
            .transaction(|ledger| ledger.change_job(&by, &command))
            .unwrap();
        may_have_acted(&bench, &json!(by.instance))
    };
    assert!(!changed("pause-job", ANN, &job));
    assert!(changed("resume-job", ANN, &job));
    assert!(!changed("start-job", ANN, &large), "it waits for a second person");
    assert!(changed("approve-job", By("bob"), &large));
    assert!(!changed("approve-job", By("bob"), &large), "it was refused");
    assert!(!changed("cancel-job", ANN, &large));
    let stop = ANN.asker();
    bench.transaction(|ledger| ledger.pause_all_jobs(&stop)).unwrap();
    assert!(!may_have_acted(&bench, &json!(stop.instance)));
}

#[test]
fn a_breaker_that_was_resumed_may_have_let_calls_out() {
    let bench = Bench::new();
    bench.finish(&bench.sent(&real("1")), "errorCode=-16&errorMessage=x");
    let resume = || {
        let command = ANN.asker();
        bench
            .transaction(|ledger| ledger.resume_breaker(&command))
            .unwrap();
        may_have_acted(&bench, &json!(command.instance))
    };
    assert!(resume());
    bench.finish(&bench.sent(&real("2")), "errorCode=0");
    assert!(!resume(), "it was closed");
}

#[test]
fn a_ledger_that_cannot_be_read_does_not_say_that_nothing_was_sent() {
    let bench = Bench::new();
    bench.host.0.healthy_statements.set(Some(0));
    assert!(bench.ledger.may_have_acted("urn:uuid:1", bench.now()).is_err());
}

#[test]
fn a_search_that_ends_before_the_request_came_does_not_say_that_nothing_was_sent() {
    let bench = Bench::new();
    let begun = bench.now();
    let ask = |instance: &str| bench.ledger.may_have_acted(instance, begun).unwrap();
    let call = real("1");
    bench.finish(&bench.sent(&call), "errorCode=0");
    assert!(ask(&call.instance) && !ask("urn:uuid:other"));
    // As jobs and other callers write them, while the request waits.
    let fill = |time: &str, count: u32| {
        bench.host.0.execute(&format!(
            "INSERT INTO audit (seq, hash, entry) WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more \
             WHERE n < {count}) SELECT (SELECT MAX(seq) FROM audit) + n, 'x', \
             '{{\"phase\":\"intent\",\"instance\":\"urn:uuid:job\",\"time\":\"{time}\"}}' FROM more"
        ));
    };
    let now = bench.audit()[0]["time"].as_str().unwrap().to_owned();
    fill(&now, 101_000);
    assert!(ask(&call.instance), "its entries are too far back to be found");
    assert!(ask("urn:uuid:other"), "and so would those be of any other");
    // What is older than the request is none of it.
    let later = begun + 3_600_000;
    assert!(!bench.ledger.may_have_acted("urn:uuid:other", later).unwrap());
}
