//! What ends a call early: the caller's signal and the timer.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use super::call::Call;
use super::failure::Failure;
use super::options::Signal;
use super::runtime::{method, property};
use super::task::Waiter;

#[wasm_bindgen]
extern "C" {
    // Not `AbortSignal.timeout`: that keeps its timer until it fires, however soon the call ends.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);

    // By shape: a signal may come from another realm, or from a polyfill.
    type Listened;
    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn add_event_listener(this: &Listened, event: &str, listener: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn remove_event_listener(this: &Listened, event: &str, listener: &Function) -> Result<(), JsValue>;
}

/// Why there is no answer, or no whole one.
pub enum Loss {
    /// The caller's signal fired, for this reason.
    Aborted(JsValue),
    TimedOut,
    /// What was waited for failed with this.
    Broken(JsValue),
    TooLong,
    /// What `fetch` gave is no response.
    NoResponse,
}

/// The signal and the timer of one call. Both are let go of when it ends: the caller's signal may live for long.
pub struct Deadline<'a> {
    controller: AbortController,
    signal: Option<&'a Signal>,
    abort: Function,
    timer: JsValue,
    fired: Promise,
    mark: JsValue,
    waiter: &'a Waiter,
}

impl<'a> Deadline<'a> {
    /// Begins to count.
    pub fn begin(
        signal: Option<&'a Signal>,
        timeout_ms: f64,
        waiter: &'a Waiter,
        call: &Call<'_>,
    ) -> Result<Deadline<'a>, Failure> {
        Deadline::try_begin(signal, timeout_ms, waiter).ok_or_else(|| {
            Failure::not_sent(
                call,
                "the signal, or this runtime's AbortController, does not work.",
            )
        })
    }

    fn try_begin(signal: Option<&'a Signal>, timeout_ms: f64, waiter: &'a Waiter) -> Option<Deadline<'a>> {
        let controller = AbortController::new().ok()?;
        // Bound functions of JavaScript, none of wasm: a callback into wasm could outlive the instance. The argument
        // is bound too, or the event would become the reason.
        let abort = method(&controller, "abort")?;
        let abort: Function = abort.bind1(&controller, &JsValue::UNDEFINED).unchecked_into();
        let mark: JsValue = Object::new().into();
        let own: Listened = JsValue::from(controller.signal()).unchecked_into();
        let mut listening = false;
        let fired = Promise::new(&mut |resolve, _| {
            let resolve_with_mark: Function = resolve.bind1(&JsValue::UNDEFINED, &mark).unchecked_into();
            listening = own.add_event_listener("abort", &resolve_with_mark).is_ok();
        });
        if let Some(signal) = signal {
            listening &= listened(signal).add_event_listener("abort", &abort).is_ok();
        }
        let timer = set_timeout(&abort, timeout_ms);
        let deadline = Deadline {
            controller,
            signal,
            abort,
            timer,
            fired,
            mark,
            waiter,
        };
        listening.then_some(deadline)
    }

    /// The signal to send along with the request.
    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Whether the call has to end now.
    pub fn check(&self) -> Result<(), Loss> {
        match self.signal {
            Some(signal) if property(&signal.0, "aborted").is_truthy() => {
                Err(Loss::Aborted(property(&signal.0, "reason")))
            }
            _ if property(&self.signal(), "aborted").is_truthy() => Err(Loss::TimedOut),
            _ => Ok(()),
        }
    }

    /// Waits for what something brings that was begun, or for the end of the call. It may have failed at once, and what
    /// it gave may be any value instead of a promise.
    pub async fn wait(&self, begun: Result<JsValue, JsValue>) -> Result<JsValue, Loss> {
        let both = Array::of2(&Promise::resolve(&begun.map_err(Loss::Broken)?), &self.fired);
        let settled = self.waiter.wait(Promise::race(&both)).await;
        if settled.as_ref().is_ok_and(|value| *value != self.mark) {
            return settled.map_err(Loss::Broken);
        }
        // What was interrupted rejects because of it.
        self.check()?;
        Err(settled.map_or_else(Loss::Broken, |_| Loss::TimedOut))
    }

    /// Waits until the time is up.
    #[cfg(feature = "full")]
    pub async fn pass(&self) -> Result<(), Loss> {
        let _ = self.waiter.wait(self.fired.clone()).await;
        match self.check() {
            Err(Loss::TimedOut) => Ok(()),
            aborted => aborted,
        }
    }
}

fn listened(signal: &Signal) -> &Listened {
    signal.0.unchecked_ref()
}

impl Drop for Deadline<'_> {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        if let Some(signal) = self.signal {
            let _ = listened(signal).remove_event_listener("abort", &self.abort);
        }
    }
}
