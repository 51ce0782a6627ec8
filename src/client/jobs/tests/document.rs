//! What is believed of an answer about jobs: it is of the very job, whole, and does not contradict itself.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{HASH, ID, confirmation, counts, job, options, question};
use crate::client::failure::Failure;
use crate::client::jobs::Operation;
use crate::client::jobs::document::{judge, read_job};
use crate::client::jobs::request::{Given, Question};
use crate::client::tests::{answer, document, given, is_document, text};
use crate::client::value::{Argument, Value};
use crate::problem::Kind;

const JSON: &str = "application/json";

fn judged(question: &Question, body: &str) -> Result<bool, Failure> {
    let said = answer(question.operation.success_status(), JSON, body);
    judge(question, &said, document(body.as_bytes()), &[]).map(is_document)
}

/// Whether it is believed; if not, it must be unknown what became of the call.
fn is_believed(question: &Question, body: &Json) -> bool {
    match judged(question, &body.to_string()) {
        Ok(is_itself) => is_itself,
        Err(failure) => {
            assert_eq!(failure.kind, Kind::UnknownOutcome);
            assert_eq!(failure.may_have_revoked, question.call().may_have_revoked());
            false
        }
    }
}

fn asked(operation: Operation) -> Question {
    question(operation, false, []).unwrap()
}

fn changed(mut of: Json, name: &str, to: Json) -> Json {
    of[name] = to;
    of
}

#[test]
fn a_job_is_the_one_that_was_asked_for() {
    let get = asked(Operation::Get);
    assert!(is_believed(&get, &job()));
    for (name, wrong) in [
        ("id", json!("job_other")),
        ("id", json!(1)),
        ("state", json!("going")),
        ("planHash", json!("00")),
        ("planHash", json!(HASH.to_uppercase())),
        ("total", json!(3)),
        ("total", json!("2")),
        ("total", json!(2.5)),
        ("drill", json!("false")),
        ("duplicates", json!(-1)),
        ("revision", json!(9_007_199_254_740_992_u64)),
        ("rate", json!(-1)),
        ("rate", json!(null)),
        ("approvals", json!({})),
        ("approvals", json!([1])),
        ("createdBy", json!(null)),
        ("deadline", json!(1)),
        ("reasons", json!({ "keyCompromise": 1 })),
        ("reasons", json!({ "keyCompromise": 2, "because": 0 })),
        ("approvalNeeded", json!("no")),
        ("creator", json!(1)),
        ("rates", json!([-1])),
        ("rates", json!(null)),
        ("counts", json!({})),
        ("counts", counts(&[("revoked", 2), ("more", 0)])),
    ] {
        assert!(
            !is_believed(&get, &changed(job(), name, wrong.clone())),
            "{name} {wrong}"
        );
    }
    for name in [
        "id",
        "state",
        "drill",
        "createdAt",
        "planHash",
        "total",
        "counts",
        "atRisk",
        "approvals",
        "revision",
    ] {
        let mut body = job();
        body.as_object_mut().unwrap().remove(name);
        assert!(!is_believed(&get, &body), "{name}");
    }
    // What the future adds is no fault, nor what an older edge does not count.
    assert!(is_believed(&get, &changed(job(), "more", json!({ "x": [1] }))));
    let reasons = json!({ "keyCompromise": 1, "superseded": 1 });
    for (name, value) in [
        ("reasons", reasons),
        ("approvalNeeded", json!(true)),
        ("rates", json!([0, 2])),
    ] {
        assert!(is_believed(&get, &changed(job(), name, value)), "{name}");
    }
}

