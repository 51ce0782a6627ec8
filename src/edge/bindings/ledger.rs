//! The ledger: its host, what it is asked, and what it does although nobody asks.

use std::rc::Rc;

use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::call::{LedgerBatch, LedgerCall};
use super::host::{JsHost, failed};
use super::settings::Settings;
use crate::api::audit::{Head, UnsignedHead};
use crate::api::report::Report;
use crate::edge::command::{Asker, Command, Request};
use crate::edge::config;
use crate::edge::http_answer::HttpAnswer;
use crate::edge::ledger::{Ledger, OpenError, Reported, Revocation, Settlement, report_answer};
use crate::protocol::MAX_ANSWER_BYTES;

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
    pub fn recover(&self) -> Result<(), JsValue> {
        self.0.recover().map_err(|_| failed())
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
            "maxAnswerBytes": MAX_ANSWER_BYTES,
        })
        .to_string()
    }

    /// What the front asks for, to be carried out step by step; throws when the text is no request.
    pub fn work(&self, request: &str) -> Result<LedgerWork, JsValue> {
        let Request { by, command } = Request::from_json(request).ok_or_else(failed)?;
        let ledger = self.0.clone();
        Ok(LedgerWork { ledger, by, command })
    }

    /// Whether the ledger is not the one, or older, than the high-water mark, a head of its audit log; throws
    /// when it cannot be read or written.
    #[wasm_bindgen(js_name = checkHighWaterMark)]
    pub fn check_high_water_mark(&self, seen: &str) -> Result<bool, JsValue> {
        let seen: Value = serde_json::from_str(seen).map_err(|_| failed())?;
        self.0.check_high_water_mark(&seen).map_err(|_| failed())
    }

    /// The head of the audit log, to be signed as it stands; throws when the ledger cannot be read.
    pub fn head(&self) -> Result<String, JsValue> {
        let head = self.0.head().map_err(|_| failed())?;
        Ok(head.text_to_sign())
    }

    /// The answer with a head and its signature (base64url).
    #[wasm_bindgen(js_name = signedHead)]
    pub fn signed_head(&self, head: &str, signature: &str) -> Result<String, JsValue> {
        Ok(HttpAnswer::ok(&signed(head, signature)?).to_json())
    }

    /// One run of what is done although nobody asks; throws when the ledger cannot be read or written.
    pub fn batch(&self) -> Result<LedgerBatch, JsValue> {
        let due = self.0.due().map_err(|_| failed())?;
        Ok(LedgerBatch::new(&self.0, due))
    }

    /// Which tickets are admitted to a connection now and which have expired, and when to ask again: [`Admissions`] as JSON.
    /// Asked after every step that may change it: a ticket was taken or set aside, a call was freed.
    ///
    /// [`Admissions`]: crate::edge::ledger::Admissions
    pub fn admit(&self) -> String {
        json!(self.0.admit()).to_string()
    }

    /// Counts calls that an instance before this one has left in flight when it trapped.
    #[wasm_bindgen(js_name = takeOver)]
    pub fn take_over(&self, in_flight: usize) {
        self.0.take_over(in_flight);
    }

    /// One of the calls that were taken over is at its end.
    #[wasm_bindgen(js_name = leftOverEnded)]
    pub fn left_over_ended(&self) {
        self.0.queue().left_over_ended();
    }

    /// When to ask for what is due, in milliseconds since 1970; nothing when there is no need, or the alarm that is set
    /// already fires soon enough.
    #[wasm_bindgen(js_name = nextAlarm)]
    pub fn next_alarm(&self, armed: Option<f64>) -> Result<Option<f64>, JsValue> {
        let armed = armed.map(|at| at as i64);
        let at = self.0.next_alarm(armed).map_err(|_| failed())?;
        Ok(at.map(|at| at as f64))
    }
}

/// What a request takes besides statements of SQL.
#[wasm_bindgen]
pub enum WorkKind {
    /// Nothing: [`LedgerWork::answer`], or with the rows of a plan [`LedgerWork::keep`].
    Answer = "answer",
    /// A call to the CA: [`LedgerWork::call`].
    Call = "call",
    /// Perhaps calls: [`LedgerWork::settle`].
    Settlement = "settlement",
    /// The signed head of the audit log.
    Head = "head",
    /// A report, with such a head in it: [`LedgerWork::report`].
    Report = "report",
}

/// Runs a step in a function of its own: all of them in one make a function that V8 compiles for long and with much memory
/// (docs/decisions/small-functions.md).
#[inline(never)]
fn apart<T>(step: impl FnOnce() -> T) -> T {
    step()
}

/// A request of the front's.
#[wasm_bindgen]
pub struct LedgerWork {
    ledger: Rc<Ledger<JsHost>>,
    by: Asker,
    command: Command,
}

#[wasm_bindgen]
impl LedgerWork {
    /// Which of the other functions carries it out.
    #[wasm_bindgen(getter)]
    pub fn kind(&self) -> WorkKind {
        match self.command {
            Command::Revoke(_) => WorkKind::Call,
            Command::Settle { .. } => WorkKind::Settlement,
            Command::AuditHead => WorkKind::Head,
            Command::JobReport { .. } => WorkKind::Report,
            _ => WorkKind::Answer,
        }
    }

