//! Whose job is whose: grants of many ranges, and lists in pages.

use autorevoke::api::job::JobState;
use autorevoke::edge::command::{Grants, ListJobs, OneJob, Page};
use autorevoke::edge::order_ranges::OrderRanges;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::job_bench::{By, everything, one, orders};
use crate::sqlite_host::{Bench, read};

const ANN: By = By("ann");

fn page(bench: &Bench, command: &ListJobs) -> (Vec<Value>, Option<u64>) {
    let (_, body) = read(
        &bench
            .transaction(|ledger| ledger.jobs(&ANN.asker(), command))
            .unwrap(),
    );
    let names = body["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["name"].clone());
    (names.collect(), body.get("next").and_then(Value::as_u64))
}

/// The status of the answer to one who may see orders of these grants.
fn status(bench: &Bench, job: &Value, read: Grants) -> u16 {
    let (by, of) = (ANN.asker(), OneJob { read, ..one(job) });
    bench.transaction(|ledger| ledger.job(&by, &of)).unwrap().status
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// A grant covers a job if each of its orders is in one of the grant's ranges, in whatever order and overlap they stand.
    #[test]
    fn a_job_is_covered_if_each_of_its_orders_is(
        numbers in prop::collection::btree_set(1..60_u64, 1..12),
        grants in prop::collection::vec(prop::collection::vec((0..60_u64, 0..20_u64), 0..12), 0..3),
    ) {
        let bench = Bench::new();
        let job = bench.plan(ANN, &orders(numbers.iter().copied(), false), json!({}));
        let ranges: Vec<Vec<(u64, u64)>> = grants
            .iter()
            .map(|grant| grant.iter().map(|(first, more)| (*first, first + more)).collect())
            .collect();
        let within = |number: &u64, grant: &Vec<(u64, u64)>| grant.iter().any(|(a, b)| (a..=b).contains(&number));
        let covered = ranges.iter().any(|grant| numbers.iter().all(|number| within(number, grant)));
        let status = status(&bench, &job, ranges.into_iter().map(OrderRanges::from).collect());
        prop_assert_eq!(status, if covered { 200 } else { 404 });
    }
}

#[test]
fn order_numbers_at_their_limits_are_covered_by_all_and_by_themselves() {
    let bench = Bench::new();
    let most = i64::MAX as u64;
    let job = bench.plan(ANN, &orders([1, 5, most], false), json!({}));
    for (ranges, expected) in [
        (vec![(0, u64::MAX)], 200),
        (vec![(1, 1), (5, 5), (most, most)], 200),
        (vec![(1, 1), (5, most - 1)], 404),
        (vec![(1, 4), (6, most)], 404),
        (vec![], 404),
    ] {
        let grants = vec![OrderRanges::merged(ranges.clone())];
        assert_eq!(status(&bench, &job, grants), expected, "{ranges:?}");
    }
}

#[test]
fn jobs_are_listed_in_pages_the_newest_first() {
    let bench = Bench::new();
    for number in 1..=7_u64 {
        let job = bench.plan(
            ANN,
            &orders([number], false),
            json!({ "name": number.to_string() }),
        );
        if number % 2 == 0 {
            bench.change(ANN, "cancel-job", &job, json!({}));
        }
    }
    for (state, all) in [
        (None, vec!["7", "6", "5", "4", "3", "2", "1"]),
        (Some(JobState::Cancelled), vec!["6", "4", "2"]),
        (Some(JobState::Planned), vec!["7", "5", "3", "1"]),
        (Some(JobState::Running), vec![]),
    ] {
        for limit in 1..=8 {
            let (mut told, mut after, mut pages) = (Vec::new(), 0, 0);
            loop {
                let command = ListJobs {
                    read: everything(),
                    page: Page {
                        after,
                        limit: limit as u64,
                    },
                    state,
                };
                let (jobs, next) = page(&bench, &command);
                assert!(jobs.len() <= limit);
                told.extend(jobs);
                pages += 1;
                match next {
                    Some(next) => after = next,
                    None => break,
                }
            }
            assert_eq!(told, all);
            assert_eq!(
                pages,
                all.len().div_ceil(limit).max(1),
                "none is empty, and the last has no next"
            );
        }
    }
}

#[test]
fn a_page_looks_at_so_many_jobs_of_others_and_says_that_there_are_more() {
    let bench = Bench::new();
    bench.plan(ANN, &orders([1], false), json!({ "name": "mine" }));
    // Of many people, of whom each has few.
    for other in 0..1_050 {
        let body = json!({ "orders": orders([500], false) });
        let by = json!({ "actor": format!("key:{other}"), "person": other.to_string() });
        assert_eq!(bench.planned(ANN, &body, by).0, 201);
    }
    let mine = |after| ListJobs {
        read: vec![OrderRanges::merged([(1, 9)])],
        page: Page { after, limit: 100 },
        state: None,
    };
    let (jobs, next) = page(&bench, &mine(0));
    assert_eq!((jobs.len(), next.is_some()), (0, true));
    let (jobs, next) = page(&bench, &mine(next.unwrap()));
    assert_eq!((jobs, next), (vec![json!("mine")], None));
}
