//! The shape of a token, before its signature and its claims are looked at.

use autorevoke::edge::jwt::read;
use proptest::prelude::*;

use super::{RS256, claims_with, token};
use serde_json::json;

const ES256: &str = r#"{"alg":"ES256"}"#;

fn claims() -> Vec<u8> {
    claims_with(&json!({})).to_string().into_bytes()
}

fn is_read(header: &str) -> bool {
    read(&token(header.as_bytes(), &claims(), &[7; 64])).is_ok()
}

#[test]
fn headers_that_an_issuer_writes_are_read() {
    let long_kid = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "é".repeat(256));
    for header in [
        RS256,
        ES256,
        &long_kid,
        r#"{"alg":"RS256","typ":"jwt"}"#,
        r#"{"alg":"RS256","typ":"at+jwt"}"#,
        r#"{"alg":"RS256","typ":"Application/AT+JWT"}"#,
        r#" {"kid":"a", "alg":"ES256", "x5t":"thumbprint"} "#,
    ] {
        assert!(is_read(header), "{header}");
    }
}

#[test]
fn other_headers_are_refused() {
    let too_long = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(257));
    for header in [
        &too_long,
        "",
        "RS256",
        "null",
        "[]",
        r#"["RS256"]"#,
        "{}",
        r#"{"alg":null}"#,
        r#"{"alg":["RS256"]}"#,
        r#"{"alg":{"RS256":1}}"#,
        r#"{"alg":256}"#,
        r#"{"alg":""}"#,
        r#"{"alg":"rs256"}"#,
        r#"{"alg":"RS256 "}"#,
        r#"{"Alg":"RS256"}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"RS384"}"#,
        r#"{"alg":"PS256"}"#,
        r#"{"alg":"ES256K"}"#,
        r#"{"alg":"ES384"}"#,
        r#"{"alg":"EdDSA"}"#,
        r#"{"alg":"RS256","alg":"RS256"}"#,
        r#"{"alg":"none","alg":"RS256"}"#,
        r#"{"alg":"RS256","\u0061lg":"none"}"#,
        r#"{"alg":"RS256","kid":""}"#,
        r#"{"alg":"RS256","kid":null}"#,
        r#"{"alg":"RS256","kid":1}"#,
        r#"{"alg":"RS256","kid":["k"]}"#,
        r#"{"alg":"RS256","crit":[]}"#,
        r#"{"alg":"RS256","crit":["exp"],"exp":1}"#,
        r#"{"alg":"RS256","crit":null}"#,
        r#"{"alg":"RS256","jwk":{}}"#,
        r#"{"alg":"RS256","jku":"https://attacker.example/keys"}"#,
        r#"{"alg":"RS256","x5u":"https://attacker.example/cert"}"#,
        r#"{"alg":"RS256","x5c":["MIIB"]}"#,
        r#"{"alg":"RS256","b64":true}"#,
        r#"{"alg":"RS256","zip":"DEF"}"#,
        r#"{"alg":"RS256","enc":"A128GCM"}"#,
        r#"{"alg":"RS256","typ":""}"#,
        r#"{"alg":"RS256","typ":null}"#,
        r#"{"alg":"RS256","typ":["JWT"]}"#,
        r#"{"alg":"RS256","typ":"logout+jwt"}"#,
        r#"{"alg":"RS256","typ":"dpop+jwt"}"#,
        r#"{"alg":"RS256","typ":"JOSE"}"#,
        r#"{"alg":"RS256"} {}"#,
        r#"{"alg":"RS256","__proto__":{}}"#,
    ] {
        assert!(!is_read(header), "{header}");
    }
}

#[test]
fn a_signature_by_es256_has_64_bytes() {
    for length in [0, 1, 63, 64, 65, 70, 72, 96, 132] {
        let is_read = read(&token(ES256.as_bytes(), &claims(), &vec![7; length])).is_ok();
        assert_eq!(is_read, length == 64, "{length}");
    }
}

