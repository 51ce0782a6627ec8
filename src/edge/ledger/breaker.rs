//! The circuit breaker: one refused login stops all calls, since further ones could lock the account.
//!
//! Only answers to calls that began after its last change move it, and while it is half-open only that of the trial call: an
//! older answer proves nothing.

use serde::Deserialize;

use super::Ledger;
use super::attempt::Attempt;
use super::host::{Host, HostError, Typed};
use super::revocation::Purpose;
use crate::api::operation::Breaker as Document;
use crate::edge::command::Asker;
use crate::edge::http_answer::HttpAnswer;
use crate::edge::timestamp;
use crate::protocol::Answer;

/// Why it opens; the four causes that the vendor's -16 has.
pub(super) const LOGIN_REFUSED: &str = "The CA refused the login (-16): wrong login, locked account, expired password or blocked source address.";

pub(super) use crate::api::operation::BreakerState as Position;

impl Position {
    /// The position after an answer that counts.
    fn after(self, answer: &Answer) -> Position {
        match (self, answer) {
            (_, Answer::LoginRefused(_)) => Position::Open,
            (Position::HalfOpen, answer) if accepts_login(answer) => Position::Closed,
            (before, _) => before,
        }
    }
}

/// Whether an answer proves that the login was accepted: -1 to -4 and -17 are about the request's form, and -42 and -14 say
/// nothing about the login.
fn accepts_login(answer: &Answer) -> bool {
    match answer {
        Answer::Accepted(_) | Answer::AlreadyRevoked(_) | Answer::AlreadyRejected(_) => true,
        Answer::Refused(_) => answer.code().is_some_and(|code| !matches!(code, -4..=-1 | -17)),
        Answer::LoginRefused(_) | Answer::Busy(_) | Answer::Unknown(_) => false,
    }
}

/// The breaker as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Breaker {
    pub(super) position: Position,
    /// Since when, in milliseconds since 1970.
    pub(super) since: i64,
    pub(super) reason: Option<String>,
    /// The keyed digests of the credentials that were refused.
    pub(super) credentials: Option<String>,
}

impl Breaker {
    fn document(&self) -> Document {
        Document {
            state: self.position,
            since: timestamp::text(self.since).into(),
            reason: self.reason.clone(),
        }
    }
}

impl<H: Host> Ledger<H> {
    /// Where the breaker stands.
    pub fn breaker(&self) -> Result<HttpAnswer, HostError> {
        Ok(HttpAnswer::ok(&self.breaker_now()?.document()))
    }

    /// Lets a single call through an open breaker.
    pub fn resume_breaker(&self, by: &Asker) -> Result<HttpAnswer, HostError> {
        let now = self.host.now();
        let mut members = by.audit_members("resume-breaker", "outcome");
        let found = self.breaker_position()?;
        if found == Position::Open {
            self.move_breaker(Position::HalfOpen, now)?;
        }
        members.insert("priorState".into(), found.name().into());
        members.insert("state".into(), self.breaker_position()?.name().into());
        self.log(members, now)?;
        self.breaker()
    }

    pub(super) fn breaker_position(&self) -> Result<Position, HostError> {
        Ok(self.breaker_now()?.position)
    }

    fn breaker_now(&self) -> Result<Breaker, HostError> {
        if let Some(known) = self.breaker.borrow().as_ref() {
            return Ok(known.clone());
        }
        let found: Option<Breaker> = self
            .host
            .row("SELECT state, since, reason, credentials FROM breaker", &[])?;
        let found = found.ok_or(HostError)?;
        *self.breaker.borrow_mut() = Some(found.clone());
        Ok(found)
    }

    /// Makes an open breaker half-open if the credentials have changed since it opened.
    pub(super) fn try_changed_credentials(&self, now: i64) -> Result<(), HostError> {
        let breaker = self.breaker_now()?;
        if breaker.position != Position::Open || breaker.credentials == self.credentials() {
            return Ok(());
        }
        self.move_breaker(Position::HalfOpen, now)?;
        self.note_breaker("The credentials have changed.", now)
    }

    /// The keyed digests of the login at the CA.
    fn credentials(&self) -> Option<String> {
        let digest = |name| self.config.digests.get(name).map(String::as_str);
        Some([digest("CA_LOGIN_NAME")?, digest("CA_LOGIN_PASSWORD")?].concat())
    }

    fn move_breaker(&self, position: Position, now: i64) -> Result<(), HostError> {
        let (reason, credentials) = match position {
            Position::Closed => (None, None),
            Position::HalfOpen => {
                let before = self.breaker_now()?;
                (before.reason, before.credentials)
            }
            Position::Open => (Some(LOGIN_REFUSED.to_owned()), self.credentials()),
        };
        self.host.execute(
            "UPDATE breaker SET state = ?, since = ?, reason = ?, credentials = ?",
            &[
                position.name().into(),
                now.into(),
                reason.into(),
                credentials.into(),
            ],
        )?;
        // Read again when needed: the transaction may be rolled back.
        self.breaker.take();
        let newest = self
            .in_flight
            .borrow()
            .attempts
            .last()
            .copied()
            .unwrap_or_default();
        self.moved.set((now, newest));
        self.reschedule();
        Ok(())
    }

    fn note_breaker(&self, why: &str, now: i64) -> Result<(), HostError> {
        let mut members = Asker::edge("").audit_members("breaker", "outcome");
        members.remove("instance");
        members.insert("state".into(), self.breaker_position()?.name().into());
        members.insert("reason".into(), why.into());
        self.log(members, now)?;
        Ok(())
    }

    /// Records what an answer says about the CA itself: whether it takes the login, and whether it is busy.
    pub(super) fn record_answer(
        &self,
        answer: &Answer,
        attempt: &Attempt,
        now: i64,
    ) -> Result<(), HostError> {
        self.record_pace(answer, attempt, now);
        let Breaker { position, since, .. } = self.breaker_now()?;
        let (moved_at, newest) = self.moved.get();
        let counts = match position {
            // Calls that were in flight at the last change say nothing, unless that change was rolled back.
            Position::Closed => moved_at != since || attempt.id > newest,
            Position::HalfOpen => self.trial.get() == Some(attempt.id),
            Position::Open => false,
        };
        let after = position.after(answer);
        if !counts || after == position {
            return Ok(());
        }
        self.move_breaker(after, now)?;
        let why = match after {
            Position::Open => LOGIN_REFUSED,
            _ => "The CA accepts the login again.",
        };
        self.note_breaker(why, now)?;
        match after {
            Position::Open => self.halt_jobs(why, now),
            Position::Closed => self.go_on_with_jobs(now),
            Position::HalfOpen => Ok(()),
        }
    }

    fn record_pace(&self, answer: &Answer, attempt: &Attempt, now: i64) {
        let (revocation, begun) = (&attempt.revocation, attempt.started_at);
        let is_check = revocation.purpose == Purpose::Check;
        let has_changed = self.change_pace(|pace| {
            let before = pace.jobs(now);
            match answer {
                Answer::Busy(_) => pace.busy(begun, now),
                Answer::Unknown(_) if is_check && answer.code().is_some() => pace.is_there(now),
                Answer::Unknown(_) if is_check || revocation.job.is_some() => pace.lost(begun, now),
                // A lost probe or re-send concerns an order that was lost before, and must not hold up all others.
                Answer::Unknown(_) => {}
                _ => pace.answered(begun),
            }
            pace.jobs(now) != before
        });
        // What waits may be due before the alarm that is set.
        if has_changed {
            self.reschedule();
        }
    }
}
