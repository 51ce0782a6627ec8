//! What a call is, and what is at stake in it.

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

/// A call that has no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    pub operation: Operation,
    pub effect: Effect,
    /// The number of the order, or the id of the job, that it is about; empty if it is about none.
    pub subject: &'a str,
}

impl<'a> Call<'a> {
    /// A call that revokes this order, or tests it.
    pub fn revoking(order: &'a crate::protocol::Order) -> Call<'a> {
        let effect = if order.test() {
            Effect::Tests
        } else {
            Effect::Revokes
        };
        Call {
            operation: Operation::Revoke,
            effect,
            subject: order.order_number(),
        }
    }

    /// A call that only reads.
    pub fn reading(operation: Operation, subject: &'a str) -> Call<'a> {
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

    /// The number of the order that it is about, if it is about one.
    pub fn order_number(&self) -> Option<&'a str> {
        (!self.subject.is_empty() && !self.is_about_jobs()).then_some(self.subject)
    }

    /// To stand in a sentence: " for order ...", where it is about one.
    pub fn about(&self) -> String {
        match self.subject {
            "" => String::new(),
            id if self.is_about_jobs() => [" for job ", id].concat(),
            number => [" for order ", number].concat(),
        }
    }

    /// Whether it is about a job, or all of them.
    pub fn is_about_jobs(&self) -> bool {
        #[cfg(feature = "full")]
        return matches!(self.operation, Operation::Job(_));
        #[cfg(not(feature = "full"))]
        false
    }
}
