//! What is sent: the requests of the edge's HTTP API, and of the CA.

use gloo_net::http::Method;
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

use super::members::{Item, Members};
use super::options::Options;
#[cfg(feature = "full")]
use crate::protocol::{Credentials, FORM_MEDIA_TYPE, form};
use crate::protocol::{MAX_ANSWER_BYTES, Order};

/// A request, but for who sends it.
#[derive(Debug)]
pub struct Outgoing {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
    /// How long its answer may be, in bytes.
    pub answer_limit: usize,
    /// Send no cookies along.
    pub without_cookies: bool,
}

/// What a request carries.
#[derive(Debug)]
pub enum Body {
    None,
    Text(Zeroizing<String>),
    /// As JavaScript has it: text or bytes.
    #[cfg(feature = "full")]
    Given(JsValue),
}

impl Body {
    /// For the runtime.
    pub fn to_js(&self) -> Option<JsValue> {
        match self {
            Body::None => None,
            Body::Text(text) => Some(JsValue::from_str(text)),
            #[cfg(feature = "full")]
            Body::Given(body) => Some(body.clone()),
        }
    }
}

impl Outgoing {
    /// Asks the edge for what is below this path.
    pub fn get(options: &Options, path: &str) -> Outgoing {
        Outgoing {
            method: Method::GET,
            url: [&options.endpoint, path].concat(),
            headers: vec![("Accept", "application/json, application/problem+json".to_owned())],
            body: Body::None,
            answer_limit: MAX_ANSWER_BYTES,
            without_cookies: false,
        }
    }

    /// Posts this JSON to the edge.
    pub fn post(options: &Options, path: &str, json: String) -> Outgoing {
        let mut outgoing = Outgoing::get(options, path);
        outgoing.method = Method::POST;
        outgoing.body = Body::Text(Zeroizing::new(json));
        outgoing.set("Content-Type", "application/json");
        outgoing
    }

    /// Posts the form of an order to the CA.
    #[cfg(feature = "full")]
    pub fn form(options: &Options, order: &Order, credentials: &Credentials) -> Outgoing {
        Outgoing {
            method: Method::POST,
            url: options.endpoint.clone(),
            headers: vec![
                ("Content-Type", FORM_MEDIA_TYPE.to_owned()),
                // Some runtimes ask for compression by themselves, and a compressed answer is not believed.
                ("Accept-Encoding", "identity".to_owned()),
            ],
            body: Body::Text(Zeroizing::new(form(order, credentials).as_str().to_owned())),
            answer_limit: MAX_ANSWER_BYTES,
            // Only pages have cookies to send, and some other runtimes refuse the option.
            without_cookies: options.in_page,
        }
    }

    /// Sets a header: of two with one name the last one counts.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.headers.push((name, value.to_owned()));
    }
}

/// The order in its one form, whatever way it was given.
#[derive(Debug)]
pub struct OrderBody<'a>(pub &'a Order);

impl Serialize for OrderBody<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let order = self.0;
        let name = order.name();
        Members(&[
            (name.parameter(), Item::Text(Some(name.value()))),
            (
                "codeReason",
                Item::Number(Some(order.code_reason().number().into())),
            ),
            ("revocationReason", Item::Text(order.revocation_reason())),
            ("productCode", Item::Text(order.product_code())),
            (
                "product",
                Item::Number(order.product().map(|product| product as f64)),
            ),
            ("test", Item::Bool(order.test())),
        ])
        .serialize(to)
    }
}
