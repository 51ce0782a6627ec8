//! Calls that wait for promises, carried on by `pkg/`, or by a Rust executor.
//!
//! A call is a plain future that lays down the promise it waits for. In the npm package `pkg/` drives it: JavaScript
//! awaits the promise and calls [`resume`]. Every way into wasm is then a call by `pkg/`, which catches a trap of it; with
//! wasm-bindgen-futures' own microtasks a trap is nobody's exception (Node ends the process), and its promise stays
//! pending for ever. Rust users have their own executor, and [`drive`].

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::call::Call;
use super::failure::Failure;

/// What a promise brought: a value, or the reason of its rejection.
pub type Settled = Result<JsValue, JsValue>;

#[wasm_bindgen]
extern "C" {
    /// What `pkg/` keeps of a call, so that it can tell the truth about it when this instance has failed.
    pub type Kept;
    /// Its request is about to leave. Throws if the instance has failed meanwhile: then nothing may leave any more.
    #[wasm_bindgen(method, catch)]
    fn leaves(this: &Kept, may_revoke: bool, parameter: &str, name: &str) -> Result<(), JsValue>;
    /// The timer that runs for it, which would keep a process waiting.
    #[wasm_bindgen(method)]
    fn holds(this: &Kept, timer: &JsValue);
}

/// Where a running call lays down what it waits for, and finds what that brought.
#[derive(Clone, Default)]
pub struct Waiter(Rc<Slots>);

#[derive(Default)]
struct Slots {
    promise: Cell<Option<Promise>>,
    #[cfg(feature = "full")]
    given: Cell<Option<(&'static str, JsValue)>>,
    settled: Cell<Option<Settled>>,
    kept: Option<Kept>,
}

impl Waiter {
    /// Of a call that JavaScript keeps this of.
    pub fn of(kept: Kept) -> Waiter {
        Waiter(Rc::new(Slots {
            kept: Some(kept),
            ..Slots::default()
        }))
    }

    /// Waits until the promise is settled.
    pub async fn wait(&self, promise: Promise) -> Settled {
        self.0.promise.set(Some(promise));
        self.resumed().await
    }

    /// Gives something of a stream, and waits until the next is wanted.
    #[cfg(feature = "full")]
    pub async fn give(&self, name: &'static str, value: JsValue) {
        self.0.given.set(Some((name, value)));
        let _ = self.resumed().await;
    }

    async fn resumed(&self) -> Settled {
        self.0.settled.take();
        poll_fn(|_| self.0.settled.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// To be called when its timer has begun.
    pub fn holds(&self, timer: &JsValue) {
        if let Some(kept) = &self.0.kept {
            kept.holds(timer);
        }
    }

    /// To be called directly before a request is sent.
    pub fn leaves(&self, call: &Call<'_>) -> Result<(), Failure> {
        let Some(kept) = &self.0.kept else { return Ok(()) };
        let name = call.name();
        let (parameter, name) = name.map_or(("", ""), |name| (name.parameter(), name.value()));
        kept.leaves(call.may_have_revoked(), parameter, name)
            .map_err(|_| {
                Failure::not_sent(call, "the WebAssembly module failed before the request was made.")
            })
    }
}

/// Runs a call on the executor of the Rust program that awaits this.
pub async fn drive<T, R: Future<Output = T>>(call: impl FnOnce(Waiter) -> R) -> T {
    let waiter = Waiter::default();
    let mut running = pin!(call(waiter.clone()));
    loop {
        let polled = poll_fn(|context| Poll::Ready(running.as_mut().poll(context))).await;
        match (polled, waiter.0.promise.take()) {
            (Poll::Ready(done), _) => return done,
            (Poll::Pending, promise) => {
                let settled = match promise {
                    Some(promise) => JsFuture::from(promise).await,
                    None => Ok(JsValue::UNDEFINED),
                };
                waiter.0.settled.set(Some(settled));
            }
        }
    }
}

/// A call in flight.
pub type Running = Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>;

struct Task {
    running: Running,
    waiter: Waiter,
}

/// A ticket's place. A call that runs keeps its own: what it calls (a token function, a replaced `fetch`) may begin
/// calls of its own meanwhile.
#[derive(Default)]
enum Place {
    #[default]
    Free,
    Running,
    Waiting(Task),
}

thread_local! {
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// Takes up a call, which does nothing before it is resumed, and gives its ticket.
pub fn begin(waiter: Waiter, running: Running) -> usize {
    let task = Place::Waiting(Task { running, waiter });
    PLACES.with_borrow_mut(
        |places| match places.iter().position(|it| matches!(it, Place::Free)) {
            Some(ticket) => {
                put(places, ticket, task);
                ticket
            }
            None => {
                places.push(task);
                places.len() - 1
            }
        },
    )
}

/// Carries a call on with what its promise brought (nothing, the first time), to its next promise, to what a stream gives,
/// or to its end: that becomes the one member of `step`, `wait`, `done`, `failed`, or the name of what is given.
///
/// It returns nothing, as all exports return a number or nothing: in optimised code V8 11.3 (Node 20) can end the whole
/// process where an export returns an object ("unreachable code" in its deoptimizer).
#[wasm_bindgen]
pub fn resume(ticket: usize, rejected: bool, value: JsValue, step: &JsValue) {
    let place = PLACES.with_borrow_mut(|places| put(places, ticket, Place::Running));
    let Some(Place::Waiting(mut task)) = place else {
        return;
    };
    let slots = &task.waiter.0;
    slots
        .settled
        .set(Some(if rejected { Err(value) } else { Ok(value) }));
    let polled = task
        .running
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    let (place, name, value) = match polled {
        Poll::Ready(Ok(value)) => (Place::Free, "done", value),
        Poll::Ready(Err(failure)) => (Place::Free, "failed", failure.into_js()),
        Poll::Pending => {
            let promise = slots.promise.take();
            let next = ("wait", promise.map(JsValue::from).unwrap_or_default());
            #[cfg(feature = "full")]
            let next = slots.given.take().unwrap_or(next);
            let (name, value) = next;
            (Place::Waiting(task), name, value)
        }
    };
    PLACES.with_borrow_mut(|places| put(places, ticket, place));
    let _ = Reflect::set(step, &name.into(), &value);
}

/// Gives a call up that waits: what it holds is released.
#[cfg(feature = "full")]
#[wasm_bindgen]
pub fn give_up(ticket: usize) {
    // Dropped outside of the table: what is released may begin a call.
    drop(PLACES.with_borrow_mut(|places| put(places, ticket, Place::Free)));
}

fn put(places: &mut [Place], ticket: usize, place: Place) -> Option<Place> {
    places.get_mut(ticket).map(|it| std::mem::replace(it, place))
}
