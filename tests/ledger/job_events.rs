//! What those are told who watch a job.

use autorevoke::edge::command::{Command, Request};
use autorevoke::edge::http_answer::{HttpAnswer, More};
use serde_json::{Value, json};

use crate::job_bench::{By, one, orders};
use crate::sqlite_host::Bench;

const ANN: By = By("ann");

/// The first part of the events, after those up to `last`.
fn first(bench: &Bench, job: &Value, last: &Value) -> HttpAnswer {
    let last = last.as_u64().map(|last| last as u32);
    let by = ANN.asker();
    bench
        .transaction(|ledger| ledger.job_events(&by, &one(job), last))
        .unwrap()
}

/// A further part, when it is due.
fn next(bench: &Bench, more: More) -> HttpAnswer {
    bench.pass(i64::from(more.pause_ms));
    let Request {
        by,
        command: Command::MoreJobEvents(command),
    } = more.ask
    else {
        panic!("not the next part");
    };
    bench
        .transaction(|ledger| ledger.more_job_events(&by, command))
        .unwrap()
}

/// Watches a job for so many seconds; after how many which event came, and after how many a comment.
fn watched(bench: &Bench, job: &Value, last: Value, seconds: i64) -> (Vec<(i64, Value)>, Vec<i64>) {
    let (mut events, mut comments) = (Vec::new(), Vec::new());
    let mut answer = first(bench, job, &last);
    for second in 0..=seconds {
        for line in answer.body.lines() {
            if let Some(data) = line.strip_prefix("data: ") {
                events.push((second, serde_json::from_str(data).unwrap()));
            } else if line.starts_with(':') {
                comments.push(second);
            }
        }
        let Some(more) = answer.more.take() else { break };
        answer = next(bench, *more);
    }
    (events, comments)
}

#[test]
fn a_job_that_stands_still_is_told_as_the_clock_moves_it() {
    let bench = Bench::new();
    let deadline = json!({ "deadline": "2026-09-21T14:23:20Z" });
    let job = bench.running(&orders([1, 2, 3], false), deadline);
    bench.finish(&bench.next_row(), "errorCode=0");
    let (events, _) = watched(&bench, &job, Value::Null, 250);
    assert_eq!(events[0].1["atRisk"], false);
    let (_, last) = events.last().unwrap();
    let now = bench.job(&job);
    assert_eq!((&last["atRisk"], &now["atRisk"]), (&json!(true), &json!(true)));
    assert_eq!((&last["rate"], last.get("eta")), (&now["rate"], now.get("eta")));
    let gaps: Vec<i64> = events.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    let at_risk = events.iter().position(|(_, job)| job["atRisk"] == true).unwrap();
    for (at, gap) in gaps.iter().enumerate() {
        assert!(*gap >= 5 || at + 1 == at_risk, "{gaps:?}");
    }
}

#[test]
fn that_a_deadline_cannot_be_kept_is_told_within_a_second() {
    let bench = Bench::new();
    // In a minute.
    let deadline = json!({ "deadline": "2026-09-21T14:14:20Z" });
    let job = bench.plan(ANN, &orders([1], false), deadline);
    let (events, comments) = watched(&bench, &job, Value::Null, 100);
    let told: Vec<_> = events
        .iter()
        .map(|(at, job)| (*at, job["atRisk"].clone()))
        .collect();
    assert_eq!(
        (told.len(), &told[0], &told[1].1),
        (2, &(0, json!(false)), &json!(true))
    );
    assert!((59..=61).contains(&told[1].0), "{told:?}");
    // Whoever listens hears something all the time.
    let mut heard: Vec<i64> = told.iter().map(|(at, _)| *at).chain(comments).collect();
    heard.sort_unstable();
    assert!(heard.windows(2).all(|pair| pair[1] - pair[0] <= 15), "{heard:?}");
}

#[test]
fn whoever_watches_hears_something_every_fifteen_seconds_until_the_end() {
    for (stop, last) in [(None, None), (Some("pause-job"), None), (None, Some("revision"))] {
        let bench = Bench::new();
        let job = bench.running(&orders([1], false), json!({}));
        if let Some(action) = stop {
            bench.change(ANN, action, &job, json!({}));
        }
        let last = last.map_or(Value::Null, |name| bench.job(&job)[name].clone());
        let mut answer = first(&bench, &job, &last);
        let (begun, mut heard) = (bench.now(), bench.now());
        while let Some(more) = answer.more.take() {
            answer = next(&bench, *more);
            assert!(
                bench.now() - heard <= 15_000,
                "nothing for {} ms",
                bench.now() - heard
            );
            if !answer.body.is_empty() {
                heard = bench.now();
            }
        }
        assert!(bench.now() - begun > 60_000, "it was served for a while");
    }
}

#[test]
fn who_comes_again_is_told_what_the_clock_has_moved_meanwhile() {
    let bench = Bench::new();
    let deadline = json!({ "deadline": "2026-09-21T14:14:20Z" });
    let job = bench.plan(ANN, &orders([1], false), deadline);
    let (first, _) = watched(&bench, &job, Value::Null, 0);
    bench.pass(120_000);
    let (again, _) = watched(&bench, &job, first[0].1["revision"].clone(), 10);
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].1["atRisk"], true);
}

#[test]
fn no_proxy_keeps_events() {
    let bench = Bench::new();
    let job = bench.plan(ANN, &orders([1], false), json!({}));
    let answer = first(&bench, &job, &Value::Null);
    assert!(answer.headers.contains(&("X-Accel-Buffering", "no".to_owned())));
}
