//! The edge for its JavaScript rim: plain strings and numbers in and out, few crossings.
#![allow(unsafe_code)] // wasm-bindgen's macros expand to it.
#![allow(missing_docs)] // Not public: the rim in `worker/` is the only caller.

use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::Uint8Array;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::config::{self, FrontConfig, NAMES, Vars};
use super::front::{Counters, Head, Step, Visit, Vouched};
use super::http_answer::HttpAnswer;
use super::ledger::{
    Attempt, Begun, Host, HostError, JobCall, Ledger, MAX_CALLS, MAX_WAIT_MS, OpenError, Reported,
    Revocation, Settlement, report_answer,
};
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
        Step::ReadBody(most) => json!({ "readBody": most + 1 }).to_string(),
        Step::Ledger(method, command) => json!({ "ledger": method, "command": command }).to_string(),
        Step::Plan(command, rows) => {
            json!({ "ledger": "createJob", "command": command, "rows": rows }).to_string()
        }
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
        Some(self.call(Revocation::read(command)?))
    }

    /// The answer to a command that calls nobody; throws when the ledger cannot be read or written.
    pub fn answer(&self, operation: &str, command: &str) -> Result<String, JsValue> {
        let command: Value = serde_json::from_str(command).map_err(|_| failed())?;
        let with = command.get("with").unwrap_or(&Value::Null);
        let text = |of: &Value, name: &str| {
            let text = of.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let answer = match operation {
            "order" => self
                .0
                .order(&text(&command, "orderNumber"), &text(&command, "instance")),
            "audit" => self.0.audit(with),
            "breaker" => Ok(self.0.breaker()),
            "resumeBreaker" => self.0.resume_breaker(&command),
            "metrics" => self.0.metrics(&text(with, "front")),
            "changeJob" => self.0.change_job(&command),
            "pauseAllJobs" => self.0.pause_all_jobs(&command),
            "jobs" => self.0.jobs(&command),
            "job" => self.0.job(&command),
            "jobOrders" => self.0.job_orders(&command),
            "moreJobOrders" => self.0.more_job_orders(&command),
            "jobEvents" => self.0.job_events(&command),
            "moreJobEvents" => self.0.more_job_events(&command),
            _ => Err(HostError),
        };
        Ok(answer.map_err(|_| failed())?.to_json())
    }

    /// Keeps a plan, whose rows come beside the command; throws when the ledger cannot be read or written.
    #[wasm_bindgen(js_name = createJob)]
    pub fn create_job(&self, command: &str, rows: Vec<String>) -> Result<String, JsValue> {
        let command: Value = serde_json::from_str(command).map_err(|_| failed())?;
        let answer = self.0.create_job(&command, rows);
        Ok(answer.map_err(|_| failed())?.to_json())
    }

    /// Notes that a known caller was refused; throws when it cannot be written.
    pub fn refused(&self, command: &str) -> Result<(), JsValue> {
        let command: Value = serde_json::from_str(command).map_err(|_| failed())?;
        self.0.refused(&command).map_err(|_| failed())
    }

    /// Whether the ledger is not the one, or older, than this head of its audit log that a witness has seen; throws
    /// when it cannot be read or written.
    pub fn witnessed(&self, seen: &str) -> Result<bool, JsValue> {
        let seen: Value = serde_json::from_str(seen).map_err(|_| failed())?;
        self.0.witnessed(&seen).map_err(|_| failed())
    }

    /// The head of the audit log, to be signed as it stands; throws when the ledger cannot be read.
    pub fn head(&self) -> Result<String, JsValue> {
        let head = self.0.head().map_err(|_| failed())?;
        Ok(Value::Object(head).to_string())
    }

    /// The answer with a head and its signature (base64url).
    #[wasm_bindgen(js_name = signedHead)]
    pub fn signed_head(&self, head: &str, signature: &str) -> Result<String, JsValue> {
        let mut head: Value = serde_json::from_str(head).map_err(|_| failed())?;
        let members = head.as_object_mut().ok_or_else(failed)?;
        members.insert("signature".into(), signature.into());
        Ok(HttpAnswer::ok(&head).to_json())
    }

    /// The report of a job, still without its checkpoint, or the answer that there is none for this caller; throws when the
    /// ledger cannot be read.
    #[wasm_bindgen(js_name = jobReport)]
    pub fn job_report(&self, command: &str) -> Result<LedgerReport, JsValue> {
        let command: Value = serde_json::from_str(command).map_err(|_| failed())?;
        self.0
            .job_report(&command)
            .map(LedgerReport)
            .map_err(|_| failed())
    }

    /// What to do about an order with an unknown outcome, as a caller asked; throws when the ledger cannot be read.
    pub fn settle(&self, command: &str) -> Result<LedgerSettlement, JsValue> {
        let command: Value = serde_json::from_str(command).map_err(|_| failed())?;
        Ok(match self.0.settle(&command).map_err(|_| failed())? {
            Settlement::Answer(answer) => LedgerSettlement {
                answer: Some(answer.to_json()),
                calls: Vec::new(),
            },
            Settlement::Calls(calls) => LedgerSettlement {
                answer: None,
                calls: self.calls(calls),
            },
        })
    }

    /// One run of what is done although nobody asks; throws when the ledger cannot be read or written.
    pub fn slice(&self) -> Result<LedgerSlice, JsValue> {
        let due = self.0.due().map_err(|_| failed())?;
        Ok(LedgerSlice {
            ledger: self.0.clone(),
            left: MAX_CALLS.saturating_sub(due.len()),
            due: due.into(),
        })
    }

    /// When to ask for what is due, in milliseconds since 1970; nothing when there is no need, or the alarm that is set
    /// already rings soon enough.
    #[wasm_bindgen(js_name = nextAlarm)]
    pub fn next_alarm(&self, armed: Option<f64>) -> Result<Option<f64>, JsValue> {
        let armed = armed.map(|at| at as i64);
        let at = self.0.next_alarm(armed).map_err(|_| failed())?;
        Ok(at.map(|at| at as f64))
    }
}

