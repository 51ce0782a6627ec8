//! Jobs in the ledger before they run: plan, start, approval, expiry, the key of a plan.

use autorevoke::edge::command::{ListJobs, NewJob, Page};
use autorevoke::edge::ledger::Host;
use autorevoke::edge::plan::Plan;
use serde_json::{Value, json};

use crate::job_bench::{By, everything, orders, plan_of};
use crate::sqlite_host::{Bench, read, real};

const ANN: By = By("ann");
const BOB: By = By("bob");

fn count(job: &Value, name: &str) -> i64 {
    job["counts"][name].as_i64().unwrap()
}

#[test]
fn a_plan_sends_nothing_and_names_what_is_known() {
    let bench = Bench::new();
    let attempt = bench.sent(&real("3"));
    bench.finish(&attempt, "errorCode=0");
    let job = bench.plan(ANN, &orders([1, 2, 3, 3], false), json!({ "name": "July" }));
    assert_eq!(
        (&job["state"], &job["total"], &job["duplicates"]),
        (&json!("planned"), &json!(3), &json!(1))
    );
    assert_eq!(
        job["known"],
        json!({ "count": 1, "orders": [{ "orderNumber": "3", "state": "revoked" }] })
    );
    assert_eq!(job["merged"][0]["rows"], json!([3, 4]));
    assert!(bench.next_call().is_none());
    assert_eq!(bench.due(), []);
}

#[test]
fn a_small_job_runs_at_once_and_a_larger_one_after_another_person_has_approved_it() {
    let bench = Bench::new();
    let small = bench.plan(ANN, &orders(1..=10, false), json!({}));
    assert_eq!(
        bench.change(ANN, "start-job", &small, json!({})).1["state"],
        "running"
    );
    let job = bench.plan(ANN, &orders(11..=11, false), json!({}));
    // They add up.
    assert_eq!(
        bench.change(ANN, "start-job", &job, json!({})).1["state"],
        "awaiting-approval"
    );
    assert_eq!(bench.send_rows("errorCode=0"), 10);
    assert_eq!(bench.change(ANN, "approve-job", &job, json!({})).0, 403);
    assert_eq!(
        bench
            .change(BOB, "approve-job", &job, json!({ "isPerson": false }))
            .0,
        403
    );
    assert_eq!(
        bench
            .change(BOB, "approve-job", &job, json!({ "planHash": "0" }))
            .0,
        409
    );
    let (status, approved) = bench.change(BOB, "approve-job", &job, json!({}));
    assert_eq!((status, &approved["state"]), (202, &json!("running")));
    assert_eq!(approved["approvals"][0]["person"], "bob");
    assert_eq!(bench.send_rows("errorCode=0"), 1);
    assert_eq!(bench.job(&job)["state"], "done");
    // Approved orders do not add up, those of yesterday neither.
    bench.pass(86_400_001);
    let next = bench.plan(ANN, &orders(21..=30, false), json!({}));
    assert_eq!(
        bench.change(ANN, "start-job", &next, json!({})).1["state"],
        "running"
    );
}

/// The same caller as far as anyone can know: an actor and a person, and then these.
const ONE: [[(&str, &str); 2]; 5] = [
    [("key:carol", "key:carol"), ("key:carol", "carol")],
    [("jwt:i#s", "s@a.example"), ("jwt:i#s", "s@b.example")],
    [("jwt:i#service:s", "jwt:i#service:s"), ("jwt:i#s", "s@b.example")],
    [("key:a", "Zo\u{eb}"), ("jwt:i#z", "ZOE\u{308}")],
    [("key:a", "Stra\u{df}e"), ("key:b", "STRASSE")],
];

#[test]
fn nobody_approves_what_the_same_actor_or_the_same_person_planned_or_started() {
    for [first, second] in ONE {
        let bench = Bench::new();
        let by = |(actor, person): (&str, &str)| json!({ "actor": actor, "person": person });
        let helper = ("key:helper", "helper");
        for (planner, starter) in [(first, first), (first, helper), (helper, first)] {
            let job = bench.plan_by(&by(planner), &orders(1..=11, false));
            let started = bench.change(ANN, "start-job", &job, by(starter)).1;
            assert_eq!(started["state"], "awaiting-approval");
            for caller in [first, second] {
                let (status, _) = bench.change(ANN, "approve-job", &job, by(caller));
                assert_eq!(status, 403, "{planner:?} {starter:?} {caller:?}");
            }
            assert_eq!(bench.change(BOB, "approve-job", &job, json!({})).0, 202);
        }
    }
}

