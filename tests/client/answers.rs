//! Answers of the edge: read as they come, up to a limit, and believed only when everything fits.

use autorevoke::problem::Kind;
use autorevoke::protocol::REDACTED;
use autorevoke::verdict::Outcome;
use js_sys::{Object, Reflect};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{REVOKED, assert_unknown, edge, edge_seen, failed, response, revoked, seen_text};

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// A response whose body gives what these steps say, one after the other.
fn steps(steps: &str) -> String {
    format!(
        "const encode = (text) => new TextEncoder().encode(text);
         const steps = [{steps}];
         const read = async () => {{ seen.reads = String(Number(seen.reads ?? 0) + 1); return steps.shift()(); }};
         const cancel = () => {{ seen.cancelled = 'yes'; return Promise.reject('of no interest'); }};
         return {{ status: 200, headers: new Headers({{ 'Content-Type': 'application/json' }}),
             body: {{ getReader: () => ({{ read, cancel }}) }} }};"
    )
}

#[wasm_bindgen_test]
async fn a_success_is_told_whole() {
    let done = revoked(&edge(&response(200, JSON, REVOKED))).await.unwrap();
    assert_eq!(
        (done.outcome, done.error_code, done.test),
        (Outcome::Revoked, 0, false)
    );
    assert_eq!((done.name.as_str(), done.audit_seq), ("123456", Some(7)));
}

#[wasm_bindgen_test]
async fn an_answer_in_pieces_is_one_answer() {
    let pieces: Vec<_> = REVOKED
        .bytes()
        .map(|byte| format!("() => ({{ done: false, value: new Uint8Array([{byte}]) }})"))
        .collect();
    let seen = Object::new();
    let source = steps(&format!("{}, () => ({{ done: true }})", pieces.join(", ")));
    assert!(revoked(&edge_seen(&source, &seen)).await.is_ok());
    assert_eq!(seen_text(&seen, "cancelled"), None);
    let source = format!(
        "return new Response(new ReadableStream({{ start(to) {{
            for (const byte of new TextEncoder().encode({REVOKED:?})) to.enqueue(new Uint8Array([byte]));
            to.close();
        }} }}), {{ headers: {{ 'Content-Type': 'application/json' }} }});"
    );
    assert!(revoked(&edge(&source)).await.is_ok());
}

#[wasm_bindgen_test]
async fn an_answer_without_a_stream_is_read_as_a_whole() {
    let source = format!(
        "return {{ status: 200, headers: new Headers({{ 'Content-Type': 'application/json' }}),
            arrayBuffer: async () => new TextEncoder().encode({REVOKED:?}).buffer }};"
    );
    assert!(revoked(&edge(&source)).await.is_ok());
    let source = source.replace("encode(", "encode(' '.repeat(2 ** 21) + ");
    assert!(
        failed(&edge(&source))
            .await
            .message
            .contains("the answer was too long")
    );
}

#[wasm_bindgen_test]
async fn an_answer_that_is_too_long_is_not_read_to_its_end() {
    let seen = Object::new();
    let source = steps("...Array(10_000).fill(() => ({ done: false, value: encode(' '.repeat(65536)) }))");
    let failure = failed(&edge_seen(&source, &seen)).await;
    assert_unknown(&failure, "too long");
    assert!(failure.message.contains("the answer was too long"), "{failure}");
    assert_eq!(seen_text(&seen, "cancelled").as_deref(), Some("yes"));
    assert!(seen_text(&seen, "reads").unwrap().parse::<u32>().unwrap() < 100);
}

