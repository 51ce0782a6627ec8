//! A token, or a function that gives one: what cannot be one is never sent.

use js_sys::Object;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{REVOKED, assert_not_sent, edge_seen, failed, function, response, revoked, seen_text};

/// Notes who asked, and answers.
fn noting() -> String {
    let note = "seen.sent = (seen.sent ?? '') + request.headers.get('authorization') + ';';";
    [note, &response(200, "application/json", REVOKED)].concat()
}

#[wasm_bindgen_test]
async fn a_function_is_called_for_each_request() {
    let seen = Object::new();
    for body in [
        "return 'token-' + (seen.at = (seen.at ?? 0) + 1);",
        "return Promise.resolve('token-' + (seen.at = (seen.at ?? 0) + 1));",
        "return { then: (resolve) => resolve('token-' + (seen.at = (seen.at ?? 0) + 1)) };",
    ] {
        let options = edge_seen(&noting(), &seen)
            .token_function(function(body, &seen))
            .unwrap();
        revoked(&options).await.unwrap();
    }
    assert_eq!(
        seen_text(&seen, "sent").as_deref(),
        Some("Bearer token-1;Bearer token-2;Bearer token-3;")
    );
}

#[wasm_bindgen_test]
async fn a_function_that_fails_sends_nothing_and_is_the_cause() {
    for thrown in [
        "undefined",
        "null",
        "'a string'",
        "0",
        "Symbol()",
        "({})",
        "new Error('no session')",
    ] {
        for body in [
            format!("throw {thrown};"),
            format!("return Promise.reject({thrown});"),
        ] {
            let seen = Object::new();
            let options = edge_seen(&noting(), &seen)
                .token_function(function(&body, &seen))
                .unwrap();
            let failure = failed(&options).await;
            assert_not_sent(&failure, &body);
            assert!(failure.message.contains("the token function failed"), "{failure}");
            assert_eq!(seen_text(&seen, "sent"), None, "{body}");
            let cause = failure.cause.as_ref().map(|it| it.message.as_str());
            assert_eq!(cause == Some("no session"), thrown.contains("no session"));
        }
    }
}

#[wasm_bindgen_test]
async fn a_function_that_gives_no_token_sends_nothing_and_is_not_quoted() {
    for given in [
        "undefined",
        "null",
        "''",
        "'open-sesame '",
        "'open-sesame\\r\\nX-Header: 1'",
        "'öpen'",
        "'\\ud800'",
        "7",
        "true",
        "({ toString: () => 'open-sesame' })",
        "new String('open-sesame')",
        "['open-sesame']",
        "() => 'open-sesame'",
        "Symbol('open-sesame')",
    ] {
        let seen = Object::new();
        let token = function(&format!("return {given};"), &seen);
        let failure = failed(&edge_seen(&noting(), &seen).token_function(token).unwrap()).await;
        assert_not_sent(&failure, given);
        assert!(
            failure.message.contains("the token function gave no string"),
            "{failure}"
        );
        assert_eq!(seen_text(&seen, "sent"), None, "{given}");
    }
}
