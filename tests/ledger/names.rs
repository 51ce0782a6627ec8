//! Certificates that are named by serial number or by the CA's number of them: through every way in as an order's number is.

use autorevoke::edge::command::{ListJobs, OneJob, Page, Refused};
use autorevoke::edge::ledger::{Purpose, Revocation, Settlement};
use autorevoke::edge::order_ranges::OrderRanges;
use serde_json::{Value, json};

use crate::audit_chain::assert_whole;
use crate::job_bench::{By, everything, one};
use crate::sqlite_host::{Bench, OPENING, read, revocation};

const ANN: By = By("ann");

/// Member, value as it is written, value as it is sent, and the text that names it where there is one for all.
const NAMES: [[&str; 4]; 3] = [
    ["orderNumber", "345", "345", "345"],
    ["serialNumber", "00:0a:1b", "0A1B", "serial:0A1B"],
    ["certificateID", "345", "345", "certificate:345"],
];

fn named([member, written, ..]: [&str; 4], key: Option<&str>, more: Value) -> Revocation {
    let mut order = json!({ "codeReason": 1, "test": false });
    order[member] = written.into();
    order
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    revocation("key:a", key, order)
}

fn real(name: [&str; 4]) -> Revocation {
    named(name, None, json!({}))
}

/// Whether a document has this name and no other.
#[track_caller]
fn assert_named(document: &Value, [member, _, sent, _]: [&str; 4]) {
    for [other, ..] in NAMES {
        let expected = (other == member).then(|| json!(sent));
        assert_eq!(document.get(other), expected.as_ref(), "{document}");
    }
}

#[test]
fn a_call_its_answer_its_record_and_its_entries_have_the_name_that_was_sent() {
    for name in NAMES {
        let [member, _, sent, text] = name;
        let bench = Bench::new();
        let attempt = bench.sent(&real(name));
        let form = bench.form_of(&attempt);
        for [other, ..] in NAMES {
            let expected = usize::from(other == member);
            assert_eq!(form.matches(&format!("&{other}=")).count(), expected, "{form}");
        }
        assert!(form.contains(&format!("&{member}={sent}&")), "{form}");
        let (status, done) = bench.finish(&attempt, "errorCode=0");
        assert_eq!(status, 200);
        assert_named(&done, name);
        let (status, record) = bench.order(text);
        assert_eq!((status, &record["state"]), (200, &json!("revoked")));
        assert_named(&record, name);
        let entries = bench.audit().split_off(OPENING);
        assert_eq!(entries.len(), 2);
        entries.iter().for_each(|entry| assert_named(entry, name));
        assert_whole(&bench.audit());
    }
}

#[test]
fn a_refusal_by_the_ca_names_it_and_so_does_a_conflict() {
    for name in NAMES {
        let bench = Bench::new();
        let attempt = bench.sent(&real(name));
        let (status, problem) = bench.answered(&real(name));
        assert_eq!(status, 409);
        assert_named(&problem, name);
        let (_, problem) = bench.finish(&attempt, "errorCode=-35&errorMessage=expired");
        assert_named(&problem, name);
        let noun = match name[0] {
            "orderNumber" => "order 345",
            "serialNumber" => "serial number 0A1B",
            _ => "certificate 345",
        };
        assert!(problem["detail"].as_str().unwrap().contains(noun), "{problem}");
    }
}

#[test]
fn a_repeated_call_is_answered_as_it_was_and_its_words_name_it() {
    for name in NAMES {
        for answer in ["errorCode=0", "errorCode=-35&errorMessage=expired"] {
            let bench = Bench::new();
            let attempt = bench.sent(&named(name, Some("k"), json!({})));
            let first = bench.finish(&attempt, answer);
            let replayed = bench.answered(&named(name, Some("k"), json!({})));
            assert_eq!((replayed.0, &replayed.1["detail"]), (first.0, &first.1["detail"]));
            assert_named(&replayed.1, name);
            for other in NAMES.into_iter().filter(|other| *other != name) {
                let (status, problem) = bench.answered(&named(other, Some("k"), json!({})));
                assert_eq!(status, 422);
                assert_named(&problem, other);
            }
        }
    }
}