#[test]
fn the_counts_of_a_job_add_up_and_fit_its_state() {
    let get = asked(Operation::Get);
    for (state, drill, of, believed) in [
        ("planned", false, counts(&[("pending", 2)]), true),
        ("planned", false, counts(&[("pending", 1), ("revoked", 1)]), false),
        (
            "awaiting-approval",
            false,
            counts(&[("pending", 1), ("cancelled", 1)]),
            false,
        ),
        ("running", false, counts(&[("pending", 1)]), false),
        (
            "running",
            false,
            counts(&[("pending", 1), ("revoked", u64::MAX)]),
            false,
        ),
        ("done", false, counts(&[("revoked", 1), ("unknown", 1)]), true),
        ("done", false, counts(&[("revoked", 1), ("pending", 1)]), false),
        ("done", false, counts(&[("revoked", 1), ("sending", 1)]), false),
        (
            "cancelled",
            false,
            counts(&[("cancelled", 1), ("sending", 1)]),
            true,
        ),
        (
            "cancelled",
            false,
            counts(&[("cancelled", 1), ("pending", 1)]),
            false,
        ),
        ("done", true, counts(&[("tested", 2)]), true),
        ("done", true, counts(&[("tested", 1), ("revoked", 1)]), false),
        ("done", false, counts(&[("tested", 2)]), false),
    ] {
        let mut body = job();
        body["state"] = json!(state);
        body["drill"] = json!(drill);
        body["counts"] = of;
        assert_eq!(is_believed(&get, &body), believed, "{body}");
    }
}

#[test]
fn an_answer_to_a_change_says_that_it_has_changed() {
    let of = |state: &str| {
        let counts = match state {
            "planned" | "awaiting-approval" => counts(&[("pending", 2)]),
            _ => counts(&[("cancelled", 2)]),
        };
        changed(changed(job(), "state", json!(state)), "counts", counts)
    };
    let states = [
        "planned",
        "awaiting-approval",
        "running",
        "paused",
        "halted",
        "done",
        "cancelled",
    ];
    for (operation, may_be) in [
        (Operation::Start, &states[1..]),
        (Operation::Approve, &states[2..]),
        (Operation::Resume, &states[2..]),
        (Operation::Pause, &states[3..5]),
        (Operation::Cancel, &states[6..]),
        (Operation::Get, &states[..]),
    ] {
        for state in states {
            let question = asked(operation);
            assert_eq!(
                is_believed(&question, &of(state)),
                may_be.contains(&state),
                "{operation:?} {state}"
            );
        }
    }
}

#[test]
fn a_job_that_was_started_is_the_one_that_was_confirmed() {
    let start = |total| {
        let confirmed = Given::Confirmed(Argument::Members(confirmation(total)));
        Question::new(
            Operation::Start,
            text(ID),
            false,
            confirmed,
            &options(Operation::Start, []),
        )
        .unwrap()
    };
    assert!(is_believed(&start(2.0), &job()));
    assert!(!is_believed(&start(3.0), &job()));
    let other = changed(job(), "planHash", json!("0".repeat(64)));
    assert!(!is_believed(&start(2.0), &other));
    assert!(!is_believed(&asked(Operation::Approve), &other));
}

#[test]
fn a_new_job_may_be_any_that_is_one() {
    let plan = crate::client::jobs::plan::Plan {
        plan: given([("orders", Value::Array(1))]),
        reason: None,
        comment: None,
        csv: crate::client::jobs::plan::Csv::None,
        body: Some(wasm_bindgen::JsValue::UNDEFINED),
        bytes: 2,
    };
    let read = options(Operation::Create, [("idempotencyKey", text("key"))]);
    let create = Question::new(
        Operation::Create,
        Value::Undefined,
        false,
        Given::Plan(plan),
        &read,
    )
    .unwrap();
    assert!(is_believed(&create, &job()));
    assert!(!is_believed(&create, &changed(job(), "id", json!("a/b"))));
    // Made is 201, and nothing else.
    let body = job().to_string();
    assert!(
        judge(
            &create,
            &answer(200, JSON, body.as_str()),
            document(body.as_bytes()),
            &[]
        )
        .is_err()
    );
}