#[test]
fn the_threshold_counts_by_actor_and_by_person_whichever_is_more() {
    for [first, second] in ONE {
        let bench = Bench::new();
        let by = |(actor, person): (&str, &str)| json!({ "actor": actor, "person": person });
        let started = |caller, numbers: std::ops::RangeInclusive<u64>| {
            let job = bench.plan_by(&by(caller), &orders(numbers, false));
            bench.change(ANN, "start-job", &job, by(caller)).1["state"].clone()
        };
        assert_eq!(started(first, 1..=10), "running");
        for caller in [first, second] {
            assert_eq!(started(caller, 11..=11), "awaiting-approval", "{caller:?}");
        }
        assert_eq!(started(("key:x", "xenia"), 11..=11), "running");
    }
}

#[test]
fn the_threshold_counts_who_planned_as_well_as_who_started() {
    let bench = Bench::new();
    let first = bench.plan(ANN, &orders(1..=8, false), json!({}));
    assert_eq!(
        bench.change(BOB, "start-job", &first, json!({})).1["state"],
        "running"
    );
    for by in [ANN, BOB] {
        let job = bench.plan(by, &orders(11..=13, false), json!({}));
        assert_eq!(
            bench.change(by, "start-job", &job, json!({})).1["state"],
            "awaiting-approval"
        );
    }
    // An unfinished job counts for longer than a day.
    bench.pass(2 * 86_400_000);
    let later = bench.plan(BOB, &orders(11..=13, false), json!({}));
    assert_eq!(
        bench.change(BOB, "start-job", &later, json!({})).1["state"],
        "awaiting-approval"
    );
    // A third person's own jobs do not count for them.
    let other = bench.plan(By("cleo"), &orders(11..=13, false), json!({}));
    assert_eq!(
        bench.change(By("cleo"), "start-job", &other, json!({})).1["state"],
        "running"
    );
}

#[test]
fn what_nobody_starts_or_approves_expires() {
    let bench = Bench::new();
    let planned = bench.plan(ANN, &orders([1], false), json!({}));
    let waiting = bench.plan(ANN, &orders(2..=20, false), json!({}));
    bench.pass(80_000_000);
    bench.change(ANN, "start-job", &waiting, json!({}));
    bench.pass(6_400_000);
    bench.due();
    assert_eq!(bench.job(&planned)["status"], 404, "deleted");
    assert_eq!(bench.job(&waiting)["state"], "awaiting-approval");
    bench.pass(80_000_000);
    bench.due();
    let expired = bench.job(&waiting);
    assert_eq!(
        (&expired["state"], count(&expired, "cancelled")),
        (&json!("cancelled"), 19)
    );
    assert!(expired["lastError"].as_str().unwrap().contains("approved"));
    assert_eq!(bench.change(BOB, "approve-job", &waiting, json!({})).0, 409);
}

#[test]
fn a_start_needs_the_plan_and_its_total() {
    let bench = Bench::new();
    let job = bench.plan(ANN, &orders([1, 2], false), json!({}));
    for wrong in [json!({ "total": 3 }), json!({ "planHash": "0".repeat(64) })] {
        let (status, problem) = bench.change(ANN, "start-job", &job, wrong);
        assert_eq!(
            (status, &problem["type"]),
            (409, &json!("urn:autorevoke:problem:plan-mismatch"))
        );
    }
    assert_eq!(bench.change(ANN, "start-job", &job, json!({})).0, 202);
    let (status, problem) = bench.change(ANN, "start-job", &job, json!({}));
    assert_eq!(
        (status, &problem["type"]),
        (409, &json!("urn:autorevoke:problem:illegal-state"))
    );
}

#[test]
fn an_idempotency_key_makes_one_job() {
    let bench = Bench::new();
    let plan = |numbers: &[u64]| {
        let body = json!({ "orders": orders(numbers.iter().copied(), false) });
        bench.planned(ANN, &body, json!({ "idempotencyKey": "k" }))
    };
    let (status, first) = plan(&[1, 2]);
    assert_eq!(status, 201);
    assert_eq!(plan(&[1, 2]), (201, first));
    let (status, problem) = plan(&[1, 3]);
    assert_eq!(
        (status, &problem["type"]),
        (422, &json!("urn:autorevoke:problem:idempotency-mismatch"))
    );
    let revocation = crate::sqlite_host::revocation(
        "key:ann",
        Some("k"),
        json!({ "orderNumber": "9", "codeReason": 0, "test": false }),
    );
    assert_eq!(bench.answered(&revocation).0, 422);
}