/// That two names may mean one certificate is the CA's to know.
#[test]
fn names_of_different_kinds_are_different_orders_even_with_equal_values() {
    let bench = Bench::new();
    let attempts = NAMES.map(|name| bench.sent(&real(name)));
    bench.finish(&attempts[0], "errorCode=0");
    bench.finish(&attempts[1], "");
    let (status, done) = bench.finish(&attempts[2], "errorCode=-21&errorMessage=x");
    assert_eq!((status, &done["outcome"]), (200, &json!("already-revoked")));
    let states = NAMES.map(|[.., text]| bench.state(text));
    assert_eq!(states, ["revoked", "unknown", "already-revoked"]);
    assert_eq!(bench.order("serial:0A").0, 404, "a beginning of another");
    assert_eq!(bench.order("certificate:34").0, 404);
}

#[test]
fn a_lost_call_is_probed_and_sent_again_by_the_same_name() {
    for name in NAMES {
        let [member, _, sent, text] = name;
        let bench = Bench::new();
        bench.finish(
            &bench.sent(&named(name, Some("k"), json!({ "productCode": "a/b" }))),
            "",
        );
        let Settlement::Calls(calls) = bench.settle(text, false) else {
            panic!("it is unknown")
        };
        let form = bench.form_of(&bench.sent(&calls[0]));
        assert!(
            form.contains(&format!("&{member}={sent}&")) && form.contains("test=Y"),
            "{form}"
        );
        let bench = Bench::new();
        let call = named(name, Some("k"), json!({}));
        let (_, lost) = bench.finish(&bench.sent(&call), "");
        assert_eq!(lost["mayHaveRevoked"], true);
        assert_named(&lost, name);
        bench.pass(1_500);
        bench.finish(&bench.due_now(Purpose::Probe), "errorCode=0");
        bench.pass(60_000);
        let again = bench.due_now(Purpose::Resend);
        assert!(bench.form_of(&again).contains(&format!("&{member}={sent}&")));
        // A repetition is this very call: its first attempt may have acted.
        let (status, problem) = bench.answered(&call);
        assert_eq!((status, &problem["mayHaveRevoked"]), (409, &json!(true)));
        bench.finish(&again, "errorCode=0");
        assert_eq!(bench.state(text), "revoked");
    }
}

#[test]
fn an_order_that_cannot_be_read_is_left_to_a_person_by_its_name() {
    for name in NAMES {
        let bench = Bench::new();
        bench.finish(&bench.sent(&real(name)), "");
        bench
            .host
            .0
            .execute("UPDATE attempts SET order_text = 'not JSON'");
        bench.pass(1_500);
        assert_eq!(bench.due(), []);
        let entry = bench.audit().pop().unwrap();
        assert_eq!(entry["reason"], "unreadable");
        assert_named(&entry, name);
    }
}

#[test]
fn a_refused_caller_is_logged_with_the_name() {
    for name in NAMES {
        let bench = Bench::new();
        let refused = Refused {
            action: "read-order".to_owned(),
            reason: "not-found".to_owned(),
            name: Some(name[3].to_owned()),
        };
        bench
            .transaction(|ledger| ledger.refused(&ANN.asker(), &refused))
            .unwrap();
        assert_named(&bench.audit().pop().unwrap(), name);
    }
}

fn mixed() -> Value {
    NAMES
        .into_iter()
        .map(|[member, written, ..]| json!({ member: written, "codeReason": 1 }))
        .collect()
}

