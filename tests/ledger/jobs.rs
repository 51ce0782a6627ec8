//! Jobs that run in the ledger: turns, halts, retries, outages, crashes, and what is told of them.

use autorevoke::edge::ledger::{Attempt, Purpose};
use serde_json::{Value, json};

use crate::audit_chain::assert_whole;
use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, Sqlite, real};

const ANN: By = By("ann");

fn count(job: &Value, name: &str) -> i64 {
    job["counts"][name].as_i64().unwrap()
}

#[test]
fn jobs_take_turns_and_a_paused_one_sends_nothing() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000")]);
    let first = bench.running(&orders(1..=50, false), json!({}));
    let second = bench.running(&orders(101..=150, false), json!({}));
    let numbers: Vec<u64> = (0..10)
        .map(|_| {
            let attempt = bench.next_row();
            let number = attempt.revocation().order.name().value().parse().unwrap();
            bench.finish(&attempt, "errorCode=0");
            number
        })
        .collect();
    assert_eq!(
        numbers.iter().filter(|number| **number > 100).count(),
        5,
        "{numbers:?}"
    );
    assert_eq!(
        bench.change(ANN, "pause-job", &first, json!({})).1["state"],
        "paused"
    );
    assert_eq!(bench.send_rows("errorCode=0"), 45);
    assert_eq!(bench.job(&second)["state"], "done");
    assert_eq!(count(&bench.job(&first), "pending"), 45);
    assert_eq!(
        bench.change(ANN, "resume-job", &first, json!({})).1["state"],
        "running"
    );
    let under_way = bench.next_row();
    let (_, cancelled) = bench.change(ANN, "cancel-job", &first, json!({}));
    assert_eq!(
        (count(&cancelled, "cancelled"), count(&cancelled, "sending")),
        (44, 1)
    );
    // What was sent stays as it is.
    bench.finish(&under_way, "errorCode=0");
    let job = bench.job(&first);
    assert_eq!(
        (&job["state"], count(&job, "revoked"), count(&job, "cancelled")),
        (&json!("cancelled"), 6, 44)
    );
    assert_whole(&bench.audit());
}

#[test]
fn a_refused_login_halts_every_job_and_one_row_goes_first_afterwards() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000")]);
    let jobs = [
        bench.running(&orders(1..=5, false), json!({})),
        bench.running(&orders(11..=15, false), json!({})),
        bench.running(&orders(21..=25, false), json!({})),
    ];
    let other = bench.next_row();
    let refused = bench.next_row();
    bench.finish(&refused, "errorCode=-16&errorMessage=login");
    assert!(bench.next_call().is_none());
    for job in &jobs {
        let job = bench.job(job);
        assert_eq!(job["state"], "halted");
        assert!(job["lastError"].as_str().unwrap().contains("-16"), "{job}");
        assert_eq!(bench.change(ANN, "resume-job", &job, json!({})).0, 409);
    }
    bench.finish(&other, "errorCode=0");
    let all = ANN.asker();
    bench.transaction(|ledger| ledger.resume_breaker(&all)).unwrap();
    // One call goes out, and the rest wait for what it brings.
    assert!(bench.alarm_in().unwrap() <= 0);
    let first = bench.next_row();
    assert!(bench.next_call().is_none());
    bench.finish(&first, "errorCode=0");
    assert_eq!(bench.job(&jobs[2])["state"], "running");
    bench.pass(10_000);
    assert_eq!(bench.send_rows("errorCode=0"), 13);
    for job in &jobs {
        assert_eq!(bench.job(job)["state"], "done");
    }
}

#[test]
fn the_kill_switch_holds_what_was_halted_too() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000")]);
    let halted = bench.running(&orders(1..=5, false), json!({}));
    let refused = bench.next_row();
    bench.finish(&refused, "errorCode=-16&errorMessage=login");
    let command = ANN.asker();
    bench
        .transaction(|ledger| ledger.pause_all_jobs(&command))
        .unwrap();
    bench
        .transaction(|ledger| ledger.resume_breaker(&command))
        .unwrap();
    assert!(bench.next_call().is_none());
    let attempt = bench.sent(&real("99"));
    bench.finish(&attempt, "errorCode=0");
    bench.pass(600_000);
    assert!(bench.next_call().is_none());
    assert_eq!(bench.job(&halted)["state"], "halted");
    bench.change(ANN, "resume-job", &halted, json!({}));
    assert_eq!(bench.send_rows("errorCode=0"), 5);
}

