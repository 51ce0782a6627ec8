//! The state machine of an order: where it stands, and what an attempt's end makes of that.

pub use crate::api::order::OrderState as State;

impl State {
    /// Where an order stands that stood at `self` before a real attempt ended with `attempt`.
    ///
    /// A refusal erases nothing: neither that the order was revoked, nor that an earlier attempt may have acted.
    ///
    /// ```
    /// use autorevoke::edge::ledger::State;
    /// assert_eq!(State::Unknown.after(State::Refused), State::Unknown);
    /// assert_eq!(State::Unknown.after(State::AlreadyRevoked), State::AlreadyRevoked);
    /// assert_eq!(State::Revoked.after(State::AlreadyRevoked), State::Revoked);
    /// ```
    pub fn after(self, attempt: State) -> State {
        match (self, attempt) {
            // It was our own revocation that the CA now calls done before.
            (State::Revoked, State::AlreadyRevoked | State::AlreadyRejected) => State::Revoked,
            (_, State::Revoked | State::AlreadyRevoked | State::AlreadyRejected | State::Unknown) => attempt,
            (State::Pending | State::Refused, _) => State::Refused,
            (before, _) => before,
        }
    }

    /// The more careful of two states, for an order number that several products share.
    pub fn more_careful(self, other: State) -> State {
        let care = |state: State| match state {
            State::Unknown => 7,
            State::Sending => 6,
            State::Refused => 5,
            State::Pending => 4,
            State::AlreadyRejected => 3,
            State::AlreadyRevoked => 2,
            State::Revoked => 1,
            State::Tested => 0,
        };
        if care(other) > care(self) { other } else { self }
    }
}
