//! Requests at the door: what is let through to the ledger, and what is answered at once.

use std::rc::Rc;

use autorevoke::audit::sha256_hex;
use autorevoke::edge::command::{Command, Request, Revoke};
use autorevoke::edge::config;
use autorevoke::edge::front::{Head, MAX_BODY_BYTES, Step, Visit};
use autorevoke::edge::http_answer::HttpAnswer;
use autorevoke::protocol::CodeReason;
use serde_json::json;

use crate::configuration::{good, vars};

type Change = fn(&mut Head);

const KEY: &str = "ark_a_secret";

fn visit(change: impl FnOnce(&mut Head)) -> Visit {
    let keys = json!([{ "id": "a", "sha256": sha256_hex(KEY.as_bytes()), "permissions": ["revoke"], "orders": ["1-99"] }]);
    let mut pairs = good();
    pairs.push(("API_KEYS", keys.to_string()));
    pairs.push(("ALLOWED_ORIGINS", "https://dash.example".into()));
    let mut head = Head {
        method: "POST".into(),
        own_origin: "https://edge.example".into(),
        path: "/v1/revocations".into(),
        authorization: Some(format!("Bearer {KEY}")),
        content_type: Some("application/json".into()),
        ..Head::default()
    };
    change(&mut head);
    Visit::new(
        Rc::new(config::front(&vars(&pairs))),
        Rc::default(),
        head,
        "urn:uuid:test".into(),
    )
}

fn answer_to(change: impl FnOnce(&mut Head)) -> HttpAnswer {
    match visit(change).admit(0) {
        Step::Answer(answer) | Step::Refuse(answer, _) => answer,
        step => panic!("let through: {step:?}"),
    }
}

fn decided(body: &str) -> Step {
    let mut visit = visit(|_| {});
    assert_eq!(visit.admit(0), Step::ReadBody(MAX_BODY_BYTES));
    visit.decide(body.as_bytes())
}

#[test]
fn a_good_request_becomes_a_command() {
    let Step::Ask(request) = decided(r#"{"orderNumber": 12, "codeReason": "superseded"}"#) else {
        panic!("not let through");
    };
    let Command::Revoke(Revoke { order, .. }) = &request.command else {
        panic!("{request:?}");
    };
    assert_eq!(
        (order.name().value(), order.code_reason(), order.test()),
        ("12", CodeReason::Superseded, false)
    );
    assert_eq!(
        (request.by.actor.as_str(), request.by.instance.as_str()),
        ("key:a", "urn:uuid:test")
    );
    assert_eq!(Request::from_json(&request.to_json()), Some(request));
}

#[test]
fn heads_that_are_refused() {
    let cases: [(Change, u16); 19] = [
        (|head| head.path = "/v1/revocations/".into(), 404),
        (|head| head.path = "/V1/revocations".into(), 404),
        (|head| head.method = "GET".into(), 405),
        (|head| head.method = "post".into(), 405),
        (|head| head.authorization = None, 401),
        (|head| head.authorization = Some(KEY.into()), 401),
        (|head| head.authorization = Some(format!("Basic {KEY}")), 401),
        (
            |head| head.authorization = Some(format!("Bearer {KEY}, Bearer {KEY}")),
            400,
        ),
        (|head| head.access_jwt = Some("a.b.c".into()), 400),
        (|head| head.content_type = None, 415),
        (|head| head.content_type = Some("text/plain".into()), 415),
        (
            |head| head.content_type = Some("application/json, application/json".into()),
            400,
        ),
        (
            |head| head.content_length = Some((MAX_BODY_BYTES + 1).to_string()),
            413,
        ),
        (|head| head.idempotency_key = Some("a, b".into()), 400),
        (|head| head.origin = Some("https://dash.example.evil".into()), 403),
        (|head| head.accept = Some("text/html".into()), 406),
        (|head| head.content_encoding = Some("gzip".into()), 415),
        (
            |head| head.content_encoding = Some("identity, identity".into()),
            415,
        ),
        (|head| head.host = Some(String::new()), 400),
    ];
    for (at, (change, status)) in cases.into_iter().enumerate() {
        assert_eq!(answer_to(change).status, status, "case {at}");
    }
}

