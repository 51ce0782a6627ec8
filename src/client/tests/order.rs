//! The order and the login: every fault in both is named at once, and nothing is quoted.

use super::{EDGE, SECRET, given, object, runtime, text, through_edge};
use crate::client::call::Operation;
use crate::client::failure::Failure;
use crate::client::options::{Faults, Read};
use crate::client::order::{login, named, read};
use crate::client::value::{Argument, Value};
use crate::problem::Kind;
use crate::protocol::NameKind;

fn names(failure: &Failure) -> Vec<&str> {
    failure.fields.iter().map(|(name, _)| name.as_str()).collect()
}

fn edge() -> Read {
    through_edge(Operation::Revoke)
}

#[test]
fn every_fault_of_an_order_is_named_at_once_with_those_of_the_options() {
    let mut options = crate::client::options::read(
        given([("endpoint", text(EDGE)), ("retries", Value::Number(1.0))]),
        Argument::Missing,
        Operation::Revoke,
        runtime(),
    );
    let order = given([
        ("orderNumber", text("007")),
        ("codeReason", Value::Number(2.0)),
        ("productCode", Value::MalformedText(3)),
        ("product", Value::Number(-1.0)),
        ("test", text("y")),
        ("nonsense\u{1f}", object()),
        ("loginPassword", text(SECRET)),
    ]);
    let failure = read(order, &mut options).unwrap_err();
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::InvalidOrder, false)
    );
    let all = [
        "orderNumber",
        "codeReason",
        "productCode",
        "product",
        "test",
        "nonsense\u{fffd}",
        "loginPassword",
    ];
    assert_eq!(names(&failure).len(), all.len());
    for name in all {
        assert!(names(&failure).contains(&name), "{name}");
        assert!(failure.message.contains(&format!(" {name} ")), "{failure}");
    }
    assert!(
        failure.message.contains(" retries is not an option."),
        "{failure}"
    );
    assert!(!failure.message.contains(SECRET) && !failure.message.contains("007"));
}

#[test]
fn an_order_without_faults_is_not_sent_with_options_that_have_some() {
    let mut options =
        crate::client::options::read(Argument::Missing, Argument::Missing, Operation::Revoke, runtime());
    let failure = read(given([("orderNumber", text("7"))]), &mut options).unwrap_err();
    assert_eq!((failure.kind, failure.may_have_revoked), (Kind::NotSent, false));
    assert_eq!(failure.name, Some((NameKind::OrderNumber, "7".to_owned())));
    assert!(
        failure
            .message
            .contains("for order 7: the options are not right. endpoint is missing")
    );
}

#[test]
fn an_order_is_an_object() {
    for order in [Argument::Missing, Argument::Wrong] {
        let failure = read(order, &mut edge()).unwrap_err();
        assert_eq!(
            failure.fields,
            [("order".to_owned(), "must be an object".to_owned())]
        );
    }
}

#[test]
fn account_and_format_are_the_edges_own() {
    let order = || {
        given([
            ("orderNumber", text("7")),
            ("accountID", Value::Number(1.0)),
            ("responseFormat", Value::Number(0.0)),
        ])
    };
    let failure = read(order(), &mut edge()).unwrap_err();
    assert_eq!(names(&failure), ["accountID", "responseFormat"]);
    // What is no login at all stands for one: the order is read for a direct call.
    let failure = read(order(), &mut direct(Value::Bool(true))).unwrap_err();
    assert_eq!(names(&failure), ["credentials"]);
}

/// The options of a call straight to the CA.
fn direct(credentials: Value) -> Read {
    let own = given([("credentials", credentials)]);
    crate::client::options::read(Argument::Missing, own, Operation::Revoke, runtime())
}

#[test]
fn faults_of_the_order_and_of_the_login_are_named_together() {
    let failure = read(given([("orderNumber", text("0"))]), &mut direct(text(SECRET))).unwrap_err();
    assert_eq!(names(&failure), ["orderNumber", "credentials"]);
    assert!(!failure.message.contains(SECRET));
    let failure = read(given([("orderNumber", text("1"))]), &mut direct(text(SECRET))).unwrap_err();
    assert_eq!(names(&failure), ["credentials"]);
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::InvalidOrder, false)
    );
}

