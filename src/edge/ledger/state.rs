//! The state machine of an order: its states, and the transitions when an attempt ends.

pub use crate::api::order::OrderState as State;

impl State {
    /// The state of an order after a real attempt ended with `attempt`; `self` is the state before it.
    ///
    /// A refusal erases nothing: neither a revocation, nor the possibility that an earlier attempt acted.
    ///
    /// ```
    /// use autorevoke::edge::ledger::State;
    /// assert_eq!(State::Unknown.after(State::Refused), State::Unknown);
    /// assert_eq!(State::Unknown.after(State::AlreadyRevoked), State::AlreadyRevoked);
    /// assert_eq!(State::Revoked.after(State::AlreadyRevoked), State::Revoked);
    /// ```
    pub fn after(self, attempt: State) -> State {
        match (self, attempt) {
            // The CA reports the edge's own revocation.
            (State::Revoked, State::AlreadyRevoked | State::AlreadyRejected) => State::Revoked,
            (_, State::Revoked | State::AlreadyRevoked | State::AlreadyRejected | State::Unknown) => attempt,
            (State::Pending | State::Refused, _) => State::Refused,
            (before, _) => before,
        }
    }

    /// The state to show of an order number that several products share: the one that needs the most care.
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