#[test]
fn claims_are_one_json_object_of_one_meaning() {
    for claims in [
        "",
        "null",
        "\"text\"",
        "[]",
        "1",
        "{",
        "{}{}",
        r#"{"sub":"a","sub":"b"}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":[[[[[[[[1]]]]]]]]}"#,
        "\u{feff}{}",
        "sub=olivia",
    ] {
        assert!(
            read(&token(RS256.as_bytes(), claims.as_bytes(), b"s")).is_err(),
            "{claims}"
        );
    }
    assert!(read(&token(RS256.as_bytes(), b"{\"sub\":\"\xff\"}", b"s")).is_err());
}

#[test]
fn a_token_has_three_parts_and_none_is_empty() {
    let good = token(RS256.as_bytes(), &claims(), b"s");
    let [header, claims, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    assert!(read(&good).is_ok());
    for text in [
        String::new(),
        ".".into(),
        "..".into(),
        header.to_owned(),
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!("{header}..{signature}"),
        format!(".{claims}.{signature}"),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.{signature}"),
        format!("{header}.{claims}.{signature}.{signature}.{signature}"),
        format!("{header},{claims},{signature}"),
    ] {
        assert!(read(&text).is_err(), "{text}");
    }
}

#[test]
fn a_part_has_one_spelling_only() {
    let good = token(RS256.as_bytes(), &claims(), b"ss");
    assert!(read(&good).is_ok());
    let bad_parts = [
        "c3M=",
        "c3N",
        "c3O",
        "c3P",
        "c3M ",
        " c3M",
        "c3M\n",
        "c3M\0",
        "c3",
        "c",
        "c3\u{212a}",
    ];
    assert!(good.ends_with(".c3M"));
    let without = good.trim_end_matches("c3M");
    for part in bad_parts {
        assert!(read(&format!("{without}{part}")).is_err(), "{part:?}");
    }
    // The standard alphabet in the place of the URL's: these bytes are spelt `-_` and `+/`.
    assert!(read(&format!("{without}-_-_")).is_ok());
    for part in ["+/+/", "-/-_", "+_-_"] {
        assert!(read(&format!("{without}{part}")).is_err(), "{part}");
    }
}

/// A token of exactly this length.
fn of_length(length: usize) -> String {
    (0..4)
        .find_map(|blanks| {
            let claims = [claims(), vec![b' '; blanks]].concat();
            let start = token(RS256.as_bytes(), &claims, b"");
            let filler = length - start.len();
            // One letter beyond groups of four spells nothing.
            (filler % 4 != 1).then(|| start + &"A".repeat(filler))
        })
        .unwrap()
}

#[test]
fn a_token_of_more_than_16_kib_is_not_looked_at() {
    assert!(read(&of_length(16 * 1024)).is_ok());
    for length in [16 * 1024 + 1, 1024 * 1024] {
        assert!(read(&of_length(length)).is_err());
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn no_bytes_in_its_parts_make_it_panic(
        header in proptest::collection::vec(any::<u8>(), 0..64),
        claims in proptest::collection::vec(any::<u8>(), 0..64),
        signature in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        prop_assert!(read(&token(&header, &claims, &signature)).is_err());
    }

    #[test]
    fn a_changed_letter_that_is_read_all_the_same_spells_other_bytes(at in 0_usize..200, letter in "[A-Za-z0-9_=+/. -]") {
        use base64::Engine;
        let good = token(RS256.as_bytes(), &claims(), b"signature");
        let at = at % good.len();
        let mut changed = good.clone();
        changed.replace_range(at..=at, &letter);
        if read(&changed).is_ok() {
            let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let respelt: Vec<String> = changed.split('.').map(|part| engine.encode(engine.decode(part).unwrap())).collect();
            prop_assert_eq!(respelt.join("."), changed);
        }
    }
}
