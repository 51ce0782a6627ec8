//! A million answers, made up and damaged, held against the rule as the oracle reads it.

use autorevoke::protocol::{Answer, Reply, parse};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, prop_oneof};

use crate::exchange::{ORDER_NUMBER, sent};
use crate::oracle::{Asked, certain_code};
use crate::runner::{Held, holds};

/// What answers, pages and attacks are made of.
const PIECES: [&str; 77] = [
    "0",
    "0",
    "-",
    "-3",
    "-21",
    "-16",
    "1",
    "3",
    "+",
    "00",
    "-0",
    "errorCode=0",
    "errorCode=-21",
    "errorCode=",
    "errorCode",
    "errorCode=0&",
    "&errorCode=0",
    "errorCode=-3&",
    "&errorCode=-20",
    "ERRORCODE=",
    "error%43ode=",
    "errorCode%20=",
    "error_code=",
    "&",
    "&",
    "&",
    "=",
    "=",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\u{feff}",
    "a",
    "x=1",
    "&x=1",
    "errorMessage=",
    "&errorMessage=",
    "&errorMessage=no",
    "errorDetail=",
    "&errorDetail=x",
    "&errorItem=1",
    "&errorItem=",
    "&orderNumber=123456",
    "&orderNumber=1234%356",
    "orderNumber=",
    "\norderNumber=77",
    "&ORDER_NUMBER=77",
    "&serialNumber=0A",
    "certificateID=5&",
    "test=Y",
    "&test=N",
    "&test=",
    "&status=failed",
    "%",
    "%26",
    "%3D",
    "%0A",
    "%2D",
    "<",
    "\"",
    "<p>",
    ";",
    "?",
    ".",
    "_",
    "é",
    "\0",
    "\u{85}",
    "\u{a0}",
    "loginName=",
    "&responseFormat=1",
    "999999999",
    "12345",
    "{",
];

/// True answers, to be damaged.
const ANSWERS: [&str; 16] = [
    "0",
    "0\r\n",
    "errorCode=0",
    "errorCode=0\n",
    "errorCode=0&errorItem=a%20b",
    "errorCode=0&orderNumber=123456&test=N",
    "errorCode=-21&errorMessage=Done&orderNumber=123456",
    "test=Y&errorCode=0",
    "-20\r\nRejected\r\norderNumber=123456\r\n",
    "-21\nThe certificate was already revoked\n",
    "-16\r\n",
    "errorCode=-3&errorMessage=The+%27xxxx%27+argument+is+missing%21",
    "errorCode=-20\n",
    "errorMessage=no&errorCode=-160&errorDetail=x",
    "\u{feff}errorCode=-14&errorMessage=unknown\r\n",
    "-3\r\nno&errorMessage=x\r\n",
];

#[derive(Debug, Clone)]
enum Damage {
    Put(usize, Vec<u8>),
    Drop(usize, usize),
    Flip(usize, u8),
    Cut(usize),
}

impl Damage {
    fn to(&self, body: &mut Vec<u8>) {
        let end = body.len();
        match self {
            Damage::Put(at, piece) => {
                let at = at % (end + 1);
                body.splice(at..at, piece.iter().copied());
            }
            Damage::Drop(at, count) => {
                let at = at % (end + 1);
                body.drain(at..end.min(at + count));
            }
            Damage::Flip(at, bits) if end > 0 => body[at % end] ^= bits,
            Damage::Flip(..) => {}
            Damage::Cut(at) => body.truncate(at % (end + 1)),
        }
    }
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        9 => select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..3),
    ]
}

fn made_up() -> impl Strategy<Value = Vec<u8>> {
    vec(piece(), 0..9).prop_map(|pieces| pieces.concat())
}

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let damage = prop_oneof![
        3 => (any::<usize>(), piece()).prop_map(|(at, piece)| Damage::Put(at, piece)),
        2 => (any::<usize>(), 1_usize..4).prop_map(|(at, count)| Damage::Drop(at, count)),
        2 => (any::<usize>(), (0_u32..8).prop_map(|bit| 1 << bit)).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        1 => any::<usize>().prop_map(Damage::Cut),
    ];
    (select(&ANSWERS[..]), vec(damage, 1..4)).prop_map(|(answer, damages)| {
        let mut body = answer.as_bytes().to_vec();
        damages.iter().for_each(|damage| damage.to(&mut body));
        body
    })
}

/// A random code, in a random form: far more of these are true answers.
fn well_formed() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![2 => Just(0_i64), 2 => -45_i64..0, 1 => -99_999_999_999_i64..200];
    let before = select(
        &[
            "",
            "\u{feff}",
            "\r\n",
            "errorMessage=no&",
            "errorMessage=&",
            "a=b&",
        ][..],
    );
    let key = select(&["", "errorCode=", "ErrorCode="][..]);
    let behind = select(
        &[
            "",
            "\n",
            "&",
            "\r\nno",
            "&errorMessage=no",
            "&errorMessage=",
            " ",
            "\r",
            "&a=%41&b=c",
            "&&",
            "&errorDetail=x",
            "&errorItem=&",
            "&orderNumber=123456",
            "&orderNumber=123457",
            "\r\norderNumber=123457",
            "&order%4Eumber=%31",
            "&serialNumber=",
            "&certificateID=123456&",
            "&test=Y&",
            "&test=N&",
            "&test=n",
        ][..],
    );
    (before, key, code, behind)
        .prop_map(|(before, key, code, behind)| format!("{before}{key}{code}{behind}").into())
}