#[test]
fn a_host_that_could_move_the_path_is_refused_before_anything_is_asked() {
    let with_host = |host: &str| visit(|head| head.host = Some(host.into())).admit(0);
    for good in [
        "edge.example",
        "EDGE.example.",
        "edge:443",
        "127.0.0.1:8787",
        "[::1]:8787",
        "a_b",
    ] {
        assert_eq!(with_host(good), Step::ReadBody(MAX_BODY_BYTES), "{good}");
    }
    for bad in [
        "/",
        "edge/v1",
        "edge#",
        "edge?",
        "e\\v1",
        "user@edge",
        "ed%67e",
        "a b",
        "a,b",
        "é",
    ] {
        assert!(
            matches!(with_host(bad), Step::Answer(answer) if answer.status == 400),
            "{bad}"
        );
        let public = |head: &mut Head| {
            head.method = "GET".into();
            head.path = "/healthz".into();
            head.host = Some(bad.into());
        };
        assert_eq!(answer_to(public).status, 400, "{bad}");
    }
}

#[test]
fn a_body_one_byte_too_long_is_refused() {
    let body = |length: usize| r#"{"orderNumber": 12}"#.to_owned() + &" ".repeat(length - 19);
    assert!(matches!(decided(&body(MAX_BODY_BYTES)), Step::Ask(_)));
    assert!(matches!(decided(&body(MAX_BODY_BYTES + 1)), Step::Answer(answer) if answer.status == 413));
}

#[test]
fn orders_beyond_the_grant_are_forbidden_to_revoke_and_unknown_to_read() {
    assert!(matches!(decided(r#"{"orderNumber": 100}"#), Step::Refuse(answer, _) if answer.status == 403));
    let read = |path: &str| {
        answer_to(|head| {
            head.method = "GET".into();
            head.path = path.into();
        })
    };
    assert_eq!(read("/v1/orders/100").status, 404);
    for bad in [
        "/v1/orders/012",
        "/v1/orders/1%32",
        "/v1/orders/abc",
        "/v1/orders/9223372036854775808",
    ] {
        assert_eq!(read(bad), read("/v1/orders/100"), "{bad}");
    }
}

#[test]
fn without_a_whole_configuration_nothing_is_let_through() {
    let config = Rc::new(config::front(&vars(&good()[1..])));
    for path in ["/v1/revocations", "/v1/me", "/healthz", "/v1/orders/1"] {
        let method = if path == "/v1/revocations" { "POST" } else { "GET" };
        let head = Head {
            method: method.into(),
            path: path.into(),
            ..Head::default()
        };
        match Visit::new(config.clone(), Rc::default(), head, "i".into()).admit(0) {
            Step::Answer(answer) => assert_eq!(answer.status, 503, "{path}"),
            step => panic!("{step:?}"),
        }
    }
}

#[test]
fn only_an_allowed_origin_gets_to_read_the_answer() {
    let allowed = |origin: Option<&str>| {
        let headers = visit(|head| head.origin = origin.map(str::to_owned)).headers();
        assert!(headers.contains(&("Vary", "Origin".to_owned())));
        headers
            .into_iter()
            .find(|(name, _)| *name == "Access-Control-Allow-Origin")
            .map(|(_, value)| value)
    };
    assert_eq!(
        allowed(Some("https://dash.example")).as_deref(),
        Some("https://dash.example")
    );
    for other in [
        None,
        Some("null"),
        Some("https://edge.example"),
        Some("https://dash.example:443"),
        Some("*"),
    ] {
        assert_eq!(allowed(other), None, "{other:?}");
    }
    let preflight = answer_to(|head| {
        head.method = "OPTIONS".into();
        head.origin = Some("https://dash.example".into());
    });
    assert_eq!(preflight.status, 204);
}
