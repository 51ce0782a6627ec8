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
    let options = Options::read(given, operation);
    let asking = |operation, path: &str| to_edge(&Call::reading(operation, ""), &options, path, None);
    match operation {
        "me" => return asking(Operation::Me, "/v1/me"),
        #[cfg(feature = "audit")]
        "audit" => return asking(Operation::AuditList, &options.page.of("/v1/audit")),
        #[cfg(feature = "audit")]
        "audit-head" => return asking(Operation::AuditHead, "/v1/audit/head"),
        #[cfg(feature = "jobs")]
        _ if operation.starts_with("job-") => return super::jobs::plan(given, &options),
        _ => {}
    }
    #[cfg(feature = "direct")]
    if options.has_credentials {
        return super::direct::plan(given, &options);
    }
    let order = match read(given, Door::Edge) {
        Ok(order) => order,
        Err(faults) => return invalid_order(&faults, &options.faults),
    };
    let number = order.order_number();
    match operation {
        "order" => {
            let path = joined(&["/v1/orders/", number]);
            to_edge(&Call::reading(Operation::Order, number), &options, &path, None)
        }
        "settle" => {
            let path = joined(&["/v1/orders/", number, "/settle"]);
            // Without `resend` the edge probes with a test call.
            let (effect, body) = if options.resend {
                (Effect::Revokes, "{\"resend\":true}")
            } else {
                (Effect::Tests, "{}")
            };
            let call = Call::new(Operation::Settle, effect, number);
            to_edge(&call, &options, &path, Some(body))
        }
        _ => {
            let call = revoking(Operation::Revoke, &order);
            let mut told = to_edge(&call, &options, "/v1/revocations", Some(&json(&order)));
            let random = given.one("call", "key").text();
            match options.idempotency_key.or(random) {
                Some(key) => told.text("headers", "Idempotency-Key", key),
                None if options.faults.is_empty() => {
                    told = not_sent(&call, "this runtime gives no random numbers.")
                }
                None => {}
            }
            told
        }
    }
}

/// A call that revokes this order, or tests it.
pub fn revoking(operation: Operation, order: &Order) -> Call<'_> {
    let effect = if order.test() {
        Effect::Tests
    } else {
        Effect::Revokes
    };
    Call::new(operation, effect, order.order_number())
}

/// Refuses the call if there are faults in the options.
pub fn refused(options: &Options<'_>, call: &Call<'_>) -> Option<Told> {
    if options.faults.is_empty() {
        return None;
    }
    let why = joined(&["the options are not right.", &options.faults]);
    Some(not_sent(call, &why))
}

/// How long an answer may be, in bytes.
fn answer_limit(call: &Call<'_>) -> i64 {
    match call.operation {
        #[cfg(feature = "audit")]
        Operation::AuditList => super::page::MAX_PAGE_BYTES,
        #[cfg(feature = "jobs")]
        Operation::Job(operation) => operation.answer_limit(),
        _ => MAX_ANSWER_BYTES as i64,
    }
}

/// A request with all that every request has.
pub fn request(call: &Call<'_>, url: &str, method: &str) -> Told {
    let mut told = Told::default();
    told.text("call", "memo", &call.memo());
    told.text("call", "url", url);
    told.number("call", "timeout", DEFAULT_TIMEOUT_MS);
    told.number("call", "limit", answer_limit(call));
    told.text("request", "method", method);
    // "error" does not exist on every runtime; a redirect is then an answer with another status than 200.
    told.text("request", "redirect", "manual");
    told
}

/// To the edge: a body is posted, and what has none is got.
pub fn to_edge(call: &Call<'_>, options: &Options<'_>, path: &str, body: Option<&str>) -> Told {
    if let Some(told) = refused(options, call) {
        return told;
    }
    let url = joined(&[&options.endpoint, path]);
    let mut told = request(call, &url, if body.is_some() { "POST" } else { "GET" });
    told.text("headers", "Accept", "application/json, application/problem+json");
    if let Some(body) = body {
        told.text("headers", "Content-Type", "application/json");
        told.text("request", "body", body);
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
