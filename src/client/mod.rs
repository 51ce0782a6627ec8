//! `revoke()` for JavaScript, through the edge and straight to the CA: what the wasm module offers to `pkg/`.
//!
//! Decisions only, on plain text: JavaScript says what it was given ([`plan`]) and what happened ([`judge`]), and is
//! told what to send and what it means. It holds no state, so a call outlives an instance that fails.
//!
//! | module | what lives there |
//! |---|---|
//! | `transcript` | what crosses between JavaScript and Rust |
//! | `options` | what the caller may choose, with every fault in it |
//! | `order`, `login` | the order and the login, with every fault in both |
//! | `call` | what a call is, and what is at stake in it |
//! | `request` | what is sent |
//! | `ending` | how a call ends |
//! | `failure`, `result` | what it ends with, as JavaScript gets it |
//! | `belief` | what is believed of an answer of the edge |
//! | `direct` | straight to the CA: the form out, the parser's verdict back (feature `direct`) |
//! | `page` | which part of something long is asked for (features `audit`, `jobs`) |
//! | `audit` | what is believed of the audit log (feature `audit`) |
//! | `jobs` | jobs: what is sent, what is believed, and how they are watched (feature `jobs`) |

#[cfg(feature = "audit")]
mod audit;
mod belief;
mod call;
#[cfg(feature = "direct")]
mod direct;
mod ending;
mod failure;
#[cfg(feature = "jobs")]
mod jobs;
#[cfg(feature = "direct")]
mod login;
mod options;
mod order;
#[cfg(any(feature = "audit", feature = "jobs"))]
mod page;
mod request;
mod result;
mod transcript;

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use transcript::Given;

/// What is to be sent for a call with these arguments, or the failure that it ends with at once.
///
/// Given: `call` (what is called and where: `operation`, `order`, `bound`, `options`, the runtime's `fetch`, `document`,
/// `WorkerGlobalScope` and `importScripts`, a random `key`), the members of the `order`, of the options `bound` to the
/// client and of the call's own `options`, of the `credentials`, and the parts of the `endpoint`.
///
/// Told: `call` (`memo`, `url`, `timeout` if none was given, `limit` in bytes), `headers` and `request`, the rest of
/// what makes a `Request`; or `failed`.
#[wasm_bindgen]
pub fn plan(given: Vec<u8>) -> String {
    let given = Zeroizing::new(given);
    request::plan(&Given::read(&given)).into_text()
}

/// What it means that this happened in a call; `body` is the answer's.
///
/// Given: `call` (`memo`, `event`, whether the request may have `left`), each `secret` that was sent, and of the event
/// the `token` that a function gave, what was `thrown`, or the `answer`'s head with the members of its `document` and
/// of their `fields`. Of what is read as it comes (feature `jobs`) `body` is what came since.
///
/// Told: `headers`, to be sent as well; or how the call ends: `done`, `read` (with the document), `failed`. What is read
/// as it comes has more, which `jobs::stream` tells.
#[wasm_bindgen]
pub fn judge(given: Vec<u8>, body: Vec<u8>) -> String {
    let given = Zeroizing::new(given);
    let body = Zeroizing::new(body);
    ending::judge(&Given::read(&given), &body).into_text()
}