impl LedgerCore {
    fn call(&self, revocation: Revocation) -> LedgerCall {
        call(&self.0, revocation)
    }

    fn calls(&self, revocations: Vec<Revocation>) -> Vec<LedgerCall> {
        revocations
            .into_iter()
            .map(|revocation| self.call(revocation))
            .collect()
    }
}

fn call(ledger: &Rc<Ledger<JsHost>>, revocation: Revocation) -> LedgerCall {
    LedgerCall {
        ledger: ledger.clone(),
        revocation,
        entered: false,
        attempt: None,
        heard: None,
    }
}

/// One run of what is done although nobody asks: what is to be settled, then rows of jobs, and no more calls than the platform
/// allows to one invocation.
#[wasm_bindgen]
pub struct LedgerSlice {
    ledger: Rc<Ledger<JsHost>>,
    due: VecDeque<Revocation>,
    /// Calls of jobs that it may still make.
    left: usize,
}

#[wasm_bindgen]
impl LedgerSlice {
    /// The next call; nothing when the slice is over. One of a job's rows has its intent written. Throws when the ledger
    /// cannot be read or written.
    pub fn next(&mut self) -> Result<Option<LedgerCall>, JsValue> {
        if let Some(revocation) = self.due.pop_front() {
            return Ok(Some(call(&self.ledger, revocation)));
        }
        if self.left == 0 {
            return Ok(None);
        }
        Ok(match self.ledger.next_job_call().map_err(|_| failed())? {
            None => None,
            Some(JobCall::Check(revocation)) => {
                self.left -= 1;
                Some(call(&self.ledger, *revocation))
            }
            Some(JobCall::Row(attempt)) => {
                self.left -= 1;
                Some(LedgerCall {
                    ledger: self.ledger.clone(),
                    revocation: attempt.revocation().clone(),
                    entered: true,
                    attempt: Some(*attempt),
                    heard: None,
                })
            }
        })
    }
}

/// The report of a job on its way to be given its checkpoint.
#[wasm_bindgen]
pub struct LedgerReport(Reported);

#[wasm_bindgen]
impl LedgerReport {
    /// The answer, where there is no report.
    #[wasm_bindgen(getter)]
    pub fn answer(&self) -> Option<String> {
        match &self.0 {
            Reported::Answer(answer) => Some(answer.to_json()),
            Reported::Report(..) => None,
        }
    }

    /// The answer with this head of the audit log and its signature (base64url).
    pub fn signed(&self, head: &str, signature: &str) -> Result<String, JsValue> {
        let mut head: Value = serde_json::from_str(head).map_err(|_| failed())?;
        let members = head.as_object_mut().ok_or_else(failed)?;
        members.insert("signature".into(), signature.into());
        match &self.0 {
            Reported::Report(report, markdown) => {
                Ok(report_answer(report.clone(), head, *markdown).to_json())
            }
            Reported::Answer(answer) => Ok(answer.to_json()),
        }
    }
}

/// What to do about an order with an unknown outcome.
#[wasm_bindgen]
pub struct LedgerSettlement {
    answer: Option<String>,
    calls: Vec<LedgerCall>,
}

#[wasm_bindgen]
impl LedgerSettlement {
    /// The answer, where nothing is to be called.
    #[wasm_bindgen(getter)]
    pub fn answer(&self) -> Option<String> {
        self.answer.clone()
    }

