//! What is asked of the audit log, and what can be an answer to it.

use super::{EDGE, answer, document, is_document, text, through_edge};
use crate::client::audit::question;
use crate::client::belief;
use crate::client::call::{Call, Operation, Subject};
use crate::client::options::Asked;
use crate::client::page::{MAX_PAGE_BYTES, Page};
use crate::client::value::Value;
use crate::problem::Kind;
use crate::protocol::MAX_ANSWER_BYTES;

fn is_believed(operation: Operation, body: &str) -> bool {
    let call = Call::reading(operation, Subject::None);
    let answer = answer(200, "application/json", body);
    match belief::document(&call, &answer, document(body.as_bytes()), &[]) {
        Ok(value) => is_document(value),
        Err(failure) => {
            assert_eq!(
                (failure.kind, failure.may_have_revoked),
                (Kind::UnknownOutcome, false)
            );
            false
        }
    }
}

#[test]
fn a_page_is_asked_for_in_the_query() {
    let options = through_edge(Operation::AuditList).options;
    let mut asked = Asked::default();
    let (_, outgoing) = question(Operation::AuditList, &asked, &options);
    assert_eq!(outgoing.url, [EDGE, "/v1/audit"].concat());
    asked.page = Page::default();
    asked.page.take("after", &Value::Number(3.0)).unwrap();
    asked.page.take("limit", &Value::Number(10_000.0)).unwrap();
    assert!(asked.page.take("limit", &text("5")).is_err());
    let (call, outgoing) = question(Operation::AuditList, &asked, &options);
    assert_eq!(outgoing.url, [EDGE, "/v1/audit?after=3&limit=10000"].concat());
    assert_eq!(outgoing.answer_limit, MAX_PAGE_BYTES);
    assert!(!call.may_have_revoked());
    let (_, outgoing) = question(Operation::AuditHead, &asked, &options);
    assert_eq!(outgoing.url, [EDGE, "/v1/audit/head"].concat());
    assert_eq!(outgoing.answer_limit, MAX_ANSWER_BYTES);
}

#[test]
fn filters_are_asked_for_in_the_query() {
    let taken = |operation, options: Vec<(&str, Value)>| {
        let mut asked = Asked::default();
        for (name, value) in options {
            asked.filter.take(operation, name, value).unwrap();
        }
        let (call, outgoing) = question(operation, &asked, &through_edge(operation).options);
        assert!(!call.may_have_revoked());
        outgoing.url.strip_prefix(EDGE).unwrap().to_owned()
    };
    let entries = vec![
        ("order", Value::Number(12.0)),
        ("actor", text("key:a b")),
        ("action", text("revoke")),
        ("job", text("job_1")),
    ];
    let url = "/v1/audit?order=12&actor=key%3Aa+b&action=revoke&job=job_1";
    assert_eq!(taken(Operation::AuditList, entries), url);
    assert_eq!(
        taken(Operation::AuditList, vec![("order", text("12"))]),
        "/v1/audit?order=12"
    );
    assert_eq!(taken(Operation::OrderList, vec![]), "/v1/orders");
    assert_eq!(
        taken(Operation::OrderList, vec![("state", text("unknown"))]),
        "/v1/orders?state=unknown"
    );
    let mut asked = Asked::default();
    for (operation, name, value) in [
        (Operation::OrderList, "state", text("tested")),
        (Operation::OrderList, "order", text("1")),
        (Operation::AuditList, "state", text("unknown")),
        (Operation::AuditList, "order", Value::Number(0.0)),
        (Operation::AuditList, "order", Value::Bool(true)),
        (Operation::AuditList, "actor", Value::Number(1.0)),
    ] {
        assert!(asked.filter.take(operation, name, value).is_err(), "{name}");
    }
}

#[test]
fn a_part_of_the_orders_has_orders_and_maybe_a_next() {
    for (body, believed) in [
        (r#"{"orders":[]}"#, true),
        (r#"{"orders":[{}],"next":1}"#, true),
        (r#"{"orders":[],"next":0}"#, false),
        (r#"{"entries":[]}"#, false),
    ] {
        assert_eq!(is_believed(Operation::OrderList, body), believed, "{body}");
    }
}

#[test]
fn a_part_of_the_log_has_entries_and_maybe_a_next() {
    for (body, believed) in [
        (r#"{"entries":[]}"#, true),
        (r#"{"entries":[{}],"next":1}"#, true),
        (r#"{"entries":[],"next":0}"#, false),
        (r#"{"entries":[],"next":1.5}"#, false),
        (r#"{"entries":[],"next":null}"#, false),
        (r#"{"entries":{}}"#, false),
        (r#"{"entries":[],"entries":[]}"#, false),
        (r#"{}"#, false),
        (r#"[]"#, false),
        (r#"null"#, false),
    ] {
        assert_eq!(is_believed(Operation::AuditList, body), believed, "{body}");
    }
}

#[test]
fn a_head_has_all_that_is_signed() {
    let right = serde_json::json!({
        "seq": 1, "hash": "", "time": "", "ledger": "", "kid": "", "signature": "",
    });
    assert!(is_believed(Operation::AuditHead, &right.to_string()));
    for name in ["seq", "hash", "time", "ledger", "kid", "signature"] {
        for wrong in [
            serde_json::json!(null),
            serde_json::json!(0),
            serde_json::json!([]),
        ] {
            let mut head = right.clone();
            head[name] = wrong;
            assert!(!is_believed(Operation::AuditHead, &head.to_string()), "{name}");
            head.as_object_mut().unwrap().remove(name);
            assert!(!is_believed(Operation::AuditHead, &head.to_string()), "{name}");
        }
    }
}