#[test]
fn a_list_is_of_what_was_asked_for() {
    let own = [
        ("state", text("running")),
        ("limit", Value::Number(1.0)),
        ("after", Value::Number(5.0)),
    ];
    let list = question(Operation::List, false, own).unwrap();
    assert!(is_believed(&list, &json!({ "jobs": [job()], "next": 4 })));
    assert!(is_believed(&list, &json!({ "jobs": [] })));
    for wrong in [
        json!({ "jobs": [job(), job()] }),
        json!({ "jobs": [changed(job(), "state", json!("paused"))] }),
        json!({ "jobs": [changed(job(), "total", json!(3))] }),
        json!({ "jobs": [], "next": 5 }),
        json!({ "jobs": [], "next": 0 }),
        json!({ "jobs": [], "next": null }),
        json!({ "jobs": {} }),
        json!({}),
    ] {
        assert!(!is_believed(&list, &wrong), "{wrong}");
    }
    let all = asked(Operation::List);
    assert!(is_believed(
        &all,
        &json!({ "jobs": [job(), changed(job(), "state", json!("paused"))], "next": 9 })
    ));
}

#[test]
fn paused_jobs_are_named_by_ids() {
    let all = asked(Operation::PauseAll);
    assert!(is_believed(&all, &json!({ "paused": [ID, "b"] })));
    for wrong in [
        json!({ "paused": ["a/b"] }),
        json!({ "paused": [1] }),
        json!({ "paused": null }),
        json!({}),
    ] {
        assert!(!is_believed(&all, &wrong), "{wrong}");
    }
}

fn row(number: u64) -> Json {
    json!({ "row": number, "orderNumber": "123456", "codeReason": 1, "test": false, "outcome": "revoked", "errorCode": 0, "attempts": 1,
        "settled": false })
}

#[test]
fn rows_come_in_their_order_and_say_what_can_be() {
    let own = [
        ("outcome", text("revoked")),
        ("limit", Value::Number(2.0)),
        ("after", Value::Number(3.0)),
    ];
    let orders = question(Operation::Orders, false, own).unwrap();
    assert!(is_believed(
        &orders,
        &json!({ "orders": [row(4), row(9)], "next": 9 })
    ));
    assert!(is_believed(&orders, &json!({ "orders": [] })));
    for wrong in [
        json!({ "orders": [row(3)] }),
        json!({ "orders": [row(5), row(5)] }),
        json!({ "orders": [row(5), row(4)] }),
        json!({ "orders": [row(4), row(5), row(6)] }),
        json!({ "orders": [row(4)], "next": 3 }),
        json!({ "orders": [row(9)], "next": 8 }),
        json!({ "orders": [], "next": 3 }),
        json!({ "orders": [changed(row(4), "outcome", json!("unknown"))] }),
        json!({ "orders": [changed(row(4), "test", json!(true))] }),
        json!({ "orders": [changed(row(4), "errorCode", json!(-3))] }),
        json!({ "orders": [changed(row(4), "orderNumber", json!("007"))] }),
        json!({ "orders": [changed(row(4), "orderNumber", json!(7))] }),
        json!({ "orders": [changed(row(4), "orderNumber", json!("+7"))] }),
        json!({ "orders": [changed(row(4), "auditSeq", json!(0))] }),
        json!({ "orders": {} }),
    ] {
        assert!(!is_believed(&orders, &wrong), "{wrong}");
    }
    // Where nobody says how many, the edge's own limit holds.
    let all = asked(Operation::Orders);
    let many = |count: u64| json!({ "orders": (1..=count).map(row).collect::<Vec<_>>() });
    assert!(is_believed(&all, &many(10_000)) && !is_believed(&all, &many(10_001)));
}

fn report() -> Json {
    json!({
        "jobId": ID, "state": "done", "drill": false, "generatedAt": "2026-07-29T12:00:00.000Z", "statement": "Done.",
        "total": 8, "revoked": 1, "alreadyRevoked": 1, "alreadyRejected": 1, "tested": 1, "remaining": 1, "failed": 1,
        "unknown": 1, "cancelled": 1, "failures": [{}], "planned": {}, "actual": {},
        "checkpoint": { "seq": 1, "hash": "", "time": "", "ledger": "", "kid": "", "signature": "" },
    })
}

