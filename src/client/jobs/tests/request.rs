//! What is sent about jobs, and every fault in what was given for it.

use gloo_net::http::Method;
use proptest::prelude::*;
use wasm_bindgen::JsValue;

use super::{HASH, ID, options, question};
use crate::client::call::{Effect, Subject};
use crate::client::failure::Failure;
use crate::client::jobs::plan::{Csv, Plan};
use crate::client::jobs::request::{Given, Question, is_id, is_plan_hash};
use crate::client::jobs::{Operation, with_query};
use crate::client::page::MAX_PAGE_BYTES;
use crate::client::request::{Body, Outgoing};
use crate::client::tests::{EDGE, SECRET, given, object, text};
use crate::client::value::{Argument, Value};
use crate::problem::Kind;

const ALL: [Operation; 14] = [
    Operation::Create,
    Operation::List,
    Operation::Get,
    Operation::Start,
    Operation::Approve,
    Operation::Pause,
    Operation::Resume,
    Operation::Cancel,
    Operation::PauseAll,
    Operation::Orders,
    Operation::Csv,
    Operation::Report,
    Operation::Markdown,
    Operation::Watch,
];

fn header<'a>(outgoing: &'a Outgoing, name: &str) -> Option<&'a str> {
    let found = outgoing.headers.iter().rev().find(|(its, _)| *its == name);
    found.map(|(_, value)| value.as_str())
}

fn sent(outgoing: &Outgoing) -> Option<&str> {
    match &outgoing.body {
        Body::Text(text) => Some(text),
        _ => None,
    }
}

