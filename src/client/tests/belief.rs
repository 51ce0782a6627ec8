//! What is believed of an answer of the edge, and what is not.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{SECRET, answer, document, is_document};
use crate::client::answer::Answer;
use crate::client::belief;
use crate::client::call::{Call, Effect, Operation, Subject};
use crate::client::failure::Failure;
use crate::client::revocation::Revocation;
use crate::problem::{Kind, TYPE_PREFIX};
use crate::protocol::{Draft, Name, NameKind, REDACTED};
use crate::verdict::Outcome;

const PROBLEM: &str = "application/problem+json";
const JSON: &str = "application/json";

const REAL: Call<'_> = Call {
    operation: Operation::Revoke,
    effect: Effect::Revokes,
    subject: Subject::Certificate(Name::order("123456")),
};
const TEST: Call<'_> = Call {
    effect: Effect::Tests,
    ..REAL
};

fn judged(call: &Call<'_>, answer: &Answer) -> Result<Revocation, Failure> {
    belief::revocation(call, answer, document(&answer.body), &[SECRET])
}

/// The same of a call that asks for a document.
fn asked(call: &Call<'_>, answer: &Answer) -> Result<(), Failure> {
    let believed = belief::document(call, answer, document(&answer.body), &[SECRET])?;
    assert!(is_document(believed));
    Ok(())
}

/// Whether nothing of an answer is believed: it is unknown what became of the call.
fn is_disbelieved(call: &Call<'_>, failure: Failure) -> bool {
    let has_nothing =
        failure.error_code.is_none() && failure.error_message.is_none() && failure.fields.is_empty();
    failure.kind == Kind::UnknownOutcome
        && failure.may_have_revoked == (call.effect == Effect::Revokes)
        && failure.message.contains("not from the edge")
        && has_nothing
        && !has_problem(failure)
}

fn has_problem(mut failure: Failure) -> bool {
    is_document(std::mem::take(&mut failure.problem))
}

fn disbelieved(call: &Call<'_>, answer: &Answer) -> bool {
    judged(call, answer).is_err_and(|failure| is_disbelieved(call, failure))
}

fn success() -> Json {
    json!({ "orderNumber": "123456", "outcome": "revoked", "errorCode": 0, "test": false, "auditSeq": 7 })
}

/// The same with another member; `null` takes it away.
fn with(mut document: Json, name: &str, value: Json) -> String {
    let members = document.as_object_mut().unwrap();
    members.remove(name);
    if !value.is_null() {
        members.insert(name.to_owned(), value);
    }
    document.to_string()
}

#[test]
fn only_the_edges_own_success_for_this_order_is_a_success() {
    let media_type = "Application/JSON; charset=utf-8";
    let done = judged(&REAL, &answer(200, media_type, success().to_string())).unwrap();
    assert_eq!(
        (done.outcome, done.error_code, done.test),
        (Outcome::Revoked, 0, false)
    );
    assert_eq!((done.name.as_str(), done.audit_seq), ("123456", Some(7)));
    for (name, wrong) in [
        ("orderNumber", json!("123457")),
        ("orderNumber", json!(123456)),
        ("orderNumber", json!(null)),
        ("outcome", json!("tested")),
        ("outcome", json!("already-revoked")),
        ("outcome", json!("already-rejected")),
        ("outcome", json!("done")),
        ("outcome", json!("Revoked")),
        ("outcome", json!(null)),
        ("errorCode", json!("0")),
        ("errorCode", json!(-21)),
        ("errorCode", json!(0.5)),
        ("errorCode", json!(null)),
        ("test", json!("false")),
        ("test", json!(0)),
        ("test", json!(null)),
        ("auditSeq", json!(0)),
        ("auditSeq", json!(-1)),
        ("auditSeq", json!("7")),
        ("auditSeq", json!(9_007_199_254_740_992_u64)),
        // Code 0 with a text contradicts itself.
        ("errorMessage", json!("Success!")),
        ("errorMessage", json!(1)),
    ] {
        let said = answer(200, JSON, with(success(), name, wrong.clone()));
        assert!(disbelieved(&REAL, &said), "{name} {wrong}");
    }
    let body = || success().to_string();
    for said in [
        answer(201, JSON, body()),
        answer(0, JSON, body()),
        answer(200, "text/html", body()),
        answer(200, PROBLEM, body()),
    ] {
        assert!(disbelieved(&REAL, &said), "{said:?}");
    }
    let mut redirected = answer(200, JSON, body());
    redirected.head.redirected = true;
    assert!(disbelieved(&REAL, &redirected));
    for body in ["", "null", "[]", "\"revoked\"", "<html>", "{", "{}"] {
        assert!(disbelieved(&REAL, &answer(200, JSON, body)), "{body}");
    }
}

