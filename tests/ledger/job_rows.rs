//! The rows of a job one by one: which are sent again and until when, and which count as finished.

use autorevoke::edge::ledger::{Host, Purpose};
use serde_json::json;

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, real};

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
        bench.finish(&bench.next_row(), body);
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
fn a_row_keeps_its_place_also_when_its_order_was_unknown_before() {
    for body in [
        "errorCode=-42&errorMessage=busy",
        "errorCode=-23&errorMessage=x",
        "errorCode=-26&errorMessage=x",
        "errorCode=-16&errorMessage=x",
    ] {
        let bench = Bench::new();
        bench.finish(&bench.sent(&real("1")), "");
        bench.pass(86_400_000);
        let job = bench.running(&orders([1], false), json!({}));
        bench.finish(&bench.next_row(), body);
        assert_eq!(bench.rows(&job)[0]["outcome"], "pending", "{body}");
        assert_eq!(
            bench.state("1"),
            "unknown",
            "{body}: of the first call nothing is known"
        );
        if body.contains("-16") {
            let command = ANN.asker();
            bench
                .transaction(|ledger| ledger.resume_breaker(&command))
                .unwrap();
        }
        bench.pass(600_000);
        bench.finish(&bench.next_row(), "errorCode=0");
        let job = bench.job(&job);
        assert_eq!(
            (&job["state"], &job["counts"]["revoked"]),
            (&json!("done"), &json!(1)),
            "{body}"
        );
    }
}

#[test]
fn a_row_that_is_under_way_when_the_ledger_is_found_to_be_restored_is_counted_once() {
    for body in ["errorCode=0", "errorCode=-42&errorMessage=busy", ""] {
        let bench = Bench::new();
        let job = bench.running(&orders([1, 2], false), json!({}));
        let row = bench.next_row();
        let seen = json!({ "seq": 99_999, "hash": "0".repeat(64), "ledger": "x" });
        assert!(
            bench
                .transaction(|ledger| ledger.check_high_water_mark(&seen))
                .unwrap()
        );
        bench.finish(&row, body);
        let counts = bench.job(&job)["counts"].clone();
        let sum: i64 = counts
            .as_object()
            .unwrap()
            .values()
            .map(|count| count.as_i64().unwrap())
            .sum();
        assert_eq!((&counts["sending"], sum), (&json!(0), 2), "{body}");
    }
}

#[test]
fn a_row_that_cannot_be_read_stops_that_row_and_nothing_else() {
    for text in ["no JSON", "{}", r#"{"orderNumber":"x"}"#] {
        let bench = Bench::new();
        let job = bench.running(&orders([1, 2, 3], false), json!({}));
        let damage = "UPDATE job_orders SET order_text = ? WHERE row = 2";
        bench.host.sql(damage, &[text.into()]).unwrap();
        assert_eq!(bench.send_rows("errorCode=0"), 2);
        let done = bench.job(&job);
        assert_eq!(
            (&done["state"], &done["counts"]["refused"]),
            (&json!("done"), &json!(1))
        );
        let entry = bench
            .audit()
            .into_iter()
            .find(|entry| entry["reason"] == "unreadable")
            .unwrap();
        assert_eq!((&entry["jobId"], &entry["jobRow"]), (&job["id"], &json!(2)));
    }
}

#[test]
fn an_order_that_cannot_be_read_is_left_to_a_person_and_keeps_no_other() {
    let bench = Bench::new();
    for number in ["1", "2"] {
        bench.finish(&bench.sent(&real(number)), "");
    }
    let damage = "UPDATE attempts SET order_text = 'no JSON' WHERE identity = '1//'";
    bench.host.sql(damage, &[]).unwrap();
    bench.pass(1_100);
    let probe = bench.due_now(Purpose::Probe);
    assert_eq!(probe.revocation().order.name().value(), "2");
    let (_, order) = bench.order("1");
    assert_eq!(
        (&order["state"], &order["waitsForPerson"]),
        (&json!("unknown"), &json!(true))
    );
}
