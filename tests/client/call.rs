//! Says what JavaScript would say of a call, and reads what it would be told.

use autorevoke::client::{judge, plan};

#[cfg(not(target_arch = "wasm32"))]
use core::prelude::v1::test;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Scope, name and value.
pub type Entry<'a> = (&'a str, &'a str, &'a str);

/// What was told.
pub struct Told(Vec<(String, String, String)>);

impl Told {
    fn read(text: &str) -> Told {
        let parts: Vec<&str> = text.split('\u{1f}').collect();
        let entries = parts.chunks_exact(3);
        assert_eq!(entries.remainder(), [""], "{text:?}");
        Told(
            entries
                .map(|it| (it[0].to_owned(), it[1].to_owned(), it[2].to_owned()))
                .collect(),
        )
    }

    /// A value with its letter; empty where there is none.
    pub fn one(&self, scope: &str, name: &str) -> &str {
        let found = self.0.iter().find(|(its, it, _)| its == scope && it == name);
        found.map_or("", |(_, _, value)| value)
    }

    pub fn has(&self, scope: &str) -> bool {
        self.0.iter().any(|(its, _, _)| its == scope)
    }

    pub fn kind(&self) -> &str {
        self.one("failed", "kind")
    }

    pub fn may_have_revoked(&self) -> bool {
        assert!(self.has("failed"));
        self.one("failed", "mayHaveRevoked") == "b1"
    }
}

/// A number as it crosses.
pub fn number(number: f64) -> String {
    format!("n{}", number.to_bits())
}

fn bytes(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in entries
        .iter()
        .flat_map(|(scope, name, value)| [scope, name, value])
    {
        bytes.extend_from_slice(part.as_bytes());
        bytes.push(0xff);
    }
    bytes
}

/// What is planned for a call to a runtime with a `fetch` and random numbers.
pub fn planned(entries: &[Entry<'_>]) -> Told {
    let mut all = vec![
        ("call", "fetch", "f"),
        ("call", "key", "s0123"),
        ("call", "bound", "u"),
    ];
    all.extend_from_slice(entries);
    Told::read(&plan(bytes(&all)))
}

/// `revoke()` of an order with these members, through an edge.
pub fn revoke(members: &[Entry<'_>]) -> Told {
    let mut all = EDGE.to_vec();
    all.extend_from_slice(members);
    planned(&all)
}

pub const EDGE: [Entry<'_>; 9] = [
    ("call", "operation", "srevoke"),
    ("call", "order", "o"),
    ("call", "options", "o"),
    ("options", "endpoint", "s"),
    ("endpoint", "text", "s"),
    ("endpoint", "href", "shttps://edge.example/base//"),
    ("endpoint", "protocol", "shttps:"),
    ("endpoint", "hostname", "sedge.example"),
    ("endpoint", "username", "s"),
];

/// Its end, without which the URL has a password.
pub const NO_PASSWORD: Entry<'_> = ("endpoint", "password", "s");

/// What an event means to the call with this memo.
pub fn judged(memo: &str, event: &str, facts: &[Entry<'_>], body: &str) -> Told {
    let (memo, event) = (format!("s{memo}"), format!("s{event}"));
    let mut all = vec![("call", "memo", memo.as_str()), ("call", "event", &event)];
    all.extend_from_slice(facts);
    Told::read(&judge(bytes(&all), body.as_bytes().to_vec()))
}

#[test]
fn a_call_through_the_edge_is_planned() {
    let seven = number(7.0);
    let told = revoke(&[
        NO_PASSWORD,
        ("order", "orderNumber", "s123456"),
        ("order", "codeReason", "skeyCompromise"),
        ("order", "revocationReason", "sa \"b\"\n\\€"),
        ("order", "product", &seven),
        ("options", "token", "stoken"),
    ]);
    assert_eq!(
        told.one("call", "url"),
        "shttps://edge.example/base/v1/revocations"
    );
    assert_eq!(told.one("call", "memo"), "ser123456");
    assert_eq!(told.one("headers", "Authorization"), "sBearer token");
    assert_eq!(told.one("headers", "Idempotency-Key"), "s0123");
    assert_eq!(
        told.one("request", "body"),
        r#"s{"orderNumber":"123456","codeReason":1,"revocationReason":"a \"b\"\n\\€","product":7,"test":false}"#
    );
    assert_eq!(
        (told.one("request", "method"), told.one("request", "redirect")),
        ("sPOST", "smanual")
    );
}

#[test]
fn a_call_straight_to_the_ca_is_planned_and_judged() {
    let login = [
        ("credentials", "loginName", "sname"),
        ("credentials", "loginPassword", "s&+%=/ü€\""),
    ];
    let mut given = vec![
        ("call", "operation", "srevoke"),
        ("call", "order", "o"),
        ("call", "options", "o"),
        ("call", "credentials", "o"),
        ("options", "credentials", "o"),
        ("order", "orderNumber", "s123456"),
        ("order", "test", "b1"),
    ];
    given.extend_from_slice(&login);
    let told = planned(&given);
    assert_eq!(told.one("call", "memo"), "sdt123456");
    assert!(
        told.one("request", "body")
            .contains("loginPassword=%26%2B%25%3D%2F%C3%BC%E2%82%AC%22&")
    );
    assert_eq!(told.one("request", "credentials"), "", "no page, so no cookies");
    let ok = number(200.0);
    let facts = [
        ("answer", "status", ok.as_str()),
        ("answer", "redirected", "b0"),
        ("secret", "", "sname"),
        ("secret", "", "s&+%=/ü€\""),
    ];
    assert_eq!(
        judged("dt123456", "answered", &facts, "errorCode=0").one("done", "outcome"),
        "stested"
    );
    let told = judged("dt123456", "answered", &facts, "-3\n%26%2b%25%3D/ü€\"\n");
    assert_eq!(told.kind(), "sca-refused");
    assert_eq!(
        told.one("failed", "errorMessage"),
        "s[withheld: it contained credentials]"
    );
}
