//! One call to the CA from its intent to its outcome: begun, sent, finished, released.

use serde_json::{Map, Value, json};

use super::Ledger;
use super::answers::{self, NotSent};
use super::attempt::{Attempt, Begun, Record};
use super::breaker::Position;
use super::host::{Host, HostError, Typed};
use super::revocation::{Purpose, Revocation};
use super::state::State;
use crate::edge::http_answer::HttpAnswer;
use crate::problem::Kind;
use crate::protocol::{Answer, Credentials, Form, UnknownCause, form};
use crate::verdict::{Outcome, Verdict, verdict};

/// How much longer than the time-out a probe counts as in flight, in milliseconds: after that its process has ended.
const PROBE_GRACE_MS: i64 = 1_000;

impl<H: Host> Ledger<H> {
    /// Writes the intent of a call that was taken up, has a slot, and leaves now.
    pub fn begin(&self, revocation: &Revocation) -> Result<Begun, HostError> {
        self.recover()?;
        let now = self.host.now();
        if let Err(reached) = self.check_limits(revocation, now)? {
            return self.turned_away(revocation, NotSent::Limited(reached), now);
        }
        let position = self.breaker_position()?;
        match position {
            Position::HalfOpen if self.trial.get().is_some() => return Ok(Begun::Wait),
            Position::Open => return self.turned_away(revocation, NotSent::BreakerOpen, now),
            Position::Closed | Position::HalfOpen => {}
        }
        let (test, identity) = (revocation.order.test(), &revocation.identity);
        let mut status = self.order_status(identity)?;
        if matches!(revocation.purpose, Purpose::Probe | Purpose::Resend) {
            // While it waited for a slot, the order may have been settled or become due for the other purpose.
            let needed = status.state == State::Unknown
                && (!revocation.is_automatic()
                    || status.due(now, self.resends(identity)?) == Some(revocation.purpose));
            if !needed {
                return Ok(Begun::Needless);
            }
        }
        if status.state == State::Sending && !test {
            // Not in flight, or this call could not have been taken up: its process ended, or its outcome was not written.
            for record in self.sending(identity)? {
                self.interrupt(&record)?;
            }
            status = self.order_status(identity)?;
        }
        let prior_state = status.state;
        let intent_seq = self.log(revocation.audit_members("intent"), now)?;
        let id = self.insert(revocation, prior_state, intent_seq, now)?;
        if !test {
            self.put_order_status(identity, &status.sending(), Some(id), now)?;
        } else if revocation.purpose == Purpose::Probe && revocation.is_automatic() {
            let until = now + i64::from(self.config.timeout_ms) + PROBE_GRACE_MS;
            self.put_order_status(identity, &status.probing(until), None, now)?;
        }
        if let Some(row) = &revocation.job {
            self.row_begun(row, intent_seq, now)?;
        } else if revocation.purpose == Purpose::Resend {
            self.rows_resent(identity)?;
        }
        self.count_usage(revocation, now);
        self.in_flight.borrow_mut().attempts.insert(id);
        if position == Position::HalfOpen {
            self.trial.set(Some(id));
        }
        Ok(Begun::Send(Box::new(Attempt {
            id,
            intent_seq,
            prior_state,
            started_at: now,
            revocation: revocation.clone(),
        })))
    }

    /// The form that an attempt sends. Wiped when dropped.
    pub fn form(&self, attempt: &Attempt, credentials: &Credentials) -> Form {
        let order = attempt.revocation.order.clone();
        form(&order.with_account_id(self.config.account_id), credentials)
    }

    /// Writes the outcome of an attempt, and gives the caller's answer.
    pub fn finish(&self, attempt: &Attempt, answer: &Answer) -> Result<HttpAnswer, HostError> {
        let (revocation, begun) = (&attempt.revocation, attempt.started_at);
        let identity = &revocation.identity;
        let now = self.host.now();
        let state = state_of(answer, revocation.order.test());
        let before = self.order_status(identity)?;
        let after = match revocation.purpose {
            Purpose::Probe => before.after_probe(state, begun, now, self.resends(identity)?),
            _ if revocation.order.test() => None,
            _ => Some(before.after_attempt(attempt.prior_state, state, (begun, begun), now)),
        };
        let cause = match answer {
            Answer::Unknown(unknown) => Some(unknown.cause().text()),
            _ => None,
        };
        let mut members = revocation.audit_members("outcome");
        put_outcome(&mut members, state, answer.code(), answer.message(), cause);
        if !answer.extra().is_empty() {
            members.insert("extra".into(), json!(answer.extra()));
        }
        members.insert("intentSeq".into(), attempt.intent_seq.into());
        if let Some(after) = &after {
            members.insert("state".into(), after.state.name().into());
            if after.settled {
                members.insert("settled".into(), true.into());
            }
        }
        let outcome_seq = self.log(members, now)?;
        self.host.execute(
            "UPDATE attempts SET state = ?, error_code = ?, error_message = ?, detail = ?, ended_at = ?, outcome_seq = ? \
             WHERE id = ?",
            &[
                state.name().into(),
                answer.code().into(),
                answer.message().into(),
                cause.into(),
                now.into(),
                outcome_seq.into(),
                attempt.id.into(),
            ],
        )?;
        if let Some(after) = &after {
            self.put_order_status(identity, after, None, now)?;
            // Rows of jobs are settled with their order.
            if attempt.prior_state == State::Unknown {
                self.rows_settled(identity, after.state, after.settled, outcome_seq, now)?;
            }
        }
        if let Some(row) = &revocation.job {
            self.row_ended(row, answer, state, after.as_ref(), outcome_seq, begun)?;
        }
        self.record_answer(answer, attempt, now)?;
        let is_shown = revocation.job.is_none() && matches!(state, State::Refused | State::Unknown);
        let may_have_revoked = is_shown && self.may_have_revoked(revocation)?;
        Ok(answers::finished(attempt, answer, outcome_seq, may_have_revoked))
    }

