//! What is believed of an answer, and what is not.

use super::call::{Ended, revoke};
use wasm_bindgen_test::wasm_bindgen_test;

/// A call through the edge that is answered with this `Response`, written in JavaScript.
async fn answered(response: &str) -> Ended {
    let options = [
        "{ endpoint: 'https://edge.example', fetch: () => ",
        response,
        " }",
    ]
    .concat();
    revoke("{ orderNumber: '123456' }", &options).await
}

const JSON: &str = "{ headers: { 'content-type': 'application/json' } }";
const DONE: &str = r#"{"orderNumber":"123456","outcome":"revoked","errorCode":0,"test":false}"#;

#[wasm_bindgen_test]
async fn only_the_edges_own_success_for_this_order_is_a_success() {
    assert!(
        answered(&["new Response('", DONE, "', ", JSON, ")"].concat())
            .await
            .done
    );
    for (from, to) in [
        ("123456", "123457"),
        ("false", "true"),
        ("\"revoked\"", "\"done\""),
        ("0,", "-21,"),
        ("}", ""),
        ("{", "{\"test\":true,"),
    ] {
        let body = DONE.replacen(from, to, 1);
        let ended = answered(&["new Response('", &body, "', ", JSON, ")"].concat()).await;
        assert!(!ended.done && ended.may_have_revoked(), "{body}");
        assert_eq!(ended.kind(), "unknown-outcome", "{body}");
    }
    for head in [
        "{ status: 201, headers: { 'content-type': 'application/json' } }",
        "{}",
        "{ status: 503 }",
    ] {
        let ended = answered(&["new Response('", DONE, "', ", head, ")"].concat()).await;
        assert_eq!(ended.kind(), "unknown-outcome", "{head}");
    }
}

#[wasm_bindgen_test]
async fn a_problem_is_believed_only_when_it_is_well_formed() {
    let problem = |status: &str, document: &str| {
        [
            "new Response('",
            document,
            "', { status: ",
            status,
            ", headers: { 'content-type': 'application/problem+json' } })",
        ]
        .concat()
    };
    let forbidden = r#"{"type":"urn:autorevoke:problem:forbidden","status":403,"detail":"Not yours."}"#;
    let ended = answered(&problem("403", forbidden)).await;
    assert_eq!(
        (ended.kind().as_str(), ended.may_have_revoked()),
        ("forbidden", false)
    );
    for (status, document) in [
        ("401", forbidden.to_owned()),
        ("403", forbidden.replace("403", "401")),
        ("403", forbidden.replace("forbidden", "verboten")),
        ("403", "<html></html>".to_owned()),
    ] {
        let ended = answered(&problem(status, &document)).await;
        assert_eq!(
            (ended.kind().as_str(), ended.may_have_revoked()),
            ("unknown-outcome", true),
            "{document}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_redirect_is_an_answer_that_is_not_believed() {
    for response in [
        "Response.redirect('https://other.example/', 307)",
        "Response.error()",
    ] {
        let ended = answered(response).await;
        assert_eq!(
            (ended.kind().as_str(), ended.may_have_revoked()),
            ("unknown-outcome", true)
        );
    }
}

#[wasm_bindgen_test]
async fn whatever_fetch_gives_or_throws_is_no_success() {
    for response in [
        "undefined",
        "null",
        "0",
        "({ status: 200 })",
        "Promise.reject()",
        "Promise.reject('x')",
        "{ throw 'x' }",
    ] {
        let ended = answered(response).await;
        assert_eq!(
            (ended.kind().as_str(), ended.may_have_revoked()),
            ("unknown-outcome", true),
            "{response}"
        );
    }
}
