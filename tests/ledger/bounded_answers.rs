//! What is told at once of an order, and of the audit log, has an end, however much of it there is.

use serde_json::{Value, json};

use crate::audit_list::listing;
use crate::sqlite_host::{Bench, OPENING, read, real, revocation, test};

const MAX_ATTEMPTS: usize = 250;
const MAX_PAGE_BYTES: usize = 2 * 1024 * 1024;

fn page(bench: &Bench, after: usize, limit: usize) -> Value {
    let (after, limit) = (after as u64, limit as u64);
    read(&bench.ledger.audit(&listing(after, limit, |_| {})).unwrap()).1
}

#[test]
fn test_calls_however_many_hide_no_real_one() {
    let bench = Bench::new();
    let first = bench.sent(&real("7"));
    bench.finish(&first, "errorCode=-35&errorMessage=expired");
    for _ in 0..MAX_ATTEMPTS {
        bench.finish(&bench.sent(&test("7")), "errorCode=0");
    }
    let (_, all) = bench.order("7");
    assert_eq!(all["attempts"].as_array().unwrap().len(), MAX_ATTEMPTS + 1);
    assert!(all.get("omitted").is_none());

    let oldest_test = all["attempts"][1]["auditSeqs"].clone();
    for more in 1..=3 {
        bench.finish(&bench.sent(&test("7")), "errorCode=0");
        let (status, order) = bench.order("7");
        assert_eq!((status, &order["omitted"]), (200, &json!(more)));
        let attempts = order["attempts"].as_array().unwrap();
        assert_eq!(attempts.len(), MAX_ATTEMPTS + 1);
        assert_eq!(attempts[0], all["attempts"][0], "the real one");
        assert!(attempts.iter().all(|attempt| attempt["auditSeqs"] != oldest_test));
        assert_eq!(order["state"], "refused");
        let seqs = |list: &Value| list.as_array().unwrap().clone();
        let listed: Vec<Value> = attempts.iter().flat_map(|it| seqs(&it["auditSeqs"])).collect();
        assert_eq!(seqs(&order["auditSeqs"]), listed, "in order");
    }
}

#[test]
fn a_page_of_the_audit_log_reads_what_it_tells_and_no_more() {
    let bench = Bench::new();
    let fill = |count: u32| {
        bench.host.0.execute(&format!(
            "INSERT INTO audit (seq, hash, entry) WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more \
             WHERE n < {count}) SELECT (SELECT MAX(seq) FROM audit) + n, 'x', '{{\"text\":\"{}\"}}' FROM more",
            "x".repeat(10_000)
        ));
    };
    let told = || {
        bench.host.0.steps.set(0);
        let page = page(&bench, 0, 10_000);
        (
            page["entries"].as_array().unwrap().len(),
            bench.host.0.steps.get(),
        )
    };
    fill(300);
    let (entries, steps) = told();
    fill(3_000);
    assert_eq!(told(), (entries, steps));
    assert!((200..220).contains(&entries));
    // From where it ends on, to the end.
    let last = page(&bench, 0, 10_000)["next"].as_u64().unwrap();
    assert_eq!(page(&bench, last as usize, 2)["next"], last + 2);
    let end = OPENING + 3_300;
    assert_eq!(page(&bench, end - 1, 10)["entries"].as_array().unwrap().len(), 1);
    assert_eq!(page(&bench, end - 1, 10).get("next"), None);
    assert_eq!(page(&bench, end, 10)["entries"], json!([]));
}

#[test]
fn the_kill_switch_names_a_thousand_jobs_and_counts_all() {
    let bench = Bench::new();
    let job = bench.running(&crate::job_bench::orders([1], false), json!({}));
    bench.host.0.execute(
        "CREATE TEMP TABLE one AS SELECT * FROM jobs; UPDATE one SET state = 'halted', number = 2, id = 'job_2'; \
         INSERT INTO jobs SELECT * FROM one",
    );
    for _ in 0..11 {
        bench.host.0.execute(
            "DELETE FROM one; INSERT INTO one SELECT * FROM jobs WHERE number > 1; \
             UPDATE one SET number = number + (SELECT MAX(number) FROM jobs); UPDATE one SET id = 'job_' || number; \
             INSERT INTO jobs SELECT * FROM one",
        );
    }
    let command = crate::job_bench::By("ann").asker();
    let stopped = bench
        .transaction(|ledger| ledger.pause_all_jobs(&command))
        .unwrap();
    assert_eq!(read(&stopped).1["paused"].as_array().unwrap().len(), 2_049);
    let entry = bench.audit().pop().unwrap();
    assert_eq!(
        (entry["jobIds"].as_array().unwrap().len(), &entry["count"]),
        (1_000, &json!(2_049))
    );
    assert_eq!(entry["jobIds"][0], job["id"]);
}

#[test]
fn of_the_real_calls_the_newest_are_told() {
    let bench = Bench::new();
    for _ in 0..MAX_ATTEMPTS + 2 {
        bench.finish(&bench.sent(&real("7")), "errorCode=-35&errorMessage=expired");
    }
    // Another order whose number begins alike.
    bench.finish(&bench.sent(&real("77")), "errorCode=0");
    let (_, order) = bench.order("7");
    assert_eq!(order["omitted"], 2);
    assert_eq!(order["attempts"][0]["auditSeqs"][0], OPENING + 5);
    let (_, other) = bench.order("77");
    assert_eq!(
        (other["attempts"].as_array().unwrap().len(), other.get("omitted")),
        (1, None)
    );
}

#[test]
fn a_page_of_long_entries_ends_early_and_the_next_one_goes_on() {
    let bench = Bench::new();
    let comment = "ü".repeat(1024);
    let order = json!({ "codeReason": 0, "orderNumber": "7", "test": true, "revocationReason": comment });
    for _ in 0..1_200 {
        bench.finish(
            &bench.sent(&revocation("key:a", None, order.clone())),
            "errorCode=0",
        );
    }
    let whole = bench.audit();
    assert!(whole.iter().map(|entry| entry.to_string().len()).sum::<usize>() > MAX_PAGE_BYTES);
    let mut entries = Vec::new();
    let mut pages = 0;
    loop {
        let page = page(&bench, entries.len(), 10_000);
        let text = page.to_string();
        assert!(text.len() < MAX_PAGE_BYTES + 10_000);
        entries.extend(page["entries"].as_array().unwrap().clone());
        pages += 1;
        let Some(next) = page.get("next") else { break };
        assert_eq!(next, entries.len());
    }
    assert!(pages > 1);
    assert_eq!(entries, whole);
}

#[test]
fn a_limit_of_entries_holds_and_the_last_page_has_no_next() {
    let bench = Bench::new();
    for number in 1..=4 {
        bench.finish(&bench.sent(&real(&number.to_string())), "errorCode=0");
    }
    let all = OPENING + 8;
    for limit in 1..=all + 1 {
        let page = page(&bench, 0, limit);
        let told = page["entries"].as_array().unwrap().len();
        assert_eq!(told, limit.min(all));
        assert_eq!(page.get("next").is_some(), limit < all);
    }
    for after in [all, all + 1, 1_000_000] {
        assert_eq!(page(&bench, after, 5), json!({ "entries": [] }));
    }
}
