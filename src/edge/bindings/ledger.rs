//! The ledger: its host, what it is asked, and what it does although nobody asks.

use std::collections::VecDeque;
use std::rc::Rc;

use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::call::LedgerCall;
use super::settings::Settings;
use crate::edge::config;
use crate::edge::http_answer::HttpAnswer;
use crate::edge::ledger::{
    Host, HostError, Ledger, MAX_CALLS, MAX_WAIT_MS, OpenError, Reported, Revocation, Settlement,
    report_answer,
};
use crate::protocol::MAX_ANSWER_BYTES;

#[wasm_bindgen]
extern "C" {
    /// `{ sql(statement, valuesAsJson): rowsAsJson, execute(statement, valuesAsJson), now(): ms }`.
    pub type JsHost;

    #[wasm_bindgen(method, catch)]
    fn sql(this: &JsHost, statement: &str, values: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn execute(this: &JsHost, statement: &str, values: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn now(this: &JsHost) -> f64;
}

impl Host for JsHost {
    fn sql(&self, statement: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, HostError> {
        let values = serde_json::to_string(values).map_err(|_| HostError)?;
        let rows = JsHost::sql(self, statement, &values).map_err(|_| HostError)?;
        serde_json::from_str(&rows).map_err(|_| HostError)
    }

    fn execute(&self, statement: &str, values: &[Value]) -> Result<(), HostError> {
        let values = serde_json::to_string(values).map_err(|_| HostError)?;
        JsHost::execute(self, statement, &values).map_err(|_| HostError)
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

    /// Puts in order what the last process left; throws when that cannot be written, and then the ledger can be read all the
    /// same.
    pub fn tidy(&self) -> Result<(), JsValue> {
        self.0.tidy().map_err(|_| failed())
    }

    /// A transaction was committed.
    pub fn committed(&self) {
        self.0.committed();
    }

    /// A transaction was rolled back.
    #[wasm_bindgen(js_name = rolledBack)]
    pub fn rolled_back(&self) {
        self.0.rolled_back();
    }

    /// Whether the CA may have been called because of this request, which came at `since` (milliseconds since 1970), or may be
    /// yet; throws when the ledger cannot be read.
    #[wasm_bindgen(js_name = mayHaveActed)]
    pub fn may_have_acted(&self, instance: &str, since: f64) -> Result<bool, JsValue> {
        self.0
            .may_have_acted(instance, since as i64)
            .map_err(|_| failed())
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
        Some(LedgerCall::new(&self.0, Revocation::read(command)?))
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
            "me" => self.0.me(&command),
            "breaker" => self.0.breaker(),
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

    /// Takes a part of a plan, whose rows come beside the command; the answer when the plan has ended with it, well or not.
    /// Throws when the ledger cannot be read or written.
    #[wasm_bindgen(js_name = createJob)]
    pub fn create_job(
        &self,
        command: &str,
        rows: &str,
        part: u32,
        is_last: bool,
    ) -> Result<Option<String>, JsValue> {
        let command: Value = serde_json::from_str(command).map_err(|_| failed())?;
        let answer = self.0.create_job(&command, rows, part.into(), is_last);
        Ok(answer.map_err(|_| failed())?.map(|answer| answer.to_json()))
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
                calls: calls
                    .into_iter()
                    .map(|call| LedgerCall::new(&self.0, call))
                    .collect(),
            },
        })
    }

    /// One run of what is done although nobody asks; throws when the ledger cannot be read or written.
    pub fn slice(&self) -> Result<LedgerSlice, JsValue> {
        let due = self.0.due().map_err(|_| failed())?;
        Ok(LedgerSlice {
            ledger: self.0.clone(),
            due: due.into(),
            left: MAX_CALLS,
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

/// One run of what is done although nobody asks: what is to be settled, then rows of jobs, and no more calls than the platform
/// allows to one invocation.
#[wasm_bindgen]
pub struct LedgerSlice {
    ledger: Rc<Ledger<JsHost>>,
    due: VecDeque<Revocation>,
    /// Calls that it may still make.
    left: usize,
}

#[wasm_bindgen]
impl LedgerSlice {
    /// Whether no more calls may be made. Otherwise there need not be any.
    #[wasm_bindgen(getter)]
    pub fn over(&self) -> bool {
        self.left == 0
    }

    /// The next call, with its intent written: a connection is free for it. Nothing when the slice is over. Throws when the
    /// ledger cannot be read or written.
    pub fn next(&mut self) -> Result<Option<LedgerCall>, JsValue> {
        let mut next = None;
        while next.is_none() && self.ledger.may_settle() {
            let Some(call) = self.due.pop_front() else { break };
            next = self.ledger.begin_due(&call).map_err(|_| failed())?;
        }
        if next.is_none() {
            next = self.ledger.next_job_call().map_err(|_| failed())?;
        }
        self.left -= usize::from(next.is_some());
        Ok(next.map(|attempt| LedgerCall::begun_already(&self.ledger, *attempt)))
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

pub(super) fn failed() -> JsValue {
    JsValue::from_str("the ledger failed")
}