#[test]
fn rows_of_a_job_are_sent_and_listed_by_their_names() {
    let bench = Bench::new();
    bench.finish(&bench.sent(&real(NAMES[1])), "errorCode=-35&errorMessage=x");
    let mut plan = mixed();
    plan.as_array_mut()
        .unwrap()
        .push(json!({ "serialNumber": "a1b", "codeReason": 4 }));
    let job = bench.running(&plan, json!({}));
    assert_eq!((&job["total"], &job["duplicates"]), (&json!(3), &json!(1)));
    assert_named(&job["merged"][0], NAMES[1]);
    assert_named(&job["known"]["orders"][0], NAMES[1]);
    for ([member, _, sent, _], answer) in NAMES.into_iter().zip([
        "errorCode=0",
        "errorCode=-21&errorMessage=x",
        "errorCode=-35&errorMessage=x",
    ]) {
        let attempt = bench.next_row();
        assert!(bench.form_of(&attempt).contains(&format!("&{member}={sent}&")));
        bench.finish(&attempt, answer);
    }
    let rows = bench.rows(&job);
    for (row, name) in rows.iter().zip(NAMES) {
        assert_named(row, name);
    }
    // The CA knows that the serial number is the order's; the ledger does not.
    assert_eq!(rows[1]["outcome"], "already-revoked");
    let csv = bench.csv(&job);
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    for (cells, name) in lines.zip(NAMES) {
        for [member, ..] in NAMES {
            let at = header.iter().position(|column| *column == member).unwrap();
            assert_eq!(cells[at], if member == name[0] { name[2] } else { "" }, "{csv}");
        }
    }
}

#[test]
fn a_report_names_what_failed_and_what_is_unknown() {
    for name in NAMES {
        for (answer, list) in [
            ("errorCode=-35&errorMessage=x", "/failures/0/orderNumbers"),
            ("", "/unknownOrders"),
        ] {
            let bench = Bench::new();
            let job = bench.running(&json!([{ name[0]: name[1], "codeReason": 1 }]), json!({}));
            bench.send_rows(answer);
            let reported = bench
                .transaction(|ledger| ledger.job_report(&ANN.asker(), &one(&job), false))
                .unwrap();
            let autorevoke::edge::ledger::Reported::Report(report, _) = reported else {
                panic!("no report")
            };
            assert_eq!(json!(report).pointer(list), Some(&json!([name[3]])));
        }
    }
}

#[test]
fn a_job_with_other_names_is_covered_by_grants_over_all_orders_only() {
    for (at, name) in NAMES.into_iter().enumerate() {
        let bench = Bench::new();
        let job = bench.plan(ANN, &json!([{ name[0]: name[1], "codeReason": 1 }]), json!({}));
        let with_number = bench.plan(
            ANN,
            &json!([{ "orderNumber": "1", "codeReason": 1 },
                                                 { name[0]: name[1], "codeReason": 1 }]),
            json!({}),
        );
        for (ranges, covered) in [
            (vec![(0, u64::MAX)], true),
            (vec![(1, i64::MAX as u64)], at == 0),
            // More gaps than the job has rows.
            (vec![(1, 1), (3, 3), (5, 400), (500, 500)], at == 0),
        ] {
            for job in [&job, &with_number] {
                let read_as = vec![OrderRanges::merged(ranges.clone())];
                let of = OneJob {
                    read: read_as.clone(),
                    ..one(job)
                };
                let answer = bench.transaction(|ledger| ledger.job(&ANN.asker(), &of)).unwrap();
                assert_eq!(
                    answer.status,
                    if covered { 200 } else { 404 },
                    "{name:?} {ranges:?}"
                );
                let page = Page { after: 0, limit: 100 };
                let list = ListJobs {
                    read: read_as,
                    page,
                    state: None,
                };
                let (_, listed) = read(
                    &bench
                        .transaction(|ledger| ledger.jobs(&By("ann").asker(), &list))
                        .unwrap(),
                );
                assert_eq!(
                    listed["jobs"].as_array().unwrap().len(),
                    if covered { 2 } else { 0 }
                );
            }
        }
        assert_eq!(everything()[0].ends(), [(0, u64::MAX)]);
    }
}
