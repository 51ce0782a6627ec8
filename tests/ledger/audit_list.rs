//! Entries of the audit log that fit: by order, actor, action and job, in pages that look at so much and no more.

use autorevoke::edge::command::{ListEntries, Page};
use serde_json::{Value, json};

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, OPENING, read, real, revocation};

/// What is listed: all, unless the change says less.
pub fn listing(after: u64, limit: u64, change: impl FnOnce(&mut ListEntries)) -> ListEntries {
    let mut command = ListEntries {
        page: Page { after, limit },
        lines: false,
        order: None,
        actor: None,
        action: None,
        job: None,
    };
    change(&mut command);
    command
}

/// All entries that fit, page by page, and how many pages there were.
fn listed(bench: &Bench, limit: u64, change: impl Fn(&mut ListEntries)) -> (Vec<Value>, usize) {
    let (mut entries, mut pages, mut after) = (Vec::new(), 0, 0);
    loop {
        let (_, page) = read(&bench.ledger.audit(&listing(after, limit, &change)).unwrap());
        assert!(page["entries"].as_array().unwrap().len() as u64 <= limit);
        entries.extend(page["entries"].as_array().unwrap().clone());
        pages += 1;
        match page.get("next") {
            Some(next) => after = next.as_u64().unwrap(),
            None => return (entries, pages),
        }
    }
}

fn used() -> (Bench, String) {
    let bench = Bench::new();
    for (actor, number) in [("key:a", "1"), ("key:b", "2"), ("key:a", "2"), ("key:b", "12")] {
        let order = json!({ "codeReason": 1, "orderNumber": number, "test": false });
        bench.finish(&bench.sent(&revocation(actor, None, order)), "errorCode=-35");
    }
    let job = bench.running(&orders([2, 3], false), json!({}));
    bench.send_rows("errorCode=0");
    bench.change(By("ann"), "cancel-job", &job, json!({}));
    (bench, job["id"].as_str().unwrap().to_owned())
}

#[test]
fn entries_are_found_by_each_member_and_by_all_of_them_together() {
    let (bench, job) = used();
    let all = bench.audit();
    for (order, actor, action, of_job) in [
        (None, None, None, false),
        (Some("2"), None, None, false),
        (None, Some("key:a"), None, false),
        (None, None, Some("revoke"), false),
        (None, None, None, true),
        (Some("2"), Some("key:b"), None, false),
        (Some("2"), None, Some("revoke"), true),
        (Some("3"), Some("key:a"), None, true),
        (Some("' OR 1 --"), None, None, false),
    ] {
        let wanted = |entry: &&Value| {
            let is = |name: &str, value: Option<&str>| value.is_none_or(|value| entry[name] == value);
            is("orderNumber", order)
                && is("actor", actor)
                && is("action", action)
                && is("jobId", of_job.then_some(job.as_str()))
        };
        let expected: Vec<Value> = all.iter().filter(wanted).cloned().collect();
        for limit in [1, 2, 3, 1_000] {
            let (entries, _) = listed(&bench, limit, |it| {
                it.order = order.map(Into::into);
                it.actor = actor.map(Into::into);
                it.action = action.map(Into::into);
                it.job = of_job.then(|| job.clone());
            });
            assert_eq!(
                entries, expected,
                "{order:?} {actor:?} {action:?} {of_job} by {limit}"
            );
        }
    }
}

#[test]
fn a_page_looks_at_ten_thousand_entries_and_goes_on() {
    let bench = Bench::new();
    bench.host.0.execute(
        "INSERT INTO audit (seq, hash, entry) WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more \
         WHERE n < 25000) SELECT (SELECT MAX(seq) FROM audit) + n, 'x', '{\"orderNumber\":\"' || n || '\"}' FROM more",
    );
    let rare = |it: &mut ListEntries| it.order = Some("24000".to_owned());
    let (entries, pages) = listed(&bench, 100, rare);
    assert_eq!((entries, pages), (vec![json!({ "orderNumber": "24000" })], 3));
    let first = read(&bench.ledger.audit(&listing(0, 100, rare)).unwrap()).1;
    assert_eq!(first, json!({ "entries": [], "next": 10_000 }));
    // At the end there is nothing more to say.
    let end = (OPENING + 25_000) as u64;
    let last = read(&bench.ledger.audit(&listing(end, 100, rare)).unwrap()).1;
    assert_eq!(last, json!({ "entries": [] }));
}

#[test]
fn lines_link_to_the_next_page_as_long_as_there_is_one() {
    let (bench, _) = used();
    let lines = |after, order: Option<&str>| {
        let command = listing(after, 1, |it| {
            it.lines = true;
            it.order = order.map(Into::into);
            it.actor = Some("key:a".to_owned());
        });
        bench.ledger.audit(&command).unwrap()
    };
    let first = lines(0, Some("2"));
    let entry: Value = serde_json::from_str(first.body.trim_end()).unwrap();
    let link = |seq: &Value| format!("<?after={seq}&limit=1&order=2&actor=key%3Aa>; rel=\"next\"");
    assert_eq!(first.headers.last().unwrap(), &("Link", link(&entry["seq"])));
    let end = bench.audit().len() as u64;
    assert!(lines(end, None).headers.iter().all(|(name, _)| *name != "Link"));
    assert_eq!(lines(end, None).body, "");
    bench.finish(&bench.sent(&real("77")), "errorCode=0");
}
