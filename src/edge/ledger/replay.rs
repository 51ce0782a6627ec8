//! A call is taken up, or has its answer already: by its idempotency key, or because its order is in flight.

use super::Ledger;
use super::answers;
use super::host::{Host, HostError, Typed};
use super::in_flight::Conflict;
use super::revocation::Revocation;
use super::state::State;
use crate::edge::http_answer::HttpAnswer;
use crate::verdict::Outcome;

impl<H: Host> Ledger<H> {
    /// Takes up a call, unless it has its answer already. A call that was taken up ends with [`Ledger::leave`].
    pub fn enter(&self, revocation: &Revocation) -> Result<Option<HttpAnswer>, HostError> {
        let conflict = self.in_flight.borrow().conflict(revocation);
        match conflict {
            Some(Conflict::SameCall) => return Ok(Some(answers::same_call(revocation))),
            Some(Conflict::Mismatch) => return Ok(Some(answers::idempotency_mismatch(revocation))),
            Some(Conflict::SameOrder) | None => {}
        }
        if let Some(answer) = self.kept(revocation)? {
            return Ok(Some(answer));
        }
        if conflict.is_some() {
            let may_have_revoked = self.may_have_revoked(revocation)?;
            return Ok(Some(answers::in_progress(revocation, may_have_revoked)));
        }
        self.in_flight.borrow_mut().enter(revocation);
        Ok(None)
    }

    /// Ends a call that was taken up, however it went.
    pub fn leave(&self, revocation: &Revocation) {
        self.in_flight.borrow_mut().leave(revocation);
    }

    /// The answer to replay for this idempotency key, unless the call is to be made again.
    fn kept(&self, revocation: &Revocation) -> Result<Option<HttpAnswer>, HostError> {
        let Some(key) = &revocation.idempotency_key else {
            return Ok(None);
        };
        let found = self.records(
            "actor = ? AND idempotency_key = ? ORDER BY id DESC LIMIT 1",
            &[revocation.actor.as_str().into(), key.as_str().into()],
        )?;
        let Some(record) = found.first() else {
            let jobs = self.host.sql(
                "SELECT 1 FROM jobs WHERE created_by = ? AND idempotency_key = ? LIMIT 1",
                &[revocation.actor.as_str().into(), key.as_str().into()],
            )?;
            return Ok((!jobs.is_empty()).then(|| answers::idempotency_mismatch(revocation)));
        };
        if record.fingerprint != revocation.fingerprint {
            return Ok(Some(answers::idempotency_mismatch(revocation)));
        }
        Ok(match record.state {
            // Settled since, that is the answer; otherwise the call is made again.
            _ if record.may_have_revoked() => self.found_out(revocation)?,
            State::Sending | State::Unknown => None,
            // Busy: the CA asked to be called again.
            State::Refused if record.error_code == Some(-42) => None,
            _ => Some(answers::replayed(revocation, record)),
        })
    }

    /// The outcome of a lost call, if a later attempt or a probe has settled its order.
    fn found_out(&self, revocation: &Revocation) -> Result<Option<HttpAnswer>, HostError> {
        let state = self.order_status(&revocation.identity)?.state;
        let outcome = Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.name() == state.name());
        let Some(outcome) = outcome else {
            return Ok(None);
        };
        let seq = self.host.one(
            "SELECT MAX(seq) FROM (SELECT (SELECT outcome_seq FROM attempts WHERE identity = ? AND test = kind AND outcome_seq \
             IS NOT NULL ORDER BY id DESC LIMIT 1) AS seq FROM (SELECT 0 AS kind UNION SELECT 1))",
            &[revocation.identity.as_str().into()],
        )?;
        Ok(Some(answers::found_out(revocation, outcome, seq)))
    }
}
