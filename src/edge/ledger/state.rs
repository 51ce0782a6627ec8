//! The state machine of an order: where it stands, and what an attempt's end makes of that.

use serde::Deserialize;

/// What the ledger says of an order, or of one attempt at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
pub enum State {
    /// Nothing was sent that could have changed it.
    Pending,
    /// A call to the CA is under way.
    Sending,
    /// The CA accepted it.
    Revoked,
    /// It had been revoked before.
    AlreadyRevoked,
    /// It had been rejected before.
    AlreadyRejected,
    /// A test call went well. Of attempts only: it changes no order.
    Tested,
    /// The CA said no.
    Refused,
    /// It is not known what the CA did.
    Unknown,
}

impl State {
    /// All of them.
    pub const ALL: [State; 8] = [
        State::Pending,
        State::Sending,
        State::Revoked,
        State::AlreadyRevoked,
        State::AlreadyRejected,
        State::Tested,
        State::Refused,
        State::Unknown,
    ];

    /// The name in the ledger and in answers.
    pub const fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Sending => "sending",
            State::Revoked => "revoked",
            State::AlreadyRevoked => "already-revoked",
            State::AlreadyRejected => "already-rejected",
            State::Tested => "tested",
            State::Refused => "refused",
            State::Unknown => "unknown",
        }
    }

    /// The state with this name. Whatever is not one of them is not known.
    pub fn from_name(name: &str) -> State {
        State::ALL
            .into_iter()
            .find(|state| state.name() == name)
            .unwrap_or(State::Unknown)
    }

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

impl From<String> for State {
    fn from(name: String) -> State {
        State::from_name(&name)
    }
}
