//! Rows of jobs that were stopped are never sent by themselves, whatever happens: a person decides.

use autorevoke::edge::ledger::{Begun, Purpose, Settlement};
use serde_json::{Value, json};

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, real};

const ANN: By = By("ann");

fn bench() -> Bench {
    Bench::with(&[
        ("APPROVAL_ABOVE", "1000"),
        ("CA_TIMEOUT_MS", "5000"),
        ("RESEND_WINDOW_MS", "60000"),
    ])
}

fn pause_all(bench: &Bench) {
    let command = ANN.asker();
    bench
        .transaction(|ledger| ledger.pause_all_jobs(&command))
        .unwrap();
}

/// Lets two minutes pass, the CA accepting all; the orders that were really sent meanwhile.
fn sent_by_itself(bench: &Bench) -> Vec<String> {
    let mut sent = Vec::new();
    for _ in 0..120 {
        bench.pass(1_000);
        for call in bench.due() {
            if let Ok(Begun::Send(attempt)) = bench.begin(&call) {
                bench.finish(&attempt, "errorCode=0");
                if !call.order.test() {
                    sent.push(call.order.name().value().to_owned());
                }
            }
        }
    }
    sent
}

/// How a job is stopped.
const STOPS: [&str; 4] = ["pause-all", "pause-job", "cancel-job", "halted, then pause-all"];

fn stop(bench: &Bench, job: &Value, how: &str) {
    match how {
        "pause-all" => pause_all(bench),
        "halted, then pause-all" => {
            bench.finish(&bench.next_row(), "errorCode=-16&errorMessage=x");
            pause_all(bench);
            let command = ANN.asker();
            bench
                .transaction(|ledger| ledger.resume_breaker(&command))
                .unwrap();
        }
        action => drop(bench.change(ANN, action, job, json!({}))),
    }
}

#[test]
fn a_row_that_was_lost_is_probed_and_not_sent_again() {
    for how in STOPS {
        for lost_before in [false, true] {
            let bench = bench();
            // There is no outage.
            bench.finish(&bench.sent(&real("99")), "errorCode=0");
            let job = bench.running(&orders(1..=4, false), json!({}));
            let row = bench.next_row();
            if lost_before {
                bench.finish(&row, "");
            }
            stop(&bench, &job, how);
            if !lost_before {
                bench.finish(&row, "");
            }
            assert_eq!(sent_by_itself(&bench), Vec::<String>::new(), "{how}");
            let (_, order) = bench.order("1");
            assert_eq!(order["state"], "unknown");
            let probes = order["attempts"].as_array().unwrap().len() - 1;
            assert!((3..30).contains(&probes), "{how}: {probes} probes in two minutes");
            // A person decides.
            let Settlement::Calls(calls) = bench.settle("1", true) else {
                panic!("it can be sent again")
            };
            bench.finish(&bench.sent(&calls[0]), "errorCode=0");
            assert_eq!(bench.rows(&job)[0]["outcome"], "revoked", "{how}");
        }
    }
}

#[test]
fn a_job_that_is_done_sends_nothing_again_either() {
    for is_stopped in [false, true] {
        let bench = bench();
        bench.finish(&bench.sent(&real("99")), "errorCode=0");
        let job = bench.running(&orders([1], false), json!({}));
        bench.finish(&bench.next_row(), "");
        assert_eq!(bench.job(&job)["state"], "done");
        if is_stopped {
            pause_all(&bench);
        }
        let sent: &[&str] = if is_stopped { &[] } else { &["1"] };
        assert_eq!(sent_by_itself(&bench), sent);
        assert_eq!(bench.job(&job)["state"], "done");
    }
}

#[test]
fn a_crash_sends_nothing_of_what_was_stopped() {
    for how in STOPS {
        let mut bench = bench();
        let job = bench.running(&orders(1..=20, false), json!({}));
        let under_way: Vec<_> = (0..4).map(|_| bench.next_row()).collect();
        stop(&bench, &job, how);
        bench.restart();
        let counts = bench.job(&job)["counts"].clone();
        assert_eq!(counts["unknown"], under_way.len(), "{how}");
        assert_eq!(sent_by_itself(&bench), Vec::<String>::new(), "{how}");
        assert!(bench.next_call().is_none());
    }
}

#[test]
fn a_job_that_goes_on_settles_its_rows_by_itself_again() {
    let bench = bench();
    let job = bench.running(&orders([1, 2], false), json!({}));
    let row = bench.next_row();
    bench.change(ANN, "pause-job", &job, json!({}));
    bench.finish(&row, "");
    bench.pass(1_000);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=0");
    bench.change(ANN, "resume-job", &job, json!({}));
    assert_eq!(sent_by_itself(&bench), ["1"]);
}
