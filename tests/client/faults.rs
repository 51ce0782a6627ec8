//! Orders and options with faults: named, and nothing is sent.

use super::call::{js, revoke};
use wasm_bindgen_test::wasm_bindgen_test;

/// A `fetch` that must not be called.
const NEVER: &str = "fetch() { throw new Error('sent'); }";

#[wasm_bindgen_test]
async fn every_fault_of_an_order_is_named_at_once() {
    let options = ["{ endpoint: 'https://edge.example', ", NEVER, " }"].concat();
    let order = "{ orderNumber: '007', codeReason: 2, productCode: 'x'.repeat(51), product: -1, test: 'y', nonsense: 1 }";
    let ended = revoke(order, &options).await;
    assert_eq!(ended.kind(), "invalid-order");
    assert!(!ended.may_have_revoked());
    let fields = ended.member("fields");
    for name in [
        "orderNumber",
        "codeReason",
        "productCode",
        "product",
        "test",
        "nonsense",
    ] {
        assert!(
            fields.contains(&["\"", name, "\":"].concat()),
            "{name} in {fields}"
        );
    }
}

#[wasm_bindgen_test]
async fn every_fault_of_the_options_is_named_at_once() {
    let options = [
        "{ endpoint: 'http://edge.example', timeout: 0, token: 'a b', signal: {}, retries: 2, ",
        NEVER,
        " }",
    ]
    .concat();
    let ended = revoke("{ orderNumber: '1' }", &options).await;
    assert_eq!(ended.kind(), "not-sent");
    assert!(!ended.may_have_revoked());
    let message = ended.member("message");
    for name in ["endpoint", "timeout", "token", "signal", "retries"] {
        assert!(
            message.contains(&[" ", name, " "].concat()),
            "{name} in {message}"
        );
    }
}

#[wasm_bindgen_test]
async fn credentials_are_refused_where_there_is_a_page() {
    let options = [
        "{ credentials: { loginName: 'name', loginPassword: 'hunter2' }, ",
        NEVER,
        " }",
    ]
    .concat();
    let ended = revoke("{ orderNumber: '1' }", &options).await;
    if js("typeof document === 'object'").is_truthy() {
        assert_eq!(ended.kind(), "not-sent");
        assert!(ended.member("message").contains("dangerouslyAllowBrowser"));
    } else {
        assert_eq!(ended.kind(), "unknown-outcome");
    }
    assert!(!ended.member("message").contains("hunter2"));
}

#[wasm_bindgen_test]
async fn a_direct_call_of_a_page_sends_no_cookies_and_follows_no_redirect() {
    let options =
        "{ credentials: { loginName: 'name', loginPassword: 'pass' }, dangerouslyAllowBrowser: true,
        fetch: async ({ credentials, redirect }) => {
            const expected = typeof document === 'object' ? 'omit' : 'same-origin';
            return new Response(credentials === expected && redirect === 'manual' ? '0\\n' : '-1\\n');
        } }";
    assert!(revoke("{ orderNumber: '1' }", options).await.done);
}

#[wasm_bindgen_test]
async fn a_token_function_that_fails_sends_nothing() {
    for token in [
        "() => { throw 'x' }",
        "() => Promise.reject(undefined)",
        "() => 'a b'",
        "async () => 1",
    ] {
        let options = [
            "{ endpoint: 'https://edge.example', token: ",
            token,
            ", ",
            NEVER,
            " }",
        ]
        .concat();
        let ended = revoke("{ orderNumber: '1' }", &options).await;
        assert_eq!(ended.kind(), "not-sent", "{token}");
        assert!(!ended.may_have_revoked());
    }
}
