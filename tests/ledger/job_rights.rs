//! Whose job is whose: grants of many ranges, and lists in pages.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, read};

const ANN: By = By("ann");

fn page(bench: &Bench, more: Value) -> (Vec<Value>, Option<u64>) {
    let mut members = json!({ "after": 0, "limit": 100, "state": null });
    members
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().cloned().unwrap());
    let (_, body) = read(
        &bench
            .transaction(|ledger| ledger.jobs(&ANN.command(members)))
            .unwrap(),
    );
    let names = body["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["name"].clone());
    (names.collect(), body.get("next").and_then(Value::as_u64))
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
        let command = ANN.command(json!({ "job": job["id"], "read": ranges }));
        let (status, _) = read(&bench.transaction(|ledger| ledger.job(&command)).unwrap());
        prop_assert_eq!(status, if covered { 200 } else { 404 });
    }
}

#[test]
fn order_numbers_at_their_limits_are_covered_by_all_and_by_themselves() {
    let bench = Bench::new();
    let most = i64::MAX as u64;
    let job = bench.plan(ANN, &orders([1, 5, most], false), json!({}));
    for (ranges, status) in [
        (json!([[0, u64::MAX]]), 200),
        (json!([[1, 1], [5, 5], [most, most]]), 200),
        (json!([[1, 1], [5, most - 1]]), 404),
        (json!([[1, 4], [6, most]]), 404),
        (json!([]), 404),
    ] {
        let command = ANN.command(json!({ "job": job["id"], "read": [ranges] }));
        assert_eq!(
            read(&bench.transaction(|ledger| ledger.job(&command)).unwrap()).0,
            status,
            "{ranges}"
        );
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
        (json!(null), vec!["7", "6", "5", "4", "3", "2", "1"]),
        (json!("cancelled"), vec!["6", "4", "2"]),
        (json!("planned"), vec!["7", "5", "3", "1"]),
        (json!("running"), vec![]),
    ] {
        for limit in 1..=8 {
            let (mut told, mut after, mut pages) = (Vec::new(), 0, 0);
            loop {
                let (jobs, next) = page(&bench, json!({ "limit": limit, "state": state, "after": after }));
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
    let mine = json!([[[1, 9]]]);
    let (jobs, next) = page(&bench, json!({ "read": mine }));
    assert_eq!((jobs.len(), next.is_some()), (0, true));
    let (jobs, next) = page(&bench, json!({ "read": mine, "after": next }));
    assert_eq!((jobs, next), (vec![json!("mine")], None));
}
