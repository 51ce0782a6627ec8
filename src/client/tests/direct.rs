//! Straight to the CA: the form that is sent, and what its answer means. The parser itself is tested with the protocol.

use super::edge::{header, sent};
use super::{answer, given, object, runtime};
use crate::client::answer::{Answer, Head};
use crate::client::call::{Call, Operation};
use crate::client::direct::judge;
use crate::client::failure::Failure;
use crate::client::options::{Options, read};
use crate::client::request::Outgoing;
use crate::client::revocation::Revocation;
use crate::client::value::Argument;
use crate::problem::Kind;
use crate::protocol::{Credentials, Draft, ENDPOINT, FORM_MEDIA_TYPE, NameKind, Order, REDACTED};
use crate::verdict::Outcome;

const PASSWORD: &str = "s&+%=/ü€\"";

fn login() -> Credentials {
    Credentials::new("name", PASSWORD).unwrap()
}

fn options() -> Options {
    let own = given([("credentials", object())]);
    read(Argument::Missing, own, Operation::Revoke, runtime()).options
}

fn order(test: bool) -> Order {
    let draft = Draft {
        order_number: "123456".into(),
        test,
        ..Draft::default()
    };
    draft.check().unwrap()
}

fn judged(test: bool, answer: &Answer) -> Result<Revocation, Failure> {
    let order = order(test);
    judge(&Call::revoking(&order), &order, &login(), answer)
}

fn said(body: &str) -> Answer {
    answer(200, "text/html", body)
}

#[test]
fn the_form_goes_out_urlencoded_each_value_once() {
    let outgoing = Outgoing::form(&options(), &order(true), &login());
    assert_eq!(
        sent(&outgoing),
        Some(
            "loginName=name&loginPassword=s%26%2B%25%3D%2F%C3%BC%E2%82%AC%22&orderNumber=123456&codeReason=0&test=Y&\
             responseFormat=1"
        )
    );
    assert_eq!(outgoing.url, ENDPOINT);
    assert_eq!(header(&outgoing, "Content-Type"), Some(FORM_MEDIA_TYPE));
    assert_eq!(header(&outgoing, "Accept-Encoding"), Some("identity"));
    assert_eq!(header(&outgoing, "Idempotency-Key"), None);
}

#[test]
fn cookies_are_withheld_where_there_are_any() {
    let mut options = options();
    assert!(!Outgoing::form(&options, &order(false), &login()).without_cookies);
    options.in_page = true;
    assert!(Outgoing::form(&options, &order(false), &login()).without_cookies);
}

#[test]
fn the_verdict_of_the_parser_is_what_is_told() {
    for (test, body, outcome) in [
        (false, "errorCode=0", Outcome::Revoked),
        (true, "errorCode=0", Outcome::Tested),
        (false, "0\n", Outcome::Revoked),
        (false, "errorCode=-21&errorMessage=Done", Outcome::AlreadyRevoked),
        (true, "errorCode=-20&errorMessage=Done", Outcome::AlreadyRejected),
    ] {
        let done = judged(test, &said(body)).unwrap();
        assert_eq!(
            (done.outcome, done.error_code, done.test),
            (outcome, outcome.code(), test)
        );
        assert_eq!((done.name.as_str(), done.audit_seq), ("123456", None));
        assert_eq!(done.error_message.is_some(), body.contains("Done"));
    }
    for (body, kind, code) in [
        ("errorCode=-3&errorMessage=No", Kind::CaRefused, Some(-3)),
        ("errorCode=-16&errorMessage=No", Kind::CaLoginRefused, Some(-16)),
        ("errorCode=-42&errorMessage=No", Kind::CaBusy, Some(-42)),
        ("errorCode=-14&errorMessage=No", Kind::UnknownOutcome, Some(-14)),
        ("", Kind::UnknownOutcome, None),
        ("<html>", Kind::UnknownOutcome, None),
    ] {
        for test in [false, true] {
            let failure = judged(test, &said(body)).unwrap_err();
            assert_eq!((failure.kind, failure.error_code), (kind, code), "{body}");
            assert_eq!(
                failure.may_have_revoked,
                kind == Kind::UnknownOutcome && !test,
                "{body}"
            );
            assert_eq!(failure.name, Some((NameKind::OrderNumber, "123456".to_owned())));
            assert_eq!(failure.status, Some(200));
        }
    }
}

#[test]
fn a_busy_ca_says_when_or_a_minute_later() {
    let busy = |retry_after| {
        let mut answer = said("errorCode=-42&errorMessage=Busy");
        answer.head.retry_after = retry_after;
        judged(false, &answer).unwrap_err().retry_after
    };
    assert_eq!((busy(Some(5)), busy(None)), (Some(5), Some(60)));
    let mut other = said("errorCode=-3&errorMessage=No");
    other.head.retry_after = Some(5);
    assert_eq!(judged(false, &other).unwrap_err().retry_after, None);
}

#[test]
fn what_contradicts_the_answers_head_is_not_believed() {
    let right = said("errorCode=0");
    let heads = [
        Head {
            redirected: true,
            ..right.head.clone()
        },
        Head {
            status: 0,
            ..right.head.clone()
        },
        Head {
            status: 302,
            ..right.head.clone()
        },
        Head {
            status: 500,
            ..right.head.clone()
        },
        Head {
            content_length: Some(10),
            ..right.head.clone()
        },
        Head {
            content_length: Some(u64::MAX),
            ..right.head.clone()
        },
        Head {
            content_encoding: Some("gzip".into()),
            ..right.head.clone()
        },
    ];
    for head in heads {
        let said = Answer {
            head,
            body: right.body.clone(),
        };
        let failure = judged(false, &said).unwrap_err();
        assert_eq!(
            (failure.kind, failure.may_have_revoked),
            (Kind::UnknownOutcome, true),
            "{said:?}"
        );
    }
}

#[test]
fn a_text_that_repeats_the_password_is_withheld() {
    let failure = judged(false, &said("-3\n%26%2b... s%26%2b%25%3D/ü€\"\n")).unwrap_err();
    assert_eq!(failure.kind, Kind::CaRefused);
    assert_eq!(failure.error_message.as_deref(), Some(REDACTED));
}
