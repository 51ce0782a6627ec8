//! What goes out to the edge: one request, as the protocol says, once.

use autorevoke::client::revoke;
use autorevoke::protocol::{CodeReason, Draft};
use js_sys::Object;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{REVOKED, TOKEN, edge_seen, order, response, revoked, seen_text, settled, test_order};

const NOTE: &str = "\
    seen.count = String(Number(seen.count ?? 0) + 1);\
    seen.method = request.method; seen.url = request.url; seen.redirect = request.redirect;\
    seen.signal = String(request.signal.aborted);\
    for (const [name, value] of request.headers) seen[name] = value;\
    seen.keys = (seen.keys ?? '') + request.headers.get('idempotency-key') + ' ';\
    return request.text().then((body) => { seen.body = body; ";

fn noting(answer: &str) -> String {
    [NOTE, answer, "});"].concat()
}

#[wasm_bindgen_test]
async fn an_order_goes_out_as_json_with_the_token_and_a_key() {
    let seen = Object::new();
    let options = edge_seen(&noting(&response(200, "application/json", REVOKED)), &seen);
    let order = Draft {
        order_number: "123456".into(),
        code_reason: CodeReason::KeyCompromise,
        revocation_reason: "a \"b\"\n\\€".into(),
        product: Some(9_007_199_254_740_991),
        ..Draft::default()
    };
    settled(revoke(&order.check().unwrap(), &options)).await.unwrap();
    let text = |name| seen_text(&seen, name).unwrap_or_default();
    assert_eq!(text("count"), "1");
    assert_eq!(
        (text("method"), text("redirect"), text("signal")),
        ("POST".into(), "manual".into(), "false".into())
    );
    assert_eq!(text("url"), "https://edge.example/base/v1/revocations");
    assert_eq!(text("authorization"), ["Bearer ", TOKEN].concat());
    assert_eq!(text("content-type"), "application/json");
    assert_eq!(text("accept"), "application/json, application/problem+json");
    assert_eq!(
        text("body"),
        r#"{"orderNumber":"123456","codeReason":1,"revocationReason":"a \"b\"\n\\€","product":9007199254740991,"test":false}"#
    );
    let key = text("idempotency-key");
    assert!(
        key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit()),
        "{key}"
    );
}

#[wasm_bindgen_test]
async fn paths_stand_below_the_edge_however_it_was_named() {
    let seen = Object::new();
    let options = edge_seen(&noting(&response(200, "application/json", REVOKED)), &seen);
    let options = options.endpoint("https://other.example/base//").unwrap();
    revoked(&options).await.unwrap();
    assert_eq!(
        seen_text(&seen, "url").as_deref(),
        Some("https://other.example/base/v1/revocations")
    );
}

#[wasm_bindgen_test]
async fn each_call_has_a_fresh_key_or_the_one_that_was_given() {
    let seen = Object::new();
    let source = noting(&response(200, "application/json", REVOKED));
    let options = edge_seen(&source, &seen);
    revoked(&options).await.unwrap();
    revoked(&options).await.unwrap();
    let options = options.idempotency_key("my-key").unwrap();
    revoked(&options).await.unwrap();
    let keys = seen_text(&seen, "keys").unwrap();
    let keys: Vec<_> = keys.split_whitespace().collect();
    assert_eq!((keys.len(), keys[2]), (3, "my-key"));
    assert_ne!(keys[0], keys[1]);
}

#[wasm_bindgen_test]
async fn a_test_says_so_and_is_told_as_one() {
    let seen = Object::new();
    let tested = REVOKED.replace("revoked", "tested").replace("false", "true");
    let options = edge_seen(&noting(&response(200, "application/json", &tested)), &seen);
    let done = settled(revoke(&test_order(), &options)).await.unwrap();
    assert!(done.test && seen_text(&seen, "body").unwrap().contains(r#""test":true"#));
    // The same answer to what was to revoke is none.
    assert!(
        settled(revoke(&order(), &options))
            .await
            .unwrap_err()
            .may_have_revoked
    );
}