    /// The calls to make, once.
    #[wasm_bindgen(js_name = takeCalls)]
    pub fn take_calls(&mut self) -> Vec<LedgerCall> {
        std::mem::take(&mut self.calls)
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
    entered: bool,
    attempt: Option<Attempt>,
    /// The answer, from when it has come until it is written.
    heard: Option<Answer>,
}

#[wasm_bindgen]
impl LedgerCall {
    /// Takes the call up, or gives the answer that there already is; throws when the ledger cannot be read.
    pub fn enter(&mut self) -> Result<Option<String>, JsValue> {
        let answer = self.ledger.enter(&self.revocation).map_err(|_| failed())?;
        self.entered = answer.is_none();
        Ok(answer.map(|answer| self.told(answer)))
    }

    /// Writes the intent, and gives nothing; or the answer that there already is, `"wait"` while another call is on
    /// trial, or `"needless"`. Throws when the ledger cannot be written.
    pub fn begin(&mut self) -> Result<Option<String>, JsValue> {
        Ok(match self.ledger.begin(&self.revocation).map_err(|_| failed())? {
            Begun::Answer(answer) => Some(self.told(answer)),
            Begun::Wait => Some("wait".to_owned()),
            Begun::Needless => Some("needless".to_owned()),
            Begun::Send(attempt) => {
                self.attempt = Some(*attempt);
                None
            }
        })
    }

    /// Whether its intent is written, so that it may have been sent.
    #[wasm_bindgen(getter)]
    pub fn begun(&self) -> bool {
        self.attempt.is_some()
    }

    /// Whether it may leave now: it has waited for its turn with its intent written. What may not is to be held back.
    #[wasm_bindgen(js_name = mayLeave)]
    pub fn may_leave(&mut self) -> bool {
        let ledger = self.ledger.clone();
        self.attempt
            .as_mut()
            .is_some_and(|attempt| ledger.may_leave(attempt))
    }

    /// Writes that it has not left; throws when that cannot be written.
    #[wasm_bindgen(js_name = holdBack)]
    pub fn hold_back(&self) -> Result<(), JsValue> {
        let attempt = self.attempt.as_ref().ok_or_else(failed)?;
        self.ledger.hold_back(attempt).map_err(|_| failed())
    }

    /// The bytes to POST. Whoever takes them wipes them. The login is not kept.
    pub fn form(&self, login_name: Vec<u8>, login_password: Vec<u8>) -> Result<Uint8Array, JsValue> {
        let attempt = self.attempt.as_ref().ok_or_else(failed)?;
        let form = self.ledger.form(attempt, &login(login_name, login_password)?);
        Ok(Uint8Array::from(form.as_str().as_bytes()))
    }

    /// Hears what the CA answered, which [`end_heard`](LedgerCall::end_heard) writes.
    pub fn hear(
        &mut self,
        status: u16,
        content_length: Option<String>,
        content_encoding: Option<String>,
        body: &[u8],
        login_name: Vec<u8>,
        login_password: Vec<u8>,
    ) -> Result<(), JsValue> {
        let reply = Reply {
            status,
            content_length: content_length.and_then(|text| text.parse().ok()),
            content_encoding: content_encoding.as_deref(),
            body,
        };
        let answer = parse(&reply, &login(login_name, login_password)?);
        self.ledger
            .hear(self.attempt.as_ref().ok_or_else(failed)?, &answer);
        self.heard = Some(answer);
        Ok(())
    }

    /// Writes what was heard; throws when it cannot be written.
    #[wasm_bindgen(js_name = endHeard)]
    pub fn end_heard(&self) -> Result<String, JsValue> {
        self.end(self.heard.as_ref().ok_or_else(failed)?)
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
        let answer = self.ledger.finish(attempt, answer).map_err(|_| failed())?;
        Ok(self.told(answer))
    }

    /// An answer as the caller gets it; a job's row has none who waits for it.
    fn told(&self, answer: HttpAnswer) -> String {
        if self.revocation.job.is_some() {
            return String::new();
        }
        self.ledger.with_limits(&self.revocation, answer).to_json()
    }

    #[wasm_bindgen(js_name = noTurn)]
    pub fn no_turn(&self) -> String {
        self.told(self.ledger.no_turn(&self.revocation))
    }

    #[wasm_bindgen(js_name = notBegun)]
    pub fn not_begun(&self) -> String {
        self.told(self.ledger.not_begun(&self.revocation))
    }

    #[wasm_bindgen(js_name = notWritten)]
    pub fn not_written(&self) -> String {
        match &self.attempt {
            Some(attempt) => self.told(self.ledger.not_written(attempt)),
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
        } else if self.entered {
            self.ledger.leave(&self.revocation);
        }
    }
}
