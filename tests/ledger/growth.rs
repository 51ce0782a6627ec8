//! What is asked of a ledger of many years reads little of it, and what is counted by the way is what there is.

use autorevoke::api::job::JobState;
use autorevoke::api::order::OrderState;
use autorevoke::edge::command::{ListJobs, ListOrders, OneJob, Page};
use autorevoke::edge::ledger::{Host, Purpose, Reported, Settlement};
use autorevoke::edge::order_ranges::OrderRanges;
use serde_json::json;

use crate::audit_list::listing;
use crate::job_bench::{By, everything, one, orders, rows_of};
use crate::sqlite_host::{Bench, Sqlite, real, test};

const ANN: By = By("ann");

/// The metrics' counts of calls and orders, and the same counted anew.
fn assert_counted(bench: &Bench) {
    for (kept, counted) in [
        (
            "SELECT purpose, test, state, count FROM call_counts WHERE count <> 0 ORDER BY 1, 2, 3",
            "SELECT purpose, test, state, COUNT(*) FROM attempts GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        ),
        (
            "SELECT state, count FROM order_counts WHERE count <> 0 ORDER BY 1",
            "SELECT state, COUNT(*) FROM orders GROUP BY 1 ORDER BY 1",
        ),
    ] {
        let rows = |statement| bench.host.sql(statement, &[]).unwrap();
        assert_eq!(rows(kept), rows(counted));
    }
}

/// A ledger with orders and jobs in every state that calls lead to.
fn used() -> Bench {
    let mut bench = Bench::with(&[("APPROVAL_ABOVE", "1000")]);
    bench.finish(&bench.sent(&real("1")), "errorCode=0");
    bench.finish(&bench.sent(&real("2")), "errorCode=-35");
    bench.finish(&bench.sent(&real("2")), "errorCode=-21");
    bench.finish(&bench.sent(&test("3")), "errorCode=0");
    bench.finish(&bench.sent(&real("4")), "");
    assert_counted(&bench);
    bench.pass(1_000);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=0");
    let job = bench.running(&orders(10..=30, false), json!({}));
    for body in [
        "errorCode=0",
        "errorCode=-35",
        "errorCode=-21",
        "errorCode=-20",
        "",
        "errorCode=-1",
    ] {
        bench.finish(&bench.next_row(), body);
    }
    let running = bench.next_row();
    assert_counted(&bench);
    bench.change(ANN, "pause-job", &job, json!({}));
    bench.finish(&running, "errorCode=-17");
    let drill = bench.running(&orders(10..=12, true), json!({}));
    bench.send_rows("errorCode=0");
    bench.plan(ANN, &orders(40..=50, false), json!({}));
    assert_eq!(bench.job(&drill)["state"], "done");
    // What was under way when the process went down.
    bench.sent(&real("5"));
    bench.restart();
    assert_counted(&bench);
    bench
}

#[test]
fn what_is_counted_is_what_there_is() {
    let bench = used();
    let seen = json!({ "seq": 1_000_000, "hash": "0".repeat(64), "ledger": "ledger-id" });
    assert!(
        bench
            .transaction(|ledger| ledger.check_high_water_mark(&seen))
            .unwrap()
    );
    assert_counted(&bench);
    let metrics = bench.ledger.metrics("").unwrap().body;
    assert!(
        metrics.contains("autorevoke_calls_total{purpose=\"revoke\",test=\"false\",outcome=\"revoked\"} 2\n")
    );
    assert!(!metrics.contains(" 0\nautorevoke_calls_total"), "{metrics}");
}

#[test]
fn what_an_older_ledger_had_is_counted_when_it_is_brought_up_to_date() {
    for dump in [include_str!("versions/1.sql"), include_str!("versions/4.sql")] {
        let database = Sqlite::new();
        database.execute(dump);
        assert_counted(&Bench::on(database, &[]));
    }
}

#[test]
fn a_step_that_is_rolled_back_is_not_counted() {
    let bench = used();
    for healthy in 0..12 {
        bench.host.0.healthy_statements.set(Some(healthy));
        let _ = bench.begin(&real(&(100 + healthy).to_string()));
        bench.host.0.healthy_statements.set(None);
        assert_counted(&bench);
    }
}

#[test]
fn nothing_that_is_asked_walks_the_ledger() {
    let mut bench = used();
    let job = bench
        .host
        .sql("SELECT id FROM jobs WHERE number = 1", &[])
        .unwrap()[0][0]
        .clone();
    let job = json!({ "id": job });
    let listed = |state: Option<JobState>| ListJobs {
        read: everything(),
        page: Page { after: 0, limit: 100 },
        state,
    };
    let host = bench.host.clone();
    let steps = host.0.plans_of(|| {
        bench.ledger.metrics("").unwrap();
        bench.order("4");
        assert!(matches!(bench.settle("4", false), Settlement::Calls(_)));
        bench.ledger.audit(&listing(3, 10, |_| {})).unwrap();
        bench
            .ledger
            .audit(&listing(3, 10, |it| it.order = Some("4".to_owned())))
            .unwrap();
        for state in [None, Some(OrderState::Unknown)] {
            let command = ListOrders {
                read: everything(),
                page: Page { after: 0, limit: 100 },
                state,
            };
            bench.ledger.orders(&command).unwrap();
        }
        for state in [None, Some(JobState::Paused)] {
            bench
                .transaction(|ledger| ledger.jobs(&ANN.asker(), &listed(state)))
                .unwrap();
        }
        let by = ANN.asker();
        bench.transaction(|ledger| ledger.job(&by, &one(&job))).unwrap();
        bench
            .transaction(|ledger| ledger.job_orders(&by, &rows_of(&job, false)))
            .unwrap();
        let narrow = OneJob {
            read: vec![OrderRanges::merged([(10, 13), (15, 40)])],
            ..one(&job)
        };
        let hidden = bench.transaction(|ledger| ledger.job(&by, &narrow)).unwrap();
        assert_eq!(hidden.status, 404);
        match bench
            .transaction(|ledger| ledger.job_report(&by, &one(&job), false))
            .unwrap()
        {
            Reported::Report(report, _) => assert_eq!(report.failures.len(), 3),
            Reported::Answer(_) => panic!("no report"),
        }
        bench.plan(ANN, &orders(60..=65, false), json!({}));
        bench.finish(&bench.sent(&real("6")), "errorCode=0");
        bench.due();
        bench.ledger.next_alarm(None).unwrap();
        bench.restart();
    });
    assert!(steps.len() > 60);
    for (statement, step) in steps {
        let whole = ["attempts", "orders", "audit", "job_orders"].iter().any(|table| {
            step == format!("SCAN {table}") || step.starts_with(&format!("SCAN {table} USING INDEX"))
        });
        // From the end, and no further than the first.
        let newest = statement.contains("ORDER BY seq DESC LIMIT 1") && step == "SCAN audit";
        // Calls under way: four of them at most.
        let under_way = step == "SCAN attempts USING INDEX attempts_under_way";
        // All rows of a job; the index of weaker reasons has nothing but what is counted.
        let whole_job =
            step.starts_with("SEARCH job_orders") && step.ends_with("(job=?)") && !step.contains("weaker");
        assert!(
            !(whole || whole_job) || newest || under_way,
            "{step}: {statement}"
        );
    }
}
