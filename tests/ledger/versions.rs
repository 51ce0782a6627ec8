//! Ledgers of older versions: brought up to date with nothing lost; those of newer ones are left alone.

use autorevoke::edge::command::{ListOrders, Page};
use autorevoke::edge::ledger::{Begun, Host, Ledger, OpenError, Purpose, Settlement, VERSION};
use serde_json::{Value, json};

use crate::audit_chain::assert_whole;
use crate::job_bench::everything;
use crate::sqlite_host::{Bench, Sqlite, config, read, real, revocation};

/// The ledger that each version left, as its dump; the last is of the present version.
const LEFT: [&str; 9] = [
    include_str!("versions/1.sql"),
    include_str!("versions/2.sql"),
    include_str!("versions/3.sql"),
    include_str!("versions/4.sql"),
    include_str!("versions/5.sql"),
    include_str!("versions/6.sql"),
    include_str!("versions/7.sql"),
    include_str!("versions/8.sql"),
    include_str!("versions/9.sql"),
];

fn opened(dump: &str) -> Bench {
    let database = Sqlite::new();
    database.execute(dump);
    Bench::on(database, &[])
}

#[test]
fn there_is_a_ledger_of_each_version() {
    assert_eq!(LEFT.len(), usize::try_from(VERSION).unwrap());
}

#[test]
fn whatever_an_older_version_knew_is_known() {
    for (at, dump) in LEFT.into_iter().enumerate() {
        let bench = opened(dump);
        for (number, state) in [
            ("1", "revoked"),
            ("2", "unknown"),
            ("3", "refused"),
            ("4", "unknown"),
            ("5", "already-revoked"),
            ("6", "revoked"),
            ("7", "pending"),
            ("8", "pending"),
        ] {
            assert_eq!(bench.state(number), state, "version {}, order {number}", at + 1);
        }
        assert_eq!(bench.order("9").0, 404);
        let version = bench.host.sql("SELECT version, id FROM ledger", &[]).unwrap();
        assert_eq!(version, [[json!(VERSION), json!("ledger-id")]]);
        assert_whole(&bench.audit());
        let keyed = json!({ "codeReason": 1, "orderNumber": "6", "productCode": "p", "product": 7,
                            "revocationReason": "r", "test": false });
        let (status, answer) = bench.answered(&revocation("key:a", Some("k"), keyed));
        assert_eq!((status, &answer["outcome"]), (200, &json!("revoked")));
        let attempt = bench.sent(&real("9"));
        assert_eq!(bench.finish(&attempt, "errorCode=0").0, 200);
    }
}

#[test]
fn jobs_are_as_they_were_and_go_on() {
    // There were none before version 3.
    for dump in &LEFT[2..] {
        let bench = opened(dump);
        let jobs = bench
            .host
            .sql("SELECT name, state FROM jobs ORDER BY number", &[])
            .unwrap();
        assert_eq!(
            jobs,
            [
                [json!("Running"), json!("running")],
                [json!("Waiting"), json!("awaiting-approval")],
                [json!(null), json!("planned")],
                [json!(null), json!("running")],
            ]
        );
        assert_eq!(bench.send_rows("errorCode=0"), 2);
        assert_eq!(bench.state("102"), "unknown");
        let ended = bench
            .host
            .sql("SELECT state, revoked, unknown FROM jobs WHERE number = 1", &[])
            .unwrap();
        assert_eq!(ended, [[json!("done"), json!(2), json!(1)]]);
        assert_whole(&bench.audit());
    }
}

#[test]
fn lists_and_figures_know_what_was_there_before_them() {
    for (at, dump) in LEFT.into_iter().enumerate() {
        let bench = opened(dump);
        let command = ListOrders {
            read: everything(),
            page: Page { after: 0, limit: 100 },
            state: None,
        };
        let (_, page) = read(&bench.ledger.orders(&command).unwrap());
        let listed = page["orders"].as_array().unwrap().iter();
        let listed: Vec<(&str, &str)> = listed
            .map(|order| {
                (
                    order["orderNumber"].as_str().unwrap(),
                    order["state"].as_str().unwrap(),
                )
            })
            .collect();
        let of_all_versions = [
            ("1", "revoked"),
            ("2", "unknown"),
            ("3", "refused"),
            ("5", "already-revoked"),
            ("6", "revoked"),
        ];
        assert_eq!(listed[..5], of_all_versions, "version {}", at + 1);
        assert_eq!(listed.last(), Some(&("4", "unknown")));
    }
    for dump in &LEFT[2..] {
        let bench = opened(dump);
        let jobs = bench.host.sql("SELECT id, total FROM jobs", &[]).unwrap();
        for row in jobs {
            let job = bench.job(&json!({ "id": row[0] }));
            assert_eq!(job["reasons"], json!({ "keyCompromise": row[1] }));
            assert_eq!((&job["creator"], &job["conflicts"]), (&json!("ann"), &json!(0)));
            let accepted = job
                .get("rates")
                .map(|rates| rates.as_array().unwrap().iter().filter_map(Value::as_u64).sum());
            let revoked = job["counts"]["revoked"].as_u64();
            assert_eq!(accepted, job.get("startedAt").and(revoked), "{job}");
        }
    }
}

