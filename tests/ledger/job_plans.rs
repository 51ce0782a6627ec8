//! Jobs in the ledger before they run: plan, start, approval, expiry, the key of a plan.

use serde_json::{Value, json};

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, real};

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
    assert_eq!(bench.job(&planned)["state"], "cancelled");
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
    let with = json!({ "idempotencyKey": "k" });
    let plan = |numbers: &[u64]| {
        let body = json!({ "orders": orders(numbers.iter().copied(), false) }).to_string();
        let plan = autorevoke::edge::plan::from_json(body.as_bytes(), 10)
            .unwrap()
            .plan(10)
            .unwrap();
        let mut members = plan.command();
        members.extend(with.as_object().unwrap().clone());
        let answer = bench
            .transaction(|ledger| ledger.create_job(&ANN.command(Value::Object(members)), plan.rows()))
            .unwrap();
        crate::sqlite_host::read(&answer)
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
