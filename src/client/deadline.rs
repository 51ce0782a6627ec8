//! What ends a call early: the caller's signal and the timer.

use js_sys::{Array, Function, Promise};
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
    // js-sys's takes a closure of wasm, which could outlive the instance.
    #[wasm_bindgen(js_name = Promise)]
    type Executed;
    #[wasm_bindgen(constructor, js_class = Promise)]
    fn new(executor: &Function) -> Executed;

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

/// The signal and the timer of one call. Both are released when it ends: the caller's signal may live for long.
pub struct Deadline<'a> {
    own: AbortSignal,
    signal: Option<&'a Signal>,
    abort: Function,
    timer: JsValue,
    fired: Promise,
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
        let own = controller.signal();
        // Bound functions of JavaScript, none of wasm. The argument is bound too, or the event would become the reason.
        let abort = bound(&controller, "abort", &JsValue::UNDEFINED)?;
        // Called with what resolves it, which makes that the listener.
        let fired = Executed::new(&bound(&own, "addEventListener", &"abort".into())?);
        if let Some(signal) = signal {
            listened(signal).add_event_listener("abort", &abort).ok()?;
        }
        let timer = set_timeout(&abort, timeout_ms);
        waiter.holds(&timer);
        Some(Deadline {
            own,
            signal,
            abort,
            timer,
            fired: fired.unchecked_into(),
            waiter,
        })
    }

    /// The signal to send along with the request.
    pub fn signal(&self) -> &AbortSignal {
        &self.own
    }

    /// Whether the call has to end now.
    pub fn check(&self) -> Result<(), Loss> {
        match self.signal {
            Some(signal) if property(&signal.0, "aborted").is_truthy() => {
                Err(Loss::Aborted(property(&signal.0, "reason")))
            }
            _ if property(&self.own, "aborted").is_truthy() => Err(Loss::TimedOut),
            _ => Ok(()),
        }
    }

    /// Waits for what something brings that was begun, or for the end of the call. It may have failed at once, and what
    /// it gave may be any value instead of a promise.
    pub async fn wait(&self, begun: Result<JsValue, JsValue>) -> Result<JsValue, Loss> {
        let settled = match begun {
            Ok(begun) => {
                let both = Array::of2(&Promise::resolve(&begun), &self.fired);
                self.waiter.wait(Promise::race(&both)).await
            }
            Err(thrown) => Err(thrown),
        };
        match settled {
            // Which event ended the call is known by whose it is.
            Ok(value) if property(&value, "target") == *AsRef::<JsValue>::as_ref(&self.own) => {
                self.check().and(Err(Loss::TimedOut))
            }
            Ok(value) => Ok(value),
            // What was interrupted rejects because of it.
            Err(reason) => self.check().and(Err(Loss::Broken(reason))),
        }
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

/// A method with an object and an argument that it is called with.
fn bound(object: &JsValue, name: &str, argument: &JsValue) -> Option<Function> {
    Some(method(object, name)?.bind1(object, argument).unchecked_into())
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
