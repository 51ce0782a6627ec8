//! One call to the CA, step by step: taken up, admitted to a connection, begun, sent, answered. And a batch of them.

use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::host::{JsHost, failed};
use crate::edge::http_answer::HttpAnswer;
use crate::edge::ledger::{Attempt, Begun, Class, Ledger, MAX_CALLS, Revocation, Ticket};
use crate::protocol::{Answer, Credentials, Reply, Sent, UnknownCause, parse};

/// One revocation on its way through the ledger.
#[wasm_bindgen]
pub struct LedgerCall {
    ledger: Rc<Ledger<JsHost>>,
    revocation: Revocation,
    entered: bool,
    ticket: Option<Ticket>,
    attempt: Option<Attempt>,
}

impl LedgerCall {
    /// One that is still to be taken up.
    pub(super) fn new(ledger: &Rc<Ledger<JsHost>>, revocation: Revocation) -> LedgerCall {
        LedgerCall {
            ledger: ledger.clone(),
            revocation,
            entered: false,
            ticket: None,
            attempt: None,
        }
    }

    /// One whose intent is written, on the connection that its batch was admitted to.
    fn begun_already(ledger: &Rc<Ledger<JsHost>>, attempt: Attempt, ticket: Option<Ticket>) -> LedgerCall {
        LedgerCall {
            ledger: ledger.clone(),
            revocation: attempt.revocation().clone(),
            entered: true,
            ticket,
            attempt: Some(attempt),
        }
    }
}

#[wasm_bindgen]
impl LedgerCall {
    /// Takes the call up, so that it has a ticket; or gives the answer that there already is. Throws when the ledger cannot be
    /// read.
    pub fn enter(&mut self) -> Result<Option<String>, JsValue> {
        let answer = self.ledger.enter(&self.revocation).map_err(|_| failed())?;
        if answer.is_none() {
            self.entered = true;
            self.ticket = Some(self.ledger.join_queue(Class::Interactive));
        }
        Ok(answer.map(|answer| self.written(answer)))
    }

    /// Its place in the queue for a connection.
    #[wasm_bindgen(getter)]
    pub fn ticket(&self) -> Option<Ticket> {
        self.ticket
    }

    /// Writes the intent, and gives nothing; or the answer that there already is, `"needless"`, or `"wait"` while another call
    /// is on trial: its ticket is in the queue again then. Throws when the ledger cannot be written.
    pub fn begin(&mut self) -> Result<Option<String>, JsValue> {
        Ok(match self.ledger.begin(&self.revocation).map_err(|_| failed())? {
            Begun::Answer(answer) => Some(self.written(answer)),
            Begun::Wait => {
                if let Some(ticket) = self.ticket {
                    self.ledger.queue().set_aside(ticket);
                }
                Some("wait".to_owned())
            }
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

    /// The bytes to POST. The caller wipes them. The login is not kept.
    pub fn form(&self, login_name: Vec<u8>, login_password: Vec<u8>) -> Result<Uint8Array, JsValue> {
        let attempt = self.attempt.as_ref().ok_or_else(failed)?;
        let form = self.ledger.form(attempt, &login(login_name, login_password)?);
        Ok(Uint8Array::from(form.as_str().as_bytes()))
    }

    /// Writes what the CA answered, and gives the caller's answer; throws when it cannot be written.
    pub fn answered(
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
        let attempt = self.attempt.as_ref().ok_or_else(failed)?;
        let credentials = login(login_name, login_password)?;
        let sent = Sent::of(&attempt.revocation().order, &credentials);
        self.end(&parse(&reply, &sent))
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
        Ok(self.written(answer))
    }

    /// An answer as the caller gets it; a job's row has none who waits for it.
    fn written(&self, answer: HttpAnswer) -> String {
        if self.revocation.job.is_some() {
            return String::new();
        }
        self.ledger.with_limits(&self.revocation, answer).to_json()
    }

    /// The answer when its ticket has expired.
    #[wasm_bindgen(js_name = noConnection)]
    pub fn no_connection(&self) -> String {
        self.written(self.ledger.no_connection(&self.revocation))
    }

    /// The answer when the ledger could not be read or written, before anything was sent.
    #[wasm_bindgen(js_name = notBegun)]
    pub fn not_begun(&self) -> String {
        self.written(self.ledger.not_begun(&self.revocation))
    }

    /// The answer when the outcome could not be written.
    #[wasm_bindgen(js_name = notWritten)]
    pub fn not_written(&self) -> String {
        match &self.attempt {
            Some(attempt) => self.written(self.ledger.not_written(attempt)),
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
        leave_queue(&self.ledger, self.ticket);
    }
}

/// One run of what is done although nobody asks: what is to be settled, then rows of jobs, and no more calls than the platform
/// allows to one invocation.
#[wasm_bindgen]
pub struct LedgerBatch {
    ledger: Rc<Ledger<JsHost>>,
    due: VecDeque<Revocation>,
    /// Calls that it may still make.
    left: usize,
    /// Of the next call.
    ticket: Option<Ticket>,
}

impl LedgerBatch {
    pub(super) fn new(ledger: &Rc<Ledger<JsHost>>, due: Vec<Revocation>) -> LedgerBatch {
        LedgerBatch {
            ledger: ledger.clone(),
            due: due.into(),
            left: MAX_CALLS,
            ticket: None,
        }
    }
}

#[wasm_bindgen]
impl LedgerBatch {
    /// A ticket for its next call; nothing when it may make no more.
    pub fn join(&mut self) -> Option<Ticket> {
        if self.left > 0 {
            self.ticket = Some(self.ledger.join_queue(Class::Batch));
        }
        self.ticket
    }

    /// The next call, with its intent written, on the connection that the ticket was admitted to; nothing when there is nothing
    /// more to do. Throws when the ledger cannot be read or written.
    pub fn next(&mut self) -> Result<Option<LedgerCall>, JsValue> {
        let mut next = None;
        while next.is_none() && self.ledger.may_settle() {
            let Some(call) = self.due.pop_front() else { break };
            next = self.ledger.begin_due(&call).map_err(|_| failed())?;
        }
        if next.is_none() {
            next = self.ledger.next_job_call().map_err(|_| failed())?;
        }
        let Some(attempt) = next else { return Ok(None) };
        self.left -= 1;
        let ticket = self.ticket.take();
        Ok(Some(LedgerCall::begun_already(&self.ledger, *attempt, ticket)))
    }
}

impl Drop for LedgerBatch {
    fn drop(&mut self) {
        leave_queue(&self.ledger, self.ticket);
    }
}

fn leave_queue(ledger: &Ledger<JsHost>, ticket: Option<Ticket>) {
    if let Some(ticket) = ticket {
        ledger.queue().leave(ticket);
    }
}