    /// The answer, if there is one; throws when the ledger cannot be read or written.
    pub fn answer(self) -> Result<Option<String>, JsValue> {
        let LedgerWork { ledger, by, command } = self;
        let answer = match command {
            Command::Order { name } => apart(|| ledger.order(&name, &by.instance)),
            Command::Orders(list) => apart(|| ledger.orders(&list)),
            Command::ChangeJob(change) => apart(|| ledger.change_job(&by, &change)),
            Command::PauseAllJobs => apart(|| ledger.pause_all_jobs(&by)),
            Command::Jobs(jobs) => apart(|| ledger.jobs(&by, &jobs)),
            Command::Job(of) => apart(|| ledger.job(&by, &of)),
            Command::JobOrders(orders) => apart(|| ledger.job_orders(&by, &orders)),
            Command::MoreJobOrders(more) => apart(|| ledger.more_job_orders(&by, &more)),
            Command::JobEvents { of, last_event_id } => apart(|| ledger.job_events(&by, &of, last_event_id)),
            Command::MoreJobEvents(more) => apart(|| ledger.more_job_events(&by, more)),
            Command::Audit(list) => apart(|| ledger.audit(&list)),
            Command::Me { me } => apart(|| ledger.me(&by, me)),
            Command::Breaker => apart(|| ledger.breaker()),
            Command::ResumeBreaker => apart(|| ledger.resume_breaker(&by)),
            Command::Metrics { front } => apart(|| ledger.metrics(&front)),
            Command::Refused(refused) => {
                ledger.refused(&by, &refused).map_err(|_| failed())?;
                return Ok(None);
            }
            Command::Revoke(_)
            | Command::Settle { .. }
            | Command::CreateJob(_)
            | Command::AuditHead
            | Command::JobReport { .. } => return Err(failed()),
        };
        Ok(Some(answer.map_err(|_| failed())?.to_json()))
    }

    /// Takes a part of the plan; the answer when the plan has ended with it, well or not. Throws when the ledger cannot be read
    /// or written.
    pub fn keep(self, rows: &str, part: u32, is_last: bool) -> Result<Option<String>, JsValue> {
        let Command::CreateJob(job) = self.command else {
            return Err(failed());
        };
        let answer = self.ledger.create_job(&self.by, &job, rows, part.into(), is_last);
        Ok(answer.map_err(|_| failed())?.map(|answer| answer.to_json()))
    }

    /// The call to the CA.
    pub fn call(self) -> Result<LedgerCall, JsValue> {
        match self.command {
            Command::Revoke(revoke) => {
                let revocation = Revocation::asked(self.by, revoke);
                Ok(LedgerCall::new(&self.ledger, revocation))
            }
            _ => Err(failed()),
        }
    }

    /// What to do about an order with an unknown outcome; throws when the ledger cannot be read.
    pub fn settle(self) -> Result<LedgerSettlement, JsValue> {
        let LedgerWork { ledger, by, command } = self;
        let Command::Settle { name, resend } = command else {
            return Err(failed());
        };
        let settlement = ledger.settle(&by, &name, resend);
        let (answer, calls) = match settlement.map_err(|_| failed())? {
            Settlement::Answer(answer) => (Some(answer.to_json()), Vec::new()),
            Settlement::Calls(calls) => (None, calls),
        };
        Ok(LedgerSettlement {
            answer,
            calls: calls
                .into_iter()
                .map(|call| LedgerCall::new(&ledger, call))
                .collect(),
            ledger,
            name,
            instance: by.instance,
        })
    }

    /// The report of a job, still without its checkpoint, or the answer that there is none for this caller; throws when the
    /// ledger cannot be read.
    pub fn report(self) -> Result<LedgerReport, JsValue> {
        let Command::JobReport { of, markdown } = self.command else {
            return Err(failed());
        };
        let report = self.ledger.job_report(&self.by, &of, markdown);
        report.map(LedgerReport).map_err(|_| failed())
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
        Ok(match &self.0 {
            Reported::Report(report, markdown) => {
                report_answer(Report::clone(report), signed(head, signature)?, *markdown).to_json()
            }
            Reported::Answer(answer) => answer.to_json(),
        })
    }
}

/// What to do about an order with an unknown outcome.
#[wasm_bindgen]
pub struct LedgerSettlement {
    ledger: Rc<Ledger<JsHost>>,
    answer: Option<String>,
    calls: Vec<LedgerCall>,
    name: String,
    instance: String,
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

    /// The answer with what is known of the order by now; throws when the ledger cannot be read.
    pub fn known(&self) -> Result<String, JsValue> {
        let answer = self.ledger.order(&self.name, &self.instance);
        Ok(answer.map_err(|_| failed())?.to_json())
    }
}

/// A head of the audit log as [`LedgerCore::head`] gave it, with its signature (base64url).
fn signed(head: &str, signature: &str) -> Result<Head, JsValue> {
    let head: UnsignedHead = serde_json::from_str(head).map_err(|_| failed())?;
    Ok(head.signed(signature))
}
