//! Through the edge: what is asked of its HTTP API about orders, and about who asks.

use js_sys::JSON;

use super::call::{Call, Effect, Operation, Subject};
use super::failure::Failure;
use super::options::{Asked, Options};
use super::request::{OrderBody, Outgoing};
use super::runtime::random_key;
use super::to_js::to_js;
use crate::protocol::{Name, Order};

/// `POST /v1/revocations`.
pub fn revocation<'a>(order: &'a Order, options: &Options) -> Result<(Call<'a>, Outgoing), Failure> {
    let call = Call::revoking(order);
    let text = JSON::stringify(&to_js(&OrderBody(order)));
    let text = text.map_err(|_| Failure::not_sent(&call, "the order cannot be written as JSON."))?;
    let mut outgoing = Outgoing::post(options, "/v1/revocations", text.into());
    once(&mut outgoing, options, &call)?;
    Ok((call, outgoing))
}

/// Has the edge do it once only, however often it comes.
pub fn once(outgoing: &mut Outgoing, options: &Options, call: &Call<'_>) -> Result<(), Failure> {
    let key = options.idempotency_key.clone().or_else(random_key);
    let key = key.ok_or_else(|| Failure::not_sent(call, "this runtime gives no random numbers."))?;
    outgoing.set("Idempotency-Key", &key);
    Ok(())
}

/// What reads: `GET /v1/orders/{orderNumber}`, or `GET /v1/me` where none is named; and `POST /v1/orders/{orderNumber}/settle`, which without
/// `resend` has the edge probe with a test call.
pub fn question<'a>(
    operation: Operation,
    name: Option<Name<'a>>,
    asked: &Asked,
    options: &Options,
) -> (Call<'a>, Outgoing) {
    let Some(name) = name else {
        let call = Call::reading(operation, Subject::None);
        return (call, Outgoing::get(options, "/v1/me"));
    };
    let mut path = ["/v1/orders/", &name.text()].concat();
    let mut call = Call::reading(operation, Subject::Certificate(name));
    if operation == Operation::Settle {
        path.push_str("/settle");
        let (effect, body) = if asked.resend {
            (Effect::Revokes, r#"{"resend":true}"#)
        } else {
            (Effect::Tests, "{}")
        };
        call.effect = effect;
        return (call, Outgoing::post(options, &path, body.to_owned()));
    }
    (call, Outgoing::get(options, &path))
}