#[test]
fn a_plan_that_nobody_starts_is_deleted_with_its_rows_in_steps() {
    let bench = Bench::new();
    let started = bench.plan(ANN, &orders(1..=3, false), json!({}));
    bench.change(ANN, "start-job", &started, json!({}));
    bench.change(ANN, "cancel-job", &started, json!({}));
    bench.plan(ANN, &orders(1..=4_500, false), json!({}));
    let cancelled = bench.plan(ANN, &orders([7], false), json!({}));
    bench.change(ANN, "cancel-job", &cancelled, json!({}));
    bench.pass(86_400_001);
    let mut steps = 0;
    while bench.number("SELECT COUNT(*) FROM job_orders") > 3 {
        let before = bench.number("SELECT COUNT(*) FROM job_orders");
        assert!(bench.alarm_in().unwrap() <= 250, "it goes on at once");
        bench.due();
        assert!(before - bench.number("SELECT COUNT(*) FROM job_orders") <= 2_000);
        steps += 1;
    }
    assert!(steps >= 3);
    assert_eq!(bench.number("SELECT COUNT(*) FROM jobs"), 1);
    assert_eq!(bench.job(&started)["state"], "cancelled", "it was started");
    while bench.number("SELECT COUNT(*) FROM loose_rows") > 0 {
        bench.due();
    }
    assert_eq!(bench.alarm_in(), None, "and then there is nothing to do");
    let expired = bench
        .audit()
        .into_iter()
        .filter(|entry| entry["action"] == "expire-job");
    assert_eq!(expired.count(), 1, "the cancelled one had ended before");
    let next = bench.plan(ANN, &orders([1], false), json!({}));
    assert_eq!(bench.job(&next)["total"], 1);
}

/// A plan of 4,000 orders and its command: several parts.
fn in_parts() -> (Plan, NewJob) {
    let body =
        json!({ "orders": orders(1..=4_000, false), "defaults": { "revocationReason": "x".repeat(1024) } });
    let plan = plan_of(&body);
    let command = plan.command(None);
    (plan, command)
}

#[test]
fn a_plan_exists_with_its_last_part_and_not_before() {
    let mut bench = Bench::new();
    let ((plan, command), by) = (in_parts(), ANN.asker());
    let listed = |bench: &Bench| {
        let command = ListJobs {
            read: everything(),
            page: Page { after: 0, limit: 10 },
            state: None,
        };
        let (_, body) = read(
            &bench
                .transaction(|ledger| ledger.jobs(&ANN.asker(), &command))
                .unwrap(),
        );
        body["jobs"].as_array().unwrap().len()
    };
    let entries = bench.audit().len();
    let (mut part, mut handed) = (0, 0);
    let answer = loop {
        let (rows, end) = plan.part(handed);
        assert!(rows.len() < 300_000);
        let is_last = end == plan.orders().len();
        assert_eq!((listed(&bench), bench.audit().len()), (0, entries));
        let take = |part| bench.transaction(|ledger| ledger.create_job(&by, &command, &rows, part, is_last));
        assert!(take(part + 1).is_err(), "a part is missing");
        let answer = take(part).unwrap();
        if let Some(answer) = answer {
            break answer;
        }
        assert!(take(part).is_err(), "it came already");
        (part, handed) = (part + 1, end);
        bench.restart();
    };
    assert!(part >= 1);
    let (status, job) = read(&answer);
    assert_eq!((status, &job["total"]), (201, &json!(4_000)));
    assert_eq!(bench.job(&job)["counts"]["pending"], 4_000);
    assert_eq!((listed(&bench), bench.audit().len()), (1, entries + 1));
    assert_eq!(bench.number("SELECT COUNT(*) FROM loose_rows"), 0);
}

#[test]
fn a_plan_whose_last_part_never_comes_is_swept_away() {
    let bench = Bench::new();
    let ((plan, command), by) = (in_parts(), ANN.asker());
    let (rows, end) = plan.part(0);
    let take =
        |rows: &str, part| bench.transaction(|ledger| ledger.create_job(&by, &command, rows, part, false));
    assert_eq!(take(&rows, 0).unwrap(), None);
    assert_eq!(bench.alarm_in(), Some(600_000 - 2));
    bench.pass(599_000);
    bench.due();
    assert!(bench.number("SELECT COUNT(*) FROM job_orders") > 100);
    bench.pass(1_001);
    bench.due();
    assert!(take(&plan.part(end).0, 1).is_err(), "too late");
    bench.due();
    bench.due();
    assert_eq!(bench.number("SELECT COUNT(*) FROM job_orders"), 0);
    assert_eq!(bench.number("SELECT COUNT(*) FROM loose_rows"), 0);
    assert_eq!(bench.number("SELECT COUNT(*) FROM jobs"), 0);
}

