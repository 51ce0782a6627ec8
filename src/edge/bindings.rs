//! The edge for its JavaScript rim: plain strings and numbers in and out, few crossings.
#![allow(unsafe_code)] // wasm-bindgen's macros expand to it.
#![allow(missing_docs)] // Not public: the rim in `worker/` is the only caller.

use std::rc::Rc;

use js_sys::Uint8Array;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::config::{self, FrontConfig, NAMES, Vars};
use super::front::{Counters, Head, MAX_BODY_BYTES, Step, Visit, Vouched};
use super::ledger::{Attempt, Begun, Host, HostError, Ledger, MAX_WAIT_MS, OpenError, Revocation};
use crate::protocol::{Answer, Credentials, MAX_ANSWER_BYTES, Reply, UnknownCause, parse};

/// The names that the rim looks up in its environment.
#[wasm_bindgen(js_name = configurationNames)]
pub fn configuration_names() -> Vec<String> {
    NAMES.map(str::to_owned).to_vec()
}

/// A JSON array of sentences: everything that is wrong with these variables.
#[wasm_bindgen(js_name = configurationFaults)]
pub fn configuration_faults(variables: &str) -> String {
    Value::from(config::faults(&vars_of(variables))).to_string()
}

/// A JSON array of sentences: what an operator should know about variables that are not wrong.
#[wasm_bindgen(js_name = configurationNotices)]
pub fn configuration_notices(variables: &str) -> String {
    Value::from(config::notices(&vars_of(variables))).to_string()
}

fn vars_of(variables: &str) -> Vars {
    let mut vars = Vars::default();
    if let Ok(Value::Object(members)) = serde_json::from_str(variables) {
        for (name, value) in members {
            if let Value::String(text) = value {
                vars.set(&name, text);
            }
        }
    }
    vars
}

/// The environment's variables, wiped when this is freed.
#[wasm_bindgen]
#[derive(Default)]
pub struct Settings(Vars);

#[wasm_bindgen]
impl Settings {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Settings {
        Settings::default()
    }

    pub fn set(&mut self, name: &str, value: String) {
        self.0.set(name, value);
    }

    /// A JSON array of everything that is wrong.
    pub fn faults(&self) -> String {
        Value::from(config::faults(&self.0)).to_string()
    }
}

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
    /// A step as JSON: `{answer}`, `{answer, refused: command}`, `{verify: token}`, `{readBody: bytes}` or
    /// `{ledger: method, command}`.
    pub fn admit(&mut self, now: f64) -> String {
        step(self.0.admit(now as i64))
    }

    /// The step after a token's signature was checked: `"valid"`, `"unavailable"`, or anything else for no.
    pub fn vouched(&mut self, verdict: &str, now: f64) -> String {
        let vouched = match verdict {
            "valid" => Vouched::Valid,
            "unavailable" => Vouched::Unavailable,
            _ => Vouched::Invalid,
        };
        step(self.0.vouched(vouched, now as i64))
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
        Step::ReadBody => json!({ "readBody": MAX_BODY_BYTES + 1 }).to_string(),
        Step::Ledger(method, command) => json!({ "ledger": method, "command": command }).to_string(),
    }
}

#[wasm_bindgen]
extern "C" {
    /// `{ sql(statement, valuesAsJson): rowsAsJson, now(): ms }`.
    pub type JsHost;

    #[wasm_bindgen(method, catch)]
    fn sql(this: &JsHost, statement: &str, values: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(method)]
    fn now(this: &JsHost) -> f64;
}

impl Host for JsHost {
    fn sql(&self, statement: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, HostError> {
        let values = serde_json::to_string(values).map_err(|_| HostError)?;
        let rows = JsHost::sql(self, statement, &values).map_err(|_| HostError)?;
        if rows == "[]" {
            Ok(Vec::new())
        } else {
            serde_json::from_str(&rows).map_err(|_| HostError)
        }
    }

    fn now(&self) -> i64 {
        JsHost::now(self) as i64
    }
}

/// The ledger, one for each Durable Object.
#[wasm_bindgen]
pub struct LedgerCore(Rc<Ledger<JsHost>>);

#[wasm_bindgen]
impl LedgerCore {
    /// Opens the ledger; throws a plain string that names the reason.
    pub fn open(settings: &Settings, host: JsHost, fresh_id: &str) -> Result<LedgerCore, JsValue> {
        let config = config::ledger(&settings.0).map_err(|_| JsValue::from_str("not configured"))?;
        let ledger = Ledger::open(host, config, fresh_id).map_err(|error| match error {
            OpenError::Host => JsValue::from_str("the ledger cannot be read or written"),
            OpenError::Newer => JsValue::from_str("the ledger was written by a newer version of autorevoke"),
        })?;
        Ok(LedgerCore(Rc::new(ledger)))
    }