#[test]
fn what_was_done_before_is_a_success_with_the_text_of_the_ca() {
    for outcome in [Outcome::AlreadyRevoked, Outcome::AlreadyRejected] {
        for call in [REAL, TEST] {
            let mut body = success();
            body["outcome"] = json!(outcome.name());
            body["errorCode"] = json!(outcome.code());
            body["errorMessage"] = json!("Order\u{7} has been");
            body["test"] = json!(call.effect == Effect::Tests);
            let done = judged(&call, &answer(200, JSON, body.to_string())).unwrap();
            assert_eq!((done.outcome, done.error_code), (outcome, outcome.code()));
            let message = done.error_message.unwrap();
            assert!(
                message.starts_with("Order") && message.chars().all(|c| !c.is_control()),
                "{message:?}"
            );
        }
    }
}

#[test]
fn a_success_that_repeats_the_token_keeps_it_to_itself() {
    let mut body = success();
    body["outcome"] = json!("already-revoked");
    body["errorCode"] = json!(-21);
    body["errorMessage"] = json!(SECRET);
    let done = judged(&REAL, &answer(200, JSON, body.to_string())).unwrap();
    assert_eq!(done.error_message.as_deref(), Some(REDACTED));
}

#[test]
fn a_member_that_is_written_twice_makes_it_no_answer() {
    let body = success().to_string();
    for twice in [
        body.replacen('{', r#"{"test":true,"#, 1),
        body.replacen('{', r#"{"orderNumber":"123456","#, 1),
        body.replacen('{', r#"{"\u0074est":false,"#, 1),
        body.replacen('{', r#"{"a\"b":1,"a\"b":1,"#, 1),
    ] {
        assert!(disbelieved(&REAL, &answer(200, JSON, twice.as_str())), "{twice}");
    }
    // Unknown members are the future's, and colons in their texts are none of the object's.
    let more = body.replacen('{', r#"{"more":{"a:":"b\":","c":[{"d":1}]},"#, 1);
    assert!(judged(&REAL, &answer(200, JSON, more)).is_ok());
}

#[test]
fn a_test_that_was_none_may_have_revoked() {
    let failure = judged(&TEST, &answer(200, JSON, success().to_string())).unwrap_err();
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::UnknownOutcome, true)
    );
    assert!(
        failure.message.contains("the edge says that it was no test"),
        "{failure}"
    );
    // The other way round it may have done what it was told.
    let mut tested = success();
    tested["outcome"] = json!("tested");
    tested["test"] = json!(true);
    assert!(disbelieved(&REAL, &answer(200, JSON, tested.to_string())));
    assert_eq!(
        judged(&TEST, &answer(200, JSON, tested.to_string()))
            .unwrap()
            .outcome,
        Outcome::Tested
    );
}

fn problem(kind: &str, status: u16) -> Json {
    let kind = [TYPE_PREFIX, kind].concat();
    json!({ "type": kind, "status": status, "title": "Title", "detail": "Detail." })
}

#[test]
fn every_problem_of_the_edge_is_what_it_says() {
    for kind in Kind::ALL {
        for status in kind.statuses() {
            let mut body = problem(kind.name(), *status);
            match kind {
                Kind::CaRefused => body["errorCode"] = json!(-3),
                Kind::CaLoginRefused => body["errorCode"] = json!(-16),
                Kind::InProgress => body["mayHaveRevoked"] = json!(true),
                _ => {}
            }
            body["orderNumber"] = json!("123456");
            body["retryAfter"] = json!(9);
            let failure = judged(&REAL, &answer(*status, PROBLEM, body.to_string())).unwrap_err();
            assert_eq!((failure.kind, failure.message.as_str()), (*kind, "Detail."));
            let may = matches!(kind, Kind::UnknownOutcome | Kind::InProgress);
            assert_eq!(failure.may_have_revoked, may, "{}", kind.name());
            assert_eq!((failure.status, failure.retry_after), (Some(*status), Some(9)));
            assert_eq!(failure.name, Some((NameKind::OrderNumber, "123456".to_owned())));
            assert!(has_problem(failure));
        }
    }
}

#[test]
fn a_problem_is_believed_only_when_it_is_well_formed() {
    let right = || problem("forbidden", 403);
    let failure = judged(&REAL, &answer(403, PROBLEM, right().to_string())).unwrap_err();
    assert_eq!((failure.kind, failure.may_have_revoked), (Kind::Forbidden, false));
    for (name, wrong) in [
        ("type", json!("urn:autorevoke:problem:verboten")),
        ("type", json!("about:blank")),
        ("type", json!("forbidden")),
        ("type", json!(null)),
        ("status", json!(401)),
        ("status", json!("403")),
        ("status", json!(null)),
        ("orderNumber", json!("7")),
        ("orderNumber", json!(123456)),
        ("errorCode", json!(-3)),
        ("errorCode", json!("-3")),
        ("mayHaveRevoked", json!("no")),
        ("mayHaveRevoked", json!(0)),
        ("detail", json!(1)),
        ("title", json!([])),
        ("errorMessage", json!({})),
        ("retryAfter", json!("9")),
        ("retryAfter", json!(0.5)),
        ("fields", json!([])),
        ("fields", json!("orderNumber")),
        ("fields", json!({ "orderNumber": 1 })),
    ] {
        let said = answer(403, PROBLEM, with(right(), name, wrong.clone()));
        assert!(disbelieved(&REAL, &said), "{name} {wrong}");
    }
    for said in [
        answer(403, JSON, right().to_string()),
        answer(403, "text/html", right().to_string()),
        // Of a kind that another status has, or none.
        answer(401, PROBLEM, problem("forbidden", 401).to_string()),
        answer(200, PROBLEM, problem("aborted", 200).to_string()),
        answer(
            403,
            PROBLEM,
            right().to_string().replacen('{', r#"{"title":"x","#, 1),
        ),
    ] {
        assert!(disbelieved(&REAL, &said), "{said:?}");
    }
    let mut redirected = answer(403, PROBLEM, right().to_string());
    redirected.head.redirected = true;
    assert!(disbelieved(&REAL, &redirected));
}

#[test]
fn the_longest_text_that_there_is_is_the_message() {
    let message = |body: Json| {
        judged(&REAL, &answer(403, PROBLEM, body.to_string()))
            .unwrap_err()
            .message
            .clone()
    };
    let mut body = problem("forbidden", 403);
    assert_eq!(message(body.clone()), "Detail.");
    body.as_object_mut().unwrap().remove("detail");
    assert_eq!(message(body.clone()), "Title");
    body.as_object_mut().unwrap().remove("title");
    assert_eq!(message(body), Kind::Forbidden.title());
}

#[test]
fn the_header_says_when_to_come_again_if_the_document_does_not() {
    for (of_document, of_header, expected) in [
        (json!(3), Some(5), Some(3)),
        (json!(null), Some(5), Some(5)),
        (json!(null), None, None),
        (json!(-1), Some(5), Some(5)),
    ] {
        let body = with(problem("rate-limited", 429), "retryAfter", of_document);
        let mut said = answer(429, PROBLEM, body);
        said.head.retry_after = of_header;
        assert_eq!(judged(&REAL, &said).unwrap_err().retry_after, expected);
    }
}

#[test]
fn fields_are_names_and_texts() {
    let body = with(
        problem("invalid-order", 422),
        "fields",
        json!({ "product": "must be", "__proto__": "is" }),
    );
    let failure = judged(&REAL, &answer(422, PROBLEM, body)).unwrap_err();
    let mut fields = failure.fields.clone();
    fields.sort();
    assert_eq!(
        fields,
        [
            ("__proto__".to_owned(), "is".to_owned()),
            ("product".to_owned(), "must be".to_owned())
        ]
    );
}

#[test]
fn an_unknown_outcome_may_come_with_any_refusal() {
    for (code, believed) in [
        (-14, true),
        (-3, true),
        (-21, true),
        (-42, true),
        (0, false),
        (21, false),
    ] {
        let body = with(problem("unknown-outcome", 502), "errorCode", json!(code));
        let failure = judged(&REAL, &answer(502, PROBLEM, body)).unwrap_err();
        assert!(failure.may_have_revoked);
        assert_eq!(failure.error_code, believed.then_some(code));
        assert_eq!(has_problem(failure), believed, "{code}");
    }
}

#[test]
fn a_refusal_comes_with_the_code_that_it_is_of() {
    for (kind, status, code, believed) in [
        ("ca-refused", 422, Some(-3), true),
        ("ca-refused", 422, None, false),
        ("ca-refused", 422, Some(0), false),
        ("ca-refused", 422, Some(3), false),
        ("ca-refused", 422, Some(-14), false),
        ("ca-refused", 422, Some(-16), false),
        ("ca-refused", 422, Some(-20), false),
        ("ca-refused", 422, Some(-21), false),
        ("ca-refused", 422, Some(-42), false),
        ("ca-refused", 422, Some(-2_147_483_649_i64), false),
        ("ca-login-refused", 502, Some(-16), true),
        ("ca-login-refused", 503, None, true),
        ("ca-login-refused", 503, Some(-3), false),
        ("ca-busy", 503, Some(-42), true),
        ("ca-busy", 503, None, true),
        ("ca-busy", 503, Some(-16), false),
        ("rate-limited", 429, Some(-42), false),
        ("not-sent", 503, Some(-3), false),
    ] {
        let body = with(
            problem(kind, status),
            "errorCode",
            code.map_or(json!(null), |it| json!(it)),
        );
        let failure = judged(&REAL, &answer(status, PROBLEM, body)).unwrap_err();
        assert_eq!(failure.kind.name() == kind, believed, "{kind} {code:?}");
        assert_eq!(is_disbelieved(&REAL, failure), !believed, "{kind} {code:?}");
    }
}

#[test]
fn what_is_in_progress_says_whether_it_may_have_revoked() {
    for (says, believed) in [(json!(true), true), (json!(false), true), (json!(null), false)] {
        let body = with(problem("in-progress", 409), "mayHaveRevoked", says.clone());
        let failure = judged(&REAL, &answer(409, PROBLEM, body)).unwrap_err();
        // Where it does not say, it may.
        assert_eq!(failure.may_have_revoked, says != json!(false));
        assert_eq!(failure.kind == Kind::InProgress, believed);
    }
    // What cannot revoke has not, whatever is said.
    let body = with(problem("in-progress", 409), "mayHaveRevoked", json!(true));
    assert!(
        !judged(&TEST, &answer(409, PROBLEM, body))
            .unwrap_err()
            .may_have_revoked
    );
}

#[test]
fn what_the_edge_says_of_the_order_that_is_settled_is_believed() {
    for effect in [Effect::Tests, Effect::Revokes] {
        let call = Call {
            operation: Operation::Settle,
            effect,
            subject: Subject::Certificate(Name::order("7")),
        };
        for says in [true, false] {
            let body = with(problem("in-progress", 409), "mayHaveRevoked", json!(says));
            let failure = asked(&call, &answer(409, PROBLEM, body)).unwrap_err();
            assert_eq!((failure.kind, failure.may_have_revoked), (Kind::InProgress, says));
        }
        // What nobody says of it can come only of what was sent.
        let failure = asked(&call, &answer(409, "text/html", "")).unwrap_err();
        assert_eq!(
            (failure.kind, failure.may_have_revoked),
            (Kind::UnknownOutcome, effect == Effect::Revokes)
        );
    }
}

#[test]
fn a_token_that_is_repeated_in_any_encoding_is_not_repeated() {
    for repeated in [
        r#""detail":"open-sesame""#,
        r#""detail":"OPEN-SESAME""#,
        r#""errorMessage":"open-sesame""#,
        r#""more":"open%2Dsesame""#,
        r#""more":"open\u002dsesame""#,
        r#""more":["a",{"b":"open-sesame"}]"#,
        r#""fields":{"open-sesame":"x"}"#,
        r#""fields":{"x":"open-sesame"}"#,
    ] {
        let base = r#"{"type":"urn:autorevoke:problem:invalid-order","status":422"#;
        let body = [base, ",", repeated, "}"].concat();
        let failure = judged(&REAL, &answer(422, PROBLEM, body.as_str())).unwrap_err();
        // What it means is kept, its texts are not.
        assert_eq!(
            (failure.kind, failure.may_have_revoked),
            (Kind::InvalidOrder, false),
            "{body}"
        );
        assert_eq!(failure.message, REDACTED, "{body}");
        assert!(failure.fields.is_empty());
        assert!(failure.error_message.as_ref().is_none_or(|text| text == REDACTED));
        assert!(!has_problem(failure));
    }
}

#[test]
fn an_answer_about_an_order_is_about_this_one() {
    let right = json!({ "orderNumber": "7", "state": "revoked", "attempts": [], "auditSeqs": [] });
    for operation in [Operation::Order, Operation::Settle] {
        let call = Call::reading(operation, Subject::Certificate(Name::order("7")));
        assert!(asked(&call, &answer(200, JSON, right.to_string())).is_ok());
        for (name, wrong) in [
            ("orderNumber", json!("8")),
            ("orderNumber", json!(7)),
            ("state", json!("done")),
            ("state", json!(null)),
            ("attempts", json!({})),
            ("auditSeqs", json!(null)),
        ] {
            let failure = asked(&call, &answer(200, JSON, with(right.clone(), name, wrong))).unwrap_err();
            assert!(is_disbelieved(&call, failure), "{name}");
        }
        for state in [
            "pending",
            "sending",
            "already-revoked",
            "already-rejected",
            "refused",
            "unknown",
        ] {
            let body = with(right.clone(), "state", json!(state));
            assert!(asked(&call, &answer(200, JSON, body)).is_ok(), "{state}");
        }
        assert!(asked(&call, &answer(201, JSON, right.to_string())).is_err());
    }
}

#[test]
fn an_answer_about_the_caller_has_an_actor_and_grants() {
    let call = Call::reading(Operation::Me, Subject::None);
    for (body, believed) in [
        (r#"{"actor":"key:ops","person":null,"grants":[]}"#, true),
        (r#"{"actor":"key:ops","person":"Ann","grants":[]}"#, true),
        (r#"{"actor":"key:ops","grants":[]}"#, false),
        (r#"{"actor":null,"person":null,"grants":[]}"#, false),
        (r#"{"actor":"key:ops","person":1,"grants":[]}"#, false),
        (r#"{"actor":"key:ops","person":null,"grants":{}}"#, false),
    ] {
        let judged = asked(&call, &answer(200, JSON, body));
        match judged {
            Ok(()) => assert!(believed, "{body}"),
            Err(failure) => assert!(!believed && is_disbelieved(&call, failure), "{body}"),
        }
    }
}

#[test]
fn a_redirect_that_a_page_may_not_see_is_named() {
    let failure = judged(&REAL, &answer(0, "", "")).unwrap_err();
    assert!(
        failure.message.contains("HTTP redirect came, not from the edge"),
        "{failure}"
    );
    assert_eq!(failure.status, Some(0));
}

/// Whether a body says that this order is done, told by another reader than the client's.
fn says_success(call: &Call<'_>, said: &Answer) -> bool {
    let Ok(members) = crate::strict_json::read_object(&said.body) else {
        return false;
    };
    let test = call.effect == Effect::Tests;
    let outcome = members.get("outcome").and_then(Json::as_str);
    let (code, fits) = match outcome {
        Some("revoked") => (0, !test),
        Some("tested") => (0, test),
        Some("already-revoked") => (-21, true),
        Some("already-rejected") => (-20, true),
        _ => return false,
    };
    said.head.status == 200
        && !said.head.redirected
        && said
            .head
            .content_type
            .to_ascii_lowercase()
            .contains("application/json")
        && fits
        && members.get("errorCode").and_then(Json::as_f64) == Some(f64::from(code))
        && members.get("orderNumber") == Some(&json!("123456"))
        && members.get("test") == Some(&json!(test))
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => proptest::sample::select(vec![
            r#""orderNumber":"123456""#, r#""orderNumber":"123457""#, r#""outcome":"revoked""#, r#""outcome":"tested""#,
            r#""outcome":"already-revoked""#, r#""errorCode":0"#, r#""errorCode":-21"#, r#""errorCode":-0.0"#,
            r#""test":false"#, r#""test":true"#, r#""auditSeq":1"#, r#""auditSeq":0"#, r#""errorMessage":"x""#,
            r#""more":{"test":false}"#, r#""t\u0065st":false"#,
            r#""type":"urn:autorevoke:problem:not-sent""#, r#""status":503"#, r#""status":200"#, r#""fields":{}"#,
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,8}",
    ]
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => proptest::collection::vec(any::<u8>(), 0..80),
        8 => proptest::collection::vec(piece(), 0..7).prop_map(|it| format!("{{{}}}", it.join(",")).into_bytes()),
        // A success, or one with a byte changed.
        4 => (any::<bool>(), any::<proptest::sample::Index>(), any::<u8>()).prop_map(|(change, at, byte)| {
            let mut body = success().to_string().into_bytes();
            if change {
                let at = at.index(body.len());
                body[at] = byte;
            }
            body
        }),
    ]
}

proptest! {
    #![proptest_config(super::cases(20_000))]

    #[test]
    fn whatever_comes_only_what_says_success_of_this_very_order_is_one(
        body in bodies(),
        status in proptest::sample::select(vec![200_u16, 200, 200, 201, 0, 302, 502, 503]),
        media_type in proptest::sample::select(vec![JSON, JSON, "Application/Json;x", PROBLEM, "text/html", ""]),
        redirected in proptest::bool::weighted(0.1),
        test in any::<bool>(),
    ) {
        let call = if test { TEST } else { REAL };
        let mut said = answer(status, media_type, body);
        said.head.redirected = redirected;
        match judged(&call, &said) {
            Ok(done) => {
                prop_assert!(says_success(&call, &said), "{:?}", said);
                prop_assert_eq!((done.name.as_str(), done.test), ("123456", test));
                prop_assert_eq!(done.error_code, done.outcome.code());
            }
            // Only a problem of the edge says that it was not sent.
            Err(failure) if !test && !failure.may_have_revoked => {
                prop_assert!(failure.kind != Kind::UnknownOutcome && media_type == PROBLEM && !redirected);
                prop_assert_eq!(failure.status, Some(status));
            }
            Err(_) => {}
        }
    }

    #[test]
    fn whatever_a_problem_says_the_token_is_not_told(
        before in "[a-z ]{0,6}",
        member in proptest::sample::select(vec!["detail", "title", "errorMessage", "more", "type"]),
        repeated in proptest::sample::select(vec![SECRET, "OPEN-sesame", "open%2dsesame", "open%2Dsesame"]),
        kind in proptest::sample::select(Kind::ALL),
    ) {
        let status = kind.statuses().first().copied().unwrap_or(500);
        let body = with(problem(kind.name(), status), member, json!([&before, repeated].concat()));
        let failure = judged(&REAL, &answer(status, PROBLEM, body)).unwrap_err();
        let told = format!("{failure} {:?} {:?}", failure.error_message, failure.fields).to_lowercase();
        prop_assert!(!told.contains(SECRET) && !told.contains("sesame"), "{}", told);
        prop_assert!(!has_problem(failure));
    }
}

#[test]
fn an_answer_about_a_serial_number_names_it_and_nothing_else() {
    let order = Draft {
        serial_number: "0a:1b".into(),
        ..Draft::default()
    }
    .check()
    .unwrap();
    let call = Call::revoking(&order);
    for (member, believed) in [
        (r#""serialNumber":"0A1B""#, true),
        (r#""serialNumber":"0a1b""#, false),
        (r#""orderNumber":"0A1B""#, false),
        (r#""certificateID":"0A1B""#, false),
    ] {
        let body = format!(r#"{{{member},"outcome":"revoked","errorCode":0,"test":false}}"#);
        let judged = judged(&call, &answer(200, JSON, body));
        assert_eq!(judged.is_ok(), believed, "{member}");
        if let Err(failure) = judged {
            assert_eq!(
                (failure.kind, failure.may_have_revoked),
                (Kind::UnknownOutcome, true)
            );
        }
    }
}
