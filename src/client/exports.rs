//! What the wasm module offers to `pkg/`.
//!
//! Each export begins a call and gives its ticket, with which [`resume`](super::task::resume) carries it on. Arguments are
//! as JavaScript's caller gave them, or anything at all; of objects `pkg/` made copies the moment it was called.

use wasm_bindgen::prelude::*;

use super::call::{Call, Operation};
use super::failure::Failure;
use super::options::{self, Options, Read};
use super::request::Outgoing;
use super::runtime::{argument, current, document, value};
use super::task::{Kept, Waiter, begin};
use super::to_js::to_js;
use super::transport::Exchange;
use super::{belief, edge, order};
use crate::protocol::Order;

/// Begins `revoke(order, options)`.
#[wasm_bindgen]
pub fn revoke(kept: Kept, bound: JsValue, own: JsValue, order: JsValue) -> usize {
    start(kept, bound, own, Operation::Revoke, order)
}

/// Begins `orders.get(name, options)`.
#[wasm_bindgen]
pub fn order(kept: Kept, bound: JsValue, own: JsValue, name: JsValue) -> usize {
    start(kept, bound, own, Operation::Order, name)
}

/// Begins `orders.settle(name, options)`.
#[wasm_bindgen]
pub fn settle(kept: Kept, bound: JsValue, own: JsValue, name: JsValue) -> usize {
    start(kept, bound, own, Operation::Settle, name)
}

/// Begins `me(options)`.
#[wasm_bindgen]
pub fn me(kept: Kept, bound: JsValue, own: JsValue) -> usize {
    start(kept, bound, own, Operation::Me, JsValue::UNDEFINED)
}

/// Begins `orders.list(options)`.
#[cfg(feature = "full")]
#[wasm_bindgen]
pub fn orders(kept: Kept, bound: JsValue, own: JsValue) -> usize {
    start(kept, bound, own, Operation::OrderList, JsValue::UNDEFINED)
}

/// Begins `audit.list(options)`, or `audit.head(options)`.
#[cfg(feature = "full")]
#[wasm_bindgen]
pub fn audit(kept: Kept, bound: JsValue, own: JsValue, head: bool) -> usize {
    let operation = if head {
        Operation::AuditHead
    } else {
        Operation::AuditList
    };
    start(kept, bound, own, operation, JsValue::UNDEFINED)
}

fn start(kept: Kept, bound: JsValue, own: JsValue, operation: Operation, subject: JsValue) -> usize {
    let waiter = Waiter::of(kept);
    let running = Box::pin(run(waiter.clone(), bound, own, operation, subject));
    begin(waiter, running)
}

/// The options of a call over those of the client that it is made with.
pub fn options(bound: JsValue, own: JsValue, operation: Operation) -> Read {
    options::read(argument(value(bound)), argument(value(own)), operation, current())
}

async fn run(
    waiter: Waiter,
    bound: JsValue,
    own: JsValue,
    operation: Operation,
    subject: JsValue,
) -> Result<JsValue, Failure> {
    let mut given = options(bound, own, operation);
    let subject = value(subject);
    if operation == Operation::Revoke {
        let order = order::read(argument(subject), &mut given)?;
        return super::send(&order, &given.options, &waiter)
            .await
            .map(|done| to_js(&done));
    }
    #[cfg(feature = "full")]
    if matches!(
        operation,
        Operation::OrderList | Operation::AuditList | Operation::AuditHead
    ) {
        let (call, outgoing) = super::audit::question(operation, &given.asked, &given.options);
        given.faults.refuse(&call)?;
        return ask(call, &outgoing, &given.options, &waiter).await;
    }
    let order = match operation {
        Operation::Me => None,
        _ => Some(order::named(subject, &given.faults)?),
    };
    let name = order.as_ref().map(Order::name);
    let (call, outgoing) = edge::question(operation, name, &given.asked, &given.options);
    given.faults.refuse(&call)?;
    ask(call, &outgoing, &given.options, &waiter).await
}

/// Asks the edge for a document.
pub async fn ask(
    call: Call<'_>,
    outgoing: &Outgoing,
    options: &Options,
    waiter: &Waiter,
) -> Result<JsValue, Failure> {
    let mut exchange = Exchange::new(call, options, waiter);
    let answer = exchange.run(outgoing).await?;
    belief::document(&call, &answer, document(&answer.body), &exchange.secrets())
}