#[test]
fn the_kill_switch_holds_rows_that_were_looked_up_already() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000")]);
    bench.running(&orders(1..=5, false), json!({}));
    let refused = bench.next_row();
    bench.finish(&refused, "errorCode=-16&errorMessage=login");
    let command = ANN.asker();
    bench
        .transaction(|ledger| ledger.resume_breaker(&command))
        .unwrap();
    let trial = bench.next_row();
    bench
        .transaction(|ledger| ledger.pause_all_jobs(&command))
        .unwrap();
    // It tells nothing of the login, so the next call would be on trial.
    bench.finish(&trial, "errorCode=-42&errorMessage=busy");
    bench.pass(600_000);
    assert!(bench.next_call().is_none());
}

/// A job that runs while the CA answers nobody, and the check that finds out whether it does again, under way.
fn outage() -> (Bench, Box<Attempt>) {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000"), ("CA_MAX_CONNECTIONS", "4")]);
    bench.running(&orders(1..=20, false), json!({}));
    let lost: Vec<_> = (0..4).map(|_| bench.next_row()).collect();
    for attempt in &lost {
        bench.finish(attempt, "");
    }
    bench.pass(1_100);
    let check = bench.next_check();
    (bench, check)
}

#[test]
fn the_alarm_rings_as_soon_as_a_check_was_answered() {
    let (bench, check) = outage();
    let armed = bench.ledger.next_alarm(None).unwrap();
    assert!(armed.is_some_and(|at| at > bench.now() + 100));
    bench.finish(&check, "errorCode=0");
    let sooner = bench.ledger.next_alarm(armed).unwrap();
    assert!(sooner.is_some_and(|at| at <= bench.now()), "{sooner:?}");
}

#[test]
fn busy_and_not_yet_stay_pending_until_the_deadline() {
    let bench = Bench::new();
    let deadline = "2026-09-21T14:00:00Z";
    let job = bench.running(&orders([1, 2, 3], false), json!({ "deadline": deadline }));
    for body in [
        "errorCode=-42&errorMessage=busy",
        "errorCode=-23&errorMessage=x",
        "errorCode=-26&errorMessage=x",
    ] {
        let next = (0..600).find_map(|_| {
            bench.pass(1_000);
            bench.next_call()
        });
        bench.finish(&next.expect("no row within ten minutes"), body);
    }
    let now = bench.job(&job);
    assert_eq!((count(&now, "pending"), &now["state"]), (3, &json!("running")));
    // The pauses grow.
    let mut sent = 0;
    for _ in 0..60 {
        bench.pass(1_000);
        sent += bench.send_rows("errorCode=-23&errorMessage=x");
    }
    assert!((12..=18).contains(&sent), "{sent} calls of 3 rows in a minute");
    bench.pass(86_400_000);
    bench.send_rows("errorCode=-23&errorMessage=x");
    let done = bench.job(&job);
    assert_eq!((count(&done, "refused"), &done["state"]), (3, &json!("done")));
    assert_eq!(bench.rows(&job)[0]["errorCode"], -23);
}