#[test]
fn tables_that_were_brought_up_to_date_are_those_of_a_new_ledger() {
    // With the words that made each of them, for its columns, but not how a dump has quoted and spaced them.
    let tables = |bench: &Bench| {
        let statement = "SELECT type, name, tbl_name, REPLACE(REPLACE(REPLACE(sql, '\"', ''), char(10), ''), ' ', '') \
                         FROM sqlite_master ORDER BY type, name";
        bench.host.sql(statement, &[]).unwrap()
    };
    for (at, dump) in LEFT.into_iter().enumerate() {
        assert_eq!(tables(&opened(dump)), tables(&Bench::new()), "version {}", at + 1);
    }
}

#[test]
fn the_log_says_that_the_tables_were_brought_up_to_date() {
    let mut bench = opened(LEFT[0]);
    let migrations = |bench: &Bench| {
        let entries = bench.audit();
        entries
            .into_iter()
            .filter(|entry| entry["action"] == "migrate")
            .collect::<Vec<_>>()
    };
    let told = migrations(&bench);
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["priorVersion"], &told[0]["version"], &told[0]["ledger"]),
        (&json!(1), &json!(VERSION), &json!("ledger-id"))
    );
    bench.restart();
    assert_eq!(migrations(&bench).len(), 1);
}

#[test]
fn the_log_of_a_new_ledger_begins_with_its_making() {
    let first = Bench::new().audit().remove(0);
    assert_eq!(
        (&first["action"], &first["version"], &first["ledger"]),
        (&json!("open"), &json!(VERSION), &json!("ledger-id"))
    );
    assert_eq!(first.get("priorVersion"), None);
}

#[test]
fn what_was_lost_under_version_1_is_probed_and_never_sent_again_by_itself() {
    let bench = opened(LEFT[0]);
    bench.pass(60_000);
    for _ in 0..4 {
        for call in bench.due() {
            if call.order.name().value() == "2" {
                assert_eq!(call.purpose, Purpose::Probe);
            }
            if let Begun::Send(attempt) = bench.begin(&call).unwrap() {
                bench.finish(&attempt, "errorCode=0");
            }
        }
        bench.pass(30_000);
    }
    assert_eq!(bench.state("2"), "unknown");
}

#[test]
fn a_newer_ledger_is_refused_and_left_as_it_is() {
    let bench = Bench::new();
    bench.host.sql("UPDATE ledger SET version = 999", &[]).unwrap();
    let before = bench.audit();
    let again = Ledger::open(bench.host.clone(), config(), "id");
    assert_eq!(again.err(), Some(OpenError::Newer));
    assert_eq!(bench.audit(), before);
}

#[test]
fn what_version_4_held_back_is_no_attempt() {
    let database = Sqlite::new();
    database.execute(LEFT[3]);
    // Its intent was written, and it never left: the reason that it had is none of the order's.
    database.execute(
        "INSERT INTO attempts (identity, prior_state, test, order_text, actor, person, instance, fingerprint, state, \
         started_at, ended_at, intent_seq, outcome_seq) SELECT identity, 'unknown', 0, \
         '{\"codeReason\":4,\"orderNumber\":\"2\",\"test\":false}', actor, person, 'urn:uuid:held', 'f', 'not-sent', \
         started_at, started_at, intent_seq, outcome_seq FROM attempts WHERE id = 2",
    );
    let bench = Bench::on(database, &[]);
    let (_, order) = bench.order("2");
    let attempts = order["attempts"].as_array().unwrap();
    assert!(
        attempts
            .iter()
            .all(|attempt| attempt["outcome"] != "not-sent" && attempt["codeReason"] == 1)
    );
    let Settlement::Calls(calls) = bench.settle("2", true) else {
        panic!("it is unknown")
    };
    assert!(bench.form_of(&bench.sent(&calls[0])).contains("codeReason=1"));
}
