//! Requests about single orders: a revocation is read and checked here; what became of an order only the ledger knows.

use super::jobs::grants;
use super::members::Members;
use super::route::{Access, Asked, Handled, Rejection};
use crate::api::order::OrderState;
use crate::edge::command::{Command, ListOrders, Revoke};
use crate::edge::grant::Permission;
use crate::edge::http_answer::Problem;
use crate::problem::Kind;
use crate::protocol::Draft;

/// Orders in one answer, unless the caller says how many, and at most.
const ORDERS: (u64, u64) = (100, 1_000);

pub(super) fn revoke(asked: &Asked, body: &mut Members) -> Handled {
    let about = body.certificate();
    let order = body.order()?;
    let any_of: &[Permission] = if order.test() {
        &[Permission::Revoke, Permission::Test]
    } else {
        &[Permission::Revoke]
    };
    if !asked.caller.may(any_of, order.name()) {
        let detail = if asked.caller.has(any_of) {
            "The caller's grants do not cover this order. Grants over order numbers cover what is named by its order number only; \
             the others need the orders *."
        } else {
            "This needs the permission revoke (for a test call, revoke or test)."
        };
        let problem = Problem::new(Kind::Forbidden, detail).name(order.name());
        return Err(Rejection::Logged(problem, Some(order.name().text())));
    }
    Ok(Command::Revoke(Revoke {
        order,
        about,
        idempotency_key: asked.head.idempotency_key.clone(),
    }))
}

pub(super) fn list(asked: &Asked) -> Handled {
    Ok(Command::Orders(ListOrders {
        read: grants(asked.caller, any_of(asked)),
        page: asked.query.page(ORDERS)?,
        state: asked
            .query
            .one_of("state", &OrderState::OF_ORDERS, OrderState::name)?,
    }))
}

pub(super) fn read(asked: &Asked) -> Handled {
    Ok(Command::Order { name: name(asked)? })
}

pub(super) fn settle(asked: &Asked, body: &mut Members) -> Handled {
    let resend = body.flag("resend");
    Ok(Command::Settle {
        name: name(asked)?,
        resend,
    })
}

/// The name in the path, as it is sent to the CA, unless the caller may not know of its order.
fn name(asked: &Asked) -> Result<String, Rejection> {
    // Some encode the colon, which no path needs (RFC 3986, section 3.3).
    let text = asked.named.replace("%3A", ":").replace("%3a", ":");
    let Ok(order) = Draft::named(&text).check() else {
        return Err(Problem::unknown_order().into());
    };
    let name = order.name().text();
    if asked.caller.may(any_of(asked), order.name()) {
        Ok(name)
    } else {
        Err(Rejection::Logged(Problem::unknown_order(), Some(name)))
    }
}

/// The permissions of which the route takes one.
fn any_of(asked: &Asked) -> &'static [Permission] {
    match asked.route.access {
        Access::Order(any_of) => any_of,
        _ => &[],
    }
}
