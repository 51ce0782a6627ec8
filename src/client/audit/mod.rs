//! The audit log of the edge: reading it, and verifying one; and lists of orders, which are read in the same way.
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

use serde::Serialize;

use super::call::{Call, Operation, Subject};
use super::filter::Filter;
use super::jobs::with_query;
use super::options::{Asked, Options};
use super::page::{MAX_PAGE_BYTES, Page};
use super::request::Outgoing;
use super::value::{Members, Value};

#[derive(Serialize)]
struct Query<'a> {
    #[serde(flatten)]
    page: Page,
    #[serde(flatten)]
    filter: &'a Filter,
}

/// `GET /v1/orders`, `GET /v1/audit` and `GET /v1/audit/head`.
pub fn question(operation: Operation, asked: &Asked, options: &Options) -> (Call<'static>, Outgoing) {
    let path = match operation {
        Operation::OrderList => "/v1/orders",
        Operation::AuditList => "/v1/audit",
        _ => "/v1/audit/head",
    };
    let outgoing = if operation == Operation::AuditHead {
        Outgoing::get(options, path)
    } else {
        let query = Query {
            page: asked.page,
            filter: &asked.filter,
        };
        Outgoing {
            answer_limit: MAX_PAGE_BYTES,
            ..Outgoing::get(options, &with_query(path, &query))
        }
    };
    (Call::reading(operation, Subject::None), outgoing)
}

/// Whether a document is the list, the part of the log, or the head that was asked for. What entries say is for the verifier.
pub fn fits(operation: Operation, document: &Members) -> bool {
    let member = |name| document.get(name);
    let is_seq = |value: &Value| value.integer().is_some_and(|seq| seq > 0);
    if operation != Operation::AuditHead {
        let (next, list) = (
            member("next"),
            if operation == Operation::OrderList {
                "orders"
            } else {
                "entries"
            },
        );
        matches!(member(list), Value::Array(_)) && (matches!(next, Value::Undefined) || is_seq(next))
    } else {
        let texts = ["hash", "time", "ledger", "kid", "signature"];
        is_seq(member("seq")) && texts.iter().all(|name| member(name).text().is_some())
    }
}
