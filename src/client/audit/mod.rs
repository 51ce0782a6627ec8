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
use super::jobs::with_query;
use super::options::{Asked, Options};
use super::page::{MAX_PAGE_BYTES, Page};
use super::request::Outgoing;
use super::value::{Members, Value};
use crate::api::order::OrderState;

/// Which entries of the log, or orders, are asked for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filter {
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<String>,
}

#[derive(Serialize)]
struct Query<'a> {
    #[serde(flatten)]
    page: Page,
    #[serde(flatten)]
    entries: &'a Filter,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<OrderState>,
}

/// Takes an option that only lists of orders, or of entries, have.
pub fn take(asked: &mut Asked, operation: Operation, name: &str, value: Value) -> Result<(), &'static str> {
    if (operation, name) == (Operation::OrderList, "state") {
        let named = |state: &OrderState| value.text() == Some(state.name());
        asked.order_state = Some(OrderState::OF_ORDERS.into_iter().find(named).ok_or(
            "must be pending, sending, revoked, already-revoked, already-rejected, refused or unknown",
        )?);
        return Ok(());
    }
    let entries = &mut asked.entries;
    let (member, fault) = match (operation, name) {
        // As everywhere, an order may be named by a number.
        (Operation::AuditList, "order") => {
            let number = value.integer().filter(|number| *number > 0);
            let text = number.map(|number| number.to_string());
            entries.order = Some(
                text.or_else(|| value.text().map(str::to_owned))
                    .ok_or("must be the number of an order")?,
            );
            return Ok(());
        }
        (Operation::AuditList, "actor") => (&mut entries.actor, "must be a string"),
        (Operation::AuditList, "action") => (&mut entries.action, "must be a string"),
        (Operation::AuditList, "job") => (&mut entries.job, "must be the id of a job"),
        _ => return Err("is not an option"),
    };
    *member = Some(value.text().ok_or(fault)?.to_owned());
    Ok(())
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
            entries: &asked.entries,
            state: asked.order_state,
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
