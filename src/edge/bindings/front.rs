//! The front, and a request on its way through it.

use std::rc::Rc;

use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::settings::Settings;
use crate::edge::config::{self, FrontConfig};
use crate::edge::front::{Counters, Head, Step, Visit, Vouched};

/// The front of the edge, one for each isolate.
#[wasm_bindgen]
pub struct Front {
    config: Rc<FrontConfig>,
    counters: Rc<Counters>,
}

#[wasm_bindgen]
impl Front {
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &Settings) -> Front {
        Front {
            config: Rc::new(config::front(&settings.0)),
            counters: Rc::default(),
        }
    }

    /// Where the issuer of JWTs publishes its keys; nothing when no JWT is taken.
    #[wasm_bindgen(js_name = jwksUrl)]
    pub fn jwks_url(&self) -> Option<String> {
        self.config.jwt.as_ref().map(|jwt| jwt.jwks_url.clone())
    }

    /// A new request, by the parts of its head that matter.
    #[allow(clippy::too_many_arguments)] // Strings cross cheaper one by one than inside of an object.
    pub fn visit(
        &self,
        instance: String,
        method: String,
        own_origin: String,
        path: String,
        query: String,
        authorization: Option<String>,
        access_jwt: Option<String>,
        content_type: Option<String>,
        content_length: Option<String>,
        origin: Option<String>,
        idempotency_key: Option<String>,
        accept: Option<String>,
        last_event_id: Option<String>,
        host: Option<String>,
        content_encoding: Option<String>,
    ) -> FrontVisit {
        let head = Head {
            method,
            own_origin,
            path,
            query,
            authorization,
            access_jwt,
            content_type,
            content_length,
            origin,
            idempotency_key,
            accept,
            last_event_id,
            host,
            content_encoding,
        };
        FrontVisit(Visit::new(
            self.config.clone(),
            self.counters.clone(),
            head,
            instance,
        ))
    }
}

/// One request on its way through the front.
#[wasm_bindgen]
pub struct FrontVisit(Visit);

#[wasm_bindgen]
impl FrontVisit {
    /// A step as JSON: `{answer}`, `{answer, refused: command}`, `{verify: token}`, `{readBody: bytes}`,
    /// `{ledger: method, command}` or `{ledger: method, command, rows}`.
    pub fn admit(&mut self, now: f64) -> String {
        step(self.0.admit(now as i64))
    }

    /// The step after a token's signature was checked, by the name of the verdict.
    pub fn vouched(&mut self, verdict: &str, now: f64) -> String {
        step(self.0.vouched(Vouched::from_name(verdict), now as i64))
    }

    /// The step after the body was read.
    pub fn decide(&self, body: &[u8]) -> String {
        step(self.0.decide(body))
    }

    /// The step when the body could not be read.
    #[wasm_bindgen(js_name = withoutBody)]
    pub fn without_body(&self) -> String {
        step(self.0.without_body())
    }

    /// A JSON array of the headers that every answer to this request has.
    pub fn headers(&self) -> String {
        json!(self.0.headers()).to_string()
    }

    /// Counts the request, and gives its line for the log.
    pub fn ended(&self, now: f64, status: u16, duration_ms: u32) -> String {
        self.0.ended(now as i64, status, duration_ms)
    }
}

fn step(step: Step) -> String {
    match step {
        Step::Answer(answer) => ["{\"answer\":", &answer.to_json(), "}"].concat(),
        Step::Refuse(answer, command) => {
            let command = Value::from(command).to_string();
            ["{\"answer\":", &answer.to_json(), ",\"refused\":", &command, "}"].concat()
        }
        Step::Verify(token) => json!({ "verify": token }).to_string(),
        // One more than allowed, so that the excess shows.
        Step::ReadBody(most) => json!({ "readBody": most + 1 }).to_string(),
        Step::Ledger(method, command) => json!({ "ledger": method, "command": command }).to_string(),
        Step::Plan(command, rows) => {
            json!({ "ledger": "createJob", "command": command, "rows": rows }).to_string()
        }
    }
}
