//! Orders, options and a `fetch` for the tests; and whether a call settles.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use autorevoke::client::{Failure, Options, Revocation, revoke};
use autorevoke::problem::Kind;
use autorevoke::protocol::{Draft, NameKind, Order};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

pub const EDGE: &str = "https://edge.example/base/";
pub const TOKEN: &str = "open-sesame";

/// A success of the edge about [`order`].
pub const REVOKED: &str =
    r#"{"orderNumber":"123456","outcome":"revoked","errorCode":0,"test":false,"auditSeq":7}"#;

/// No call may take longer, whatever is done to it.
const LIMIT_MS: u32 = 20_000;

pub fn order() -> Order {
    draft(false)
}

pub fn test_order() -> Order {
    draft(true)
}

fn draft(test: bool) -> Order {
    let draft = Draft {
        order_number: "123456".into(),
        test,
        ..Draft::default()
    };
    draft.check().unwrap()
}

/// Options for the edge with a `fetch` of this body; it is given `request` and `seen`.
pub fn edge(fetch: &str) -> Options {
    edge_seen(fetch, &Object::new())
}

/// The same; what the body notes in `seen` is there to be looked at.
pub fn edge_seen(fetch: &str, seen: &Object) -> Options {
    let options = Options::edge(EDGE).unwrap().token(TOKEN).unwrap();
    options.fetch(function(fetch, seen))
}

/// A function with this body, which is given its argument as `request`, and `seen`.
pub fn function(body: &str, seen: &Object) -> Function {
    Function::new_with_args("seen, request", body)
        .bind1(&JsValue::UNDEFINED, seen)
        .unchecked_into()
}

/// What JavaScript says.
pub fn evaluated(expression: &str) -> JsValue {
    let source = format!("return ({expression})");
    Function::new_no_args(&source).call0(&JsValue::UNDEFINED).unwrap()
}

/// A member of what was noted.
pub fn seen(seen: &Object, name: &str) -> JsValue {
    Reflect::get(seen, &name.into()).unwrap()
}

/// The same as text.
pub fn seen_text(its: &Object, name: &str) -> Option<String> {
    seen(its, name).as_string()
}

/// A source that makes a JSON response.
pub fn response(status: u16, media_type: &str, body: &str) -> String {
    format!(
        "return new Response({body:?}, {{ status: {status}, headers: {{ 'Content-Type': {media_type:?} }} }});"
    )
}

/// What comes of a call, which must come to an end.
pub async fn settled<T>(call: impl Future<Output = T>) -> T {
    // Called by name: a binding of the same function in the same package would be the client's own once more.
    let begin = Function::new_with_args("resolve", &format!("return setTimeout(resolve, {LIMIT_MS})"));
    let end = Function::new_with_args("timer", "clearTimeout(timer)");
    let mut timer = JsValue::UNDEFINED;
    let time = Promise::new(&mut |resolve, _| timer = begin.call1(&JsValue::UNDEFINED, &resolve).unwrap());
    let (mut call, mut time) = (pin!(call), pin!(JsFuture::from(time)));
    let done = poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(done),
        Poll::Pending => {
            assert!(time.as_mut().poll(context).is_pending(), "it does not settle");
            Poll::Pending
        }
    })
    .await;
    end.call1(&JsValue::UNDEFINED, &timer).unwrap();
    done
}

/// What comes of revoking the order.
pub async fn revoked(options: &Options) -> Result<Revocation, Failure> {
    settled(revoke(&order(), options)).await
}

/// The failure that comes of it.
pub async fn failed(options: &Options) -> Failure {
    let failure = revoked(options).await.unwrap_err();
    assert!(!failure.message.contains(TOKEN), "{failure}");
    failure
}

/// Asserts that nothing is known of what became of it.
pub fn assert_unknown(failure: &Failure, why: &str) {
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::UnknownOutcome, true),
        "{why}: {failure}"
    );
    assert_eq!(failure.name, Some((NameKind::OrderNumber, "123456".to_owned())));
    assert!(failure.message.contains("do not assume either"), "{failure}");
}

/// Asserts that nothing has left.
pub fn assert_not_sent(failure: &Failure, why: &str) {
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::NotSent, false),
        "{why}: {failure}"
    );
    assert!(failure.message.starts_with("Nothing was sent"), "{failure}");
}

/// Whether this is a page.
pub fn in_page() -> bool {
    evaluated("typeof document").as_string().as_deref() == Some("object")
}
