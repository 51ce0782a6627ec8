//! Options: every fault is named at once, none quotes a value, and what contradicts itself is refused.

use proptest::prelude::*;

use super::{EDGE, SECRET, function, given, object, runtime, text, through_edge};
use crate::client::call::{Call, Operation, Subject};
use crate::client::jobs;
use crate::client::options::{Read, Runtime, Token, read};
use crate::client::value::{Argument, Value};
use crate::problem::Kind;
use crate::protocol::{ENDPOINT, Name};

fn own<const N: usize>(members: [(&str, Value); N]) -> Read {
    read(Argument::Missing, given(members), Operation::Revoke, runtime())
}

/// What is wrong with an option of this value, beside an endpoint.
fn fault(name: &str, value: Value, operation: Operation) -> String {
    let own = given([(name, value)]);
    let read = read(given([("endpoint", text(EDGE))]), own, operation, runtime());
    read.faults.0
}

fn login() -> Value {
    object()
}

#[test]
fn every_fault_is_named_at_once() {
    let read = own([
        ("endpoint", text("edge.example")),
        ("timeout", Value::Number(0.0)),
        ("token", text("a b")),
        ("signal", text("x")),
        ("retries", Value::Number(3.0)),
        ("fetch", text("x")),
        ("idempotencyKey", text("")),
        ("dangerouslyAllowBrowser", text("yes")),
        ("bad\u{1}name", Value::Other),
    ]);
    let call = Call::reading(Operation::Revoke, Subject::Certificate(Name::order("1")));
    let failure = read.faults.refuse(&call).unwrap_err();
    assert_eq!((failure.kind, failure.may_have_revoked), (Kind::NotSent, false));
    for name in [
        "endpoint",
        "timeout",
        "token",
        "signal",
        "retries",
        "fetch",
        "idempotencyKey",
        "dangerouslyAllowBrowser",
        "bad\u{fffd}name",
    ] {
        assert!(
            failure.message.contains(&format!(" {name} ")),
            "{name}: {failure}"
        );
    }
}

#[test]
fn what_has_no_fault_is_not_refused() {
    let read = own([
        ("endpoint", text(EDGE)),
        ("token", text("token")),
        ("signal", object()),
        ("timeout", Value::Number(0.5)),
        ("idempotencyKey", text("key")),
        ("fetch", function()),
    ]);
    assert_eq!(read.faults.0, "");
    assert_eq!(read.options.endpoint, EDGE);
    assert!(matches!(&read.options.token, Token::Text(token) if token.as_str() == "token"));
    assert_eq!(read.options.timeout_ms, 0.5);
    assert_eq!(read.options.idempotency_key.as_deref(), Some("key"));
    assert!(read.options.signal.is_some() && read.options.fetch.is_some());
}

#[test]
fn without_any_the_endpoint_is_missing() {
    for (operation, words) in [
        (Operation::Revoke, "or credentials to go straight to the CA"),
        (Operation::Me, "the URL of the edge"),
    ] {
        let read = read(Argument::Missing, Argument::Missing, operation, runtime());
        assert!(read.faults.0.contains("endpoint is missing"), "{}", read.faults.0);
        assert!(read.faults.0.contains(words), "{}", read.faults.0);
    }
}

#[test]
fn options_that_are_no_object_are_refused() {
    for (bound, own) in [
        (Argument::Wrong, Argument::Missing),
        (Argument::Missing, Argument::Wrong),
    ] {
        let read = read(bound, own, Operation::Revoke, runtime());
        assert!(read.faults.0.contains("options must be an object"));
    }
}

#[test]
fn those_of_a_call_come_before_those_of_its_client() {
    let bound = given([
        ("endpoint", text(EDGE)),
        ("token", text("bound")),
        ("timeout", Value::Number(1.0)),
    ]);
    let own = given([("token", text("own"))]);
    let read = read(bound, own, Operation::Revoke, runtime());
    assert_eq!(read.faults.0, "");
    assert!(matches!(&read.options.token, Token::Text(token) if token.as_str() == "own"));
    assert_eq!(read.options.timeout_ms, 1.0);
}

