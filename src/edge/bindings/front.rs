//! The front, and a request on its way through it.

use std::rc::Rc;

use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::settings::Settings;
use crate::edge::config::{self, FrontConfig};
use crate::edge::front::{Counters, Head, Step, Visit, Vouched};
use crate::edge::plan::Plan;

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
        let visit = Visit::new(self.config.clone(), self.counters.clone(), head, instance);
        FrontVisit { visit, plan: None }
    }
}

/// One request on its way through the front.
#[wasm_bindgen]
pub struct FrontVisit {
    visit: Visit,
    /// The plan that the ledger is to keep, and how many of its orders it was handed.
    plan: Option<(Box<Plan>, usize)>,
}

#[wasm_bindgen]
impl FrontVisit {
    /// A step as JSON: `{answer}`, `{answer, refused: command}`, `{verify: token}`, `{readBody: bytes}`,
    /// `{ledger: method, command}` or `{plan: command}`.
    pub fn admit(&mut self, now: f64) -> String {
        step(self.visit.admit(now as i64))
    }

    /// The step after a token's signature was checked, by the name of the verdict.
    pub fn vouched(&mut self, verdict: &str, now: f64) -> String {
        step(self.visit.vouched(Vouched::from_name(verdict), now as i64))
    }

    /// The step after the body was read.
    pub fn decide(&mut self, body: &[u8]) -> String {
        match self.visit.decide(body) {
            Step::Plan(command, plan) => {
                self.plan = Some((plan, 0));
                json!({ "plan": command }).to_string()
            }
            other => step(other),
        }
    }

    /// The next rows of the plan, as the ledger takes them.
    #[wasm_bindgen(js_name = planPart)]
    pub fn plan_part(&mut self) -> Option<String> {
        let (plan, handed) = self.plan.as_mut()?;
        let (text, end) = plan.part(*handed);
        *handed = end;
        Some(text)
    }

    /// Whether the last of them were given.
    #[wasm_bindgen(getter, js_name = planIsWhole)]
    pub fn plan_is_whole(&self) -> bool {
        self.plan
            .as_ref()
            .is_some_and(|(plan, handed)| *handed >= plan.orders.len())
    }

    /// The step when the body could not be read.
    #[wasm_bindgen(js_name = withoutBody)]
    pub fn without_body(&self) -> String {
        step(self.visit.without_body())
    }

    /// A JSON array of the headers that every answer to this request has.
    pub fn headers(&self) -> String {
        json!(self.visit.headers()).to_string()
    }

    /// Counts the request, and gives its line for the log.
    pub fn ended(&self, now: f64, status: u16, duration_ms: u32) -> String {
        self.visit.ended(now as i64, status, duration_ms)
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
        Step::Plan(command, _) => json!({ "plan": command }).to_string(),
    }
}
