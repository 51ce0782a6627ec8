//! Options from Rust: checked by this very runtime, before anything is sent.

use autorevoke::client::Options;
use autorevoke::problem::Kind;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{EDGE, REVOKED, edge, response, revoked};

fn refused(options: Result<Options, autorevoke::client::Failure>, why: &str) {
    let failure = options.err().unwrap_or_else(|| panic!("{why}"));
    assert_eq!((failure.kind, failure.may_have_revoked), (Kind::NotSent, false));
    assert!(failure.message.contains(why), "{failure}");
    assert!(!failure.message.contains("open-sesame"), "{failure}");
}

#[wasm_bindgen_test]
fn an_edge_is_a_url_that_requests_may_go_to() {
    for good in [
        "https://edge.example",
        "HTTPS://EDGE.EXAMPLE/base/",
        "http://localhost:8787",
        "http://sub.localhost/",
        "http://127.1/",
        "http://0x7f.0.0.1/",
        "http://[::1]:8787/",
        "http://[0:0::1]/",
    ] {
        assert!(Options::edge(good).is_ok(), "{good}");
    }
    for (bad, why) in [
        ("", "must be an absolute URL"),
        ("edge.example", "must be an absolute URL"),
        ("/v1", "must be an absolute URL"),
        ("https://", "must be an absolute URL"),
        ("http://edge.example", "must begin with https:"),
        ("http://127.0.0.1.example", "must begin with https:"),
        ("http://localhost.example", "must begin with https:"),
        ("http://localhost@edge.example", "must begin with https:"),
        ("ws://localhost", "must begin with https:"),
        ("javascript:alert(1)", "must begin with https:"),
        (
            "https://open-sesame@edge.example",
            "must have no user name or password",
        ),
        (
            "https://x:open-sesame@edge.example",
            "must have no user name or password",
        ),
        (
            "https://:open-sesame@edge.example",
            "must have no user name or password",
        ),
        ("https://edge.example?", "must have no query"),
        ("https://edge.example/?open-sesame", "must have no query"),
        ("https://edge.example/#", "no fragment"),
    ] {
        refused(Options::edge(bad), why);
    }
}

#[wasm_bindgen_test]
fn each_option_is_checked_when_it_is_given() {
    let edge = || Options::edge(EDGE).unwrap();
    for token in ["", "open-sesame ", "ö", "a\nb"] {
        refused(
            edge().token(token),
            " token must be visible ASCII characters without spaces",
        );
    }
    for milliseconds in [0, 2_147_483_648, u32::MAX] {
        refused(
            edge().timeout_ms(milliseconds),
            " timeout must be a positive number",
        );
    }
    assert!(edge().timeout_ms(2_147_483_647).is_ok());
    for key in [String::new(), "a b".to_owned(), "k".repeat(256)] {
        refused(edge().idempotency_key(key), " idempotencyKey must be 1 to 255");
    }
    assert!(edge().idempotency_key("k".repeat(255)).is_ok());
}

#[wasm_bindgen_test]
async fn options_serve_for_many_calls() {
    let options = edge(&response(200, "application/json", REVOKED));
    for _ in 0..3 {
        assert!(revoked(&options).await.is_ok());
    }
}