/// The faults of a login.
fn login_faults<const N: usize>(members: [(&str, Value); N]) -> Vec<(String, String)> {
    login(given(members)).unwrap_err().fields().to_vec()
}

#[test]
fn a_login_is_a_name_and_a_password() {
    let right = login(given([
        ("loginName", text("name")),
        ("loginPassword", text(SECRET)),
    ]));
    assert_eq!(right.unwrap().secrets(), ["name", SECRET]);
    for wrong in [Argument::Missing, Argument::Wrong] {
        assert_eq!(login(wrong).unwrap_err().fields()[0].0, "credentials");
    }
    let missing = login_faults([]);
    let missing: Vec<_> = missing
        .iter()
        .map(|(name, why)| (name.as_str(), why.as_str()))
        .collect();
    assert_eq!(
        missing,
        [("loginName", "is missing"), ("loginPassword", "is missing")]
    );
}

#[test]
fn every_fault_of_a_login_is_named_and_none_is_quoted() {
    let long = [SECRET, &"x".repeat(128)].concat();
    let found = login_faults([
        ("loginName", text(&long)),
        ("loginPassword", Value::MalformedText(3)),
        ("password\n", text(SECRET)),
    ]);
    let found: Vec<_> = found
        .iter()
        .map(|(name, why)| (name.as_str(), why.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (
                "loginPassword",
                "is not well-formed Unicode (it has a lone surrogate)"
            ),
            ("credentials.password\u{fffd}", "does not exist"),
            ("loginName", "must have at most 64 characters"),
        ]
    );
    // So long that nobody need know whether it is well-formed.
    let found = login_faults([
        ("loginName", Value::MalformedText(257)),
        ("loginPassword", Value::MalformedText(257)),
    ]);
    assert_eq!(found[0].1, "must have at most 64 characters");
    assert_eq!(found[1].1, "must have at most 128 characters");
    let found = login_faults([("loginName", Value::Number(1.0)), ("loginPassword", Value::Other)]);
    assert!(found.iter().all(|(_, why)| why == "must be a string"));
    let found = login_faults([("loginName", text("n\n")), ("loginPassword", text("p"))]);
    assert_eq!(
        found,
        [(
            "loginName".to_owned(),
            "must have no control characters".to_owned()
        )]
    );
}

#[test]
fn the_number_of_an_order_alone_is_as_strict() {
    let none = Faults::default();
    assert_eq!(named(text("123"), &none).unwrap().name().text(), "123");
    assert_eq!(named(Value::Number(123.0), &none).unwrap().name().text(), "123");
    for value in [
        text(""),
        text("0"),
        text("1/settle"),
        text("9223372036854775808"),
        Value::Undefined,
        Value::Number(1.5),
        Value::Number(9_007_199_254_740_992.0),
        Value::Other,
        Value::MalformedText(1),
    ] {
        let failure = named(value, &none).unwrap_err();
        assert_eq!(
            (failure.kind, names(&failure)),
            (Kind::InvalidOrder, vec!["orderNumber"])
        );
    }
    let others = edge().faults;
    assert_eq!(others.0, "");
    let others = Faults(" timeout must be.".to_owned());
    assert!(
        named(Value::Other, &others)
            .unwrap_err()
            .message
            .ends_with(" timeout must be.")
    );
}

#[test]
fn a_certificate_is_named_by_one_text_as_in_a_path() {
    let none = Faults::default();
    for (given, parameter, value) in [
        ("serial:0a:1b", "serialNumber", "0A1B"),
        ("certificate:345", "certificateID", "345"),
        ("345", "orderNumber", "345"),
    ] {
        let order = named(text(given), &none).unwrap();
        assert_eq!(
            (order.name().parameter(), order.name().value()),
            (parameter, value)
        );
    }
    for wrong in ["serial:", "serial:xyz", "certificate:0", "order:1"] {
        let failure = named(text(wrong), &none).unwrap_err();
        assert_eq!(failure.kind, Kind::InvalidOrder, "{wrong}");
    }
}
