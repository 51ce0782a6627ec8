//! Requests about single orders: a revocation is read and checked here; what became of an order only the ledger knows.

use super::members::Members;
use super::route::{Access, Asked, Handled, Rejection};
use crate::edge::command::{Command, Revoke};
use crate::edge::grant::Permission;
use crate::edge::http_answer::Problem;
use crate::problem::Kind;
use crate::protocol::Draft;

pub(super) fn revoke(asked: &Asked, body: &mut Members) -> Handled {
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
        idempotency_key: asked.head.idempotency_key.clone(),
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
    let Ok(order) = Draft::named(asked.named).check() else {
        return Err(Problem::unknown_order().into());
    };
    let any_of = match asked.route.access {
        Access::Order(any_of) => any_of,
        _ => &[],
    };
    let name = order.name().text();
    if asked.caller.may(any_of, order.name()) {
        Ok(name)
    } else {
        Err(Rejection::Logged(Problem::unknown_order(), Some(name)))
    }
}
