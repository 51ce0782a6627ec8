//! The rows of a job one by one: which are sent again and until when, and which count as finished.

use autorevoke::edge::ledger::{JobCall, Purpose};
use serde_json::json;

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, answer_of, real};

const ANN: By = By("ann");
const NOT_YET: &str = "errorCode=-23&errorMessage=x";

#[test]
fn what_the_ca_cannot_do_yet_is_not_sent_again_after_the_deadline() {
    let bench = Bench::new();
    let job = bench.running(&orders([1], false), json!({ "deadline": "2026-09-21T14:14:20Z" }));
    assert_eq!(bench.send_rows(NOT_YET), 1);
    assert_eq!(bench.rows(&job)[0]["outcome"], "pending");
    bench.pass(61_000);
    assert_eq!(bench.send_rows(NOT_YET), 1);
    assert_eq!(bench.rows(&job)[0]["outcome"], "refused");
    assert_eq!(bench.job(&job)["state"], "done");
}

#[test]
fn a_row_is_tried_again_before_the_deadline_and_after_one_that_was_over_at_the_start() {
    let mut seen = [false; 2];
    for millis in 0..50 {
        let bench = Bench::new();
        let text = format!("2026-09-21T14:13:20.{millis:03}Z");
        let job = bench.running(&orders([1], false), json!({ "deadline": text }));
        assert_eq!(bench.send_rows(NOT_YET), 1);
        let (told, row) = (bench.job(&job), bench.rows(&job).remove(0));
        let [deadline, started, ended] =
            [&told["deadline"], &told["startedAt"], &row["updatedAt"]].map(|at| at.as_str().unwrap());
        let over = deadline > started && ended >= deadline;
        assert_eq!(row["outcome"], if over { "refused" } else { "pending" }, "{told}");
        seen[0] |= deadline == started;
        seen[1] |= deadline == ended;
    }
    assert_eq!(seen, [true, true], "neither moment is left out");
}

#[test]
fn what_goes_on_again_before_a_rows_turn_has_come_lets_it_leave() {
    let bench = Bench::new();
    let job = bench.running(&orders([1, 2], false), json!({}));
    let mut attempt = bench.next_row();
    bench.change(ANN, "pause-job", &job, json!({}));
    assert!(!bench.ledger.may_leave(&mut attempt));
    bench.change(ANN, "resume-job", &job, json!({}));
    assert!(bench.ledger.may_leave(&mut attempt));
}

#[test]
fn a_test_call_that_is_lost_is_made_again_after_growing_pauses_until_its_window_ends() {
    let bench = Bench::with(&[("RESEND_WINDOW_MS", "5000")]);
    let job = bench.running(&orders([1], true), json!({}));
    for pause in [1_000, 2_000] {
        let attempt = bench.next_row();
        bench.finish(&attempt, "");
        bench.pass(pause - 50);
        assert!(bench.next_call().is_none(), "before {pause} ms have passed");
        bench.pass(50);
    }
    let attempt = bench.next_row();
    bench.finish(&attempt, "");
    // In four seconds it would be the eighth.
    let lost = bench.job(&job);
    assert_eq!(
        (&lost["state"], &lost["counts"]["unknown"]),
        (&json!("done"), &json!(1)),
        "{lost}"
    );
}

#[test]
fn a_test_call_that_is_lost_is_not_made_again_in_a_job_that_was_cancelled() {
    let bench = Bench::new();
    let job = bench.running(&orders([1], true), json!({}));
    let attempt = bench.next_row();
    bench.change(ANN, "cancel-job", &job, json!({}));
    bench.finish(&attempt, "");
    assert_eq!(bench.rows(&job)[0]["outcome"], "unknown");
    bench.pass(60_000);
    assert!(bench.next_call().is_none());
}

#[test]
fn only_what_is_finished_counts_for_the_rate() {
    let bench = Bench::new();
    let job = bench.running(&orders([1, 2], false), json!({}));
    for body in [NOT_YET, "errorCode=0"] {
        let Some(JobCall::Row(attempt)) = bench.next_call() else {
            panic!()
        };
        bench.finish(&attempt, body);
    }
    bench.pass(10_000);
    let rate = bench.job(&job)["rate"].as_f64().unwrap();
    assert!((0.09..=0.11).contains(&rate), "{rate} rows a second");
}

