//! Through the edge: the calls of its HTTP API.

use gloo_net::http::Method;
use js_sys::{Function, JSON};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::belief::{self, Asked};
use super::deadline::Deadline;
use super::failure::{Effect, Failure, Stakes};
use super::given::{record, text};
use super::options::{Faults, Options, is_token, refuse};
use super::order::stakes;
use super::task::Waiter;
use super::transport::{Incoming, Outgoing, request, send};
use crate::protocol::Order;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// `POST /v1/revocations`.
pub async fn revoke(order: &Order, options: &Options, waiter: &Waiter) -> Result<JsValue, Failure> {
    let stakes = stakes(order);
    let key = options.idempotency_key.clone().or_else(fresh_key);
    let key = key.ok_or_else(|| Failure::not_sent(&stakes, "this runtime gives no random numbers."))?;
    let body = JSON::stringify(&normalised(order)).map(JsValue::from);
    let body = body.map_err(|_| Failure::not_sent(&stakes, "the order cannot be written as JSON."))?;
    let ask = Ask {
        method: Method::POST,
        path: "/v1/revocations",
        headers: &[("Content-Type", "application/json"), ("Idempotency-Key", &key)],
        body: Some(body),
    };
    let exchange = ask.exchange(&stakes, options, waiter).await?;
    belief::judge(&exchange.asked(&stakes), &|document| {
        belief::revocation(document, order, &exchange.secrets())
    })
}

/// `GET /v1/orders/{orderNumber}`.
pub async fn order(
    order_number: &str,
    options: Options,
    faults: Faults,
    waiter: &Waiter,
) -> Result<JsValue, Failure> {
    let stakes = Stakes {
        order_number: Some(order_number.to_owned()),
        effect: Effect::Reads,
    };
    refuse(&faults, &stakes)?;
    let path = ["/v1/orders/", order_number].concat();
    let exchange = Ask::get(&path).exchange(&stakes, &options, waiter).await?;
    belief::judge(&exchange.asked(&stakes), &|document| {
        belief::order(document, order_number)
    })
}

/// `GET /v1/me`.
pub async fn me(options: Options, faults: Faults, waiter: &Waiter) -> Result<JsValue, Failure> {
    let stakes = Stakes {
        order_number: None,
        effect: Effect::Reads,
    };
    refuse(&faults, &stakes)?;
    let exchange = Ask::get("/v1/me").exchange(&stakes, &options, waiter).await?;
    belief::judge(&exchange.asked(&stakes), &belief::me)
}

/// The order in its one form, whatever way it was given.
fn normalised(order: &Order) -> JsValue {
    let members = [
        ("orderNumber", Some(order.order_number().into())),
        ("codeReason", Some(order.code_reason().number().into())),
        ("revocationReason", order.revocation_reason().map(JsValue::from)),
        ("productCode", order.product_code().map(JsValue::from)),
        (
            "product",
            order.product().map(|number| JsValue::from(number as f64)),
        ),
        ("test", Some(order.test().into())),
    ];
    record(
        members
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name, value))),
    )
}

/// 128 random bits as hex digits.
fn fresh_key() -> Option<String> {
    let mut bytes = [0; 16];
    get_random_values(&mut bytes).ok()?;
    let digit = |value: u8| char::from_digit(u32::from(value), 16);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// What is asked of the edge.
struct Ask<'a> {
    method: Method,
    path: &'a str,
    headers: &'a [(&'a str, &'a str)],
    body: Option<JsValue>,
}

/// What it answered, and with which token it was asked.
struct Exchange {
    incoming: Incoming,
    token: Option<Zeroizing<String>>,
}

impl Exchange {
    fn secrets(&self) -> Vec<&str> {
        self.token.iter().map(|token| token.as_str()).collect()
    }

    fn asked<'a>(&'a self, stakes: &'a Stakes) -> Asked<'a> {
        Asked {
            incoming: &self.incoming,
            stakes,
            secrets: self.secrets(),
        }
    }
}

impl<'a> Ask<'a> {
    fn get(path: &'a str) -> Ask<'a> {
        Ask {
            method: Method::GET,
            path,
            headers: &[],
            body: None,
        }
    }

    async fn exchange(
        self,
        stakes: &Stakes,
        options: &Options,
        waiter: &Waiter,
    ) -> Result<Exchange, Failure> {
        let deadline = Deadline::begin(options.signal.as_ref(), options.timeout, waiter, stakes)?;
        let early = |interruption: super::deadline::Interruption| interruption.before_sending(stakes, &[]);
        deadline.check().map_err(early)?;
        let token = match &options.token {
            Some(given) => Some(token(given, &deadline, stakes).await?),
            None => None,
        };
        // The token's function may have taken its time, or fired the signal itself.
        deadline.check().map_err(early)?;
        let authorization = token
            .as_ref()
            .map(|token| Zeroizing::new(["Bearer ", token].concat()));
        let mut headers = vec![("Accept", "application/json, application/problem+json")];
        headers.extend_from_slice(self.headers);
        headers.extend(
            authorization
                .as_ref()
                .map(|value| ("Authorization", value.as_str())),
        );
        let outgoing = Outgoing {
            method: self.method,
            url: &[&options.endpoint, self.path].concat(),
            headers: &headers,
            body: self.body,
            without_cookies: false,
        };
        let request = request(outgoing, &deadline, stakes)?;
        let sent = send(&request, options.fetch.as_ref(), &deadline).await;
        let secrets: Vec<&str> = token.iter().map(|token| token.as_str()).collect();
        let incoming = sent.map_err(|loss| loss.into_failure(stakes, &secrets))?;
        Ok(Exchange { incoming, token })
    }
}

/// The token as it stands, or what its function gives.
async fn token(
    given: &JsValue,
    deadline: &Deadline<'_>,
    stakes: &Stakes,
) -> Result<Zeroizing<String>, Failure> {
    let value = match given.dyn_ref::<Function>() {
        Some(function) => {
            let refuse =
                |thrown| Failure::not_sent(stakes, "the token function failed.").caused_by(&thrown, &[]);
            let promise = function.call0(&JsValue::UNDEFINED).map_err(refuse)?;
            let settled = deadline.wait(&promise).await;
            settled
                .map_err(|interruption| interruption.before_sending(stakes, &[]))?
                .map_err(refuse)?
        }
        None => given.clone(),
    };
    let token = text(&value).map(Zeroizing::new).filter(|token| is_token(token));
    token.ok_or_else(|| {
        Failure::not_sent(
            stakes,
            "the token function gave no string of visible ASCII characters without spaces.",
        )
    })
}