#[test]
fn an_outage_costs_a_handful_of_rows_and_a_check_finds_its_end() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000"), ("CA_MAX_CONNECTIONS", "4")]);
    let job = bench.running(&orders(1..=100, false), json!({}));
    let attempt = bench.next_row();
    bench.finish(&attempt, "errorCode=0");
    let lost: Vec<_> = (0..4).map(|_| bench.next_row()).collect();
    for attempt in &lost {
        bench.finish(attempt, "");
    }
    let mut checks = 0;
    for _ in 0..3_600 {
        bench.pass(1_000);
        for call in bench.due() {
            assert_eq!(call.purpose, Purpose::Probe);
            let attempt = bench.sent(&call);
            bench.finish(&attempt, "");
        }
        if let Some(check) = bench.next_call() {
            assert_eq!(check.purpose(), Purpose::Check, "a row was sent in an outage");
            assert!(check.revocation().order.test());
            bench.finish(&check, "");
            checks += 1;
        }
    }
    assert!((30..=80).contains(&checks), "{checks} checks in an hour");
    assert_eq!(count(&bench.job(&job), "unknown"), 4);
    bench.pass(61_000);
    bench.finish(&bench.next_check(), "errorCode=0");
    assert_eq!(bench.send_rows("errorCode=0"), 95);
    let done = bench.job(&job);
    assert_eq!(
        (&done["state"], count(&done, "revoked"), count(&done, "unknown")),
        (&json!("done"), 96, 4)
    );
    // The lost ones go on being settled.
    bench.pass(300_000);
    for call in bench.due() {
        let attempt = bench.sent(&call);
        bench.finish(&attempt, "errorCode=-21&errorMessage=x");
    }
    let settled = bench.job(&job);
    assert_eq!(
        (count(&settled, "alreadyRevoked"), count(&settled, "unknown")),
        (4, 0)
    );
    assert_eq!(bench.rows(&job)[1]["settled"], true);
}

#[test]
fn a_job_that_has_ended_says_when_and_the_log_says_how() {
    let bench = Bench::new();
    let job = bench.running(&orders([1, 2], false), json!({}));
    assert_eq!(bench.job(&job)["finishedAt"], json!(null));
    assert_eq!(bench.send_rows("errorCode=0"), 2);
    assert!(bench.job(&job)["finishedAt"].is_string());
    let ended = bench
        .audit()
        .into_iter()
        .find(|entry| entry["action"] == "finish-job")
        .unwrap();
    assert_eq!((&ended["revoked"], &ended["unknown"]), (&json!(2), &json!(0)));
}

#[test]
fn an_answer_to_a_check_ends_an_outage_even_if_it_is_not_understood() {
    for (body, next_is_a_row) in [("errorCode=-14&errorMessage=x", true), ("", false)] {
        let (bench, check) = outage();
        bench.finish(&check, body);
        assert_eq!(bench.next_call().is_some(), next_is_a_row, "{body}");
    }
}

#[test]
fn single_calls_that_are_lost_hold_up_no_job() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000"), ("CA_MAX_CONNECTIONS", "4")]);
    bench.running(&orders(1..=2, false), json!({}));
    for number in 100..110 {
        let attempt = bench.sent(&real(&number.to_string()));
        bench.finish(&attempt, "");
    }
    assert_eq!(bench.send_rows("errorCode=0"), 2);
}

#[test]
fn a_crash_leaves_rows_unknown_and_they_are_settled() {
    let mut bench = Bench::with(&[("APPROVAL_ABOVE", "1000"), ("CA_TIMEOUT_MS", "2000")]);
    let job = bench.running(&orders(1..=6, false), json!({}));
    for _ in 0..3 {
        bench.next_row();
    }
    bench.restart();
    let after = bench.job(&job);
    assert_eq!(
        (
            count(&after, "unknown"),
            count(&after, "pending"),
            count(&after, "sending")
        ),
        (3, 3, 0)
    );
    assert_eq!(bench.send_rows("errorCode=0"), 3);
    assert_eq!(bench.job(&job)["state"], "done");
    bench.pass(1_100);
    let probes = bench.due();
    assert_eq!(probes.len(), 3);
    for (call, body) in probes
        .iter()
        .zip(["errorCode=0", "errorCode=-21&errorMessage=x", ""])
    {
        let attempt = bench.sent(call);
        bench.finish(&attempt, body);
    }
    // No sooner than a call may take after the last moment at which it can have left: the restart.
    bench.pass(2_000);
    let resends: Vec<_> = bench
        .due()
        .into_iter()
        .filter(|call| call.purpose == Purpose::Resend)
        .collect();
    assert_eq!(resends.len(), 1);
    let attempt = bench.sent(&resends[0]);
    bench.finish(&attempt, "errorCode=0");
    let rows = bench.rows(&job);
    assert_eq!(
        (&rows[0]["outcome"], &rows[0]["attempts"], &rows[0]["settled"]),
        (&json!("revoked"), &json!(2), &json!(false))
    );
    assert_eq!(
        (&rows[1]["outcome"], &rows[1]["settled"]),
        (&json!("already-revoked"), &json!(true))
    );
    assert_eq!(rows[2]["outcome"], "unknown");
    assert_whole(&bench.audit());
}

