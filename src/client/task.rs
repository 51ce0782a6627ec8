//! Calls that wait for promises, carried on by hand.
//!
//! Not by wasm-bindgen-futures: its callbacks are microtasks of their own. A trap in one is nobody's exception
//! (Node ends the process) and leaves the promise of its call unsettled for ever. Here every way into wasm is a
//! call of `resume`, so that a trap is an exception of that very call, in the hands of `pkg/`.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::failure::Failure;

/// What a promise brought: a value, or the reason of its rejection.
pub type Settled = Result<JsValue, JsValue>;

type Running = Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>;

struct Task {
    running: Running,
    waiter: Waiter,
}

/// Where a running call lays down the promise that it waits for, and finds what it brought.
#[derive(Clone, Default)]
pub struct Waiter(Rc<Slots>);

#[derive(Default)]
struct Slots {
    promise: Cell<Option<Promise>>,
    settled: Cell<Option<Settled>>,
}

impl Waiter {
    /// Waits until the promise is settled.
    pub async fn wait(&self, promise: Promise) -> Settled {
        self.0.settled.take();
        self.0.promise.set(Some(promise));
        poll_fn(|_| self.0.settled.take().map_or(Poll::Pending, Poll::Ready)).await
    }
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
pub fn begin<F, R>(call: F) -> usize
where
    F: FnOnce(Waiter) -> R,
    R: Future<Output = Result<JsValue, Failure>> + 'static,
{
    let waiter = Waiter::default();
    let place = Place::Waiting(Task {
        running: Box::pin(call(waiter.clone())),
        waiter,
    });
    PLACES.with_borrow_mut(
        |places| match places.iter().position(|it| matches!(it, Place::Free)) {
            Some(ticket) => {
                put(places, ticket, place);
                ticket
            }
            None => {
                places.push(place);
                places.len() - 1
            }
        },
    )
}

/// Carries a call on to its next promise or its end, and tells which in a member of `step`.
pub fn resume(ticket: usize, settled: Settled, step: &JsValue) {
    let place = PLACES.with_borrow_mut(|places| put(places, ticket, Place::Running));
    let Some(Place::Waiting(mut task)) = place else {
        return;
    };
    task.waiter.0.settled.set(Some(settled));
    let polled = task
        .running
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    let (place, name, value) = match polled {
        Poll::Ready(Ok(value)) => (Place::Free, "done", value),
        Poll::Ready(Err(failure)) => (Place::Free, "failed", failure.into_js()),
        Poll::Pending => {
            let promise = task
                .waiter
                .0
                .promise
                .take()
                .map_or(JsValue::UNDEFINED, JsValue::from);
            (Place::Waiting(task), "wait", promise)
        }
    };
    PLACES.with_borrow_mut(|places| put(places, ticket, place));
    let _ = Reflect::set(step, &name.into(), &value);
}

fn put(places: &mut [Place], ticket: usize, place: Place) -> Option<Place> {
    places.get_mut(ticket).map(|it| std::mem::replace(it, place))
}
