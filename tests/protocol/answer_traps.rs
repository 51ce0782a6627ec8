//! Each thing that has made a client report what did not happen, and each form that a true answer may take.

use autorevoke::protocol::{Answer, MAX_ANSWER_BYTES, Reply, UnknownCause, parse};

use crate::exchange::{assert_accepted, assert_refused, assert_unknown, cause, judged, measured, open, sent};

const ENDINGS: [&str; 4] = ["", "\n", "\r\n", "\r"];
const AROUND: [&str; 6] = ["", " ", "\t", "\u{feff}", "\r\n", "\u{feff} \t\n"];

#[test]
fn success_is_taken_in_either_form_with_any_line_ending_and_any_ends() {
    for text in ["0", "errorCode=0", "errorCode=0&", "errorCode=0&errorMessage=&"] {
        for ending in ENDINGS {
            for around in AROUND {
                assert_accepted(&[around, text, ending, around].concat());
            }
        }
    }
}

#[test]
fn failure_is_taken_in_either_form_with_any_line_ending_and_any_ends() {
    for ending in ["\n", "\r\n", "\r"] {
        for around in AROUND {
            let lines = [
                around,
                "-3",
                ending,
                "The 'xxxx' argument is missing!",
                ending,
                around,
            ]
            .concat();
            assert_refused(&lines, -3, Some("The 'xxxx' argument is missing!"));
            let pairs = "errorCode=-3&errorMessage=The+%27xxxx%27+argument+is+missing%21";
            let pairs = [around, pairs, ending, around].concat();
            assert_refused(&pairs, -3, Some("The 'xxxx' argument is missing!"));
            assert_refused(&[around, "-3", around, ending].concat(), -3, None);
            assert_refused(&[around, "errorCode=-3", ending, around].concat(), -3, None);
        }
    }
    assert_refused("errorCode=-3&", -3, None);
    assert_refused("errorCode=-3&errorMessage=", -3, None);
}

#[test]
fn keys_are_taken_in_any_case() {
    for key in ["errorcode", "ERRORCODE", "ErrorCode", "eRRORcODE"] {
        assert_accepted(&format!("{key}=0"));
        assert_accepted(&format!("{key}=0&x=1"));
        assert_refused(&format!("{key}=-3&ERRORMESSAGE=no"), -3, Some("no"));
    }
}

#[test]
fn the_code_may_stand_behind_other_keys() {
    assert_refused("errorMessage=no&errorCode=-3&", -3, Some("no"));
    assert_refused("errorMessage=no&errorCode=-3\r\n", -3, Some("no"));
    assert_refused("errorDetail=why&errorCode=-3&errorMessage=no", -3, Some("no"));
    assert_accepted("status=why&errorCode=0");
}

