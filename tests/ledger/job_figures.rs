//! What a job says of itself besides its counts: its reasons, whether it needs an approval, and its pace minute by minute.

use autorevoke::edge::command::{ListJobs, Page};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::job_bench::{By, everything, orders};
use crate::sqlite_host::{Bench, read};

const ANN: By = By("ann");
const BOB: By = By("bob");
const MINUTE_MS: i64 = 60_000;

fn listed(bench: &Bench, by: By) -> Vec<Value> {
    let command = ListJobs {
        read: everything(),
        page: Page { after: 0, limit: 100 },
        state: None,
    };
    let (_, body) = read(
        &bench
            .transaction(|ledger| ledger.jobs(&by.asker(), &command))
            .unwrap(),
    );
    body["jobs"].as_array().unwrap().clone()
}

fn rates(bench: &Bench, job: &Value) -> Vec<u64> {
    serde_json::from_value(bench.job(job)["rates"].clone()).unwrap()
}

#[test]
fn a_plan_counts_its_reasons_and_its_conflicts_and_names_its_person() {
    let bench = Bench::new();
    let row = |number: &str, reason: u8| json!({ "orderNumber": number, "codeReason": reason });
    let rows = json!([
        row("1", 1),
        row("2", 4),
        row("3", 5),
        row("4", 0),
        row("2", 1),
        row("3", 5),
        row("5", 3),
        row("6", 4)
    ]);
    let job = bench.plan(ANN, &rows, json!({}));
    let reasons = json!({ "unspecified": 1, "keyCompromise": 2, "affiliationChanged": 1, "superseded": 1,
                          "cessationOfOperation": 1 });
    assert_eq!(
        (
            &job["reasons"],
            &job["conflicts"],
            &job["duplicates"],
            &job["creator"]
        ),
        (&reasons, &json!(1), &json!(2), &json!("ann"))
    );
    let same = bench.plan(ANN, &orders([7, 8], false), json!({}));
    assert_eq!(
        (&same["reasons"], &same["conflicts"]),
        (&json!({ "keyCompromise": 2 }), &json!(0))
    );
    let in_list = &listed(&bench, ANN)[1];
    assert_eq!((&in_list["reasons"], in_list.get("conflicts")), (&reasons, None));
}

#[test]
fn conflicts_are_counted_beyond_those_that_are_listed() {
    let bench = Bench::new();
    let rows: Value = (0..300_u64)
        .map(|at| json!({ "orderNumber": (at % 150 + 1).to_string(), "codeReason": if at < 150 { 1 } else { 4 } }))
        .collect();
    let job = bench.plan(ANN, &rows, json!({}));
    assert_eq!(
        (&job["conflicts"], job["merged"].as_array().unwrap().len()),
        (&json!(150), 100)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a planned job says of an approval is what its start comes to, whoever starts it and whatever else there is.
    #[test]
    fn a_start_needs_the_approval_that_was_said(
        steps in prop::collection::vec((any::<bool>(), any::<bool>(), 1..8_u64, any::<bool>(), 0..30_000_000_i64), 1..12),
    ) {
        let bench = Bench::new();
        let mut first = 1;
        for (plans, starts, count, drill, later) in steps {
            let people = [ANN, BOB];
            let (planner, starter) = (people[usize::from(plans)], people[usize::from(starts)]);
            let job = bench.plan(planner, &orders(first..first + count, drill), json!({}));
            first += count;
            let in_list = listed(&bench, starter).into_iter().find(|it| it["id"] == job["id"]).unwrap();
            let said = in_list["approvalNeeded"].as_bool().unwrap();
            prop_assert!(!(drill && said));
            let (_, started) = bench.change(starter, "start-job", &job, json!({}));
            prop_assert_eq!(said, started["state"] == "awaiting-approval");
            prop_assert_eq!(said, started["approvalNeeded"] == true);
            bench.send_rows("errorCode=0");
            bench.pass(later);
        }
    }
}

#[test]
fn the_pace_is_told_minute_by_minute_from_the_start_to_the_end() {
    let bench = Bench::new();
    let planned = bench.plan(ANN, &orders(1..=6, false), json!({}));
    assert_eq!(planned.get("rates"), None);
    bench.change(ANN, "start-job", &planned, json!({}));
    bench.pass(MINUTE_MS - bench.now() % MINUTE_MS);
    let before = rates(&bench, &planned).len() - 1;
    let accepted = |body: &str| bench.finish(&bench.next_row(), body);
    accepted("errorCode=0");
    accepted("errorCode=-21");
    accepted("errorCode=-35");
    bench.pass(2 * MINUTE_MS);
    accepted("");
    accepted("errorCode=0");
    let told = rates(&bench, &planned);
    assert_eq!((told.len() - before, &told[before..]), (3, &[2, 0, 1][..]));
    assert!(told[..before].iter().all(|count| *count == 0));
    bench.pass(MINUTE_MS);
    accepted("errorCode=0");
    let ended = rates(&bench, &planned);
    assert_eq!(&ended[before..], &[2, 0, 1, 1]);
    // What happens after its end is none of its pace, and the clock adds nothing to it.
    bench.pass(10 * MINUTE_MS);
    assert_eq!(rates(&bench, &planned), ended);
    let in_list = &listed(&bench, ANN)[0];
    assert_eq!(in_list["rates"], json!(ended));
}

#[test]
fn of_a_long_job_the_last_four_hours_are_told() {
    let bench = Bench::new();
    let job = bench.running(&orders(1..=3, false), json!({}));
    bench.finish(&bench.next_row(), "errorCode=0");
    bench.pass(239 * MINUTE_MS);
    let told = rates(&bench, &job);
    assert_eq!((told.len(), told[0]), (240, 1));
    bench.pass(MINUTE_MS);
    bench.finish(&bench.next_row(), "errorCode=0");
    let told = rates(&bench, &job);
    assert_eq!((told.len(), told[0], told[239]), (240, 0, 1));
}

#[test]
fn a_settled_row_counts_in_the_minute_in_which_it_was_settled() {
    let bench = Bench::with(&[("RESEND_WINDOW_MS", "0")]);
    let job = bench.running(&orders(1..=2, false), json!({}));
    bench.finish(&bench.next_row(), "");
    bench.pass(3 * MINUTE_MS);
    let probe = bench.due_now(autorevoke::edge::ledger::Purpose::Probe);
    bench.finish(&probe, "errorCode=-21");
    let told = rates(&bench, &job);
    assert_eq!((told.iter().sum::<u64>(), told.last()), (1, Some(&1)));
}

#[test]
fn a_drill_counts_what_was_tested() {
    let bench = Bench::new();
    let job = bench.running(&orders(1..=3, true), json!({}));
    bench.send_rows("errorCode=0");
    assert_eq!(rates(&bench, &job).iter().sum::<u64>(), 3);
}