/// A running job whose one row has an unknown outcome.
fn unknown_row(bench: &Bench) -> serde_json::Value {
    let job = bench.running(&orders([1], false), json!({}));
    let attempt = bench.next_row();
    bench.finish(&attempt, "");
    assert_eq!(bench.rows(&job)[0]["outcome"], "unknown");
    job
}

#[test]
fn what_another_call_finds_out_of_an_order_is_told_of_its_row() {
    let bench = Bench::new();
    let job = unknown_row(&bench);
    let single = bench.sent(&real("1"));
    bench.finish(&single, "errorCode=0");
    let row = &bench.rows(&job)[0];
    assert_eq!(
        (&row["outcome"], &row["attempts"]),
        (&json!("revoked"), &json!(1))
    );
}

#[test]
fn what_a_probe_finds_out_of_an_order_is_told_of_its_row() {
    let bench = Bench::new();
    let job = unknown_row(&bench);
    bench.pass(1_000);
    let probe = bench.due_now(Purpose::Probe);
    bench.finish(&probe, "errorCode=-21&errorMessage=x");
    let row = &bench.rows(&job)[0];
    assert_eq!(
        (&row["outcome"], &row["attempts"]),
        (&json!("already-revoked"), &json!(1))
    );
}

#[test]
fn a_row_whose_order_is_sent_again_by_itself_counts_that_as_its_attempt() {
    let bench = Bench::new();
    let job = unknown_row(&bench);
    bench.pass(30_000);
    let probe = bench.due_now(Purpose::Probe);
    bench.finish(&probe, "errorCode=0");
    assert_eq!(bench.rows(&job)[0]["attempts"], 1);
    bench.pass(1_000);
    let again = bench.due_now(Purpose::Resend);
    bench.finish(&again, "errorCode=0");
    let row = &bench.rows(&job)[0];
    assert_eq!(
        (&row["outcome"], &row["attempts"]),
        (&json!("revoked"), &json!(2))
    );
}

#[test]
fn an_answer_that_is_not_written_yet_holds_back_the_rows_that_it_concerns() {
    for (body, concerns) in [
        ("errorCode=-16&errorMessage=x", true),
        ("errorCode=-42&errorMessage=x", true),
        ("errorCode=0", false),
    ] {
        let bench = Bench::new();
        bench.running(&orders([1, 2], false), json!({}));
        let (first, mut second) = (bench.next_row(), bench.next_row());
        bench.ledger.hear(&first, &answer_of(body));
        assert_eq!(bench.ledger.may_leave(&mut second), !concerns, "{body}");
    }
}

#[test]
fn rows_are_held_back_until_that_answer_is_let_go_of_and_no_other() {
    let bench = Bench::new();
    bench.running(&orders([1, 2, 3], false), json!({}));
    let (first, mut second, third) = (bench.next_row(), bench.next_row(), bench.next_row());
    bench
        .ledger
        .hear(&first, &answer_of("errorCode=-16&errorMessage=x"));
    bench.ledger.release(&third);
    assert!(!bench.ledger.may_leave(&mut second));
    bench.ledger.release(&first);
    assert!(bench.ledger.may_leave(&mut second));
}

#[test]
fn a_row_that_is_held_back_leaves_its_order_as_unknown_as_it_was() {
    let bench = Bench::new();
    let single = bench.sent(&real("1"));
    bench.finish(&single, "");
    let job = bench.running(&orders([1, 2], false), json!({}));
    for _ in 0..2 {
        let attempt = bench.next_row();
        bench.transaction(|ledger| ledger.hold_back(&attempt)).unwrap();
        bench.ledger.release(&attempt);
    }
    assert_eq!(
        (bench.state("1"), bench.state("2")),
        ("unknown".into(), "pending".into())
    );
    assert_eq!(bench.rows(&job)[0]["outcome"], "pending");
}
