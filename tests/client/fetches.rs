//! A replaced `fetch`: whatever it throws, rejects with or gives, the call settles, and nothing is believed but answers.

use autorevoke::protocol::REDACTED;
use js_sys::Object;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{REVOKED, assert_unknown, edge, edge_seen, failed, revoked, seen_text};

/// Of whatever kind: JavaScript can throw any value.
const THROWN: [&str; 14] = [
    "undefined",
    "null",
    "'a string'",
    "''",
    "0",
    "NaN",
    "true",
    "Symbol('s')",
    "1n",
    "({})",
    "Object.create(null)",
    "() => {}",
    "new DOMException('x', 'AbortError')",
    "Object.defineProperty(new Error('x'), 'message', { get() { throw new Error('y'); } })",
];

#[wasm_bindgen_test]
async fn whatever_it_throws_or_rejects_with_the_outcome_is_unknown() {
    for thrown in THROWN {
        for source in [
            format!("throw {thrown};"),
            format!("return Promise.reject({thrown});"),
            format!("return {{ then(_, reject) {{ reject({thrown}); }} }};"),
        ] {
            let failure = failed(&edge(&source)).await;
            assert_unknown(&failure, &source);
            assert!(failure.message.contains("the connection broke"), "{failure}");
        }
    }
}

#[wasm_bindgen_test]
async fn what_it_says_of_itself_is_the_cause() {
    let cause = async |thrown: &str| failed(&edge(&format!("throw {thrown};"))).await.cause.clone();
    let told = cause("new TypeError('fetch failed', { cause: new Error('no route') })")
        .await
        .unwrap();
    assert_eq!(
        (told.name.as_deref(), told.message.as_str()),
        (Some("TypeError"), "fetch failed (no route)")
    );
    assert_eq!(cause("'a string'").await.unwrap().message, "a string");
    for nothing in ["undefined", "null", "0", "({})", "Symbol('s')", "'\\ud800'"] {
        assert!(cause(nothing).await.is_none(), "{nothing}");
    }
    assert_eq!(
        cause("new Error('Bearer open-sesame')").await.unwrap().message,
        REDACTED
    );
    assert_eq!(cause("'open%2Dsesame'").await.unwrap().message, REDACTED);
}

/// An expression that evaluates another in another realm.
const OTHER_REALM: &str = "((source) => {
    if (typeof document === 'undefined') return process.getBuiltinModule('node:vm').runInNewContext(source);
    const frame = document.body.appendChild(document.createElement('iframe'));
    return frame.contentWindow.eval(source);
})";

#[wasm_bindgen_test]
async fn what_another_realm_throws_is_told_as_well() {
    let source = format!("throw {OTHER_REALM}(\"new TypeError('of another realm')\");");
    let failure = failed(&edge(&source)).await;
    assert_unknown(&failure, "another realm");
    let cause = failure.cause.as_ref().unwrap();
    assert_eq!(
        (cause.name.as_deref(), cause.message.as_str()),
        (Some("TypeError"), "of another realm")
    );
    let source = format!("return {OTHER_REALM}(\"Promise.reject('of another realm')\");");
    assert_eq!(
        failed(&edge(&source)).await.cause.as_ref().unwrap().message,
        "of another realm"
    );
}

#[wasm_bindgen_test]
async fn an_answer_of_another_realm_is_an_answer() {
    // Its object, its headers, its bytes.
    let source = format!(
        "return {OTHER_REALM}(`({{ status: 200, headers: new Map([['content-type', 'application/json']]),
            arrayBuffer: async () => new Uint8Array(${{JSON.stringify([...new TextEncoder().encode({REVOKED:?})])}}).buffer }})`);"
    );
    assert_eq!(revoked(&edge(&source)).await.unwrap().audit_seq, Some(7));
    let source = format!(
        "return {OTHER_REALM}(`({{ status: 200, headers: new Map([['content-type', 'application/json']]), body: {{ getReader() {{
            const bytes = new Uint8Array(${{JSON.stringify([...new TextEncoder().encode({REVOKED:?})])}});
            const steps = [{{ done: false, value: bytes }}, {{ done: true }}];
            return {{ read: async () => steps.shift() }};
        }} }} }})`);"
    );
    assert_eq!(revoked(&edge(&source)).await.unwrap().audit_seq, Some(7));
}

#[wasm_bindgen_test]
async fn what_is_no_response_is_none() {
    for given in [
        "undefined",
        "null",
        "'errorCode=0'",
        "200",
        "true",
        "Symbol('s')",
        "({})",
        "[]",
        "() => {}",
        "new Blob(['0'])",
        "({ status: '200', headers: new Headers() })",
        "({ status: 200.5, headers: new Headers() })",
        "({ status: -1, headers: new Headers() })",
        "({ status: 65536, headers: new Headers() })",
        "({ status: 200 })",
        "({ status: 200, headers: null, body: null })",
        "({ status: 200, headers: new Headers(), arrayBuffer: () => '0' })",
        "({ status: 200, headers: new Headers(), arrayBuffer: () => ({ byteLength: -1 }) })",
        "({ status: 200, headers: new Headers(), arrayBuffer: () => ({ byteLength: 1e9 }) })",
        "({ status: 200, headers: new Headers(), arrayBuffer() { throw 1; } })",
        "new Proxy({}, { get(_, name) { if (name !== 'then') throw new Error('hostile'); } })",
        "new Proxy({}, { get() { throw new Error('hostile'); } })",
        "Response.error()",
    ] {
        for source in [
            format!("return {given};"),
            format!("return Promise.resolve({given});"),
        ] {
            assert_unknown(&failed(&edge(&source)).await, &source);
        }
    }
}

#[wasm_bindgen_test]
async fn one_that_calls_it_again_has_a_call_of_its_own() {
    // What `fetch` does before it answers is a call to the same client.
    let seen = Object::new();
    let source = format!(
        "seen.count = String(Number(seen.count ?? 0) + 1); return new Response({REVOKED:?}, {{ headers: {{ 'Content-Type': 'application/json' }} }});"
    );
    let options = edge_seen(&source, &seen);
    let (one, other) = (Box::pin(revoked(&options)), Box::pin(revoked(&options)));
    let (one, other) = (one.await, other.await);
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(seen_text(&seen, "count").as_deref(), Some("2"));
}
