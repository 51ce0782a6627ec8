//! What is believed of an answer of the edge, and what is not.

use super::call::{Entry, Told, judged, number};

#[cfg(not(target_arch = "wasm32"))]
use core::prelude::v1::test;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A call for order 123456 that is answered with this document, of these members.
fn answered(status: f64, content_type: &str, document: &[(&str, &str)], body: &str) -> Told {
    let (status, content_type) = (number(status), format!("s{content_type}"));
    let mut facts: Vec<Entry<'_>> = vec![
        ("answer", "status", &status),
        ("answer", "redirected", "b0"),
        ("answer", "content-type", &content_type),
        ("answer", "document", "o"),
        ("secret", "", "stoken-of-mine"),
    ];
    facts.extend(document.iter().map(|(name, value)| ("document", *name, *value)));
    judged("er123456", "answered", &facts, body)
}

const BODY: &str = r#"{"orderNumber":"123456","outcome":"revoked","errorCode":0,"test":false}"#;

fn disbelieved(told: &Told) -> bool {
    (
        told.kind(),
        told.may_have_revoked(),
        told.one("failed", "problem"),
    ) == ("sunknown-outcome", true, "")
}

#[test]
fn only_the_edges_own_success_for_this_order_is_a_success() {
    let zero = number(0.0);
    let right = [
        ("orderNumber", "s123456"),
        ("outcome", "srevoked"),
        ("errorCode", zero.as_str()),
        ("test", "b0"),
    ];
    let told = answered(200.0, "Application/JSON; charset=utf-8", &right, BODY);
    assert_eq!(
        (told.one("done", "outcome"), told.one("done", "errorCode")),
        ("srevoked", "n0")
    );
    for (at, value) in [
        (0, "s123457"),
        (1, "stested"),
        (1, "sdone"),
        (2, "s0"),
        (3, "b1"),
        (3, "u"),
    ] {
        let mut wrong = right;
        wrong[at].1 = value;
        assert!(
            disbelieved(&answered(200.0, "application/json", &wrong, BODY)),
            "{at} {value}"
        );
    }
    assert!(disbelieved(&answered(201.0, "application/json", &right, BODY)));
    assert!(disbelieved(&answered(200.0, "text/html", &right, BODY)));
    // Written twice: the runtime's parser kept one of them.
    let twice = BODY.replacen('{', "{\"test\":true,", 1);
    assert!(disbelieved(&answered(200.0, "application/json", &right, &twice)));
}

#[test]
fn a_problem_is_believed_only_when_it_is_well_formed() {
    let (status, other) = (number(403.0), number(401.0));
    let body = r#"{"type":"...","status":403,"detail":"Not yours."}"#;
    let problem = |kind, status| {
        let right = [("type", kind), ("status", status), ("detail", "sNot yours.")];
        answered(403.0, "application/problem+json", &right, body)
    };
    let told = problem("surn:autorevoke:problem:forbidden", &status);
    assert_eq!((told.kind(), told.may_have_revoked()), ("sforbidden", false));
    assert_eq!(
        (told.one("failed", "message"), told.one("failed", "problem")),
        ("sNot yours.", "d")
    );
    assert!(disbelieved(&problem("surn:autorevoke:problem:verboten", &status)));
    assert!(disbelieved(&problem("surn:autorevoke:problem:forbidden", &other)));
}

#[test]
fn an_unknown_outcome_may_come_with_any_refusal() {
    let status = number(502.0);
    for (code, believed) in [
        (-14.0, true),
        (-3.0, true),
        (-21.0, true),
        (0.0, false),
        (21.0, false),
    ] {
        let code = number(code);
        let document = [
            ("type", "surn:autorevoke:problem:unknown-outcome"),
            ("status", status.as_str()),
            ("errorCode", code.as_str()),
        ];
        let told = answered(
            502.0,
            "application/problem+json",
            &document,
            r#"{"a":1,"b":2,"c":3}"#,
        );
        assert!(told.may_have_revoked());
        assert_eq!(told.one("failed", "problem") == "d", believed, "{code}");
    }
}

#[test]
fn what_repeats_the_token_is_not_repeated() {
    let status = number(403.0);
    let document = [
        ("type", "surn:autorevoke:problem:forbidden"),
        ("status", status.as_str()),
        ("detail", "stoken-of-mine"),
    ];
    let body = r#"{"a":1,"b":2,"c":"token%2Dof%2Dmine"}"#;
    let told = answered(403.0, "application/problem+json", &document, body);
    assert_eq!((told.kind(), told.one("failed", "problem")), ("sforbidden", ""));
    assert_eq!(
        told.one("failed", "message"),
        "s[withheld: it contained credentials]"
    );
}