    /// How to call the CA, as JSON.
    pub fn calling(&self) -> String {
        let config = self.0.config();
        json!({
            "endpoint": config.endpoint,
            "timeoutMs": config.timeout_ms,
            "maxConnections": config.max_connections,
            "maxPerSecond": config.max_per_second,
            "maxWaitMs": MAX_WAIT_MS,
            "maxAnswerBytes": MAX_ANSWER_BYTES,
        })
        .to_string()
    }

    /// A revocation that the front has let in; nothing when the text is none.
    pub fn revocation(&self, command: &str) -> Option<LedgerCall> {
        let revocation = Revocation::read(command)?;
        Some(LedgerCall {
            ledger: self.0.clone(),
            revocation,
            attempt: None,
        })
    }

    /// The answer to what is known of an order; throws when the ledger cannot be read.
    pub fn order(&self, command: &str) -> Result<String, JsValue> {
        let command: Value = serde_json::from_str(command).map_err(|_| failed())?;
        let text = |name: &str| command.get(name).and_then(Value::as_str).unwrap_or_default();
        let answer = self
            .0
            .order(text("orderNumber"), text("instance"))
            .map_err(|_| failed())?;
        Ok(answer.to_json())
    }
}

fn failed() -> JsValue {
    JsValue::from_str("the ledger failed")
}

/// One revocation on its way through the ledger.
#[wasm_bindgen]
pub struct LedgerCall {
    ledger: Rc<Ledger<JsHost>>,
    revocation: Revocation,
    attempt: Option<Attempt>,
}

#[wasm_bindgen]
impl LedgerCall {
    /// The answer that needs no call to the CA, if there is one; throws when the ledger cannot be read.
    pub fn settled(&self) -> Result<Option<String>, JsValue> {
        let answer = self.ledger.settled(&self.revocation).map_err(|_| failed())?;
        Ok(answer.map(|answer| answer.to_json()))
    }

    /// Writes the intent, or gives the answer that there already is; throws when the ledger cannot be written.
    pub fn begin(&mut self) -> Result<Option<String>, JsValue> {
        match self.ledger.begin(&self.revocation).map_err(|_| failed())? {
            Begun::Answer(answer) => Ok(Some(answer.to_json())),
            Begun::Send(attempt) => {
                self.attempt = Some(*attempt);
                Ok(None)
            }
        }
    }

    /// The bytes to POST. Whoever takes them wipes them. The login is not kept.
    pub fn form(&self, login_name: Vec<u8>, login_password: Vec<u8>) -> Result<Uint8Array, JsValue> {
        let attempt = self.attempt.as_ref().ok_or_else(failed)?;
        let form = self.ledger.form(attempt, &login(login_name, login_password)?);
        Ok(Uint8Array::from(form.as_str().as_bytes()))
    }

    /// Writes what the CA answered; throws when it cannot be written.
    pub fn finish(
        &self,
        status: u16,
        content_length: Option<String>,
        content_encoding: Option<String>,
        body: &[u8],
        login_name: Vec<u8>,
        login_password: Vec<u8>,
    ) -> Result<String, JsValue> {
        let reply = Reply {
            status,
            content_length: content_length.and_then(|text| text.parse().ok()),
            content_encoding: content_encoding.as_deref(),
            body,
        };
        self.end(&parse(&reply, &login(login_name, login_password)?))
    }

    /// Writes that no whole answer came: `"timed-out"`, `"too-long"`, or anything else for a lost connection.
    pub fn lost(&self, cause: &str) -> Result<String, JsValue> {
        self.end(&Answer::lost(match cause {
            "timed-out" => UnknownCause::TimedOut,
            "too-long" => UnknownCause::TooLong,
            _ => UnknownCause::ConnectionLost,
        }))
    }

    fn end(&self, answer: &Answer) -> Result<String, JsValue> {
        let attempt = self.attempt.as_ref().ok_or_else(failed)?;
        Ok(self
            .ledger
            .finish(attempt, answer)
            .map_err(|_| failed())?
            .to_json())
    }

    #[wasm_bindgen(js_name = noTurn)]
    pub fn no_turn(&self) -> String {
        self.ledger.no_turn(&self.revocation).to_json()
    }

    #[wasm_bindgen(js_name = notBegun)]
    pub fn not_begun(&self) -> String {
        self.ledger.not_begun(&self.revocation).to_json()
    }

    #[wasm_bindgen(js_name = notWritten)]
    pub fn not_written(&self) -> String {
        match &self.attempt {
            Some(attempt) => self.ledger.not_written(attempt).to_json(),
            None => self.not_begun(),
        }
    }
}

/// The login at the CA, for one use: it is wiped when dropped.
fn login(name: Vec<u8>, password: Vec<u8>) -> Result<Credentials, JsValue> {
    let text = |bytes| String::from_utf8(bytes).map_err(|_| failed());
    Credentials::new(text(name)?, text(password)?).map_err(|_| failed())
}

impl Drop for LedgerCall {
    /// However the call ended: what is not written by now never will be.
    fn drop(&mut self) {
        if let Some(attempt) = &self.attempt {
            self.ledger.release(attempt);
        }
    }
}
