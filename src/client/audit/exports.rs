//! What the wasm module offers to `pkg/` about verifying a log.

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::pieces::Pieces;
use super::question;
use super::verdict::{Verdict, Verification};
use crate::client::call::Operation;
use crate::client::exports::{ask, options};
use crate::client::failure::Failure;
use crate::client::options::Asked;
use crate::client::task::{Kept, Waiter, begin};
use crate::client::to_js::to_js;

/// Begins `verifyAuditLog(log, options)`. What the log's source throws comes in `threw`.
#[wasm_bindgen]
pub fn verify_log(kept: Kept, log: JsValue, own: JsValue) -> usize {
    let waiter = Waiter::of(kept);
    let its = waiter.clone();
    let running = async move {
        match verify(log, own, &its).await {
            Ok(verdict) => Ok(to_js(&verdict)),
            Err(thrown) => {
                its.give("threw", thrown).await;
                Ok(JsValue::UNDEFINED)
            }
        }
    };
    begin(waiter, Box::pin(running))
}

async fn verify(log: JsValue, own: JsValue, waiter: &Waiter) -> Result<Verdict, JsValue> {
    let given = match Given::read(&own, &[]) {
        Ok(given) => given,
        Err(why) => return Ok(Verdict::refused(why)),
    };
    if !given.keys.is_undefined() && given.head.is_undefined() {
        let why = "keys were given without a head: it is the head that is signed. Give the head that you kept as well.";
        return Ok(Verdict::refused(why));
    }
    let Some(pieces) = Pieces::of(log) else {
        let why = "The log is neither a string nor bytes, nor gives pieces of these.";
        return Ok(Verdict::refused(why));
    };
    let heads = match given.heads(None) {
        Ok(heads) => heads,
        Err(why) => return Ok(Verdict::refused(why)),
    };
    let mut verification = Verification::new(&heads);
    if let Err(why) = verification.read_all(pieces, waiter).await? {
        return Ok(Verdict::refused(why));
    }
    Ok(verification.end(&given.keys, waiter).await)
}

/// Begins `audit.verify(options)`: the whole log of the edge, against the head that it gives now and the one that was kept.
#[wasm_bindgen]
pub fn verify_edges_log(kept: Kept, bound: JsValue, own: JsValue) -> usize {
    let waiter = Waiter::of(kept);
    let its = waiter.clone();
    let running = async move {
        verify_edges(bound, own, &its)
            .await
            .map(|verdict| to_js(&verdict))
    };
    begin(waiter, Box::pin(running))
}

async fn verify_edges(bound: JsValue, own: JsValue, waiter: &Waiter) -> Result<Verdict, Failure> {
    const OTHERS: [&str; 6] = [
        "endpoint",
        "token",
        "signal",
        "timeout",
        "fetch",
        "dangerouslyAllowBrowser",
    ];
    let given = match Given::read(&own, &OTHERS) {
        Ok(given) => given,
        Err(why) => return Ok(Verdict::refused(why)),
    };
    let read = options(bound, given.others.clone(), Operation::AuditHead);
    let (call, outgoing) = question(Operation::AuditHead, &Asked::default(), &read.options);
    read.faults.refuse(&call)?;
    // The head first: the log may grow meanwhile, and must not look cut.
    let now = ask(call, &outgoing, &read.options, waiter).await?;
    let heads = match given.heads(Some(now)) {
        Ok(heads) => heads,
        Err(why) => return Ok(Verdict::refused(why)),
    };
    let mut verification = Verification::new(&heads);
    verification.read_edges(&read.options, waiter).await?;
    Ok(verification.end(&given.keys, waiter).await)
}

/// The options: those of a verification, and others.
struct Given {
    head: JsValue,
    keys: JsValue,
    others: JsValue,
}

impl Given {
    /// Reads them. One that does not exist is a fault: it could be a misspelt head.
    fn read(options: &JsValue, known: &[&str]) -> Result<Given, &'static str> {
        let mut given = Given {
            head: JsValue::UNDEFINED,
            keys: JsValue::UNDEFINED,
            others: JsValue::UNDEFINED,
        };
        if options.is_undefined() {
            return Ok(given);
        }
        if !options.is_object() {
            return Err("The options must be an object.");
        }
        let others = Object::new();
        for name in Object::keys(options.unchecked_ref::<Object>()).iter() {
            let value = Reflect::get(options, &name).unwrap_or(JsValue::NULL);
            match name.as_string().as_deref() {
                _ if value.is_undefined() => {}
                Some("head") => given.head = value,
                Some("keys") => given.keys = value,
                Some(other) if known.contains(&other) => {
                    let _ = Reflect::set(&others, &name, &value);
                }
                _ => {
                    return Err(
                        "Nothing was checked: there is an option that does not exist. There are head and keys.",
                    );
                }
            }
        }
        given.others = others.into();
        Ok(given)
    }

    /// The head that was kept and the present one, as JSON text.
    fn heads(&self, now: Option<JsValue>) -> Result<Vec<String>, &'static str> {
        let kept = (!self.head.is_undefined()).then(|| self.head.clone());
        let text = |head: JsValue| match head.as_string() {
            Some(text) => Ok(text),
            None => JSON::stringify(&head)
                .map(|text| text.as_string().unwrap_or_default())
                .map_err(|_| "The head is neither an object nor JSON text."),
        };
        kept.into_iter().chain(now).map(text).collect()
    }
}
