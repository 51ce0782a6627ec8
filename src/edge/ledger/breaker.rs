//! The circuit breaker: after the CA has refused the login once, nothing more is sent that could lock the account.

use serde_json::{Value, json};

use crate::protocol::Answer;

/// Why it opens; the four causes that the vendor's -16 has.
pub(super) const LOGIN_REFUSED: &str = "The CA refused the login (-16): wrong login, locked account, expired password or blocked source address.";

/// Whether calls to the CA go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// They do.
    Closed,
    /// None does, until an operator resumes or the credentials change.
    Open,
    /// A single one does; the others wait for what it brings.
    HalfOpen,
}

impl Position {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Position::Closed => "closed",
            Position::Open => "open",
            Position::HalfOpen => "half-open",
        }
    }

    /// What is not one of the names counts as open: no call goes out by mistake.
    pub(super) fn from_name(name: &str) -> Position {
        [Position::Closed, Position::HalfOpen]
            .into_iter()
            .find(|position| position.name() == name)
            .unwrap_or(Position::Open)
    }

    /// What an answer of the CA makes of it.
    pub(super) fn after(self, answer: &Answer) -> Position {
        match (self, answer) {
            (_, Answer::LoginRefused(_)) => Position::Open,
            (Position::HalfOpen, answer) if accepts_login(answer) => Position::Closed,
            (before, _) => before,
        }
    }
}

/// Whether an answer can only be given to someone whose login was accepted: -1 to -4 and -17 are about the request's
/// form, and -42 and -14 say nothing of the login.
fn accepts_login(answer: &Answer) -> bool {
    match answer {
        Answer::Accepted(_) | Answer::AlreadyRevoked(_) | Answer::AlreadyRejected(_) => true,
        Answer::Refused(_) => answer.code().is_some_and(|code| !matches!(code, -4..=-1 | -17)),
        Answer::LoginRefused(_) | Answer::Busy(_) | Answer::Unknown(_) => false,
    }
}

/// The breaker as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breaker {
    pub(super) position: Position,
    /// Since when, in milliseconds since 1970.
    pub(super) since: i64,
    pub(super) reason: Option<String>,
    /// The keyed digests of the credentials that the CA refused.
    pub(super) credentials: Option<String>,
}

impl Breaker {
    pub(super) fn answer(&self) -> Value {
        json!({
            "state": self.position.name(),
            "since": crate::edge::timestamp::text(self.since),
            "reason": self.reason,
        })
    }
}
