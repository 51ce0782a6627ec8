//! A refused token: the caller is told little, and one line of the log names the failed check and what was expected.

use std::rc::Rc;

use autorevoke::edge::config;
use autorevoke::edge::front::{Head, SignatureVerdict, Step, Visit};
use serde_json::{Value, json};

use super::{AUDIENCE, ISSUER, NOW, RS256, claims_with, token};
use crate::configuration::{good, vars};

const LONG: &str = "https://issuer.example/words-of-a-stranger";

/// What the caller is told, and what the log says, of this text and this verdict on its signature.
fn refused(text: &str, verdict: SignatureVerdict) -> (Value, Value) {
    let mut pairs = good();
    pairs.push(("JWT_ISSUER", ISSUER.into()));
    pairs.push(("JWT_AUDIENCE", AUDIENCE.into()));
    pairs.push(("JWT_JWKS_URL", "https://issuer.example/keys".into()));
    let head = Head {
        method: "GET".into(),
        path: "/v1/me".into(),
        authorization: Some(format!("Bearer {text}")),
        ..Head::default()
    };
    let config = Rc::new(config::front(&vars(&pairs)));
    let mut visit = Visit::new(config, Rc::default(), head, "urn:uuid:test".into());
    let mut step = visit.admit(NOW * 1000);
    if let Step::Verify(_) = step {
        step = visit.verified(verdict, NOW * 1000);
    }
    let Step::Answer(answer) = step else {
        panic!("{text}: {step:?}");
    };
    assert_eq!(answer.status, 401, "{text}");
    let line = visit.ended(NOW * 1000, answer.status, 1);
    (
        serde_json::from_str(&answer.body).unwrap(),
        serde_json::from_str(&line).unwrap(),
    )
}

fn with(others: &Value) -> String {
    token(RS256.as_bytes(), claims_with(others).to_string().as_bytes(), b"s")
}

fn headed(header: &str) -> String {
    token(
        header.as_bytes(),
        claims_with(&json!({})).to_string().as_bytes(),
        &[7; 64],
    )
}

