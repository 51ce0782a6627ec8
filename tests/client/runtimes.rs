//! A runtime that lacks something, or refuses it: nothing is sent.

use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{
    REVOKED, assert_not_sent, edge, edge_seen, failed, function, response, revoked, seen, seen_text,
};

/// Replaces a global by this expression, until what stands in `seen.back` is called.
fn replaced(name: &str, by: &str) -> Object {
    let its = Object::new();
    let source = format!(
        "const own = Object.getOwnPropertyDescriptor(globalThis, '{name}');
         seen.back = () => Object.defineProperty(globalThis, '{name}', own);
         Object.defineProperty(globalThis, '{name}', {{ value: {by}, configurable: true }});"
    );
    function(&source, &its).call0(&JsValue::UNDEFINED).unwrap();
    its
}

fn restore(its: &Object) {
    seen(its, "back")
        .unchecked_into::<Function>()
        .call0(&JsValue::UNDEFINED)
        .unwrap();
}

#[wasm_bindgen_test]
async fn what_a_runtime_lacks_or_refuses_is_told_and_nothing_is_sent() {
    for (name, by, why) in [
        ("Request", "undefined", "refused to make the request"),
        (
            "Request",
            "class { constructor() { throw new TypeError('x'); } }",
            "refused to make the request",
        ),
        ("AbortController", "undefined", "AbortController, does not work"),
        (
            "AbortController",
            "class { constructor() { throw 0; } }",
            "AbortController, does not work",
        ),
        ("crypto", "undefined", "gives no random numbers"),
        (
            "crypto",
            "({ getRandomValues() { throw 0; } })",
            "gives no random numbers",
        ),
    ] {
        let sent = Object::new();
        let options = edge_seen("seen.sent = 'yes';", &sent);
        let its = replaced(name, by);
        let failure = failed(&options).await;
        restore(&its);
        assert_not_sent(&failure, name);
        assert!(failure.message.contains(why), "{name} {by}: {failure}");
        assert_eq!(seen_text(&sent, "sent"), None);
        // As good as before.
        assert!(
            revoked(&edge(&response(200, "application/json", REVOKED)))
                .await
                .is_ok()
        );
    }
}

#[wasm_bindgen_test]
async fn the_runtimes_own_fetch_is_taken_as_it_is_when_the_options_are_made() {
    let source = format!("async () => {{ {} }}", response(200, "application/json", REVOKED));
    let its = replaced("fetch", &source);
    let options = autorevoke::client::Options::edge("https://edge.example");
    restore(&its);
    assert!(revoked(&options.unwrap()).await.is_ok());
}

#[wasm_bindgen_test]
async fn without_a_fetch_nothing_is_sent() {
    let its = replaced("fetch", "undefined");
    let options = autorevoke::client::Options::edge("https://edge.example");
    restore(&its);
    assert_not_sent(&failed(&options.unwrap()).await, "no fetch");
}
