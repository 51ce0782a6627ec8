//! What is sent: the requests of the edge's HTTP API, and of the CA.

use super::call::{Call, Effect, Operation};
use super::failure::{invalid_order, not_sent};
use super::options::{DEFAULT_TIMEOUT_MS, Options, is_visible};
use super::order::read;
use super::transcript::{Given, Told, Value};
use crate::protocol::{Door, MAX_ANSWER_BYTES, Order, decimal, joined};

/// What is to be sent, or why nothing is.
pub fn plan(given: &Given<'_>) -> Told {
    let operation = given.one("call", "operation").text().unwrap_or_default();
    let reads = operation == "order" || operation == "me";
    let options = Options::read(given, reads);
    if operation == "me" {
        return to_edge(&Call::reading(Operation::Me, ""), &options, "/v1/me", None);
    }
    #[cfg(feature = "direct")]
    if options.has_credentials {
        return super::direct::plan(given, &options);
    }
    let order = match read(given, Door::Edge) {
        Ok(order) => order,
        Err(faults) => return invalid_order(&faults, &options.faults),
    };
    if reads {
        let number = order.order_number();
        let path = joined(&["/v1/orders/", number]);
        to_edge(&Call::reading(Operation::Order, number), &options, &path, None)
    } else {
        let call = revoking(Operation::Revoke, &order);
        to_edge(
            &call,
            &options,
            "/v1/revocations",
            Some((&order, given.one("call", "key").text())),
        )
    }
}

/// A call that revokes this order, or tests it.
pub fn revoking(operation: Operation, order: &Order) -> Call<'_> {
    let effect = if order.test() {
        Effect::Tests
    } else {
        Effect::Revokes
    };
    Call {
        operation,
        effect,
        order_number: order.order_number(),
    }
}

/// Refuses the call if there are faults in the options.
pub fn refused(options: &Options<'_>, call: &Call<'_>) -> Option<Told> {
    if options.faults.is_empty() {
        return None;
    }
    let why = joined(&["the options are not right.", &options.faults]);
    Some(not_sent(call, &why))
}

/// A request with all that every request has.
pub fn request(call: &Call<'_>, url: &str, method: &str) -> Told {
    let mut told = Told::default();
    told.text("call", "memo", &call.memo());
    told.text("call", "url", url);
    told.number("call", "timeout", DEFAULT_TIMEOUT_MS);
    told.number("call", "limit", MAX_ANSWER_BYTES as i64);
    told.text("request", "method", method);
    // "error" does not exist on every runtime; a redirect is then an answer with another status than 200.
    told.text("request", "redirect", "manual");
    told
}

/// To the edge: an order is posted, with the key that stands in for one of the caller's; anything else is got.
fn to_edge(
    call: &Call<'_>,
    options: &Options<'_>,
    path: &str,
    posted: Option<(&Order, Option<&str>)>,
) -> Told {
    if let Some(told) = refused(options, call) {
        return told;
    }
    let url = joined(&[&options.endpoint, path]);
    let mut told = request(call, &url, if posted.is_some() { "POST" } else { "GET" });
    told.text("headers", "Accept", "application/json, application/problem+json");
    if let Some((order, random)) = posted {
        let Some(key) = options.idempotency_key.or(random) else {
            return not_sent(call, "this runtime gives no random numbers.");
        };
        told.text("headers", "Content-Type", "application/json");
        told.text("headers", "Idempotency-Key", key);
        told.text("request", "body", &json(order));
    }
    if let Some(token) = options.token {
        authorize(&mut told, token);
    }
    told
}

fn authorize(told: &mut Told, token: &str) {
    let value = zeroize::Zeroizing::new(joined(&["Bearer ", token]));
    told.text("headers", "Authorization", &value);
}

/// The header for what a token function gave.
pub fn authorization(call: &Call<'_>, given: Value<'_>) -> Told {
    let Some(token) = given.text().filter(|token| is_visible(token)) else {
        return not_sent(
            call,
            "the token function gave no string of visible ASCII characters without spaces.",
        );
    };
    let mut told = Told::default();
    authorize(&mut told, token);
    told
}

/// The order in its one form, whatever way it was given.
fn json(order: &Order) -> String {
    let mut json = joined(&["{\"orderNumber\":\"", order.order_number(), "\",\"codeReason\":"]);
    json.push_str(&decimal(order.code_reason().number().into()));
    for (name, text) in [
        (",\"revocationReason\":\"", order.revocation_reason()),
        (",\"productCode\":\"", order.product_code()),
    ] {
        if let Some(text) = text {
            json.push_str(name);
            push_escaped(&mut json, text);
            json.push('"');
        }
    }
    if let Some(product) = order.product() {
        json.push_str(",\"product\":");
        json.push_str(&decimal(product));
    }
    json.push_str(if order.test() {
        ",\"test\":true}"
    } else {
        ",\"test\":false}"
    });
    json
}

/// Newline and tab are all the control characters that an order may have.
fn push_escaped(json: &mut String, text: &str) {
    for c in text.chars() {
        let c = match c {
            '\n' => 'n',
            '\t' => 't',
            '"' | '\\' => c,
            _ => {
                json.push(c);
                continue;
            }
        };
        json.push('\\');
        json.push(c);
    }
}