fn extra_of(answer: &Answer) -> Vec<(&str, &str)> {
    answer
        .extra()
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

#[test]
fn unknown_keys_are_kept() {
    let accepted = open("errorCode=0&serverName=a+b%21&status=failed");
    assert!(matches!(accepted, Answer::Accepted(_)));
    assert_eq!(
        extra_of(&accepted),
        [("serverName", "a b!"), ("status", "failed")]
    );
    let refused = open("errorCode=-3&errorMessage=no&errorDetail=a+b%21&orderNumber=7");
    assert!(matches!(refused, Answer::Refused(_)));
    assert_eq!(
        extra_of(&refused),
        [("errorDetail", "a b!"), ("orderNumber", "7")]
    );
}

#[test]
fn what_contradicts_a_success_is_kept_for_the_log() {
    for (body, kept) in [
        (
            "errorCode=0&errorDetail=Order+not+found",
            ("errorDetail", "Order not found"),
        ),
        ("errorCode=0&orderNumber=999999", ("orderNumber", "999999")),
        (
            "errorCode=0&errorMessage=Order+not+found",
            ("errorMessage", "Order not found"),
        ),
        ("0\nOrder not found", ("errorMessage", "Order not found")),
    ] {
        let answer = measured(body);
        assert_eq!(cause(&answer), UnknownCause::Contradiction, "{body:?}");
        assert_eq!((answer.code(), answer.message()), (None, None), "{body:?}");
        assert_eq!(extra_of(&answer), [kept], "{body:?}");
    }
}

#[test]
fn a_detail_beside_a_success_is_unknown() {
    for key in [
        "errorDetail",
        "errorItem",
        "ERRORDETAIL",
        "error_item",
        "error%49tem",
    ] {
        for value in ["x", "+", "%20", "0", "orderNumber"] {
            assert_unknown(format!("errorCode=0&{key}={value}"));
            assert_unknown(format!("{key}={value}&errorCode=0"));
            assert_unknown(format!("errorCode=0&{key}=&{key}={value}&"));
        }
        // Where the code says no, or that it was done before, it explains the code.
        assert_refused(&format!("errorCode=-3&{key}=x&"), -3, None);
        assert_eq!(measured(format!("errorCode=-21&{key}=x")).code(), Some(-21));
    }
    for key in ["errorDetail", "errorItem", "ERRORDETAIL", "error_item"] {
        assert_accepted(&format!("errorCode=0&{key}=&"));
        assert_accepted(&format!("errorCode=0&{key}=\n"));
        assert_eq!(
            cause(&open(format!("errorCode=0&{key}="))),
            UnknownCause::MaybeCut
        );
    }
}

/// The codes that count as done.
const DONE: [i32; 3] = [0, -20, -21];

#[test]
fn an_answer_about_another_call_is_unknown_beside_every_code_that_counts_as_done() {
    let others = [
        "orderNumber=999999",
        "orderNumber=",
        "orderNumber",
        "orderNumber=0123456",
        "orderNumber=+123456",
        "orderNumber=1234567",
        "ORDERNUMBER=12345",
        "order_number=7",
        "order%4Eumber=7",
        "orderNumber=123456&orderNumber=7",
        "serialNumber=123456",
        "serialNumber=",
        "certificateID=123456",
        "certificateid=5",
        "test=Y",
        "test=n",
        "test=",
        "test=N&test=Y",
    ];
    for code in DONE {
        for other in others {
            assert_unknown(format!("errorCode={code}&{other}"));
            assert_unknown(format!("errorCode={code}&{other}&x=1"));
            assert_unknown(format!("{other}&errorCode={code}&"));
            assert_unknown(format!("{code}\n{other}\n"));
            assert_unknown(format!("errorCode={code}&x=1\n{other}\n&y=2"));
            assert_unknown(format!("errorCode={code}\r\nDone\r\n {other}\r\n"));
            assert_unknown(format!("errorCode={code}{}&{other}&", "&k=v".repeat(40)));
        }
        assert_eq!(
            cause(&measured(format!("errorCode={code}&orderNumber=7"))),
            UnknownCause::Contradiction
        );
    }
    for other in others {
        assert_refused(&format!("errorCode=-35&{other}&"), -35, None);
    }
}

#[test]
fn an_answer_that_names_this_very_call_is_no_contradiction() {
    for code in DONE {
        for same in [
            "orderNumber=123456",
            "ordernumber=12345%36",
            "orderNumber=123456&test=N&orderNumber=123456",
        ] {
            assert_eq!(
                measured(format!("errorCode={code}&{same}")).code(),
                Some(code),
                "{same}"
            );
            assert_eq!(
                open(format!("{same}&errorCode={code}&")).code(),
                Some(code),
                "{same}"
            );
        }
    }
    assert_eq!(
        open("-21\nDone\norderNumber=123456\n").message(),
        Some("Done orderNumber=123456")
    );
}

#[test]
fn an_answer_to_a_test_call_speaks_of_a_test_call() {
    let answered = |body: &str| {
        let reply = Reply {
            status: 200,
            content_length: Some(body.len() as u64),
            content_encoding: None,
            body: body.as_bytes(),
        };
        parse(&reply, &sent(true)).code()
    };
    for code in DONE {
        assert_eq!(answered(&format!("errorCode={code}&test=Y")), Some(code));
        assert_eq!(answered(&format!("errorCode={code}&test=N")), None);
        assert_eq!(answered(&format!("errorCode={code}&test=y")), None);
        assert_eq!(answered(&format!("errorCode={code}&orderNumber=7&test=Y")), None);
    }
}

#[test]
fn thousands_of_keys_are_not_kept() {
    let extra = |count| "&k=v".repeat(count);
    for (sent, kept) in [(32, 32), (33, 32), (10_000, 32)] {
        let answer = open(format!("errorCode=0{}", extra(sent)));
        assert!(matches!(answer, Answer::Accepted(_)));
        assert_eq!(answer.extra().len(), kept);
    }
    let long = open(format!("errorCode=0&{}={}", "k".repeat(9_000), "v".repeat(9_000)));
    assert!(matches!(long, Answer::Accepted(_)));
    let (key, value) = &long.extra()[0];
    assert_eq!((key.chars().count(), value.chars().count()), (129, 129));
    assert_refused(
        &format!("errorCode=-3{}&errorMessage=no", extra(100)),
        -3,
        Some("no"),
    );
    assert_unknown(format!("errorCode=0{}&errorMessage=no", extra(100)));
    assert_unknown(format!("errorCode=0{}&errorCode=-3", extra(100)));
}

#[test]
fn a_body_without_a_code_is_unknown() {
    let bodies = [
        "",
        " ",
        "\r\n\r\n",
        "\u{feff}",
        "&",
        "=",
        "=0",
        "errorCode",
        "errorCode=",
        "errorCode=&errorMessage=",
        "errorMessage=",
        "errorMessage=done",
        "error=0",
        "code=0",
        "Code=0",
        "xerrorCode=0",
        "errorCodeX=0",
        "status=0",
        "OK",
        "null",
        "true",
        "revoked",
    ];
    for body in bodies {
        assert_unknown(body);
    }
    assert_eq!(cause(&measured("")), UnknownCause::NoCode);
}

#[test]
fn what_is_no_code_by_the_grammar_is_unknown() {
    let codes = [
        "-0",
        "+0",
        "00",
        "000",
        "0x0",
        "-00",
        "-03",
        "--3",
        "-",
        "+",
        "+3",
        "3",
        "1",
        "21",
        "160",
        "-1234567890",
        "-2147483648",
        "-2147483649",
        "-99999999999999999999",
        "0.0",
        "-3.0",
        "0,0",
        "-3e1",
        "1e-3",
        "0 0",
        "- 3",
        "-3-",
        "-3 0",
        "−3",
        "‐3",
        "０",
        "-３",
        "٠",
        "0\u{301}",
        "0\0",
        "\u{0}0",
        "0;",
        "-3;",
        "'0'",
        "\"0\"",
        "(0)",
        "0.",
        "O",
        "o",
        "zero",
        "false",
        "NaN",
        "0n",
        "0L",
        "%30",
        "%2D3",
        "0%20",
        "0+",
        "+0+",
        "-3%0A",
    ];
    for code in codes {
        for ending in ENDINGS {
            assert_unknown(format!("{code}{ending}"));
            assert_unknown(format!("errorCode={code}{ending}"));
            assert_unknown(format!("errorCode={code}&errorMessage=no{ending}"));
            assert_unknown(format!("errorMessage=&errorCode={code}&x=1{ending}"));
            assert_unknown(format!("errorCode={code}{ending}\nThe order was not revoked"));
        }
    }
    assert_eq!(cause(&measured("errorCode=3")), UnknownCause::NotACode);
}

#[test]
fn the_longest_code_is_taken_and_one_digit_more_is_not() {
    assert_refused("-999999999\n", -999_999_999, None);
    assert_refused("errorCode=-999999999&", -999_999_999, None);
    assert_unknown("-1000000000\n");
    assert_unknown("errorCode=-1000000000&");
}

#[test]
fn a_code_that_is_there_twice_is_unknown_even_when_alike() {
    let bodies = [
        "errorCode=0&errorCode=0",
        "errorCode=0&errorCode=-3",
        "errorCode=-3&errorCode=0",
        "errorCode=-21&errorCode=-21&",
        "errorCode=0&ERRORCODE=0",
        "errorCode=0&errorCode=",
        "errorCode=0&errorCode",
        "errorCode=&errorCode=0",
        "errorCode&errorCode=-21&",
        "errorCode=-3&errorMessage=no&errorCode=0",
        "errorCode=-3&errorMessage=no&error%43ode=0",
        "errorCode=-3&errorMessage=no&errorCode%20=0",
        "errorCode=-21&+errorCode=0&",
        "errorCode=0&error_code=-3",
        "error-code=-3&errorCode=0",
        "errorCode=-3&errorMessage=no&\"errorCode\"=0",
        "0\n0",
        "0\n-3",
        "-3\n0",
        "-3\r\n-3\r\n",
        "-3\nno\n0",
        "-3\n errorCode=0",
        "errorCode=-3\nerrorCode=0",
        "errorCode=0\nerrorCode=0",
        "errorCode=0\n0",
        "-3\nx=1&errorCode=0",
        "-3\nno\rERRORCODE=0",
    ];
    for body in bodies {
        assert_unknown(body);
    }
    assert_eq!(
        cause(&measured("errorCode=-3&errorCode=0")),
        UnknownCause::SeveralCodes
    );
}

#[test]
fn what_is_encoded_inside_of_a_message_stays_inside() {
    let message = "no&errorCode=0";
    for encoded in ["no%26errorCode%3D0", "no%26errorCode=0", "no%26%65rrorCode%3d0"] {
        assert_refused(&format!("errorCode=-3&errorMessage={encoded}"), -3, Some(message));
        assert_refused(
            &format!("errorMessage={encoded}&errorCode=-3\n").replace("=0", "%3D0"),
            -3,
            Some(message),
        );
    }
    assert_refused(
        "errorCode=-3&errorMessage=no%26errorCode%3D-21%26",
        -3,
        Some("no&errorCode=-21&"),
    );
    assert_refused(
        "errorCode=-3&errorMessage=no%0AerrorCode%3D0%0A0",
        -3,
        Some("no errorCode=0 0"),
    );
    assert_unknown("errorMessage=done%26errorCode%3D0");
    assert_unknown("errorMessage=done%0A0");
    assert_unknown("x%26errorCode=0");
    assert_unknown("errorCode%3D0");
}

#[test]
fn a_failure_whose_text_speaks_of_success_is_a_failure() {
    assert_refused(
        "-3\nThe answer was not errorCode=0, sorry",
        -3,
        Some("The answer was not errorCode=0, sorry"),
    );
    assert_refused(
        "-3\nThere were 0 certificates",
        -3,
        Some("There were 0 certificates"),
    );
    assert_refused("-10\n", -10, None);
    assert_refused("errorCode=-10&errorMessage=0", -10, Some("0"));
}

#[test]
fn success_with_something_that_a_success_does_not_have_is_unknown() {
    let bodies = [
        "errorCode=0&errorMessage=no",
        "errorCode=0&errorMessage=+",
        "errorCode=0&ERRORMESSAGE=no",
        "errorCode=0&error%4Dessage=no",
        "errorCode=0&error_message=no",
        "errorMessage=no&errorCode=0",
        "errorCode=0&errorMessage=&errorMessage=no",
        "0\nno",
        "0\r\n\r\nno",
        "0\r.",
        "errorCode=0\nno",
        "errorCode=0\nerrorMessage=no",
        "errorCode=0\n&errorMessage=no",
        "0 no",
        "0&",
    ];
    for body in bodies {
        assert_unknown(body);
    }
    assert_eq!(cause(&measured("0\nno")), UnknownCause::Contradiction);
}

#[test]
fn every_status_but_200_is_unknown_whatever_the_body_says() {
    for status in (0..=u16::MAX).filter(|status| *status != 200) {
        for body in ["", "0", "errorCode=0", "-21\n", "errorCode=-3&errorMessage=no"] {
            let reply = Reply {
                status,
                content_length: None,
                content_encoding: None,
                body: body.as_bytes(),
            };
            assert_eq!(cause(&judged(&reply)), UnknownCause::HttpStatus(status));
        }
    }
}

#[test]
fn a_compressed_answer_is_unknown() {
    // What gzip makes of `errorCode=0`.
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03K-*\xca/r\xceOI\xb55\0\0\xaa\xd0w\xc2\x0b\0\0\0";
    assert_unknown(gzip);
    for encoding in ["gzip", "br", "deflate", "zstd", "x", "gzip, identity", "GZIP"] {
        let reply = Reply {
            status: 200,
            content_length: None,
            content_encoding: Some(encoding),
            body: b"0",
        };
        assert_eq!(cause(&judged(&reply)), UnknownCause::Encoded, "{encoding}");
    }
    for encoding in ["", " ", "identity", "Identity", " identity "] {
        let reply = Reply {
            status: 200,
            content_length: None,
            content_encoding: Some(encoding),
            body: b"0",
        };
        assert!(matches!(judged(&reply), Answer::Accepted(_)), "{encoding}");
    }
}

#[test]
fn other_character_sets_are_never_a_success() {
    let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
    for text in [
        "0",
        "0\r\n",
        "errorCode=0",
        "errorCode=0&",
        "-21\r\n",
        "errorCode=-21&",
    ] {
        let little: Vec<u8> = units(text).iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units(text).iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [little, big] {
            assert_unknown(&bytes);
            for mark in [&b"\xff\xfe"[..], b"\xfe\xff", b"\xef\xbb\xbf"] {
                assert_unknown([mark, &bytes].concat());
            }
        }
        assert_unknown([b"\xff", text.as_bytes()].concat());
    }
    assert_unknown(b"0\n\xa0");
    assert_unknown(b"errorCode=0&errorDetail=\xe4");
    assert_unknown("errorCode=0&errorDetail=ä");
    assert_unknown(b"\xf0errorCode\x7e");
}

#[test]
fn a_latin_1_text_is_read() {
    assert_eq!(open(b"-3\n\xe4\xf6").message(), Some("äö"));
    assert_eq!(open(b"\xef\xbb\xbf-3\nPr\xfcfung").message(), Some("Prüfung"));
    assert_eq!(open(b"errorCode=-3&errorMessage=\xe4").code(), Some(-3));
}

#[test]
fn control_characters_never_stand_beside_a_success() {
    for control in (0..=0x9f)
        .map(char::from)
        .filter(|c| c.is_control() && !"\t\r\n".contains(*c))
    {
        for body in [
            format!("0{control}"),
            format!("{control}0"),
            format!("0\n{control}"),
        ] {
            assert_unknown(&body);
            assert_unknown(format!("errorCode={body}"));
        }
        assert_unknown(format!("errorCode=0&x=1{control}"));
    }
}

#[test]
fn the_form_sent_back_is_no_answer() {
    let echo = "loginName=demo-reseller&loginPassword=demo-password&orderNumber=1&codeReason=1";
    for code in ["0", "-21", "-20", "-3"] {
        // As it was sent, and as a server decodes it: then a comment may bring its own pairs.
        assert_unknown(format!(
            "{echo}&revocationReason=x%26errorCode%3D{code}&responseFormat=1"
        ));
        assert_unknown(format!(
            "{echo}&revocationReason=x&errorCode={code}&responseFormat=1"
        ));
        assert_unknown(format!("{echo}&revocationReason=x&errorCode={code}"));
        assert_unknown(format!("errorCode={code}&codeReason=0"));
        assert_unknown(format!("errorCode={code}&RESPONSEFORMAT=1&"));
        assert_unknown(format!(
            "revocationReason=x\n&errorCode={code}&\nresponseFormat=1"
        ));
    }
}

#[test]
fn the_longest_answer_is_read_and_one_byte_more_is_not() {
    let longest = format!("0{}", " ".repeat(MAX_ANSWER_BYTES - 1));
    assert_accepted(&longest);
    assert_eq!(cause(&measured(longest + " ")), UnknownCause::TooLong);
}

#[test]
fn a_second_code_is_one_without_a_value_too() {
    for body in [
        "errorCode=-3&errorCode",
        "errorCode=-3&errorCode=",
        "errorCode=-3&error-code",
    ] {
        assert_eq!(cause(&measured(body)), UnknownCause::SeveralCodes, "{body:?}");
    }
}

#[test]
fn what_stands_in_the_place_of_a_code_and_is_none_is_told_as_such() {
    for body in ["17", "17\nno", "-0", "+0", "00", "no", "<html>"] {
        assert_eq!(cause(&open(body)), UnknownCause::NotACode, "{body:?}");
    }
}

#[test]
fn each_way_not_to_know_has_words_of_its_own() {
    let causes = [
        UnknownCause::TimedOut,
        UnknownCause::ConnectionLost,
        UnknownCause::HttpStatus(302),
        UnknownCause::HttpStatus(500),
        UnknownCause::TooLong,
        UnknownCause::Encoded,
        UnknownCause::LengthMismatch,
        UnknownCause::MaybeCut,
        UnknownCause::NoCode,
        UnknownCause::NotACode,
        UnknownCause::SeveralCodes,
        UnknownCause::Contradiction,
        UnknownCause::UnknownAtCa,
        UnknownCause::Interrupted,
    ];
    let mut words: Vec<&str> = causes.iter().map(|cause| cause.text()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), causes.len());
    assert_eq!(UnknownCause::ConnectionLost.text(), "the connection broke");
}