fn asked(test: bool) -> Asked<'static> {
    Asked {
        order_number: ORDER_NUMBER,
        test,
    }
}

/// Parser and oracle on one body: without its length, with it, and with a wrong one.
fn agree(body: &[u8], wrong_length: u64) -> Held {
    let length = body.len() as u64;
    for (content_length, test) in [
        (None, false),
        (Some(length), false),
        (Some(length), true),
        (Some(wrong_length), false),
    ] {
        let reply = Reply {
            status: 200,
            content_length,
            content_encoding: None,
            body,
        };
        let answer = parse(&reply, &sent(test));
        let certain = certain_code(200, content_length, None, body, asked(test));
        let shown = String::from_utf8_lossy(body);
        prop_assert_eq!(
            answer.code(),
            certain,
            "{:?} of length {:?} gave {:?}",
            shown,
            content_length,
            answer
        );
        prop_assert_eq!(
            matches!(answer, Answer::Accepted(_)),
            certain == Some(0),
            "{:?}",
            shown
        );
        prop_assert_eq!(
            matches!(answer, Answer::AlreadyRevoked(_)),
            certain == Some(-21),
            "{:?}",
            shown
        );
        prop_assert_eq!(
            matches!(answer, Answer::AlreadyRejected(_)),
            certain == Some(-20),
            "{:?}",
            shown
        );
        prop_assert_eq!(
            matches!(answer, Answer::LoginRefused(_)),
            certain == Some(-16),
            "{:?}",
            shown
        );
        prop_assert_eq!(
            matches!(answer, Answer::Busy(_)),
            certain == Some(-42),
            "{:?}",
            shown
        );
        let known = certain.is_some_and(|code| code != -14);
        prop_assert_eq!(matches!(answer, Answer::Unknown(_)), !known, "{:?}", shown);
        prop_assert!(certain.is_none_or(|code| code <= 0));
    }
    Ok(())
}

#[test]
fn made_up_answers_are_judged_by_the_rule() {
    holds(200_000, (made_up(), any::<u64>()), |(body, wrong)| {
        agree(&body, wrong)
    });
}

#[test]
fn damaged_answers_are_judged_by_the_rule() {
    holds(200_000, (damaged(), 0_u64..200), |(body, wrong)| {
        agree(&body, wrong)
    });
}

#[test]
fn well_formed_answers_are_judged_by_the_rule() {
    holds(100_000, (well_formed(), 0_u64..20), |(body, wrong)| {
        agree(&body, wrong)
    });
}

#[test]
fn random_bytes_are_judged_by_the_rule() {
    holds(
        50_000,
        (vec(any::<u8>(), 0..40), any::<u64>()),
        |(body, wrong)| agree(&body, wrong),
    );
}

#[test]
fn only_status_200_without_an_encoding_tells_anything() {
    let encoding = option::of(select(
        &["", "identity", "IDENTITY ", "gzip", "br", "identity, gzip", "é"][..],
    ));
    let status = prop_oneof![Just(200), any::<u16>()];
    holds(
        50_000,
        (well_formed(), status, encoding),
        |(body, status, content_encoding)| {
            let reply = Reply {
                status,
                content_length: None,
                content_encoding,
                body: &body,
            };
            let certain = certain_code(status, None, content_encoding, &body, asked(false));
            prop_assert_eq!(parse(&reply, &sent(false)).code(), certain);
            Ok(())
        },
    );
}

#[test]
fn the_oracle_knows_the_vendors_answers() {
    let certain = |body: &str| certain_code(200, None, None, body.as_bytes(), asked(false));
    assert_eq!(certain("errorCode=0"), Some(0));
    assert_eq!(certain("errorCode=0&orderNumber=123456&test=N"), Some(0));
    assert_eq!(certain("errorCode=0&orderNumber=999999"), None);
    assert_eq!(certain("errorCode=0&errorDetail=Order+not+found"), None);
    assert_eq!(
        certain("errorCode=-21&errorMessage=Done&orderNumber=999999"),
        None
    );
    assert_eq!(certain("0\r\n"), Some(0));
    assert_eq!(
        certain("errorCode=-3&errorMessage=The+%27xxxx%27+argument+is+missing%21"),
        Some(-3)
    );
    assert_eq!(certain("-3\nThe 'xxxx' argument is missing!"), Some(-3));
    assert_eq!(certain("-3"), None);
    assert_eq!(certain("errorCode=-3&errorCode=0"), None);
    assert_eq!(certain("{\"errorCode\":0}"), None);
}
