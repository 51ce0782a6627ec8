//! The front, and a request on its way through it.

use std::rc::Rc;

use serde_json::json;
use wasm_bindgen::prelude::*;

use super::settings::Settings;
use crate::edge::config::{self, FrontConfig};
use crate::edge::front::{Counters, Head, SignatureVerdict, Step, Visit};
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

    /// A new request; `instance` is a fresh id for the log. Its body is not touched.
    pub fn visit(&self, instance: String, request: &web_sys::Request) -> FrontVisit {
        let visit = Visit::new(
            self.config.clone(),
            self.counters.clone(),
            head_of(request),
            instance,
        );
        FrontVisit { visit, plan: None }
    }
}

fn head_of(request: &web_sys::Request) -> Head {
    // A Host that came twice, or is none, makes no URL.
    let url = web_sys::Url::new(&request.url()).ok();
    let of_url = |part: fn(&web_sys::Url) -> String| url.as_ref().map(part).unwrap_or_default();
    let headers = request.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    Head {
        method: request.method(),
        own_origin: of_url(web_sys::Url::origin),
        path: of_url(web_sys::Url::pathname),
        query: of_url(web_sys::Url::search).trim_start_matches('?').to_owned(),
        authorization: header("Authorization"),
        access_jwt: header("Cf-Access-Jwt-Assertion"),
        content_type: header("Content-Type"),
        content_length: header("Content-Length"),
        origin: header("Origin"),
        idempotency_key: header("Idempotency-Key"),
        accept: header("Accept"),
        last_event_id: header("Last-Event-ID"),
        host: header("Host"),
        content_encoding: header("Content-Encoding"),
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
    /// A step as JSON: `{answer}`, `{verify: token}`, `{readBody: bytes}`, `{ask: request}`, `{plan: request}`, or
    /// `{answer, ask: request}`, where the ledger is to be asked before it is answered.
    pub fn admit(&mut self, now: f64) -> String {
        step(self.visit.admit(now as i64))
    }

    /// The step after a token's signature was checked, by the name of the verdict.
    pub fn verified(&mut self, verdict: &str, now: f64) -> String {
        let verdict = SignatureVerdict::from_name(verdict);
        step(self.visit.verified(verdict, now as i64))
    }

    /// The step after the body was read.
    pub fn decide(&mut self, body: &[u8]) -> String {
        match self.visit.decide(body) {
            Step::Plan(request, plan) => {
                self.plan = Some((plan, 0));
                json!({ "plan": request.to_json() }).to_string()
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
            .is_some_and(|(plan, handed)| *handed >= plan.orders().len())
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
        Step::Refuse(answer, request) => {
            let request = json!(request.to_json()).to_string();
            ["{\"answer\":", &answer.to_json(), ",\"ask\":", &request, "}"].concat()
        }
        Step::Verify(token) => json!({ "verify": token }).to_string(),
        // One more than allowed, so that the excess shows.
        Step::ReadBody(most) => json!({ "readBody": most + 1 }).to_string(),
        Step::Ask(request) => json!({ "ask": request.to_json() }).to_string(),
        Step::Plan(request, _) => json!({ "plan": request.to_json() }).to_string(),
    }
}
