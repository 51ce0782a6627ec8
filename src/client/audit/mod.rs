//! The audit log of the edge: reading it, and verifying one.
//!
//! | module | what lives there |
//! |---|---|
//! | (here) | what is asked of the edge, and what is believed of the answer |
//! | `exports` | what the wasm module offers to `pkg/` |
//! | `verdict` | what is found of a log: its chain, its heads, and their signatures |
//! | `pieces` | a log that JavaScript gives, piece by piece |
//! | `signature` | Ed25519, by the runtime's own WebCrypto |

mod exports;
mod pieces;
mod signature;
mod verdict;

use super::call::{Call, Operation, Subject};
use super::jobs::with_query;
use super::options::{Asked, Options};
use super::page::MAX_PAGE_BYTES;
use super::request::Outgoing;
use super::value::{Members, Value};

/// `GET /v1/audit` and `GET /v1/audit/head`.
pub fn question(operation: Operation, asked: &Asked, options: &Options) -> (Call<'static>, Outgoing) {
    let outgoing = if operation == Operation::AuditList {
        Outgoing {
            answer_limit: MAX_PAGE_BYTES,
            ..Outgoing::get(options, &with_query("/v1/audit", &asked.page))
        }
    } else {
        Outgoing::get(options, "/v1/audit/head")
    };
    (Call::reading(operation, Subject::None), outgoing)
}

/// Whether a document is the part of the log, or the head, that was asked for. What the entries say is for the verifier.
pub fn fits(operation: Operation, document: &Members) -> bool {
    let member = |name| document.get(name);
    let is_seq = |value: &Value| value.integer().is_some_and(|seq| seq > 0);
    if operation == Operation::AuditList {
        let next = member("next");
        matches!(member("entries"), Value::Array(_)) && (matches!(next, Value::Undefined) || is_seq(next))
    } else {
        let texts = ["hash", "time", "ledger", "kid", "signature"];
        is_seq(member("seq")) && texts.iter().all(|name| member(name).text().is_some())
    }
}