fn fields(failure: &Failure) -> Vec<&str> {
    failure.fields.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn each_operation_has_its_path_method_and_body() {
    let start = format!(r#"{{"planHash":"{HASH}","total":2}}"#);
    let approve = format!(r#"{{"planHash":"{HASH}"}}"#);
    for (operation, path, body) in [
        (Operation::List, "", None),
        (Operation::Get, ID, None),
        (Operation::Start, &format!("{ID}/start"), Some(start.as_str())),
        (
            Operation::Approve,
            &format!("{ID}/approve"),
            Some(approve.as_str()),
        ),
        (Operation::Pause, &format!("{ID}/pause"), Some("{}")),
        (Operation::Resume, &format!("{ID}/resume"), Some("{}")),
        (Operation::Cancel, &format!("{ID}/cancel"), Some("{}")),
        (Operation::PauseAll, "pause-all", Some("{}")),
        (Operation::Orders, &format!("{ID}/orders"), None),
        (Operation::Csv, &format!("{ID}/orders"), None),
        (Operation::Report, &format!("{ID}/report"), None),
        (Operation::Watch, &format!("{ID}/events"), None),
    ] {
        let question = question(operation, false, []).unwrap();
        let outgoing = &question.outgoing;
        let path = if path.is_empty() {
            String::new()
        } else {
            ["/", path].concat()
        };
        assert_eq!(outgoing.url, [EDGE, "/v1/jobs", &path].concat());
        assert_eq!(sent(outgoing), body, "{operation:?}");
        let method = if body.is_some() { Method::POST } else { Method::GET };
        assert_eq!(outgoing.method, method, "{operation:?}");
        assert_eq!(header(outgoing, "Idempotency-Key"), None);
    }
}

#[test]
fn each_says_which_answer_it_takes() {
    for (operation, accept) in [
        (Operation::Csv, "text/csv, application/problem+json"),
        (Operation::Watch, "text/event-stream, application/problem+json"),
        (Operation::Get, "application/json, application/problem+json"),
    ] {
        let question = question(operation, false, []).unwrap();
        assert_eq!(header(&question.outgoing, "Accept"), Some(accept));
    }
    let markdown = question(Operation::Report, false, [("markdown", Value::Bool(true))]).unwrap();
    assert_eq!(markdown.operation, Operation::Markdown);
    assert_eq!(
        header(&markdown.outgoing, "Accept"),
        Some("text/markdown, application/problem+json")
    );
    assert_eq!(markdown.outgoing.url, [EDGE, "/v1/jobs/", ID, "/report"].concat());
    let plain = question(Operation::Report, false, [("markdown", Value::Bool(false))]).unwrap();
    assert_eq!(plain.operation, Operation::Report);
}

#[test]
fn what_is_asked_for_stands_in_the_query_and_is_expected() {
    let own = [
        ("outcome", text("already-revoked")),
        ("after", Value::Number(0.0)),
        ("limit", Value::Number(10.0)),
    ];
    let orders = question(Operation::Orders, false, own).unwrap();
    assert!(
        orders
            .outgoing
            .url
            .ends_with("/orders?outcome=already-revoked&after=0&limit=10"),
        "{}",
        orders.outgoing.url
    );
    assert_eq!(
        (orders.expected.page.after, orders.expected.page.limit),
        (Some(0), Some(10))
    );
    assert_eq!(orders.expected.outcomes.len(), 1);
    let list = question(Operation::List, false, [("state", text("awaiting-approval"))]).unwrap();
    assert!(list.outgoing.url.ends_with("/v1/jobs?state=awaiting-approval"));
    let csv = question(Operation::Csv, false, [("outcome", text("unknown"))]).unwrap();
    assert!(csv.outgoing.url.ends_with("/orders?outcome=unknown"));
    assert_eq!(with_query("/a", &[("name", "a&b=ü ")]), "/a?name=a%26b%3D%C3%BC+");
}

#[test]
fn only_what_sets_a_job_going_can_revoke_and_not_if_it_is_a_drill() {
    for operation in ALL {
        let (real, drill) = (operation.effect(false), operation.effect(true));
        if matches!(
            operation,
            Operation::Start | Operation::Approve | Operation::Resume
        ) {
            assert_eq!((real, drill), (Effect::Revokes, Effect::Tests));
        } else {
            assert_eq!(real, drill);
            assert!(matches!(real, Effect::Plans | Effect::Reads), "{operation:?}");
        }
        // What reads says 200; what changes something does not.
        assert_eq!(
            operation.success_status() == 200,
            real == Effect::Reads,
            "{operation:?}"
        );
    }
    let call = question(Operation::Start, true, []).unwrap();
    assert!(!call.call().may_have_revoked());
    assert_eq!(call.call().name(), None);
}

#[test]
fn long_answers_are_read_where_there_can_be_some() {
    for operation in ALL {
        let is_long = matches!(operation, Operation::Create | Operation::List | Operation::Orders);
        assert_eq!(
            operation.answer_limit() == MAX_PAGE_BYTES,
            is_long,
            "{operation:?}"
        );
    }
}

#[test]
fn an_id_is_one_that_the_edge_can_have_given() {
    for operation in ALL.into_iter().filter(|it| it.is_about_one()) {
        for id in [
            text(""),
            text("../orders"),
            text("a/b"),
            text("a?b"),
            text("ü"),
            text("a%2f"),
            text(&"a".repeat(65)),
            Value::Undefined,
            Value::Number(1.0),
            Value::MalformedText(1),
        ] {
            let confirmed = Given::Confirmed(Argument::Members(super::confirmation(1.0)));
            let failure = Question::new(operation, id, false, confirmed, &options(operation, []))
                .err()
                .unwrap();
            assert_eq!(
                (failure.kind, failure.may_have_revoked),
                (Kind::InvalidOrder, false)
            );
            assert!(fields(&failure).contains(&"id"), "{operation:?}");
        }
    }
    assert!(is_id(ID) && is_id("A-z_0"));
}

#[test]
fn what_is_about_all_jobs_asks_for_no_id() {
    for operation in [Operation::List, Operation::PauseAll] {
        let question = Question::new(
            operation,
            Value::Undefined,
            false,
            Given::Nothing,
            &options(operation, []),
        )
        .unwrap();
        assert_eq!(
            (question.id.as_str(), question.call().subject),
            ("", Subject::None)
        );
    }
}

#[test]
fn every_fault_is_named_at_once_with_those_of_the_options() {
    let confirmed = given([
        ("planHash", text(&HASH.to_uppercase())),
        ("total", Value::Number(0.0)),
        (SECRET, text("x")),
    ]);
    let options = options(Operation::Start, [("retries", Value::Number(1.0))]);
    let failure = Question::new(
        Operation::Start,
        text(""),
        false,
        Given::Confirmed(confirmed),
        &options,
    )
    .err()
    .unwrap();
    assert_eq!(fields(&failure), ["id", SECRET, "planHash", "total"]);
    assert!(
        failure
            .message
            .starts_with("The call is invalid and nothing was sent.")
    );
    assert!(
        failure.message.ends_with(" retries is not an option."),
        "{failure}"
    );
}

#[test]
fn with_faults_in_the_options_alone_nothing_is_sent() {
    let failure = question(Operation::Pause, false, [("retries", Value::Number(1.0))])
        .err()
        .unwrap();
    assert_eq!((failure.kind, failure.may_have_revoked), (Kind::NotSent, false));
    assert!(failure.message.contains(&format!("for job {ID}")), "{failure}");
}

#[test]
fn a_start_confirms_the_plan_and_its_size_an_approval_the_plan() {
    let faults = |operation, confirmed| {
        let options = options(operation, []);
        let made = Question::new(operation, text(ID), false, Given::Confirmed(confirmed), &options);
        made.err().map_or(Vec::new(), |failure| {
            fields(&failure).into_iter().map(str::to_owned).collect()
        })
    };
    for nothing in [Argument::Missing, Argument::Wrong, given([])] {
        assert_eq!(faults(Operation::Start, nothing), ["planHash", "total"]);
    }
    assert_eq!(faults(Operation::Approve, Argument::Missing), ["planHash"]);
    // Of an approval nobody has asked the size.
    assert_eq!(
        faults(Operation::Approve, Argument::Members(super::confirmation(2.0))),
        ["total"]
    );
    for total in [0.0, -1.0, 1.5, f64::NAN, 9_007_199_254_740_992.0] {
        assert_eq!(
            faults(Operation::Start, Argument::Members(super::confirmation(total))),
            ["total"]
        );
    }
    let start = question(Operation::Start, false, []).unwrap();
    assert_eq!(
        (start.expected.plan_hash.as_deref(), start.expected.total),
        (Some(HASH), Some(2))
    );
    assert!(is_plan_hash(HASH) && !is_plan_hash(&HASH[1..]) && !is_plan_hash(&HASH.replace('a', "A")));
}

fn plan(plan: Argument, csv: Csv, bytes: usize) -> Plan {
    Plan {
        plan,
        csv,
        reason: None,
        comment: None,
        body: Some(JsValue::UNDEFINED),
        bytes,
    }
}

fn made(plan: Plan) -> Result<Question, Failure> {
    let options = options(Operation::Create, [("idempotencyKey", text("my-key"))]);
    Question::new(
        Operation::Create,
        Value::Undefined,
        false,
        Given::Plan(plan),
        &options,
    )
}

fn faults(plan: Plan) -> Vec<(String, String)> {
    made(plan).err().map_or(Vec::new(), |failure| {
        assert_eq!(
            (failure.kind, failure.may_have_revoked),
            (Kind::InvalidOrder, false)
        );
        failure.fields.clone()
    })
}

#[test]
fn a_plan_goes_as_json_that_says_all_itself() {
    let members = given([
        ("name", text("a&b")),
        ("deadline", text("2026-07-30T12:00:00Z")),
        ("orders", Value::Array(1)),
        ("defaults", object()),
    ]);
    let question = made(plan(members, Csv::None, 10)).unwrap();
    let outgoing = &question.outgoing;
    assert_eq!(
        (&outgoing.method, outgoing.url.as_str()),
        (&Method::POST, &*[EDGE, "/v1/jobs"].concat())
    );
    assert_eq!(header(outgoing, "Content-Type"), Some("application/json"));
    assert_eq!(header(outgoing, "Idempotency-Key"), Some("my-key"));
    assert!(matches!(outgoing.body, Body::Given(_)));
    assert_eq!(outgoing.answer_limit, MAX_PAGE_BYTES);
    assert!(!question.call().may_have_revoked());
}

#[test]
fn a_csv_goes_as_it_is_with_what_is_said_of_it_in_the_query() {
    let members = given([
        ("name", text("a&b ü")),
        ("deadline", text("2026-07-30T12:00:00+02:00")),
    ]);
    let outgoing = made(plan(members, Csv::Some, 10)).unwrap().outgoing;
    assert_eq!(
        outgoing.url,
        [
            EDGE,
            "/v1/jobs?name=a%26b+%C3%BC&deadline=2026-07-30T12%3A00%3A00%2B02%3A00"
        ]
        .concat()
    );
    assert_eq!(header(&outgoing, "Content-Type"), Some("text/csv"));
    let outgoing = made(plan(given([]), Csv::Some, 10)).unwrap().outgoing;
    assert_eq!(outgoing.url, [EDGE, "/v1/jobs"].concat());
    let members = given([
        ("columns", text("Order Number=orderNumber")),
        ("test", Value::Bool(true)),
    ]);
    let outgoing = made(plan(members, Csv::Some, 10)).unwrap().outgoing;
    let query = "/v1/jobs?columns=Order+Number%3DorderNumber&test=true";
    assert_eq!(outgoing.url, [EDGE, query].concat());
}

#[test]
fn columns_are_a_text_and_of_a_csv() {
    for (csv, members) in [
        (Csv::None, [("orders", Value::Array(1)), ("columns", text("x="))]),
        (Csv::Some, [("name", text("x")), ("columns", Value::Bool(true))]),
    ] {
        let found = faults(plan(given(members), csv, 10));
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["columns"]);
    }
}

#[test]
fn every_fault_of_a_plan_is_named_at_once() {
    let members = given([
        ("name", Value::Number(1.0)),
        ("deadline", Value::Other),
        ("orders", object()),
        ("defaults", Value::Array(0)),
        ("more\n", text(SECRET)),
    ]);
    let found = faults(plan(members, Csv::None, 10));
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["name", "deadline", "orders", "defaults", "more\u{fffd}"]);
    assert!(!format!("{found:?}").contains(SECRET));
}

#[test]
fn a_plan_has_orders_or_a_csv_and_not_both() {
    for (of, csv, bytes, name, why) in [
        (Argument::Missing, Csv::None, 0, "plan", "must be an object"),
        (Argument::Wrong, Csv::None, 1, "plan", "must be an object"),
        (given([]), Csv::None, 2, "orders", "is missing"),
        (
            given([("orders", Value::Array(0))]),
            Csv::None,
            2,
            "orders",
            "one order at least",
        ),
        (
            given([("orders", Value::Array(1))]),
            Csv::Some,
            2,
            "orders",
            "must not be there beside csv",
        ),
        (
            given([("defaults", object())]),
            Csv::Some,
            2,
            "defaults",
            "can have codeReason and revocationReason for a CSV, and nothing else",
        ),
        (given([]), Csv::Some, 0, "csv", "must not be empty"),
        (given([]), Csv::Malformed, 2, "csv", "lone surrogate"),
        (
            given([]),
            Csv::Wrong,
            2,
            "csv",
            "must be a string or a Uint8Array",
        ),
        (
            given([]),
            Csv::Some,
            8 * 1024 * 1024 + 1,
            "csv",
            "more than the 8 MiB",
        ),
        (
            given([("orders", Value::Array(1))]),
            Csv::None,
            8 * 1024 * 1024 + 1,
            "orders",
            "more than the 8 MiB",
        ),
    ] {
        let found = faults(plan(of, csv, bytes));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, name);
        assert!(found[0].1.contains(why), "{found:?}");
    }
    assert!(made(plan(given([]), Csv::Some, 8 * 1024 * 1024)).is_ok());
}

#[test]
fn a_plan_that_json_cannot_say_is_refused() {
    for (csv, name) in [(Csv::None, "orders"), (Csv::Some, "csv")] {
        let members = match csv {
            Csv::None => given([("orders", Value::Array(1))]),
            _ => given([]),
        };
        let found = faults(Plan {
            body: None,
            ..plan(members, csv, 1)
        });
        assert_eq!((found[0].0.as_str(), found.len()), (name, 1));
        assert!(found[0].1.contains("what JSON can say"));
    }
}

proptest! {
    #![proptest_config(crate::client::tests::cases(2_000))]

    #[test]
    fn whatever_is_taken_for_an_id_is_one_part_of_a_path(id in "\\PC{0,70}|[a-zA-Z0-9_-]{0,70}") {
        if is_id(&id) {
            let made = Question::new(Operation::Get, text(&id), false, Given::Nothing, &options(Operation::Get, []));
            let url = made.unwrap().outgoing.url;
            prop_assert_eq!(url.strip_prefix(EDGE).unwrap().split(['/', '?', '#', '%', '.']).count(), 4);
        } else {
            prop_assert!(id.is_empty() || id.len() > 64 || id.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-'));
        }
    }
}
