//! Calls that end without an answer.

use super::call::judged;

#[cfg(not(target_arch = "wasm32"))]
use core::prelude::v1::test;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn before_and_after_the_request_has_left() {
    for (event, left, kind, may) in [
        ("aborted", "b0", "saborted", false),
        ("aborted", "b1", "saborted", true),
        ("timed out", "b0", "snot-sent", false),
        ("timed out", "b1", "sunknown-outcome", true),
        ("no deadline", "b0", "snot-sent", false),
        ("no request", "b0", "snot-sent", false),
        ("token failed", "b0", "snot-sent", false),
        ("broken", "b1", "sunknown-outcome", true),
        ("too long", "b1", "sunknown-outcome", true),
        ("no response", "b1", "sunknown-outcome", true),
        ("anything else", "b1", "sunknown-outcome", true),
    ] {
        let revoking = judged("er1", event, &[("call", "left", left)], "");
        assert_eq!(
            (revoking.kind(), revoking.may_have_revoked()),
            (kind, may),
            "{event}"
        );
        assert_eq!(revoking.one("failed", "orderNumber"), "s1");
        for memo in ["et1", "on1", "mn"] {
            let harmless = judged(memo, event, &[("call", "left", left)], "");
            assert_eq!(
                (harmless.kind(), harmless.may_have_revoked()),
                (kind, false),
                "{memo} {event}"
            );
        }
    }
}

#[test]
fn nothing_is_taken_for_harmless() {
    for memo in ["", "?", "??", "e"] {
        assert!(judged(memo, "", &[], "").may_have_revoked(), "{memo}");
    }
}

#[test]
fn what_was_thrown_is_told_by_name_and_message_alone() {
    let thrown = [
        ("thrown", "name", "sTypeError"),
        ("thrown", "message", "sfetch failed"),
        ("thrown", "deeper", "sno route"),
    ];
    let told = judged("er1", "broken", &thrown, "");
    assert_eq!(told.one("cause", "name"), "sTypeError");
    assert_eq!(told.one("cause", "message"), "sfetch failed (no route)");
    let leaking = [
        ("secret", "", "sopen-sesame"),
        ("thrown", "itself", "sOPEN-SESAME?"),
    ];
    let told = judged("er1", "aborted", &leaking, "");
    assert_eq!(
        told.one("cause", "message"),
        "s[withheld: it contained credentials]"
    );
    assert_eq!(told.one("cause", "name"), "");
}
