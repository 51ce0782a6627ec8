//! `revoke()` for JavaScript, through the edge and straight to the CA: what the wasm module offers to `pkg/`.
//!
//! Each export but the last begins a call and gives its ticket; [`resume`] carries it on. Arguments are plain
//! objects, copied by `pkg/` the moment its caller called, or anything at all that is none.
//!
//! | module | what lives there |
//! |---|---|
//! | `task` | calls that wait for promises, carried on by hand |
//! | `given` | JavaScript's values, read without trusting them |
//! | `options` | what the caller may choose, with every fault in it |
//! | `order` | the order and the login, with every fault in both |
//! | `result`, `failure` | how a call ends, as JavaScript gets it, and what was at stake |
//! | `deadline` | the caller's signal and the timer |
//! | `transport` | one request out, one bounded answer in |
//! | `edge`, `belief` | through the edge: the call, and what is believed of its answer |
//! | `direct` | straight to the CA |

mod belief;
mod deadline;
mod direct;
mod edge;
mod failure;
mod given;
mod options;
mod order;
mod result;
mod task;
mod transport;

use wasm_bindgen::prelude::*;

use options::{Operation, Options};
use task::Waiter;

/// Begins `revoke(order, options)`; `bound` are the options of the client that it is called on, if any.
#[wasm_bindgen]
pub fn revoke(order: JsValue, options: JsValue, bound: JsValue) -> usize {
    task::begin(async move |waiter: Waiter| {
        let (options, faults) = Options::read(&bound, &options, Operation::Revoke);
        let (order, credentials) = order::read(&order, options.credentials.as_ref(), &faults)?;
        options::refuse(&faults, &order::stakes(&order))?;
        match credentials {
            Some(credentials) => direct::revoke(&order, &credentials, &options, &waiter).await,
            None => edge::revoke(&order, &options, &waiter).await,
        }
    })
}

/// Begins `orders.get(orderNumber, options)`.
#[wasm_bindgen]
pub fn order(order_number: JsValue, options: JsValue, bound: JsValue) -> usize {
    task::begin(async move |waiter: Waiter| {
        let (options, faults) = Options::read(&bound, &options, Operation::Read);
        let order_number = order::read_number(order_number, &faults)?;
        edge::order(&order_number, options, faults, &waiter).await
    })
}

/// Begins `me(options)`.
#[wasm_bindgen]
pub fn me(options: JsValue, bound: JsValue) -> usize {
    task::begin(async move |waiter: Waiter| {
        let (options, faults) = Options::read(&bound, &options, Operation::Read);
        edge::me(options, faults, &waiter).await
    })
}

/// Carries a call on with what its promise brought (nothing, the first time). Puts one member into `step`: `wait` (a
/// promise), `done` (the value) or `failed` (the members of a `RevocationError`).
///
/// Exports of this module return numbers or nothing: when optimised code calls an export that returns an object,
/// V8 11.3 (Node 20) can end the whole process ("unreachable code" in its deoptimizer).
#[wasm_bindgen]
pub fn resume(ticket: usize, rejected: bool, value: JsValue, step: &JsValue) {
    task::resume(ticket, if rejected { Err(value) } else { Ok(value) }, step);
}