    /// The answer when an outcome could not be written: unknown, whatever the CA said.
    pub fn not_written(&self, attempt: &Attempt) -> HttpAnswer {
        answers::not_written(attempt)
    }

    /// Ends an attempt. One whose outcome is not written by then is `unknown`.
    pub fn release(&self, attempt: &Attempt) {
        self.in_flight.borrow_mut().attempts.remove(&attempt.id);
        let (revocation, is_trial) = (&attempt.revocation, self.trial.get() == Some(attempt.id));
        if is_trial {
            self.trial.set(None);
            self.queue().resume();
        }
        // A single call leaves nothing to be done by itself, unless its outcome says so when it is written.
        if is_trial
            || revocation.job.is_some()
            || revocation.is_automatic()
            || attempt.prior_state == State::Unknown
        {
            self.reschedule();
        }
        self.leave(&attempt.revocation);
    }

    /// Makes attempts unknown that are not in flight and have no outcome: their process ended, or could not write it.
    pub(super) fn interrupt_lost(&self) -> Result<(), HostError> {
        // One that cannot be read stays `sending`, is shown as unknown, and does not stop the others.
        for record in self.readable_records("state = 'sending' ORDER BY id", &[])? {
            let in_flight = self.in_flight.borrow().attempts.contains(&record.id);
            if !in_flight {
                self.interrupt(&record)?;
            }
        }
        Ok(())
    }

    /// Makes an attempt unknown whose process has ended.
    pub(super) fn interrupt(&self, record: &Record) -> Result<(), HostError> {
        let now = self.host.now();
        let cause = UnknownCause::Interrupted.text();
        let mut members = record.audit_members("outcome");
        put_outcome(&mut members, State::Unknown, None, None, Some(cause));
        members.insert("intentSeq".into(), record.intent_seq.into());
        let outcome_seq = self.log(members, now)?;
        self.host.execute(
            "UPDATE attempts SET state = 'unknown', detail = ?, ended_at = ?, outcome_seq = ? WHERE id = ?",
            &[cause.into(), now.into(), outcome_seq.into(), record.id.into()],
        )?;
        let before = self.order_status(&record.identity)?;
        let after = match record.purpose {
            // It counts as a lost probe: the pauses grow, however often the process ends.
            Purpose::Probe => before.after_probe(
                State::Unknown,
                record.started_at,
                now,
                self.resends(&record.identity)?,
            ),
            _ if record.test => None,
            // When its process ended is not known, so the call may have left as late as now.
            _ => {
                Some(before.after_attempt(record.prior_state, State::Unknown, (record.started_at, now), now))
            }
        };
        if let Some(row) = record.job() {
            self.row_lost(&row, record.test, outcome_seq, record.started_at, now)?;
        }
        after.map_or(Ok(()), |after| {
            self.put_order_status(&record.identity, &after, None, now)
        })
    }

    fn insert(
        &self,
        revocation: &Revocation,
        prior_state: State,
        intent_seq: u64,
        now: i64,
    ) -> Result<i64, HostError> {
        self.host.one(
            "INSERT INTO attempts (identity, prior_state, test, order_text, actor, person, instance, idempotency_key, \
             fingerprint, purpose, state, started_at, intent_seq, job, job_row, limited, about) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?, ?, ?, ?, ?) RETURNING id",
            &[
                revocation.identity.as_str().into(),
                prior_state.name().into(),
                i64::from(revocation.order.test()).into(),
                revocation.order_text.as_str().into(),
                revocation.actor.as_str().into(),
                revocation.person.as_str().into(),
                revocation.instance.as_str().into(),
                revocation.idempotency_key.clone().into(),
                revocation.fingerprint.as_str().into(),
                revocation.purpose.name().into(),
                now.into(),
                intent_seq.into(),
                revocation.job.as_ref().map(|row| row.job).into(),
                revocation.job.as_ref().map(|row| row.row).into(),
                i64::from(revocation.limited).into(),
                revocation.about.clone().into(),
            ],
        )
    }
}

fn state_of(answer: &Answer, test: bool) -> State {
    match verdict(answer, test) {
        Verdict::Done(Outcome::Revoked) => State::Revoked,
        Verdict::Done(Outcome::AlreadyRevoked) => State::AlreadyRevoked,
        Verdict::Done(Outcome::AlreadyRejected) => State::AlreadyRejected,
        Verdict::Done(Outcome::Tested) => State::Tested,
        Verdict::Failed(Kind::UnknownOutcome) => State::Unknown,
        Verdict::Failed(_) => State::Refused,
    }
}

fn put_outcome(
    members: &mut Map<String, Value>,
    state: State,
    code: Option<i32>,
    message: Option<&str>,
    cause: Option<&str>,
) {
    members.insert("outcome".into(), json!(state.name()));
    let optional = [
        ("errorCode", code.map(Value::from)),
        ("errorMessage", message.map(Value::from)),
        ("detail", cause.map(Value::from)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            members.insert(name.into(), value);
        }
    }
}
