//! What ends a call early: the caller's signal and the timer.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use super::failure::{Failure, Stakes};
use super::given::property;
use super::task::{Settled, Waiter};

/// The longest that a timer can wait (HTML, `setTimeout`): anything longer would fire at once.
pub const MAX_TIMEOUT_MS: f64 = 2_147_483_647.0;

#[wasm_bindgen]
extern "C" {
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

/// The caller's signal.
pub struct Signal(JsValue);

impl Signal {
    /// The value, if it is a signal.
    pub fn of(value: JsValue) -> Option<Signal> {
        let is_signal = property(&value, "aborted").as_bool().is_some()
            && property(&value, "addEventListener").is_function()
            && property(&value, "removeEventListener").is_function();
        is_signal.then_some(Signal(value))
    }

    fn has_fired(&self) -> bool {
        property(&self.0, "aborted").is_truthy()
    }
}

/// Why a call has to end.
pub enum Interruption {
    /// The caller's signal fired, for this reason.
    Aborted(JsValue),
    /// The time is up.
    TimedOut,
}

impl Interruption {
    /// The failure of a call that it ends before anything was sent.
    pub fn before_sending(self, stakes: &Stakes, secrets: &[&str]) -> Failure {
        match self {
            Interruption::Aborted(reason) => Failure::aborted(stakes, false, &reason, secrets),
            Interruption::TimedOut => {
                Failure::not_sent(stakes, "the time was up before the request was ready.")
            }
        }
    }

    /// The failure of a call that it ends when the request may have left.
    pub fn after_sending(self, stakes: &Stakes, secrets: &[&str]) -> Failure {
        match self {
            Interruption::Aborted(reason) => Failure::aborted(stakes, true, &reason, secrets),
            Interruption::TimedOut => Failure::unknown(stakes, "there was no whole answer in time"),
        }
    }
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
        timeout: f64,
        waiter: &'a Waiter,
        stakes: &Stakes,
    ) -> Result<Deadline<'a>, Failure> {
        Deadline::try_begin(signal, timeout, waiter).ok_or_else(|| {
            Failure::not_sent(
                stakes,
                "the signal, or this runtime's AbortController, does not work.",
            )
        })
    }

    fn try_begin(signal: Option<&'a Signal>, timeout: f64, waiter: &'a Waiter) -> Option<Deadline<'a>> {
        let controller = AbortController::new().ok()?;
        // Bound functions of JavaScript, none of wasm: a callback into wasm could outlive the instance. The argument
        // is bound too, or the event would become the reason.
        let abort = Reflect::get(&controller, &"abort".into())
            .ok()?
            .dyn_into::<Function>()
            .ok()?;
        let abort: Function = abort.bind1(&controller, &JsValue::UNDEFINED).unchecked_into();
        let mark: JsValue = Object::new().into();
        let own: Listened = JsValue::from(controller.signal()).unchecked_into();
        let mut listening = false;
        let fired = Promise::new(&mut |resolve, _| {
            let resolve_with_mark: Function = resolve.bind1(&JsValue::UNDEFINED, &mark).unchecked_into();
            listening = own.add_event_listener("abort", &resolve_with_mark).is_ok();
        });
        if let Some(signal) = signal {
            listening &= signal
                .0
                .unchecked_ref::<Listened>()
                .add_event_listener("abort", &abort)
                .is_ok();
        }
        let timer = set_timeout(&abort, timeout);
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
    pub fn check(&self) -> Result<(), Interruption> {
        match self.signal {
            Some(signal) if signal.has_fired() => Err(Interruption::Aborted(property(&signal.0, "reason"))),
            _ if self.controller.signal().aborted() => Err(Interruption::TimedOut),
            _ => Ok(()),
        }
    }

    /// Waits for what a promise brings, or for the end of the call. The promise may be any value.
    pub async fn wait(&self, promise: &JsValue) -> Result<Settled, Interruption> {
        let both = js_sys::Array::of2(&Promise::resolve(promise), &self.fired);
        match self.waiter.wait(Promise::race(&both)).await {
            Ok(value) if value == self.mark => self.check().and(Err(Interruption::TimedOut)),
            // What was interrupted rejects because of it.
            Err(reason) => self.check().map(|()| Err(reason)),
            settled => Ok(settled),
        }
    }
}

impl Drop for Deadline<'_> {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        if let Some(signal) = self.signal {
            let _ = signal
                .0
                .unchecked_ref::<Listened>()
                .remove_event_listener("abort", &self.abort);
        }
    }
}
