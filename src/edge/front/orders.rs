//! Requests about single orders: a revocation is read and checked here; what became of an order only the ledger knows.

use serde_json::{Map, Value, json};

use super::{Step, Visit, no_members_but};
use crate::edge::caller::Caller;
use crate::edge::grant::Permission;
use crate::edge::http_answer::Problem;
use crate::edge::json_order::{normalised, order_from_json};
use crate::edge::plan::number_of;
use crate::edge::routes::{Access, Operation};
use crate::problem::Kind;
use crate::protocol::{Draft, InvalidOrder, Order};

impl Visit {
    /// `POST /v1/revocations`.
    pub(super) fn revocation(&self, members: Map<String, Value>, caller: &Caller) -> Result<Step, Problem> {
        let order = order_from_json(members).map_err(|faults| Problem::invalid_order(&faults))?;
        let any_of: &[Permission] = if order.test() {
            &[Permission::Revoke, Permission::Test]
        } else {
            &[Permission::Revoke]
        };
        if !caller.may(any_of, number_of(&order)) {
            let detail = if caller.has(any_of) {
                "The caller's grants do not cover this order."
            } else {
                "This needs the permission revoke (for a test call, revoke or test)."
            };
            let problem = Problem::new(Kind::Forbidden, detail).with("orderNumber", order.order_number());
            return Ok(self.refuse(problem, &Operation::Revoke, caller, Some(order.order_number())));
        }
        let members = [
            ("idempotencyKey", json!(self.head.idempotency_key)),
            ("order", normalised(&order)),
        ];
        let members = members.map(|(name, value)| (name.to_owned(), value));
        Ok(Step::Ledger("revoke", self.by(caller, Map::from_iter(members))))
    }

    /// `POST /v1/orders/{orderNumber}/settle`.
    pub(super) fn settling(
        &self,
        number: &str,
        members: Map<String, Value>,
        operation: &Operation,
        caller: &Caller,
    ) -> Result<Step, Problem> {
        no_members_but(&["resend"], &members)?;
        let resend = match members.get("resend") {
            None => false,
            Some(Value::Bool(resend)) => *resend,
            Some(_) => {
                let mut faults = InvalidOrder::new();
                faults.note("resend", "must be true or false");
                return Err(Problem::invalid_order(&faults));
            }
        };
        if let Some(refusal) = self.refusal(operation, caller) {
            return Ok(refusal);
        }
        Ok(match self.order_of(number, operation, caller) {
            Ok(order) => {
                let members = [
                    ("orderNumber", json!(order.order_number())),
                    ("resend", json!(resend)),
                ];
                let members = members.map(|(name, value)| (name.to_owned(), value));
                Step::Ledger("settle", self.by(caller, Map::from_iter(members)))
            }
            Err(step) => step,
        })
    }

    /// The order with this number, unless the caller may not know of it.
    pub(super) fn order_of(
        &self,
        number: &str,
        operation: &Operation,
        caller: &Caller,
    ) -> Result<Order, Step> {
        let draft = Draft {
            order_number: number.to_owned(),
            ..Draft::default()
        };
        let Ok(order) = draft.check() else {
            return Err(Step::Answer(Problem::unknown_order().answer(&self.instance)));
        };
        let any_of = match operation.access() {
            Access::Order(any_of) => any_of,
            _ => &[],
        };
        if !caller.may(any_of, number_of(&order)) {
            let number = Some(order.order_number());
            return Err(self.refuse(Problem::unknown_order(), operation, caller, number));
        }
        Ok(order)
    }
}
