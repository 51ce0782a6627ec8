//! Calls that are ended early, by the signal or the timer.

use super::call::{js, revoke};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn aborted_before_anything_is_sent() {
    let options =
        "{ endpoint: 'https://edge.example', signal: AbortSignal.abort('reason'), fetch() { throw 0 } }";
    let ended = revoke("{ orderNumber: '1' }", options).await;
    assert_eq!(
        (ended.kind().as_str(), ended.may_have_revoked()),
        ("aborted", false)
    );
}

#[wasm_bindgen_test]
async fn aborted_while_fetch_works() {
    for reason in ["", "'reason'", "null", "new Error('x')"] {
        let options = ["{ endpoint: 'https://edge.example', ...(() => {
            const controller = new AbortController();
            setTimeout(() => controller.abort(", reason, "), 5);
            return { signal: controller.signal };
        })(), fetch: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) }"]
        .concat();
        let ended = revoke("{ orderNumber: '1' }", &options).await;
        assert_eq!(
            (ended.kind().as_str(), ended.may_have_revoked()),
            ("aborted", true),
            "{reason}"
        );
        let ended = revoke("{ orderNumber: '1', test: true }", &options).await;
        assert_eq!(
            (ended.kind().as_str(), ended.may_have_revoked()),
            ("aborted", false),
            "{reason}"
        );
    }
}

#[wasm_bindgen_test]
async fn the_time_is_up_in_each_phase() {
    let hanging_token =
        "{ endpoint: 'https://edge.example', timeout: 5, token: () => new Promise(() => {}) }";
    let ended = revoke("{ orderNumber: '1' }", hanging_token).await;
    assert_eq!(
        (ended.kind().as_str(), ended.may_have_revoked()),
        ("not-sent", false)
    );
    for fetch in [
        "() => new Promise(() => {})",
        "() => new Response(new ReadableStream())",
    ] {
        let options = [
            "{ endpoint: 'https://edge.example', timeout: 5, fetch: ",
            fetch,
            " }",
        ]
        .concat();
        let ended = revoke("{ orderNumber: '1' }", &options).await;
        assert_eq!(
            (ended.kind().as_str(), ended.may_have_revoked()),
            ("unknown-outcome", true),
            "{fetch}"
        );
    }
}

#[wasm_bindgen_test]
async fn the_callers_signal_is_let_go_of() {
    js("globalThis.listeners = 0");
    let options =
        "{ endpoint: 'https://edge.example', timeout: 5, fetch: () => new Promise(() => {}), signal: {
        aborted: false, addEventListener() { listeners += 1 }, removeEventListener() { listeners -= 1 },
    } }";
    for _ in 0..3 {
        revoke("{ orderNumber: '1' }", options).await;
    }
    assert_eq!(js("listeners"), JsValue::from(0));
}