#[test]
fn after_a_crash_the_window_of_a_row_is_counted_from_its_intent() {
    let variables = [("CA_TIMEOUT_MS", "2000"), ("RESEND_WINDOW_MS", "9000")];
    let mut bench = Bench::with(&variables);
    bench.running(&orders([1], false), json!({}));
    bench.next_row();
    bench.pass(8_000);
    bench.restart();
    for _ in 0..20 {
        bench.pass(1_000);
        for call in bench.due() {
            assert_eq!(call.purpose, Purpose::Probe);
            let attempt = bench.sent(&call);
            bench.finish(&attempt, "errorCode=0");
        }
    }
    assert_eq!(bench.state("1"), "unknown");
}

#[test]
fn a_drill_sends_test_calls_only_even_again_after_a_loss() {
    let mut bench = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "1"), ("DAILY_LIMIT", "0")]);
    let job = bench.plan(ANN, &orders(1..=20, true), json!({}));
    assert_eq!(job["drill"], true);
    assert_eq!(
        bench.change(ANN, "start-job", &job, json!({})).1["state"],
        "running"
    );
    let mut sent = 0;
    for round in 0..40 {
        bench.pass(4_000);
        while let Some(attempt) = bench.next_call() {
            assert_eq!(attempt.purpose(), Purpose::Call);
            assert!(bench.form_of(&attempt).contains("test=Y"));
            sent += 1;
            match (round, sent % 3) {
                (1, 0) => {
                    bench.restart();
                    break;
                }
                (0..3, 1) => drop(bench.finish(&attempt, "")),
                _ => drop(bench.finish(&attempt, "errorCode=0")),
            }
        }
    }
    let done = bench.job(&job);
    assert_eq!(
        (&done["state"], count(&done, "tested")),
        (&json!("done"), 20),
        "{done}"
    );
    assert!(sent > 20);
    assert_eq!(bench.order("1").1["state"], "pending");
}

#[test]
fn rows_of_an_unapproved_job_wait_for_their_persons_limit() {
    let bench = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "3"), ("APPROVAL_ABOVE", "5")]);
    let job = bench.running(&orders(1..=5, false), json!({}));
    assert_eq!(bench.send_rows("errorCode=0"), 3);
    let waiting = bench.job(&job);
    assert!(
        waiting["lastError"]
            .as_str()
            .unwrap()
            .contains("RATE_LIMIT_PER_MINUTE"),
        "{waiting}"
    );
    let alarm = bench.alarm_in().unwrap();
    assert!((50_000..=60_000).contains(&alarm), "{alarm}");
    bench.pass(60_000);
    assert_eq!(bench.send_rows("errorCode=0"), 2);
    // Approved ones do not.
    let approved = bench.running(&orders(11..=30, false), json!({}));
    assert_eq!(bench.send_rows("errorCode=0"), 20);
    assert_eq!(bench.job(&approved)["state"], "done");
}

#[test]
fn an_order_that_somebody_else_works_on_waits() {
    let bench = Bench::new();
    let single = bench.sent(&real("1"));
    let job = bench.running(&orders([1, 2], false), json!({}));
    assert_eq!(bench.send_rows("errorCode=0"), 1);
    assert_eq!(count(&bench.job(&job), "pending"), 1);
    bench.finish(&single, "errorCode=0");
    bench.pass(1_100);
    assert_eq!(bench.send_rows("errorCode=-21&errorMessage=x"), 1);
    assert_eq!(bench.rows(&job)[0]["outcome"], "already-revoked");
}

#[test]
fn a_restored_ledger_does_not_call_unsent_what_its_jobs_may_have_sent() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000")]);
    let running = bench.running(&orders(1..=5, false), json!({}));
    let planned = bench.plan(ANN, &orders(11..=12, false), json!({}));
    let attempt = bench.next_row();
    bench.finish(&attempt, "errorCode=0");
    let seen = json!({ "seq": 999, "hash": "0".repeat(64), "ledger": "ledger-id" });
    assert!(
        bench
            .transaction(|ledger| ledger.check_high_water_mark(&seen))
            .unwrap()
    );
    assert!(bench.next_call().is_none());
    let job = bench.job(&running);
    assert_eq!(
        (&job["state"], count(&job, "unknown"), count(&job, "revoked")),
        (&json!("cancelled"), 4, 1)
    );
    assert_eq!(count(&bench.job(&planned), "unknown"), 2);
}

