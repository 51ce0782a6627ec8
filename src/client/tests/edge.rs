//! What is asked of the edge about orders, and about who asks.

use gloo_net::http::Method;

use super::{EDGE, through_edge};
use crate::client::call::{Call, Effect, Operation, Subject};
use crate::client::edge::{once, question};
use crate::client::options::Asked;
use crate::client::request::{Body, OrderBody, Outgoing};
use crate::protocol::{CodeReason, Draft, Name};

fn asked(operation: Operation, resend: bool) -> (Effect, Outgoing) {
    let asked = Asked {
        resend,
        ..Asked::default()
    };
    let options = through_edge(operation).options;
    let name = (operation != Operation::Me).then_some(Name::order("7"));
    let (call, outgoing) = question(operation, name, &asked, &options);
    assert_eq!(call.operation, operation);
    (call.effect, outgoing)
}

/// The text of a body.
pub fn sent(outgoing: &Outgoing) -> Option<&str> {
    match &outgoing.body {
        Body::Text(text) => Some(text),
        _ => None,
    }
}

/// A header: of two with one name the last one counts.
pub fn header<'a>(outgoing: &'a Outgoing, name: &str) -> Option<&'a str> {
    let found = outgoing.headers.iter().rev().find(|(its, _)| *its == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn what_reads_is_a_get_and_says_what_it_accepts() {
    for (operation, path) in [(Operation::Order, "/v1/orders/7"), (Operation::Me, "/v1/me")] {
        let (effect, outgoing) = asked(operation, false);
        assert_eq!((effect, outgoing.method.clone()), (Effect::Reads, Method::GET));
        assert_eq!(outgoing.url, [EDGE, path].concat());
        assert!(matches!(outgoing.body, Body::None));
        assert_eq!(
            header(&outgoing, "Accept"),
            Some("application/json, application/problem+json")
        );
        assert_eq!(header(&outgoing, "Content-Type"), None);
    }
}

#[test]
fn of_settling_only_sending_again_can_revoke() {
    for (resend, effect, body) in [
        (false, Effect::Tests, "{}"),
        (true, Effect::Revokes, r#"{"resend":true}"#),
    ] {
        let (its, outgoing) = asked(Operation::Settle, resend);
        assert_eq!((its, &outgoing.method), (effect, &Method::POST));
        assert_eq!(outgoing.url, [EDGE, "/v1/orders/7/settle"].concat());
        assert_eq!(sent(&outgoing), Some(body));
        assert_eq!(header(&outgoing, "Content-Type"), Some("application/json"));
        assert_eq!(header(&outgoing, "Idempotency-Key"), None);
    }
}

#[test]
fn a_key_that_was_given_is_the_key_that_is_sent() {
    let mut options = through_edge(Operation::Revoke).options;
    options.idempotency_key = Some("my-key".to_owned());
    let mut outgoing = Outgoing::post(&options, "/v1/revocations", "{}".to_owned());
    once(
        &mut outgoing,
        &options,
        &Call::reading(Operation::Revoke, Subject::Certificate(Name::order("7"))),
    )
    .unwrap();
    assert_eq!(header(&outgoing, "Idempotency-Key"), Some("my-key"));
}

#[test]
fn an_order_says_what_was_given_and_nothing_else() {
    let write = |draft: Draft| serde_json::to_value(OrderBody(&draft.check().unwrap())).unwrap();
    let least = Draft {
        order_number: "9223372036854775807".into(),
        ..Draft::default()
    };
    assert_eq!(
        write(least),
        serde_json::json!({ "orderNumber": "9223372036854775807", "codeReason": 0.0, "test": false })
    );
    let most = Draft {
        order_number: "7".into(),
        code_reason: CodeReason::Superseded,
        revocation_reason: "a \"b\"\n\\€".into(),
        product_code: "c".into(),
        product: Some(0),
        test: true,
        ..Draft::default()
    };
    assert_eq!(
        write(most),
        serde_json::json!({
            "orderNumber": "7", "codeReason": 4.0, "revocationReason": "a \"b\"\n\\€", "productCode": "c",
            "product": 0.0, "test": true,
        })
    );
}