#[test]
fn a_plan_that_comes_in_parts_has_one_job_for_its_key() {
    let bench = Bench::new();
    let (plan, _) = in_parts();
    let command = plan.command(Some("k".to_owned()));
    let requests = [ANN.asker(), ANN.asker()];
    let (mut part, mut handed) = (0, 0);
    let mut ids = Vec::new();
    while handed < plan.orders().len() {
        let (rows, end) = plan.part(handed);
        for by in &requests {
            let is_last = end == plan.orders().len();
            let answer = bench.transaction(|ledger| ledger.create_job(by, &command, &rows, part, is_last));
            ids.extend(answer.unwrap().map(|answer| read(&answer).1["id"].clone()));
        }
        (part, handed) = (part + 1, end);
    }
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(bench.number("SELECT COUNT(*) FROM jobs"), 1);
    for _ in 0..4 {
        bench.due();
    }
    assert_eq!(bench.number("SELECT COUNT(*) FROM job_orders"), 4_000);
    assert_eq!(bench.number("SELECT COUNT(*) FROM loose_rows"), 0);
}

#[test]
fn a_person_has_so_many_plans_that_nobody_has_started() {
    let bench = Bench::new();
    let body = json!({ "orders": orders([1], false) });
    let first = bench.plan(ANN, &body["orders"], json!({}));
    bench.pass(3_600_000);
    for _ in 1..200 {
        assert_eq!(bench.planned(ANN, &body, json!({})).0, 201);
    }
    let refused = |by: By, more: Value| {
        let (status, problem) = bench.planned(by, &body, more);
        assert_eq!(problem["type"], "urn:autorevoke:problem:rate-limited");
        assert!(problem["detail"].as_str().unwrap().contains("200"));
        (status, problem["retryAfter"].as_i64().unwrap())
    };
    let (status, seconds) = refused(ANN, json!({}));
    assert_eq!(status, 429);
    assert!(
        (82_000..=82_800).contains(&seconds),
        "when the first expires: {seconds}"
    );
    // The same person by another key, and the same key as another person.
    refused(ANN, json!({ "actor": "key:other" }));
    refused(ANN, json!({ "person": "other" }));
    refused(ANN, json!({ "person": "ANN", "actor": "key:other" }));
    assert_eq!(bench.planned(BOB, &body, json!({})).0, 201, "another's");
    bench.change(ANN, "start-job", &first, json!({}));
    assert_eq!(bench.planned(ANN, &body, json!({})).0, 201, "one was started");
    refused(ANN, json!({}));
    bench.pass(86_400_001);
    bench.due();
    assert_eq!(bench.planned(ANN, &body, json!({})).0, 201, "they have expired");
}

#[test]
fn a_persons_plans_have_so_many_orders_in_all() {
    let bench = Bench::new();
    let plan = |total: u64| bench.planned(ANN, &json!({ "orders": orders(1..=total, false) }), json!({}));
    // As if it had as many: to make them takes a minute.
    bench.plan(ANN, &orders([1], false), json!({}));
    bench.host.sql("UPDATE jobs SET total = 999999", &[]).unwrap();
    assert_eq!(plan(2).0, 429);
    assert_eq!(plan(1).0, 201);
    assert_eq!(plan(1).0, 429);
    // A single plan may have as many as a job may, whatever that is.
    bench.host.sql("DELETE FROM jobs", &[]).unwrap();
    bench.plan(ANN, &orders([1], false), json!({}));
}

#[test]
fn the_comment_of_all_rows_is_kept_once_and_sent_with_each() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "100")]);
    for letter in ["x", "😀", "\n", "\""] {
        let comment = letter.repeat(1024);
        let own = json!([
            { "orderNumber": "1" },
            { "orderNumber": "2", "revocationReason": "own" },
            { "orderNumber": "3", "revocationReason": "" },
        ]);
        let with = json!({ "defaults": { "revocationReason": comment, "codeReason": 1 } });
        let job = bench.plan(ANN, &own, with);
        let longest = bench.number("SELECT MAX(LENGTH(order_text)) FROM job_orders");
        assert!(longest < 100, "{longest}");
        let told: Vec<Value> = bench
            .rows(&job)
            .iter()
            .map(|row| row["revocationReason"].clone())
            .collect();
        assert_eq!(told, [json!(comment), json!("own"), Value::Null]);
        let csv = bench.csv(&job);
        assert!(csv.contains(&comment.replace('"', "\"\"")));
        bench.change(ANN, "start-job", &job, json!({}));
        for expected in told {
            let attempt = bench.next_row();
            let order = &attempt.revocation().order;
            assert_eq!(
                order.revocation_reason().map(Value::from).unwrap_or_default(),
                expected
            );
            bench.finish(&attempt, "errorCode=0");
        }
    }
}