#[test]
fn a_report_is_of_this_job_and_adds_up() {
    let asked = asked(Operation::Report);
    assert!(is_believed(&asked, &report()));
    for (name, wrong) in [
        ("jobId", json!("other")),
        ("total", json!(9)),
        ("revoked", json!(2)),
        ("unknown", json!(0)),
        ("cancelled", json!(u64::MAX)),
        ("checkpoint", json!({})),
        ("checkpoint", json!(null)),
        ("failures", json!([1])),
        ("statement", json!(null)),
    ] {
        assert!(
            !is_believed(&asked, &changed(report(), name, wrong.clone())),
            "{name} {wrong}"
        );
    }
}

/// serde reads a struct of its values in a row, too.
#[test]
fn what_has_names_is_never_a_list_of_values() {
    let question = asked(Operation::Get);
    let of_job = job();
    let counts: Vec<Json> = [
        "pending",
        "sending",
        "revoked",
        "alreadyRevoked",
        "alreadyRejected",
        "tested",
        "refused",
        "unknown",
        "cancelled",
    ]
    .map(|name| of_job["counts"][name].clone())
    .into();
    let time = "2026-07-29T12:00:00.000Z";
    let approval = json!({ "person": "p", "actor": "a", "time": time });
    assert!(is_believed(
        &question,
        &changed(job(), "approvals", json!([approval]))
    ));
    for (name, wrong) in [
        ("counts", json!(counts)),
        ("reasons", json!([1, 0, 0, 0, 0])),
        ("approvals", json!([["p", "a", time]])),
        ("declined", json!(["p", "a", time, "no"])),
    ] {
        let wrong = changed(job(), name, wrong);
        assert!(!is_believed(&question, &wrong), "{wrong}");
    }
    let rows = asked(Operation::Orders);
    let facts = json!({ "names": ["a"], "issuer": "CN=i", "notAfter": time });
    for (name, right, wrong) in [
        ("certificate", facts, json!([["a"], "CN=i", time])),
        ("label", json!("a"), json!(["a"])),
    ] {
        let page = |value| json!({ "orders": [changed(row(1), name, value)] });
        assert!(is_believed(&rows, &page(right)));
        assert!(!is_believed(&rows, &page(wrong)), "{name}");
    }
    let question = asked(Operation::Report);
    for (name, wrong) in [
        ("labels", json!([])),
        ("planned", json!([])),
        ("actual", json!([])),
        ("failures", json!([[]])),
        ("checkpoint", json!([1, "", "", "", "", ""])),
    ] {
        let wrong = changed(report(), name, wrong);
        assert!(!is_believed(&question, &wrong), "{wrong}");
    }
}

#[test]
fn a_report_for_people_is_markdown() {
    let asked = question(Operation::Report, false, [("markdown", Value::Bool(true))]).unwrap();
    for (status, media_type, body) in [
        (202, "text/markdown", "# Report"),
        (200, "text/html", "# Report"),
        (200, "text/markdown", "<html># Report"),
        (200, "text/markdown", ""),
        (200, JSON, "{}"),
    ] {
        let said = answer(status, media_type, body);
        assert_eq!(
            judge(&asked, &said, document(body.as_bytes()), &[])
                .unwrap_err()
                .kind,
            Kind::UnknownOutcome
        );
    }
    let mut redirected = answer(200, "text/markdown", "# Report");
    redirected.head.redirected = true;
    assert!(judge(&asked, &redirected, None, &[]).is_err());
    let not_text = answer(200, "text/markdown", b"# \xff".to_vec());
    assert!(judge(&asked, &not_text, None, &[]).is_err());
}

#[test]
fn no_document_is_an_answer_to_what_streams() {
    for operation in [Operation::Csv, Operation::Watch] {
        assert!(!is_believed(&asked(operation), &job()), "{operation:?}");
    }
}