#[test]
fn requests_go_to_https_or_to_this_machine() {
    for (good, becomes) in [
        ("https://edge.example", "https://edge.example"),
        ("https://edge.example/", "https://edge.example"),
        ("https://edge.example/base//", "https://edge.example/base"),
        ("http://localhost:8787/", "http://localhost:8787"),
        ("http://edge.localhost", "http://edge.localhost"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://127.255.0.9", "http://127.255.0.9"),
        ("http://[::1]:8787", "http://[::1]:8787"),
    ] {
        let read = own([("endpoint", text(good))]);
        assert_eq!(read.faults.0, "", "{good}");
        assert_eq!(read.options.endpoint, becomes);
    }
    for (bad, why) in [
        ("", "absolute URL"),
        ("/v1", "absolute URL"),
        ("http://edge.example", "must begin with https:"),
        ("ftp://localhost", "must begin with https:"),
        ("http://127.0.0.1.example", "must begin with https:"),
        ("http://127.evil", "must begin with https:"),
        ("http://localhost.example", "must begin with https:"),
        ("http://notlocalhost", "must begin with https:"),
        ("http://128.0.0.1", "must begin with https:"),
        ("http://127.0.0.1@edge.example", "must begin with https:"),
        ("https://user@edge.example", "no user name or password"),
        ("https://:pw@edge.example", "no user name or password"),
        ("https://edge.example/?", "no query"),
        ("https://edge.example/?a=1", "no query"),
        ("https://edge.example/#", "no fragment"),
    ] {
        let read = own([("endpoint", text(bad))]);
        assert!(read.faults.0.contains(why), "{bad}: {}", read.faults.0);
        assert_eq!(read.options.endpoint, "", "{bad}");
    }
}

#[test]
fn an_endpoint_may_be_a_url_object_and_nothing_else() {
    assert_eq!(
        own([("endpoint", object())]).options.endpoint,
        "https://url.example"
    );
    for value in [
        Value::Number(1.0),
        Value::Other,
        Value::Array(1),
        Value::MalformedText(1),
        function(),
    ] {
        let read = own([("endpoint", value)]);
        assert!(read.faults.0.contains("endpoint must be a string or a URL"));
    }
}

#[test]
fn with_credentials_the_vendor_is_where_it_is_unless_another_is_named() {
    assert_eq!(own([("credentials", login())]).options.endpoint, ENDPOINT);
    // Not the edge's base, under which paths are put: the very URL.
    let stand_in = "http://localhost:1/ca/";
    let read = own([("credentials", login()), ("endpoint", text(stand_in))]);
    assert_eq!(
        (read.options.endpoint.as_str(), read.faults.0.as_str()),
        (stand_in, "")
    );
}

#[test]
fn credentials_stand_beside_nothing_that_is_for_the_edge() {
    let read = own([
        ("credentials", login()),
        ("token", text("token")),
        ("idempotencyKey", text("key")),
    ]);
    assert!(
        read.faults.0.contains(" token is for the edge"),
        "{}",
        read.faults.0
    );
    assert!(
        read.faults.0.contains(" idempotencyKey is for the edge"),
        "{}",
        read.faults.0
    );
}

#[test]
fn credentials_are_refused_where_there_is_a_page() {
    let in_page = |own| {
        let page = Runtime {
            in_page: true,
            ..runtime()
        };
        read(Argument::Missing, own, Operation::Revoke, page).faults.0
    };
    assert!(in_page(given([("credentials", login())])).contains("dangerouslyAllowBrowser"));
    for (allowed, refused) in [(true, false), (false, true)] {
        let own = given([
            ("credentials", login()),
            ("dangerouslyAllowBrowser", Value::Bool(allowed)),
        ]);
        assert_eq!(!in_page(own).is_empty(), refused);
    }
    // Through the edge there is nothing to steal.
    assert_eq!(in_page(given([("endpoint", text(EDGE))])), "");
}

#[test]
fn credentials_are_for_revoke_alone() {
    for operation in [
        Operation::Order,
        Operation::Settle,
        Operation::Me,
        Operation::AuditHead,
    ] {
        assert!(fault("credentials", login(), operation).contains("are for revoke() alone"));
    }
}

#[test]
fn a_key_belongs_to_one_call_that_can_be_repeated() {
    let key = || given([("idempotencyKey", text("key")), ("endpoint", text(EDGE))]);
    for operation in [Operation::Revoke, Operation::Job(jobs::Operation::Create)] {
        let bound = read(key(), Argument::Missing, operation, runtime());
        assert!(bound.faults.0.contains("belongs to one call"));
        assert_eq!(read(Argument::Missing, key(), operation, runtime()).faults.0, "");
    }
    for operation in [
        Operation::Order,
        Operation::Settle,
        Operation::Me,
        Operation::AuditList,
        Operation::Job(jobs::Operation::Start),
    ] {
        assert!(fault("idempotencyKey", text("key"), operation).contains("belongs to one call"));
    }
}

#[test]
fn a_key_is_1_to_255_visible_characters() {
    let longest = "k".repeat(255);
    for (key, is_right) in [
        ("!", true),
        (&*longest, true),
        ("", false),
        (&*"k".repeat(256), false),
        ("a b", false),
        ("ü", false),
        ("a\n", false),
    ] {
        assert_eq!(
            fault("idempotencyKey", text(key), Operation::Revoke).is_empty(),
            is_right,
            "{key}"
        );
    }
    for value in [Value::Number(1.0), Value::MalformedText(1), Value::Other] {
        assert!(!fault("idempotencyKey", value, Operation::Revoke).is_empty());
    }
}

#[test]
fn a_timeout_is_what_a_timer_can_wait() {
    for (number, is_right) in [
        (0.5, true),
        (1.0, true),
        (2_147_483_647.0, true),
        (0.0, false),
        (-0.0, false),
        (-1.0, false),
        (2_147_483_648.0, false),
        (f64::INFINITY, false),
        (f64::NAN, false),
    ] {
        assert_eq!(
            fault("timeout", Value::Number(number), Operation::Revoke).is_empty(),
            is_right,
            "{number}"
        );
    }
    assert!(!fault("timeout", text("1000"), Operation::Revoke).is_empty());
    assert_eq!(through_edge(Operation::Revoke).options.timeout_ms, 45_000.0);
}

#[test]
fn a_token_can_stand_in_a_header_or_is_a_function() {
    assert_eq!(fault("token", function(), Operation::Revoke), "");
    for value in [
        text(""),
        text("a b"),
        text("ü"),
        text("a\r\nb"),
        Value::MalformedText(3),
        Value::Number(1.0),
        Value::Other,
        object(),
    ] {
        assert!(fault("token", value, Operation::Revoke).contains(" token must be "));
    }
}

#[test]
fn a_runtime_without_fetch_is_told_so() {
    let bare = || Runtime {
        fetch: None,
        ..runtime()
    };
    let own = |members| {
        read(
            given([("endpoint", text(EDGE))]),
            members,
            Operation::Revoke,
            bare(),
        )
    };
    assert!(own(Argument::Missing).faults.0.contains("fetch is missing"));
    assert_eq!(own(given([("fetch", function())])).faults.0, "");
}

#[test]
fn some_options_are_of_some_operations_alone() {
    /// Its name, a right value, and the operations that have it.
    type Own = (&'static str, fn() -> Value, &'static [Operation]);
    let all: [Own; 11] = [
        ("resend", || Value::Bool(true), &[Operation::Settle]),
        (
            "after",
            || Value::Number(1.0),
            &[
                Operation::OrderList,
                Operation::AuditList,
                Operation::Job(jobs::Operation::List),
                Operation::Job(jobs::Operation::Orders),
            ],
        ),
        (
            "limit",
            || Value::Number(1.0),
            &[
                Operation::OrderList,
                Operation::AuditList,
                Operation::Job(jobs::Operation::List),
                Operation::Job(jobs::Operation::Orders),
            ],
        ),
        (
            "outcome",
            || text("revoked"),
            &[
                Operation::Job(jobs::Operation::Orders),
                Operation::Job(jobs::Operation::Csv),
            ],
        ),
        ("order", || text("1"), &[Operation::AuditList]),
        ("actor", || text("key:a"), &[Operation::AuditList]),
        ("action", || text("revoke"), &[Operation::AuditList]),
        ("job", || text("job_1"), &[Operation::AuditList]),
        (
            "state",
            || text("running"),
            &[Operation::Job(jobs::Operation::List)],
        ),
        (
            "markdown",
            || Value::Bool(true),
            &[Operation::Job(jobs::Operation::Report)],
        ),
        (
            "onInterruption",
            function,
            &[Operation::Job(jobs::Operation::Watch)],
        ),
    ];
    let operations = [
        Operation::Revoke,
        Operation::Order,
        Operation::Settle,
        Operation::Me,
        Operation::OrderList,
        Operation::AuditList,
        Operation::AuditHead,
        Operation::Job(jobs::Operation::Create),
        Operation::Job(jobs::Operation::List),
        Operation::Job(jobs::Operation::Start),
        Operation::Job(jobs::Operation::Orders),
        Operation::Job(jobs::Operation::Csv),
        Operation::Job(jobs::Operation::Report),
        Operation::Job(jobs::Operation::Watch),
    ];
    for (name, right, of) in all {
        for operation in operations {
            let said = fault(name, right(), operation);
            // Orders have states of their own.
            if (name, operation) == ("state", Operation::OrderList) {
                assert!(said.contains("must be pending, "));
                continue;
            }
            if of.contains(&operation) {
                assert_eq!(said, "", "{name} {operation:?}");
                assert!(fault(name, Value::Other, operation).contains(&format!(" {name} must be ")));
            } else {
                assert_eq!(said, format!(" {name} is not an option."), "{operation:?}");
            }
            // A client is for all operations.
            let bound = given([(name, right()), ("endpoint", text(EDGE))]);
            let bound = read(bound, Argument::Missing, operation, runtime());
            assert!(
                bound.faults.0.contains("is not an option"),
                "{name} {operation:?}"
            );
        }
    }
}

#[test]
fn a_page_is_of_at_least_one_and_at_most_ten_thousand() {
    for (name, number, is_right) in [
        ("limit", 1.0, true),
        ("limit", 10_000.0, true),
        ("limit", 0.0, false),
        ("limit", 10_001.0, false),
        ("limit", 1.5, false),
        ("limit", f64::NAN, false),
        ("after", 0.0, true),
        ("after", 9_007_199_254_740_991.0, true),
        ("after", 9_007_199_254_740_992.0, false),
        ("after", -1.0, false),
        ("after", 0.5, false),
    ] {
        let said = fault(name, Value::Number(number), Operation::AuditList);
        assert_eq!(said.is_empty(), is_right, "{name} {number}: {said}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(()).prop_map(|()| text(SECRET)),
        ".{0,8}".prop_map(|it| text(&[SECRET, &it].concat())),
        any::<u32>().prop_map(Value::MalformedText),
        any::<f64>().prop_map(Value::Number),
        any::<bool>().prop_map(Value::Bool),
        Just(()).prop_map(|()| function()),
        any::<u32>().prop_map(Value::Array),
        Just(()).prop_map(|()| object()),
        Just(()).prop_map(|()| Value::Other),
    ]
}

proptest! {
    #![proptest_config(super::cases(2_000))]

    #[test]
    fn whatever_is_given_no_value_is_quoted_and_none_with_a_fault_is_used(
        names in proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(vec![
                    "endpoint", "token", "credentials", "signal", "timeout", "idempotencyKey", "resend", "fetch",
                    "dangerouslyAllowBrowser", "after", "limit", "outcome", "state", "markdown", "onInterruption",
                ]).prop_map(str::to_owned),
                "[a-z\u{1}-\u{1f}]{0,80}",
            ],
            0..12,
        ),
        values in proptest::collection::vec(any_value(), 12),
    ) {
        let members: Vec<_> = names.iter().cloned().zip(values).collect();
        let own = Argument::Members(crate::client::value::Members(members));
        let read = read(Argument::Missing, own, Operation::Settle, runtime());
        prop_assert!(!read.faults.0.contains(SECRET), "{}", read.faults.0);
        prop_assert!(!read.faults.0.chars().any(char::is_control));
        prop_assert!(read.options.timeout_ms > 0.0 && read.options.timeout_ms <= 2_147_483_647.0);
        prop_assert!(read.options.idempotency_key.is_none());
        // The endpoint of nobody's making: there is none but of a URL object.
        prop_assert!(["", "https://url.example", "https://url.example/", ENDPOINT].contains(&read.options.endpoint.as_str()));
    }
}