#[test]
fn the_metrics_tell_what_is_left_and_what_will_be_late() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000")]);
    let late = json!({ "deadline": "2026-09-21T14:13:30Z" });
    let job = bench.running(&orders(1..=5, false), late);
    bench.plan(ANN, &orders(11..=12, false), json!({}));
    let attempt = bench.next_row();
    bench.finish(&attempt, "errorCode=0");
    bench.change(ANN, "pause-job", &job, json!({}));
    let text = bench.ledger.metrics("").unwrap().body;
    for line in [
        "autorevoke_jobs{state=\"planned\"} 1",
        "autorevoke_jobs{state=\"paused\"} 1",
        "autorevoke_jobs{state=\"running\"} 0",
        "autorevoke_job_orders_remaining 4",
        "autorevoke_jobs_at_risk 1",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} in {text}");
    }
}

#[test]
fn the_counts_of_a_job_of_many_rows_hold() {
    let bench = Bench::on(Sqlite::new(), &[("APPROVAL_ABOVE", "100000")]);
    let job = bench.running(&orders(1..=5_000, false), json!({}));
    assert_eq!(bench.send_rows("errorCode=0"), 5_000);
    let done = bench.job(&job);
    assert_eq!((&done["state"], count(&done, "revoked")), (&json!("done"), 5_000));
}

#[test]
fn what_a_job_waited_for_is_not_told_when_it_is_done() {
    let bench = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "1")]);
    let job = bench.running(&orders([1, 2], false), json!({}));
    bench.send_rows("errorCode=0");
    assert!(bench.job(&job)["lastError"].is_string());
    bench.pass(61_000);
    bench.send_rows("errorCode=0");
    let done = bench.job(&job);
    assert_eq!((&done["state"], done.get("lastError")), (&json!("done"), None));
}

#[test]
fn a_job_that_is_begun_while_the_breaker_is_open_is_halted_and_goes_on_when_it_closes() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1")]);
    bench.finish(&bench.sent(&real("1")), "errorCode=-16&errorMessage=x");
    let (started, approved) = (orders([2], false), orders([3, 4], false));
    let jobs = [started, approved].map(|orders| bench.running(&orders, json!({})));
    for job in &jobs {
        let job = bench.job(job);
        assert_eq!(job["state"], "halted");
        assert!(job["lastError"].as_str().unwrap().contains("-16"), "{job}");
    }
    let command = ANN.asker();
    bench
        .transaction(|ledger| ledger.resume_breaker(&command))
        .unwrap();
    bench.finish(&bench.next_row(), "errorCode=0");
    assert_eq!(bench.send_rows("errorCode=0"), 2);
    for job in &jobs {
        assert_eq!(bench.job(job)["state"], "done");
    }
}

#[test]
fn real_jobs_come_before_drills() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "100000")]);
    let drills: Vec<_> = (0..39_u64)
        .map(|at| {
            bench.running(
                &orders((1000 * at + 10_000)..(1000 * at + 10_050), true),
                json!({}),
            )
        })
        .collect();
    let drill_before = bench.next_row();
    bench.finish(&drill_before, "errorCode=0");
    let real = bench.running(&orders(1..=50, false), json!({}));
    for _ in 0..50 {
        let row = bench.next_row();
        assert!(!row.revocation().order.test());
        bench.finish(&row, "errorCode=0");
    }
    assert_eq!(bench.job(&real)["state"], "done");
    // A drill goes on when nothing else is to be done.
    assert_eq!(bench.send_rows("errorCode=0"), drills.len() * 50 - 1);
}

#[test]
fn drills_go_on_while_a_real_job_waits() {
    let bench = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "1")]);
    bench.running(&orders([1, 2], false), json!({}));
    bench.running(&orders(11..=13, true), json!({}));
    assert_eq!(bench.send_rows("errorCode=0"), 4);
}