#[test]
fn each_usual_mistake_has_its_check_named() {
    let good = with(&json!({}));
    let es256 = token(br#"{"alg":"ES256"}"#, b"{}", b"short");
    let cases: Vec<(&str, String, SignatureVerdict)> = vec![
        (
            "iss",
            with(&json!({ "iss": format!("{ISSUER}/") })),
            SignatureVerdict::Valid,
        ),
        ("iss", with(&json!({ "iss": null })), SignatureVerdict::Valid),
        (
            "aud",
            with(&json!({ "aud": ["account", "other"] })),
            SignatureVerdict::Valid,
        ),
        ("aud", with(&json!({ "aud": null })), SignatureVerdict::Valid),
        ("exp", with(&json!({ "exp": NOW - 1 })), SignatureVerdict::Valid),
        ("exp", with(&json!({ "exp": null })), SignatureVerdict::Valid),
        ("iat", with(&json!({ "iat": NOW + 61 })), SignatureVerdict::Valid),
        ("nbf", with(&json!({ "nbf": NOW + 61 })), SignatureVerdict::Valid),
        ("nbf", with(&json!({ "nbf": "soon" })), SignatureVerdict::Valid),
        ("sub", with(&json!({ "sub": null })), SignatureVerdict::Valid),
        (
            "sub",
            with(&json!({ "sub": "a\u{202e}b" })),
            SignatureVerdict::Valid,
        ),
        (
            "typ",
            headed(r#"{"alg":"RS256","typ":"logout+jwt"}"#),
            SignatureVerdict::Valid,
        ),
        (
            "jku",
            headed(r#"{"alg":"RS256","jku":"https://x.example"}"#),
            SignatureVerdict::Valid,
        ),
        (
            "jwk",
            headed(r#"{"alg":"RS256","jwk":{}}"#),
            SignatureVerdict::Valid,
        ),
        (
            "crit",
            headed(r#"{"alg":"RS256","crit":["exp"]}"#),
            SignatureVerdict::Valid,
        ),
        (
            "kid",
            headed(r#"{"alg":"RS256","kid":7}"#),
            SignatureVerdict::Valid,
        ),
        ("alg", headed(r#"{"alg":"RS512"}"#), SignatureVerdict::Valid),
        (
            "alg",
            token(br#"{"alg":"none"}"#, b"{}", b""),
            SignatureVerdict::Valid,
        ),
        ("alg", es256, SignatureVerdict::Valid),
        ("header", token(b"[]", b"{}", b"s"), SignatureVerdict::Valid),
        (
            "claims",
            token(RS256.as_bytes(), b"{}{}", b"s"),
            SignatureVerdict::Valid,
        ),
        ("spelling", format!("{good}="), SignatureVerdict::Valid),
        ("opaque", "2YotnFZFEjr1zCsicMWpAA".into(), SignatureVerdict::Valid),
        ("encrypted", "e30.AA.AA.AA.AA".into(), SignatureVerdict::Valid),
        ("length", "x".repeat(16 * 1024 + 1), SignatureVerdict::Valid),
        ("signature", good.clone(), SignatureVerdict::BadSignature),
        ("key", good.clone(), SignatureVerdict::UnknownKey),
        ("weak-key", good.clone(), SignatureVerdict::WeakKey),
        ("key-set", good.clone(), SignatureVerdict::EmptyKeySet),
        ("key-set", good.clone(), SignatureVerdict::Unavailable),
        // What the host should never say counts as no.
        ("signature", good, SignatureVerdict::from_name("splendid")),
    ];
    let mut told = std::collections::BTreeSet::new();
    for (check, text, vouched) in cases {
        let (answer, line) = refused(&text, vouched);
        told.insert(answer["detail"].as_str().unwrap().to_owned());
        assert_eq!(line["refused"]["check"], check, "{line}");
        assert!(line["refused"]["expected"].as_str().unwrap().len() > 5, "{line}");
        assert_eq!((&line["actor"], &line["status"]), (&Value::Null, &json!(401)));
        for part in text.split('.').filter(|part| part.len() > 10) {
            assert!(!line.to_string().contains(part), "{line}");
        }
    }
    // All but those whose issuer cannot be asked hear the same.
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn issuer_and_audience_are_named_as_expected_and_as_found() {
    let (_, line) = refused(
        &with(&json!({ "iss": format!("{ISSUER}/") })),
        SignatureVerdict::Valid,
    );
    assert_eq!(
        line["refused"],
        json!({ "check": "iss", "expected": ISSUER, "found": format!("{ISSUER}/") })
    );
    let (_, line) = refused(
        &with(&json!({ "aud": ["account", "other"] })),
        SignatureVerdict::Valid,
    );
    assert_eq!(
        line["refused"],
        json!({ "check": "aud", "expected": AUDIENCE, "found": "account other" })
    );
}

#[test]
fn what_a_stranger_writes_is_cut_and_made_plain() {
    for (iss, found) in [
        (
            json!("a\n{\"event\":\"forged\"}\u{1b}[2J\u{202e}é"),
            r#"a?{"event":"forged"}?[2J??"#.to_owned(),
        ),
        (
            json!(LONG.repeat(100)),
            format!("{}...", &LONG.repeat(100)[..120]),
        ),
        (json!({ "deep": 1 }), "no text".to_owned()),
        (
            json!(["x", "x", "x", "x", "x", "x", "x"]),
            "x x x x x ...".to_owned(),
        ),
    ] {
        let (_, line) = refused(&with(&json!({ "iss": iss })), SignatureVerdict::Valid);
        assert_eq!(line["refused"]["found"], found);
    }
    let (_, line) = refused(
        &with(&json!({ "iss": vec![LONG.repeat(100); 1_000] })),
        SignatureVerdict::Valid,
    );
    assert!(line.to_string().len() < 1_200, "{}", line.to_string().len());
    for exp in [json!(-1e300), json!(0)] {
        let (_, line) = refused(&with(&json!({ "exp": exp })), SignatureVerdict::Valid);
        assert!(line.to_string().len() < 400, "{line}");
    }
}

#[test]
fn a_clock_that_lags_is_told_by_how_much() {
    let (_, line) = refused(&with(&json!({ "iat": NOW + 75 })), SignatureVerdict::Valid);
    let expected = line["refused"]["expected"].as_str().unwrap();
    assert!(
        expected.contains("at most 60 s") && expected.contains("75 s ahead"),
        "{expected}"
    );
    let (_, line) = refused(&with(&json!({ "exp": NOW - 90 })), SignatureVerdict::Valid);
    assert!(line["refused"]["expected"].as_str().unwrap().contains("90 s ago"));
}
