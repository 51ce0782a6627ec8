//! Which orders, or which entries of the audit log, a list is asked for.

use serde::Serialize;

use super::call::Operation;
use super::value::Value;
use crate::api::order::OrderState;

/// What those of a list have in common; nothing: all of them.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<OrderState>,
}

impl Filter {
    /// Takes an option that only lists of orders, or of entries, have.
    pub fn take(&mut self, operation: Operation, name: &str, value: Value) -> Result<(), &'static str> {
        let (member, fault) = match (operation, name) {
            (Operation::OrderList, "state") => {
                let named = |state: &OrderState| value.text() == Some(state.name());
                self.state = Some(OrderState::OF_ORDERS.into_iter().find(named).ok_or(
                    "must be pending, sending, revoked, already-revoked, already-rejected, refused or unknown",
                )?);
                return Ok(());
            }
            // As everywhere, an order may be named by a number.
            (Operation::AuditList, "order") => {
                let number = value.integer().filter(|number| *number > 0);
                let text = number.map(|number| number.to_string());
                self.order = Some(
                    text.or_else(|| value.text().map(str::to_owned))
                        .ok_or("must be the number of an order")?,
                );
                return Ok(());
            }
            (Operation::AuditList, "actor") => (&mut self.actor, "must be a string"),
            (Operation::AuditList, "action") => (&mut self.action, "must be a string"),
            (Operation::AuditList, "job") => (&mut self.job, "must be the id of a job"),
            _ => return Err("is not an option"),
        };
        *member = Some(value.text().ok_or(fault)?.to_owned());
        Ok(())
    }
}
