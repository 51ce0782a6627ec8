//! Orders and options with faults: named, and nothing is sent.

use super::call::{EDGE, NO_PASSWORD, judged, number, planned, revoke};

#[cfg(not(target_arch = "wasm32"))]
use core::prelude::v1::test;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn every_fault_of_an_order_is_named_at_once() {
    let (two, minus_one) = (number(2.0), number(-1.0));
    let told = revoke(&[
        NO_PASSWORD,
        ("order", "orderNumber", "s007"),
        ("order", "codeReason", &two),
        ("order", "productCode", "m3"),
        ("order", "product", &minus_one),
        ("order", "test", "sy"),
        ("order", "nonsense\u{1f}", "x"),
    ]);
    assert_eq!((told.kind(), told.may_have_revoked()), ("sinvalid-order", false));
    for name in [
        "orderNumber",
        "codeReason",
        "productCode",
        "product",
        "test",
        "nonsense\u{fffd}",
    ] {
        assert_ne!(told.one("fields", name), "", "{name}");
    }
}

#[test]
fn every_fault_of_the_options_is_named_at_once() {
    let zero = number(0.0);
    let told = revoke(&[
        ("order", "orderNumber", "s1"),
        ("options", "timeout", &zero),
        ("options", "token", "sa b"),
        ("options", "signal", "o"),
        ("options", "retries", &zero),
    ]);
    assert_eq!((told.kind(), told.may_have_revoked()), ("snot-sent", false));
    for name in ["endpoint", "timeout", "token", "signal", "retries"] {
        assert!(
            told.one("failed", "message").contains(&format!(" {name} ")),
            "{name}"
        );
    }
}

#[test]
fn credentials_are_refused_where_there_is_a_page() {
    let page = |allowed| {
        planned(&[
            ("call", "operation", "srevoke"),
            ("call", "order", "o"),
            ("call", "options", "o"),
            ("call", "document", "o"),
            ("call", "credentials", "o"),
            ("order", "orderNumber", "s1"),
            ("options", "credentials", "o"),
            ("options", "dangerouslyAllowBrowser", allowed),
            ("credentials", "loginName", "sname"),
            ("credentials", "loginPassword", "shunter2"),
        ])
    };
    let told = page("b0");
    assert_eq!(told.kind(), "snot-sent");
    assert!(told.one("failed", "message").contains("dangerouslyAllowBrowser"));
    assert!(!told.one("failed", "message").contains("hunter2"));
    assert_eq!(page("b1").one("request", "credentials"), "somit");
}

#[test]
fn a_token_function_that_fails_sends_nothing() {
    for token in ["sa b", "s", "u", "m1", "x"] {
        let told = judged(
            "er1",
            "token",
            &[("token", "", token), ("call", "left", "b0")],
            "",
        );
        assert_eq!(
            (told.kind(), told.may_have_revoked()),
            ("snot-sent", false),
            "{token}"
        );
    }
    let told = judged("er1", "token", &[("token", "", "stoken")], "");
    assert_eq!(told.one("headers", "Authorization"), "sBearer token");
}

#[test]
fn an_order_that_is_no_object_or_comes_without_anything() {
    let mut given = EDGE.to_vec();
    given[1].2 = "u";
    assert_eq!(planned(&given).one("fields", "order"), "smust be an object");
    assert_eq!(planned(&[]).kind(), "sinvalid-order");
}