#[test]
fn what_is_written_twice_anywhere_or_redirected_is_not_believed() {
    let get = asked(Operation::Get);
    let body = job().to_string();
    for twice in [
        body.replacen('{', r#"{"drill":false,"#, 1),
        body.replacen(r#""counts":{"#, r#""counts":{"revoked":1,"#, 1),
        body.replacen(r#""approvals":[]"#, r#""approvals":[{"a":1,"a":1}]"#, 1),
    ] {
        assert_ne!(twice, body);
        assert!(judged(&get, &twice).is_err(), "{twice}");
    }
    let mut redirected = answer(200, JSON, body.as_str());
    redirected.head.redirected = true;
    assert!(judge(&get, &redirected, document(body.as_bytes()), &[]).is_err());
}

#[test]
fn a_problem_is_told_as_what_it_is() {
    let start = asked(Operation::Start);
    let body =
        json!({ "type": "urn:autorevoke:problem:plan-mismatch", "status": 409, "detail": "Another plan." });
    let body = body.to_string();
    let said = answer(409, "application/problem+json", body.as_str());
    let failure = judge(&start, &said, document(body.as_bytes()), &[]).unwrap_err();
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::PlanMismatch, false)
    );
    assert_eq!(
        (failure.message.as_str(), failure.name.as_ref()),
        ("Another plan.", None)
    );
    let failure = judge(&start, &answer(409, "text/html", ""), None, &[]).unwrap_err();
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::UnknownOutcome, true)
    );
    // A drill can have revoked nothing.
    let drill = question(Operation::Start, true, []).unwrap();
    assert!(
        !judge(&drill, &answer(409, "text/html", ""), None, &[])
            .unwrap_err()
            .may_have_revoked
    );
}

fn changes() -> impl Strategy<Value = Vec<u8>> {
    let name = proptest::sample::select(vec![
        "id",
        "state",
        "drill",
        "planHash",
        "total",
        "duplicates",
        "revision",
        "rate",
        "counts",
        "approvals",
    ]);
    let to = proptest::sample::select(vec![
        json!(ID),
        json!("done"),
        json!("planned"),
        json!(true),
        json!(HASH),
        json!(0),
        json!(2),
        json!(-1),
        json!(1.5),
        json!(null),
        json!([]),
        json!({}),
        counts(&[("tested", 2)]),
        counts(&[("revoked", 2)]),
        counts(&[("pending", 2)]),
    ]);
    prop_oneof![
        1 => proptest::collection::vec(any::<u8>(), 0..60),
        4 => proptest::collection::vec((name, to), 0..4).prop_map(|changes| {
            let job = changes.into_iter().fold(job(), |job, (name, to)| changed(job, name, to));
            job.to_string().into_bytes()
        }),
        2 => (any::<proptest::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| {
            let mut body = job().to_string().into_bytes();
            let at = at.index(body.len());
            body[at] = byte;
            body
        }),
    ]
}

proptest! {
    #![proptest_config(crate::client::tests::cases(10_000))]

    #[test]
    fn whatever_comes_a_job_that_is_believed_is_this_one_and_adds_up(body in changes()) {
        let get = asked(Operation::Get);
        let said = answer(200, JSON, body.clone());
        let believed = judge(&get, &said, document(&body), &[]).is_ok();
        prop_assert_eq!(believed, read_job(&body).is_some_and(|job| &*job.id == ID) && document(&body).is_some());
        if believed {
            let job: Json = serde_json::from_slice(&body).unwrap();
            let sum: u64 = job["counts"].as_object().unwrap().values().map(|it| it.as_u64().unwrap()).sum();
            prop_assert_eq!((&job["id"], job["total"].as_u64()), (&json!(ID), Some(sum)));
            prop_assert!(job["drill"] == json!(false) || job["counts"]["revoked"] == json!(0));
        }
    }
}
