//! Requests about single orders: a revocation is read and checked here; what became of an order only the ledger knows.

use super::members::Members;
use super::route::{Access, Asked, Handled, Rejection};
use crate::edge::command::{Command, Revoke};
use crate::edge::grant::Permission;
use crate::edge::http_answer::Problem;
use crate::edge::plan::number_of;
use crate::problem::Kind;
use crate::protocol::Draft;

pub(super) fn revoke(asked: &Asked, body: &mut Members) -> Handled {
    let order = body.order()?;
    let any_of: &[Permission] = if order.test() {
        &[Permission::Revoke, Permission::Test]
    } else {
        &[Permission::Revoke]
    };
    if !asked.caller.may(any_of, number_of(&order)) {
        let detail = if asked.caller.has(any_of) {
            "The caller's grants do not cover this order."
        } else {
            "This needs the permission revoke (for a test call, revoke or test)."
        };
        let number = order.name().value();
        let problem = Problem::new(Kind::Forbidden, detail).order_number(number);
        return Err(Rejection::Logged(problem, Some(number.to_owned())));
    }
    Ok(Command::Revoke(Revoke {
        order,
        idempotency_key: asked.head.idempotency_key.clone(),
    }))
}

pub(super) fn read(asked: &Asked) -> Handled {
    Ok(Command::Order {
        order_number: order_number(asked)?,
    })
}

pub(super) fn settle(asked: &Asked, body: &mut Members) -> Handled {
    let resend = body.flag("resend");
    Ok(Command::Settle {
        order_number: order_number(asked)?,
        resend,
    })
}

/// The number in the path, unless the caller may not know of its order.
fn order_number(asked: &Asked) -> Result<String, Rejection> {
    let draft = Draft {
        order_number: asked.named.to_owned(),
        ..Draft::default()
    };
    let Ok(order) = draft.check() else {
        return Err(Problem::unknown_order().into());
    };
    let any_of = match asked.route.access {
        Access::Order(any_of) => any_of,
        _ => &[],
    };
    let number = order.name().value().to_owned();
    if asked.caller.may(any_of, number_of(&order)) {
        Ok(number)
    } else {
        Err(Rejection::Logged(Problem::unknown_order(), Some(number)))
    }
}
