//! Settling an order: a probe changes nothing, sending it again may.

use super::call::{EDGE, NO_PASSWORD, Told, judged, number, planned};

#[cfg(not(target_arch = "wasm32"))]
use core::prelude::v1::test;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn settle(option: (&str, &str)) -> Told {
    let mut given = EDGE.to_vec();
    given[0] = ("call", "operation", "ssettle");
    given.extend([
        NO_PASSWORD,
        ("order", "orderNumber", "s7"),
        ("options", option.0, option.1),
    ]);
    planned(&given)
}

#[test]
fn only_resending_can_revoke() {
    for (resend, memo, body) in [("b0", "sst7", "s{}"), ("b1", "ssr7", r#"s{"resend":true}"#)] {
        let told = settle(("resend", resend));
        assert_eq!(told.one("call", "memo"), memo);
        assert_eq!(
            told.one("call", "url"),
            "shttps://edge.example/base/v1/orders/7/settle"
        );
        assert_eq!(
            (told.one("request", "method"), told.one("request", "body")),
            ("sPOST", body)
        );
        assert_eq!(told.one("headers", "Idempotency-Key"), "");
    }
    assert_eq!(settle(("resend", "strue")).kind(), "snot-sent");
    assert_eq!(settle(("idempotencyKey", "sk")).kind(), "snot-sent");
}

#[test]
fn what_is_not_answered_may_have_revoked_if_it_was_sent_again() {
    for (memo, may) in [("st7", false), ("sr7", true)] {
        for event in ["broken", "timed out", "too long", "anything"] {
            let told = judged(memo, event, &[("call", "left", "b1")], "");
            assert_eq!((told.kind(), told.may_have_revoked()), ("sunknown-outcome", may));
        }
    }
}

#[test]
fn what_the_edge_says_of_the_order_is_believed() {
    let status = number(409.0);
    for memo in ["st7", "sr7"] {
        for (says, may) in [("b1", true), ("b0", false)] {
            let facts = [
                ("answer", "status", status.as_str()),
                ("answer", "redirected", "b0"),
                ("answer", "content-type", "sapplication/problem+json"),
                ("answer", "document", "o"),
                ("document", "type", "surn:autorevoke:problem:in-progress"),
                ("document", "status", status.as_str()),
                ("document", "mayHaveRevoked", says),
            ];
            let told = judged(memo, "answered", &facts, r#"{"a":1,"b":2,"c":3}"#);
            assert_eq!((told.kind(), told.may_have_revoked()), ("sin-progress", may));
        }
    }
}
