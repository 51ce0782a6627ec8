//! From when to when a token is valid, and for whom it is.

use serde_json::{Value, json};

use super::{AUDIENCE, ISSUER, NOW, bearer, claims_with};

fn is_let_in(others: &Value) -> bool {
    bearer(&claims_with(others), "sub").is_ok()
}

#[test]
fn a_token_is_valid_until_it_expires_to_the_millisecond() {
    for exp in [
        json!(NOW + 1),
        json!(NOW as f64 + 0.001),
        json!(4e9),
        json!(1e300),
    ] {
        assert!(is_let_in(&json!({ "exp": exp })), "{exp}");
    }
    for exp in [
        json!(NOW),
        json!(NOW as f64 - 0.001),
        json!(NOW - 1),
        json!(0),
        json!(-1),
        json!(1.8e306), // in milliseconds more than a number can be
        json!((NOW + 300).to_string()),
        json!(true),
        json!([NOW + 300]),
        json!({}),
    ] {
        assert!(!is_let_in(&json!({ "exp": exp })), "{exp}");
    }
}

#[test]
fn a_token_without_an_end_is_refused() {
    assert!(!is_let_in(&json!({ "exp": null })));
    let mut claims = claims_with(&json!({}));
    claims["exp"] = Value::Null;
    assert!(bearer(&claims, "sub").is_err());
}

#[test]
fn a_token_from_the_future_is_refused_beyond_the_skew_of_clocks() {
    for name in ["nbf", "iat"] {
        for time in [json!(0), json!(NOW), json!(NOW + 60)] {
            assert!(is_let_in(&json!({ name: time })), "{name} {time}");
        }
        for time in [
            json!(NOW as f64 + 60.001),
            json!(NOW + 61),
            json!(NOW.to_string()),
            json!(false),
            json!([]),
        ] {
            assert!(!is_let_in(&json!({ name: time })), "{name} {time}");
        }
        assert!(is_let_in(&json!({ name: null })), "without {name}");
        let mut claims = claims_with(&json!({}));
        claims[name] = Value::Null;
        assert!(bearer(&claims, "sub").is_err(), "{name} null");
    }
}

#[test]
fn the_issuer_is_the_configured_one_letter_by_letter() {
    for iss in [
        json!(null),
        json!(""),
        json!([ISSUER]),
        json!({ "iss": ISSUER }),
        json!(7),
        json!(format!("{ISSUER}/")),
        json!(format!("{ISSUER}.attacker.example")),
        json!(format!(" {ISSUER}")),
        json!(ISSUER.to_uppercase()),
        json!("https://issuer.exampl"),
        json!("http://issuer.example"),
        json!("issuer.example"),
    ] {
        assert!(!is_let_in(&json!({ "iss": iss })), "{iss}");
    }
}

#[test]
fn the_audience_is_the_configured_one_or_has_it() {
    for aud in [json!(AUDIENCE), json!([AUDIENCE]), json!(["other", AUDIENCE])] {
        assert!(is_let_in(&json!({ "aud": aud })), "{aud}");
    }
    for aud in [
        json!(null),
        json!(""),
        json!([]),
        json!("other"),
        json!(["other"]),
        json!([[AUDIENCE]]),
        json!([AUDIENCE, 7]),
        json!([AUDIENCE, null]),
        json!({ AUDIENCE: true }),
        json!(7),
        json!("revocation"),
        json!("revocations2"),
        json!("other revocations"),
        json!("other,revocations"),
        json!("Revocations"),
    ] {
        assert!(!is_let_in(&json!({ "aud": aud })), "{aud}");
    }
}
