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
    /// `jobs.*`.
    #[cfg(feature = "jobs")]
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
    #[cfg(feature = "jobs")]
    Plans,
}

/// A call that has no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    pub operation: Operation,
    pub effect: Effect,
    /// The number of the order, or the id of the job, that it is about; empty if it is about none.
    pub subject: &'a str,
    /// What else the answer must fit.
    #[cfg(feature = "jobs")]
    pub asked: &'a str,
}

impl<'a> Call<'a> {
    /// One whose order is not known.
    pub const UNKNOWN: Call<'static> = Call::new(Operation::Revoke, Effect::Revokes, "");

    /// A call.
    pub const fn new(operation: Operation, effect: Effect, subject: &'a str) -> Call<'a> {
        Call {
            operation,
            effect,
            subject,
            #[cfg(feature = "jobs")]
            asked: "",
        }
    }

    /// A call that only reads.
    pub fn reading(operation: Operation, subject: &'a str) -> Call<'a> {
        Call::new(operation, Effect::Reads, subject)
    }

    /// Whether it may have revoked if it has got through.
    pub fn may_have_revoked(&self) -> bool {
        self.effect == Effect::Revokes
    }

    /// The number of the order that it is about; empty if it is about none.
    pub fn order_number(&self) -> &'a str {
        #[cfg(feature = "jobs")]
        if matches!(self.operation, Operation::Job(_)) {
            return "";
        }
        self.subject
    }

    /// To stand in a sentence: " for order ...", where it is about one.
    pub fn about(&self) -> String {
        let mut what = " for order ";
        #[cfg(feature = "jobs")]
        if matches!(self.operation, Operation::Job(_)) {
            what = " for job ";
        }
        if self.subject.is_empty() {
            what = "";
        }
        joined(&[what, self.subject])
    }

    /// As JavaScript keeps it: two letters, what it is about, and after a space what else was asked.
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
            #[cfg(feature = "jobs")]
            Operation::Job(operation) => operation.letter(),
        };
        let effect = match self.effect {
            Effect::Revokes => "r",
            Effect::Tests => "t",
            Effect::Reads => "n",
            #[cfg(feature = "jobs")]
            Effect::Plans => "p",
        };
        let memo = joined(&[operation, effect, self.subject]);
        #[cfg(feature = "jobs")]
        if !self.asked.is_empty() {
            return joined(&[&memo, " ", self.asked]);
        }
        memo
    }

    /// From what [`memo`](Call::memo) gave. Anything else is read as what is worst: a call that revokes.
    pub fn of_memo(memo: &'a str) -> Call<'a> {
        let (operation, effect) = match memo.as_bytes() {
            [operation, effect, ..] => (*operation, *effect),
            _ => (0, 0),
        };
        let subject = memo.get(2..).unwrap_or_default();
        #[cfg(feature = "jobs")]
        let (subject, asked) = subject.split_once(' ').unwrap_or((subject, ""));
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
                #[cfg(feature = "jobs")]
                letter if letter.is_ascii_uppercase() => {
                    super::jobs::Operation::of_letter(letter).map_or(Operation::Revoke, Operation::Job)
                }
                _ => Operation::Revoke,
            },
            effect: match effect {
                b't' => Effect::Tests,
                b'n' => Effect::Reads,
                #[cfg(feature = "jobs")]
                b'p' => Effect::Plans,
                _ => Effect::Revokes,
            },
            subject,
            #[cfg(feature = "jobs")]
            asked,
        }
    }
}
