//! What each code means for the one who asked, as the contract's tables have it.

use autorevoke::problem::Kind;
use autorevoke::protocol::{CODES, Draft, Order, describe};
use autorevoke::verdict::{Outcome, Verdict, detail, verdict};
use proptest::prelude::any;
use proptest::{prop_assert, prop_assert_eq};

use crate::exchange::{measured, open};
use crate::runner::holds;

const DOCUMENTED: [i32; 16] = [
    0, -1, -2, -3, -4, -14, -16, -17, -20, -21, -23, -26, -35, -42, -43, -160,
];

fn order(number: &str) -> Order {
    let draft = Draft {
        order_number: number.into(),
        ..Draft::default()
    };
    draft.check().expect("an order number")
}

/// The contract's table of kinds, and its three results.
fn expected(code: i32, test: bool) -> Verdict {
    match code {
        0 if test => Verdict::Done(Outcome::Tested),
        0 => Verdict::Done(Outcome::Revoked),
        -21 => Verdict::Done(Outcome::AlreadyRevoked),
        -20 => Verdict::Done(Outcome::AlreadyRejected),
        -14 => Verdict::Failed(Kind::UnknownOutcome),
        -16 => Verdict::Failed(Kind::CaLoginRefused),
        -42 => Verdict::Failed(Kind::CaBusy),
        ..0 => Verdict::Failed(Kind::CaRefused),
        1.. => Verdict::Failed(Kind::UnknownOutcome),
    }
}

#[test]
fn every_code_has_its_verdict_in_both_forms() {
    let codes = (-3000..50).chain([-999_999_999, -123_456_789, 1_000_000]);
    for code in codes {
        for body in [
            format!("{code}\n"),
            format!("errorCode={code}"),
            format!("errorCode={code}&x=1"),
        ] {
            for test in [false, true] {
                let answer = measured(&body);
                assert_eq!(verdict(&answer, test), expected(code, test), "{body:?}");
                assert_eq!(answer.code(), (code <= 0).then_some(code), "{body:?}");
            }
        }
    }
}

#[test]
fn minus_14_keeps_its_code_and_its_text() {
    let answer = open("errorCode=-14&errorMessage=An+unknown+error+has+occurred%21");
    assert_eq!(
        (answer.code(), answer.message()),
        (Some(-14), Some("An unknown error has occurred!"))
    );
}

#[test]
fn exactly_the_documented_codes_are_described() {
    assert_eq!(CODES.map(|(code, _)| code), DOCUMENTED);
    for (code, description) in CODES {
        assert_eq!(describe(code), description);
        for text in [description.title, description.meaning, description.advice] {
            assert!(!text.is_empty() && text.is_ascii(), "{code}: {text:?}");
        }
    }
}

#[test]
fn minus_16_names_all_four_causes() {
    let meaning = describe(-16).meaning;
    for cause in [
        "login is wrong",
        "account is locked",
        "password has expired",
        "address are blocked",
    ] {
        assert!(meaning.contains(cause), "{cause}");
    }
    assert!(describe(-16).advice.starts_with("Do not repeat"));
}

#[test]
fn every_other_code_is_described_by_its_sign() {
    holds(20_000, any::<i32>(), |code| {
        let description = describe(code);
        prop_assert!(!description.meaning.is_empty());
        if !DOCUMENTED.contains(&code) {
            prop_assert_eq!(description, describe(if code < 0 { i32::MIN } else { i32::MAX }));
        }
        Ok(())
    });
    for code in [-999, i32::MIN] {
        assert_eq!(describe(code).title, "Refused", "{code}");
    }
    for code in [1, i32::MAX] {
        assert_eq!(describe(code).title, "Not a code of this endpoint", "{code}");
    }
    for code in [1, i32::MAX, -14] {
        let description = describe(code);
        let said = [description.meaning, description.advice].concat();
        assert!(
            !said.contains("Nothing was changed") && said.contains("Do not assume"),
            "{code}"
        );
    }
}

#[test]
fn an_unknown_outcome_says_that_it_may_have_been_revoked_unless_it_was_a_test() {
    let order = order("123");
    let name = order.name();
    for body in [
        "",
        "errorCode=-14&",
        "errorCode=1",
        "<html>",
        "errorCode=0&errorMessage=no",
    ] {
        let answer = open(body);
        assert!(
            detail(&answer, name, false).contains("may or may not have been revoked"),
            "{body:?}"
        );
        assert!(
            detail(&answer, name, true).contains("Nothing was changed"),
            "{body:?}"
        );
    }
}

#[test]
fn a_failure_says_code_and_order() {
    let order = order("9007199254740993");
    for code in (-200..0).filter(|code| *code != -14) {
        let said = detail(&open(format!("errorCode={code}&")), order.name(), false);
        assert!(
            said.starts_with(&format!("The CA answered {code} for order 9007199254740993: ")),
            "{said}"
        );
        assert!(said.contains(describe(code).meaning));
    }
}

#[test]
fn kinds_have_the_contracts_names_and_statuses() {
    let table: [(&str, &[u16]); 19] = [
        ("invalid-order", &[422]),
        ("malformed-request", &[400]),
        ("unauthenticated", &[401]),
        ("forbidden", &[403]),
        ("in-progress", &[409]),
        ("idempotency-mismatch", &[422]),
        ("not-found", &[404]),
        ("unsupported-request", &[405, 406, 413, 415]),
        ("plan-mismatch", &[409]),
        ("illegal-state", &[409]),
        ("internal", &[500]),
        ("rate-limited", &[429]),
        ("ca-refused", &[422]),
        ("ca-login-refused", &[502, 503]),
        ("ca-busy", &[503]),
        ("unknown-outcome", &[502]),
        ("not-sent", &[503]),
        ("aborted", &[]),
        ("not-configured", &[503]),
    ];
    assert_eq!(Kind::ALL.len(), table.len());
    for (name, statuses) in table {
        let kind = Kind::from_name(name).expect(name);
        assert_eq!(kind.name(), name);
        let mut given = kind.statuses().to_vec();
        given.sort_unstable();
        assert_eq!(given, statuses, "{name}");
        assert!(!kind.title().is_empty());
    }
    for name in [
        "",
        "Internal",
        "INTERNAL",
        "internal ",
        "revoked",
        "urn:autorevoke:problem:internal",
    ] {
        assert_eq!(Kind::from_name(name), None);
    }
}

#[test]
fn outcomes_have_the_contracts_names_and_fit_their_call() {
    let named = Outcome::ALL.map(|outcome| {
        (
            outcome.name(),
            outcome.code(),
            outcome.fits(false),
            outcome.fits(true),
        )
    });
    let expected = [
        ("revoked", 0, true, false),
        ("already-revoked", -21, true, true),
        ("already-rejected", -20, true, true),
        ("tested", 0, false, true),
    ];
    assert_eq!(named, expected);
}
