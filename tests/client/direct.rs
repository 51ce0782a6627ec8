//! Straight to the CA: never in a page; elsewhere the form goes out as the protocol says.

use autorevoke::client::{Failure, Options, Revocation, revoke};
use autorevoke::problem::Kind;
use autorevoke::protocol::{Credentials, ENDPOINT, REDACTED};
use autorevoke::verdict::Outcome;
use js_sys::Object;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{assert_unknown, function, in_page, order, response, seen_text, settled, test_order};

const PASSWORD: &str = "s&+%=/ü€\"";

const NOTE: &str = "seen.method = request.method; seen.url = request.url; seen.redirect = request.redirect;\
    for (const [name, value] of request.headers) seen[name] = value;\
    return request.text().then((body) => { seen.body = body; ";

fn options(fetch: &str, seen: &Object) -> Result<Options, Failure> {
    let options = Options::direct(Credentials::new("name", PASSWORD).unwrap())?;
    Ok(options.fetch(function(fetch, seen)))
}

async fn answered(body: &str) -> Result<Revocation, Failure> {
    let options = options(&response(200, "text/plain", body), &Object::new())?;
    settled(revoke(&order(), &options)).await
}

#[wasm_bindgen_test]
async fn a_page_is_no_place_for_the_login() {
    let refused = options("", &Object::new()).err();
    assert_eq!(refused.is_some(), in_page());
    let Some(failure) = refused else { return };
    assert_eq!((failure.kind, failure.may_have_revoked), (Kind::NotSent, false));
    assert!(failure.message.contains("revoke through an edge") && !failure.message.contains(PASSWORD));
}

#[wasm_bindgen_test]
async fn the_form_goes_out_urlencoded_and_nothing_of_the_edge_with_it() {
    if in_page() {
        return;
    }
    let seen = Object::new();
    let options = options(
        &format!("{NOTE}{}}});", response(200, "text/plain", "errorCode=0")),
        &seen,
    )
    .unwrap();
    let done = settled(revoke(&test_order(), &options)).await.unwrap();
    assert_eq!(
        (done.outcome, done.test, done.audit_seq),
        (Outcome::Tested, true, None)
    );
    let text = |name| seen_text(&seen, name);
    assert_eq!(
        (text("method").as_deref(), text("redirect").as_deref()),
        (Some("POST"), Some("manual"))
    );
    assert_eq!(text("url").as_deref(), Some(ENDPOINT));
    assert_eq!(
        text("content-type").as_deref(),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!((text("authorization"), text("idempotency-key")), (None, None));
    assert_eq!(
        text("body").as_deref(),
        Some(
            "loginName=name&loginPassword=s%26%2B%25%3D%2F%C3%BC%E2%82%AC%22&orderNumber=123456&codeReason=0&test=Y&\
             responseFormat=1"
        )
    );
    // For its stand-in, with an end that is the caller's own.
    let options = options.endpoint("http://127.0.0.1:9/ca/").unwrap();
    settled(revoke(&test_order(), &options)).await.unwrap();
    assert_eq!(text("url").as_deref(), Some("http://127.0.0.1:9/ca/"));
}

#[wasm_bindgen_test]
fn what_is_for_the_edge_never_goes_to_the_ca() {
    if in_page() {
        return;
    }
    let direct = || options("", &Object::new()).unwrap();
    for (refused, name) in [
        (direct().token("open-sesame"), "token"),
        (direct().token_function(function("", &Object::new())), "token"),
        (direct().idempotency_key("key"), "idempotencyKey"),
    ] {
        let failure = refused.err().expect(name);
        assert_eq!((failure.kind, failure.may_have_revoked), (Kind::NotSent, false));
        assert!(
            failure.message.contains(&format!(" {name} is for the edge")),
            "{failure}"
        );
    }
}

#[wasm_bindgen_test]
async fn what_the_ca_says_is_what_is_told() {
    if in_page() {
        return;
    }
    assert_eq!(answered("errorCode=0").await.unwrap().outcome, Outcome::Revoked);
    let done = answered("errorCode=-21&errorMessage=Already").await.unwrap();
    assert_eq!(
        (done.outcome, done.error_message.as_deref()),
        (Outcome::AlreadyRevoked, Some("Already"))
    );
    let refused = answered("errorCode=-3&errorMessage=No").await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.may_have_revoked, refused.error_code),
        (Kind::CaRefused, false, Some(-3))
    );
    let leaking = answered("-3\n%26%2b s%26%2b%25%3D/ü€\"\n").await.unwrap_err();
    assert_eq!(leaking.error_message.as_deref(), Some(REDACTED));
    for body in [
        "",
        "<html>errorCode=0</html>",
        "errorCode=0&errorCode=-3",
        "errorCode=1",
    ] {
        assert_unknown(&answered(body).await.unwrap_err(), body);
    }
}

#[wasm_bindgen_test]
async fn a_call_without_an_answer_is_unknown_and_tells_no_password() {
    if in_page() {
        return;
    }
    for source in [
        "throw undefined;",
        "return Promise.reject('s&+%=/ü€\"');",
        "return {};",
        "return new Promise(() => {});",
    ] {
        let options = options(source, &Object::new()).unwrap().timeout_ms(30).unwrap();
        let failure = settled(revoke(&order(), &options)).await.unwrap_err();
        assert_unknown(&failure, source);
        assert!(
            failure
                .cause
                .as_ref()
                .is_none_or(|cause| cause.message == REDACTED),
            "{:?}",
            failure.cause
        );
    }
}
