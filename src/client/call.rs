//! What a call is, and what is at stake in it.

use crate::protocol::{Name, Order};

/// What is asked for, and of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `revoke()`, through the edge or straight to the CA.
    Revoke,
    /// `orders.get()`.
    Order,
    /// `orders.settle()`.
    Settle,
    /// `me()`.
    Me,
    /// `orders.list()`.
    #[cfg(feature = "full")]
    OrderList,
    /// `audit.list()`.
    #[cfg(feature = "full")]
    AuditList,
    /// `audit.head()`.
    #[cfg(feature = "full")]
    AuditHead,
    /// `jobs.*`.
    #[cfg(feature = "full")]
    Job(super::jobs::Operation),
}

/// What a call does when it succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It revokes.
    Revokes,
    /// It validates, and changes nothing.
    Tests,
    /// It only reads.
    Reads,
    /// It makes a job, or holds it up: that revokes nothing.
    #[cfg(feature = "full")]
    Plans,
}

/// What a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The caller, a list, something that is still to be made.
    None,
    /// A certificate, by what names it.
    Certificate(Name<'a>),
    /// A job, by its id.
    #[cfg(feature = "full")]
    Job(&'a str),
}

/// A call that has no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    pub operation: Operation,
    pub effect: Effect,
    pub subject: Subject<'a>,
}

impl<'a> Call<'a> {
    /// A call that revokes this order, or tests it.
    pub fn revoking(order: &'a Order) -> Call<'a> {
        let effect = if order.test() {
            Effect::Tests
        } else {
            Effect::Revokes
        };
        Call {
            operation: Operation::Revoke,
            effect,
            subject: Subject::Certificate(order.name()),
        }
    }

    /// A call that only reads.
    pub fn reading(operation: Operation, subject: Subject<'a>) -> Call<'a> {
        Call {
            operation,
            effect: Effect::Reads,
            subject,
        }
    }

    /// Whether it may have revoked if it has got through.
    pub fn may_have_revoked(&self) -> bool {
        self.effect == Effect::Revokes
    }

    /// What names the certificate that it is about, if it is about one.
    pub fn name(&self) -> Option<Name<'a>> {
        match self.subject {
            Subject::Certificate(name) => Some(name),
            _ => None,
        }
    }

    /// To stand in a sentence: " for order ...", where it is about something.
    pub fn about(&self) -> String {
        match self.subject {
            Subject::None => String::new(),
            Subject::Certificate(name) => [" for ", name.kind().noun(), " ", name.value()].concat(),
            #[cfg(feature = "full")]
            Subject::Job(id) => [" for job ", id].concat(),
        }
    }
}
