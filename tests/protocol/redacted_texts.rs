//! No text of the CA that has the login in it, however it is written, gets through.

use autorevoke::protocol::{Answer, Credentials, Name, REDACTED, Reply, Sent, parse};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::sample::select;
use proptest::{prop_assert, prop_oneof};

use crate::encodings::{ALL, ESCAPES, Encoding};
use crate::runner::{Held, holds};

/// How a text travels in an answer.
#[derive(Debug, Clone, Copy)]
enum Place {
    Lines,
    Message,
    RawMessage,
    Extra,
    Key,
}

const PLACES: [Place; 5] = [
    Place::Lines,
    Place::Message,
    Place::RawMessage,
    Place::Extra,
    Place::Key,
];

impl Place {
    fn body(self, text: &str) -> String {
        let form = Encoding::Form.of(text);
        match self {
            Place::Lines => format!("-4\r\n{text}\r\n"),
            Place::Message => format!("errorCode=-4&errorMessage={form}"),
            Place::RawMessage => format!("errorCode=-4&errorMessage={text}"),
            Place::Extra => format!("errorCode=-4&errorMessage=no&errorDetail={form}"),
            Place::Key => format!("errorCode=-4&errorMessage=no&{form}=x"),
        }
    }
}

fn answer(body: &str, credentials: &Credentials) -> Answer {
    parse(
        &Reply {
            status: 200,
            content_length: None,
            content_encoding: None,
            body: body.as_bytes(),
        },
        &Sent {
            name: Name::order_number("123456").unwrap(),
            test: false,
            credentials,
        },
    )
}

/// Every text that an answer hands on.
fn told(answer: &Answer) -> Vec<&str> {
    let extra = answer.extra();
    extra
        .iter()
        .flat_map(|(key, value)| [key.as_str(), value.as_str()])
        .chain(answer.message())
        .collect()
}

fn secret() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => select(&['a', 'k', 'Q', 'Z', '3', '7'][..]),
        4 => select(&['&', '=', '+', '%', ' ', '/', ';', '#', '"', '\'', '\\', '<', '>', '!', '~', '_', '-', ':'][..]),
        2 => select(&['ä', 'Ö', 'ü', 'ß', 'é', 'ñ', '£', 'ÿ', '÷', '€', 'ы', '語', '😀', 'ﬁ', 'İ', 'ς', '\u{301}'][..]),
        1 => any::<char>().prop_map(|c| if c.is_control() { 'x' } else { c }),
    ];
    // At both ends a character that no trimming takes away.
    ("[a-zA-Z0-9ä]", vec(character, 2..20), "[a-zA-Z0-9ß]")
        .prop_map(|(first, inner, last)| format!("{first}{}{last}", inner.into_iter().collect::<String>()))
}

/// Text around: it ends and begins so that it takes no part in an encoding.
fn around() -> impl Strategy<Value = (&'static str, &'static str)> {
    select(
        &[
            ("", ""),
            ("The value '", "' is wrong"),
            ("(", ")"),
            ("100% of \\ ", " & more"),
            ("Größe: ", " ñ"),
        ][..],
    )
}

fn nothing_leaks(text: &str, place: Place, credentials: &Credentials) -> Held {
    let body = place.body(text);
    let answer = answer(&body, credentials);
    // A text with a line that reads as a code makes the answer unknown, and is not told at all.
    let told = told(&answer);
    prop_assert!(
        told.is_empty() || told.contains(&REDACTED),
        "{:?} told {:?}",
        body,
        told
    );
    prop_assert!(
        told.iter().all(|it| *it == REDACTED),
        "{:?} told {:?}",
        body,
        told
    );
    Ok(())
}

#[test]
fn a_login_is_withheld_in_any_usual_encoding() {
    let case = (
        secret(),
        secret(),
        any::<bool>(),
        select(&ALL[..]),
        around(),
        select(&PLACES[..]),
    );
    holds(
        80_000,
        case,
        |(name, password, is_name, encoding, (before, behind), place)| {
            let credentials = Credentials::new(name.clone(), password.clone()).unwrap();
            let written = encoding.of(if is_name { &name } else { &password });
            nothing_leaks(&[before, &written, behind].concat(), place, &credentials)
        },
    );
}

#[test]
fn a_login_is_withheld_under_two_escapes() {
    let escapes = (select(&ESCAPES[..]), select(&ESCAPES[..]));
    let case = (secret(), escapes, around(), select(&PLACES[..]));
    holds(
        40_000,
        case,
        |(password, (inner, outer), (before, behind), place)| {
            let credentials = Credentials::new("name", password.clone()).unwrap();
            let text = [before, &inner.of(&password), behind].concat();
            nothing_leaks(&outer.of(&text), place, &credentials)
        },
    );
}

#[test]
fn base64_and_hex_are_found_under_an_escape() {
    let inner = [12, 13, 11, 15, 17, 20].map(|at| ALL[at]);
    let case = (
        secret(),
        select(inner.to_vec()),
        select(&ESCAPES[..]),
        select(&PLACES[..]),
    );
    holds(30_000, case, |(password, inner, outer, place)| {
        let credentials = Credentials::new("name", password.clone()).unwrap();
        nothing_leaks(
            &outer.of(&format!("was '{}'", inner.of(&password))),
            place,
            &credentials,
        )
    });
}