#[wasm_bindgen_test]
async fn a_stream_that_breaks_or_gives_no_bytes_is_no_answer() {
    let first = format!("() => ({{ done: false, value: encode({REVOKED:?}) }})");
    for step in [
        "() => Promise.reject()",
        "() => Promise.reject('a string')",
        "() => { throw null; }",
        "() => undefined",
        "() => ({})",
        "() => ({ done: 1 })",
        "() => ({ done: false })",
        "() => ({ done: false, value: '0' })",
        "() => ({ done: false, value: [48] })",
        "() => ({ done: false, value: new Uint16Array([48]) })",
        "() => ({ done: false, value: new DataView(new ArrayBuffer(1)) })",
        "() => ({ done: false, value: { byteLength: 1, length: 1 } })",
    ] {
        let seen = Object::new();
        let failure = failed(&edge_seen(&steps(&format!("{first}, {step}")), &seen)).await;
        assert_unknown(&failure, step);
        assert_eq!(seen_text(&seen, "cancelled").as_deref(), Some("yes"), "{step}");
    }
    // As long as its bytes, and yet none.
    let alike = format!(
        "() => ({{ done: false, value: Object.assign([...encode({REVOKED:?})], {{ byteLength: {} }}) }}), \
         () => ({{ done: true }})",
        REVOKED.len()
    );
    assert_unknown(&failed(&edge(&steps(&alike))).await, "an array");
    let no_reader = steps("").replace("getReader: () => ({ read, cancel })", "getReader() { throw 0; }");
    assert_unknown(&failed(&edge(&no_reader)).await, "getReader");
}

#[wasm_bindgen_test]
async fn what_is_not_the_edges_is_not_believed() {
    let redirected = format!(
        "return Object.defineProperty(new Response({REVOKED:?}, {{ headers: {{ 'Content-Type': 'application/json' }} }}),
            'redirected', {{ value: true }});"
    );
    for source in [
        response(200, "text/html", "<html>Log in</html>"),
        response(200, "text/html", REVOKED),
        response(201, JSON, REVOKED),
        response(500, JSON, REVOKED),
        response(200, JSON, ""),
        response(200, JSON, "null"),
        response(200, JSON, "[]"),
        response(200, JSON, &REVOKED.replace("123456", "123457")),
        response(
            200,
            JSON,
            &REVOKED.replace("\"errorCode\":0", "\"errorCode\":\"0\""),
        ),
        response(200, JSON, &REVOKED.replace('{', r#"{"test":true,"#)),
        // A member that is the object's own all the same.
        response(
            200,
            JSON,
            &REVOKED.replace('{', r#"{"__proto__":{},"__proto__":{},"#),
        ),
        response(200, JSON, &REVOKED.replace("revoked", "\\ud800")),
        redirected,
    ] {
        let failure = failed(&edge(&source)).await;
        assert_unknown(&failure, &source);
        assert!(failure.message.contains("not from the edge"), "{failure}");
        assert!(failure.problem.is_undefined());
    }
}

#[wasm_bindgen_test]
async fn a_problem_of_the_edge_is_told_with_its_document() {
    let body =
        r#"{"type":"urn:autorevoke:problem:forbidden","status":403,"detail":"Not yours.","more":{"a":[1]}}"#;
    let failure = failed(&edge(&response(403, PROBLEM, body))).await;
    assert_eq!((failure.kind, failure.may_have_revoked), (Kind::Forbidden, false));
    assert_eq!(
        (failure.message.as_str(), failure.status),
        ("Not yours.", Some(403))
    );
    let more = Reflect::get(&failure.problem, &"more".into()).unwrap();
    assert!(more.is_object());
}

#[wasm_bindgen_test]
async fn a_header_that_says_when_to_come_again_is_told() {
    let body = r#"{"type":"urn:autorevoke:problem:rate-limited","status":429}"#;
    for (header, expected) in [
        ("30", Some(30)),
        ("soon", None),
        ("-1", None),
        ("99999999999", None),
    ] {
        let source = response(429, PROBLEM, body).replace(
            "'Content-Type'",
            &format!("'Retry-After': '{header}', 'Content-Type'"),
        );
        assert_eq!(failed(&edge(&source)).await.retry_after, expected, "{header}");
    }
}

#[wasm_bindgen_test]
async fn a_problem_that_repeats_the_token_keeps_its_texts_to_itself() {
    for repeated in ["open-sesame", "OPEN-SESAME", "open%2Dsesame", "open\\u002dsesame"] {
        let body = format!(
            r#"{{"type":"urn:autorevoke:problem:invalid-order","status":422,"detail":"Bearer {repeated}","fields":{{"x":"{repeated}"}}}}"#
        );
        let failure = failed(&edge(&response(422, PROBLEM, &body))).await;
        assert_eq!(
            (failure.kind, failure.message.as_str()),
            (Kind::InvalidOrder, REDACTED)
        );
        assert!(
            failure.fields.is_empty() && failure.problem.is_undefined(),
            "{repeated}"
        );
    }
}
