//! What a call is and what is at stake in it: all that is remembered of it while its request is under way.
//!
//! JavaScript keeps it, as a short text, so that nothing of a call lives in an instance that may fail meanwhile.

use crate::protocol::joined;

/// What is asked for, and of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `revoke()` through the edge.
    Revoke,
    /// `revoke()` straight to the CA.
    Direct,
    /// `orders.get()`.
    Order,
    /// `orders.settle()`.
    Settle,
    /// `me()`.
    Me,
    /// `audit.list()`.
    #[cfg(feature = "audit")]
    AuditList,
    /// `audit.head()`.
    #[cfg(feature = "audit")]
    AuditHead,
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
}

/// A call that has no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    pub operation: Operation,
    pub effect: Effect,
    /// The order that it is about; empty if it is about none.
    pub order_number: &'a str,
}

impl<'a> Call<'a> {
    /// One whose order is not known.
    pub const UNKNOWN: Call<'static> = Call {
        operation: Operation::Revoke,
        effect: Effect::Revokes,
        order_number: "",
    };

    /// A call that only reads.
    pub fn reading(operation: Operation, order_number: &'a str) -> Call<'a> {
        Call {
            operation,
            effect: Effect::Reads,
            order_number,
        }
    }

    /// Whether it may have revoked if it has got through.
    pub fn may_have_revoked(&self) -> bool {
        self.effect == Effect::Revokes
    }

    /// To stand in a sentence: " for order ...", where it is about one.
    pub fn order(&self) -> String {
        if self.order_number.is_empty() {
            String::new()
        } else {
            joined(&[" for order ", self.order_number])
        }
    }

    /// As JavaScript keeps it: two letters and the order's number.
    pub fn memo(&self) -> String {
        let operation = match self.operation {
            Operation::Revoke => "e",
            Operation::Direct => "d",
            Operation::Order => "o",
            Operation::Settle => "s",
            Operation::Me => "m",
            #[cfg(feature = "audit")]
            Operation::AuditList => "l",
            #[cfg(feature = "audit")]
            Operation::AuditHead => "h",
        };
        let effect = match self.effect {
            Effect::Revokes => "r",
            Effect::Tests => "t",
            Effect::Reads => "n",
        };
        joined(&[operation, effect, self.order_number])
    }

    /// From what [`memo`](Call::memo) gave. Anything else is read as what is worst: a call that revokes.
    pub fn of_memo(memo: &'a str) -> Call<'a> {
        let (operation, effect) = match memo.as_bytes() {
            [operation, effect, ..] => (*operation, *effect),
            _ => (0, 0),
        };
        Call {
            operation: match operation {
                b'd' => Operation::Direct,
                b'o' => Operation::Order,
                b's' => Operation::Settle,
                b'm' => Operation::Me,
                #[cfg(feature = "audit")]
                b'l' => Operation::AuditList,
                #[cfg(feature = "audit")]
                b'h' => Operation::AuditHead,
                _ => Operation::Revoke,
            },
            effect: match effect {
                b't' => Effect::Tests,
                b'n' => Effect::Reads,
                _ => Effect::Revokes,
            },
            order_number: memo.get(2..).unwrap_or_default(),
        }
    }
}