#[test]
fn a_password_that_looks_encoded_is_withheld() {
    let pieces = select(
        &[
            "%41", "%2", "%", "&amp;", "&#65;", "\\u0041", "\\", "+", "x", "%2525", "&", "\\x41",
        ][..],
    );
    let passwords = vec(pieces, 1..6).prop_map(|pieces| format!("k{}k7", pieces.concat()));
    let case = (passwords, select(&ALL[..]), select(&PLACES[..]));
    holds(20_000, case, |(password, encoding, place)| {
        let credentials = Credentials::new("name", password.clone()).unwrap();
        if password.chars().count() >= 4 {
            nothing_leaks(&format!("'{}'", encoding.of(&password)), place, &credentials)?;
        }
        Ok(())
    });
}

#[test]
fn a_password_in_its_rarer_escapes_is_withheld() {
    let cases = [
        // Latin-1, and as UTF-8 one letter only.
        ("hÃ¤lt-dicht", "h%C3%A4lt-dicht"),
        ("hält-dicht", "h&#x000000e4;lt-dicht"),
        ("hält-dicht", "aMOkbHQt ZGljaHQ="),
        // The last digit has nothing to do with what follows.
        ("hält-dicht", "68c3a46c742d6469636874x"),
    ];
    for (password, text) in cases {
        let credentials = Credentials::new("demo-reseller", password).unwrap();
        let answer = answer(&Place::Lines.body(text), &credentials);
        assert_eq!(told(&answer), [REDACTED], "{text}");
    }
}

#[test]
fn a_password_that_the_form_splits_is_withheld_in_all_its_parts() {
    let credentials = Credentials::new("demo-reseller", "left&mid=right").unwrap();
    let bodies = [
        "errorCode=-4&errorMessage=The value left&mid=right is wrong",
        "errorCode=-4&errorMessage=no&errorDetail=left&mid=right",
        "errorCode=-4&left&mid=right&errorMessage=no",
    ];
    for body in bodies {
        let answer = answer(body, &credentials);
        assert_eq!(answer.code(), Some(-4));
        assert!(told(&answer).iter().all(|it| *it == REDACTED), "{answer:?}");
    }
}

#[test]
fn what_becomes_the_login_when_it_is_made_printable_is_withheld() {
    let credentials = Credentials::new("demo-reseller", "left right").unwrap();
    for between in ["\t", "\u{b}", "\0", "\u{85}", "+", "%20", "%09", "&#9;"] {
        let body = format!("-4\nThe value left{between}right is wrong");
        let answer = answer(&body, &credentials);
        assert!(
            told(&answer).iter().all(|it| !it.contains("left")),
            "{body:?} told {answer:?}"
        );
    }
}

#[test]
fn a_login_in_a_success_is_withheld_too() {
    let credentials = Credentials::new("demo-reseller", "demo-password").unwrap();
    for body in [
        "errorCode=0&status=demo-password",
        "errorCode=0&errorDetail=demo-password",
        "errorCode=0&errorMessage=demo-password",
        "0\ndemo-password",
    ] {
        let answer = answer(body, &credentials);
        assert!(
            answer.extra().iter().any(|(_, value)| value == REDACTED),
            "{body:?}"
        );
        assert!(!format!("{answer:?}").contains("demo-password"));
    }
}

#[test]
fn a_login_that_comes_late_in_a_long_text_is_withheld() {
    let credentials = Credentials::new("demo-reseller", "demo-password").unwrap();
    for before in (900..1100).chain([60_000]) {
        for written in ["demo-password", "ZGVtby1wYXNzd29yZA==", "%2564emo-password"] {
            let body = format!("-4\n{}{written}", "x ".repeat(before / 2));
            let answer = answer(&body, &credentials);
            let shown = answer.message().unwrap();
            // The text is clipped: what is cut off need not be withheld, but its beginning must not show.
            assert!(
                shown == REDACTED || shown.trim_end_matches('…').chars().all(|c| c == 'x' || c == ' '),
                "{shown}"
            );
        }
    }
}

#[test]
fn a_short_login_withholds_nothing_and_other_texts_are_kept() {
    let credentials = Credentials::new("abc", "xyz").unwrap();
    assert_eq!(answer("-4\nabc xyz", &credentials).message(), Some("abc xyz"));
    let credentials = Credentials::new("errorCode", "errorMessage").unwrap();
    assert_eq!(
        answer("errorCode=-4&errorMessage=no", &credentials).message(),
        Some("no")
    );
    let credentials = Credentials::new("demo-reseller", "demo-password").unwrap();
    for text in [
        "The 'orderNumber' argument is invalid!",
        "reseller demo password",
        "ñ 100% \\ & <b>",
        "語",
    ] {
        for place in [Place::Lines, Place::Message] {
            let answer = answer(&place.body(text), &credentials);
            assert_eq!(answer.message(), Some(text));
        }
    }
}

#[test]
fn texts_are_clipped_and_printable() {
    let credentials = Credentials::new("demo-reseller", "demo-password").unwrap();
    holds(
        2_000,
        (vec(any::<char>(), 0..1500), any::<bool>()),
        |(text, in_lines)| {
            let text: String = text.into_iter().collect();
            let place = if in_lines { Place::Lines } else { Place::Extra };
            let answer = answer(&place.body(&text), &credentials);
            for shown in told(&answer) {
                prop_assert!(shown.chars().count() <= 1025 && !shown.contains(char::is_control));
            }
            Ok(())
        },
    );
    let clipped = answer(&Place::Message.body(&"é".repeat(2000)), &credentials);
    assert_eq!(clipped.message().map(|it| it.chars().count()), Some(1025));
    let longest = "é".repeat(1024);
    assert_eq!(
        answer(&Place::Message.body(&longest), &credentials).message(),
        Some(longest.as_str())
    );
}
