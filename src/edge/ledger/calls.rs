//! One call to the CA through the ledger: entered, begun, finished, left.

use serde_json::{Map, Value, json};

use super::Ledger;
use super::answers::{self, NotSent};
use super::attempt::{Attempt, Record};
use super::breaker::{LOGIN_REFUSED, Position};
use super::command::{Asker, Purpose, Revocation};
use super::host::{Host, HostError};
use super::limits::{Reached, Usages};
use super::pace::Go;
use super::refusals::{self, Refusal};
use super::state::State;
use super::working::Conflict;
use crate::edge::http_answer::HttpAnswer;
use crate::problem::Kind;
use crate::protocol::{Answer, Credentials, Form, UnknownCause, form};
use crate::verdict::{Outcome, Verdict, verdict};

/// What to do with a call whose turn has come.
#[derive(Debug)]
pub enum Begun {
    /// Nothing is sent; answer so.
    Answer(HttpAnswer),
    /// Nothing is sent, since what it was for has been done meanwhile.
    Needless,
    /// The breaker lets a single call through, and that one is under way: begin again when it has ended.
    Wait,
    /// The intent is written. Make it durable, send the form, and bring what came back to [`Ledger::finish`].
    Send(Box<Attempt>),
}

impl<H: Host> Ledger<H> {
    /// Takes up a call, unless it has its answer already. Whoever has taken it up calls [`Ledger::leave`].
    pub fn enter(&self, revocation: &Revocation) -> Result<Option<HttpAnswer>, HostError> {
        let conflict = self.working.borrow().conflict(revocation);
        match conflict {
            Some(Conflict::SameCall) => return Ok(Some(answers::same_call(revocation))),
            Some(Conflict::Mismatch) => return Ok(Some(answers::idempotency_mismatch(revocation))),
            Some(Conflict::SameOrder) | None => {}
        }
        if let Some(answer) = self.kept(revocation)? {
            return Ok(Some(answer));
        }
        if conflict.is_some() {
            return Ok(Some(answers::in_progress(revocation)));
        }
        self.working.borrow_mut().enter(revocation);
        Ok(None)
    }

    /// Lets go of a call that was taken up, however it ended.
    pub fn leave(&self, revocation: &Revocation) {
        self.working.borrow_mut().leave(revocation);
    }

    /// Writes the intent of a call that was taken up and whose turn has come.
    pub fn begin(&self, revocation: &Revocation) -> Result<Begun, HostError> {
        let now = self.host.now();
        if let Err(reached) = self.check_limits(revocation, now)? {
            return self.turned_away(revocation, Kind::RateLimited, NotSent::Limited(reached), now);
        }
        match self.breaker.borrow().position {
            Position::HalfOpen if self.trial.get().is_some() => return Ok(Begun::Wait),
            Position::Open => {
                return self.turned_away(revocation, Kind::CaLoginRefused, NotSent::BreakerOpen, now);
            }
            Position::Closed | Position::HalfOpen => {}
        }
        let test = revocation.order.test();
        let mut standing = self.standing(&revocation.identity)?;
        let settles = matches!(revocation.purpose, Purpose::Probe | Purpose::Resend);
        if settles && standing.state != State::Unknown {
            return Ok(Begun::Needless);
        }
        // It may have waited for its turn until it is not due any more. The alarm brings what is.
        if settles && revocation.is_automatic() && standing.due(now, &self.config) != Some(revocation.purpose)
        {
            return Ok(Begun::Needless);
        }
        if standing.state == State::Sending && !test {
            // Not under way, or this call could not have been taken up: its process went down, or could not write.
            for record in self.sending(&revocation.identity)? {
                self.interrupt(&record)?;
            }
            standing = self.standing(&revocation.identity)?;
        }
        let prior_state = standing.state;
        let intent_seq = self.log(revocation.audit_members("intent"), now)?;
        let id = self.insert(revocation, prior_state, intent_seq, now)?;
        if !test {
            self.put_standing(&revocation.identity, &standing.sending(), now)?;
        }
        if let Some(row) = &revocation.job {
            self.row_begun(row, intent_seq, now)?;
        } else if revocation.purpose == Purpose::Resend {
            self.rows_resent(&revocation.identity)?;
        }
        self.live.borrow_mut().insert(id);
        if self.breaker.borrow().position == Position::HalfOpen {
            self.trial.set(Some(id));
        }
        if let Some(usages) = self.usages.borrow_mut().as_mut()
            && revocation.limited
        {
            usages.count(&revocation.actor, &revocation.person, now, test);
        }
        Ok(Begun::Send(Box::new(Attempt {
            id,
            intent_seq,
            prior_state,
            started_at: now,
            begun_at: now,
            revocation: revocation.clone(),
        })))
    }

    /// The form that an attempt sends. Wiped when dropped.
    pub fn form(&self, attempt: &Attempt, credentials: &Credentials) -> Form {
        let order = attempt.revocation.order.clone();
        form(&order.with_account_id(self.config.account_id), credentials)
    }

    /// Writes what came of an attempt, and gives the caller's answer.
    pub fn finish(&self, attempt: &Attempt, answer: &Answer) -> Result<HttpAnswer, HostError> {
        let revocation = &attempt.revocation;
        let now = self.host.now();
        let state = state_of(answer, revocation.order.test());
        let before = self.standing(&revocation.identity)?;
        let after = match revocation.purpose {
            Purpose::Probe => before.after_probe(state, now, &self.config),
            _ if revocation.order.test() => None,
            _ => {
                let sent = (attempt.started_at, attempt.begun_at);
                Some(before.after_attempt(attempt.prior_state, state, sent, now))
            }
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
            self.put_standing(&revocation.identity, after, now)?;
            // Rows of jobs are unknown as long as their order is.
            if attempt.prior_state == State::Unknown {
                self.rows_settled(&revocation.identity, after.state, after.settled, outcome_seq, now)?;
            }
        }
        if let Some(row) = &revocation.job {
            self.row_ended(row, answer, state, after.as_ref(), outcome_seq, attempt.begun_at)?;
        }
        self.learn(answer, revocation, attempt.begun_at, now)?;
        Ok(answers::finished(attempt, answer, outcome_seq))
    }

    /// Whether a row's call may leave now that its turn has come: its job may have been stopped meanwhile, the breaker
    /// opened, or the CA become busy. What may not is to be [held back](Ledger::hold_back).
    pub fn may_leave(&self, attempt: &mut Attempt) -> bool {
        let now = self.host.now();
        let revocation = &attempt.revocation;
        let on_trial = self.trial.get() == Some(attempt.id);
        let login_accepted = match self.breaker.borrow().position {
            Position::Closed => true,
            Position::HalfOpen => on_trial,
            Position::Open => false,
        };
        let in_time = match self.pace.borrow().jobs(now) {
            Go::Send => true,
            // A test call costs nothing if it is lost.
            Go::Check => revocation.order.test(),
            Go::Wait(_) => false,
        };
        let goes_on = revocation
            .job
            .as_ref()
            .is_none_or(|row| self.goes_on(row, on_trial));
        // An outcome that is lost is counted from here.
        attempt.begun_at = now;
        login_accepted && in_time && goes_on && self.warning.get().is_none()
    }

    /// Hears an answer that is written only later: after some of them no other row's call may leave before that.
    pub fn hear(&self, attempt: &Attempt, answer: &Answer) {
        if matches!(answer, Answer::LoginRefused(_) | Answer::Busy(_)) {
            self.warning.set(Some(attempt.id));
        }
    }

    /// Takes back an attempt that has not left: all is as it was before, and the log says so.
    pub fn hold_back(&self, attempt: &Attempt) -> Result<(), HostError> {
        let revocation = &attempt.revocation;
        let now = self.host.now();
        let mut members = revocation.audit_members("outcome");
        put_outcome(&mut members, State::NotSent, None, None, None);
        members.insert("intentSeq".into(), attempt.intent_seq.into());
        let outcome_seq = self.log(members, now)?;
        self.host.execute(
            "UPDATE attempts SET state = ?, ended_at = ?, outcome_seq = ? WHERE id = ?",
            &[
                State::NotSent.name().into(),
                now.into(),
                outcome_seq.into(),
                attempt.id.into(),
            ],
        )?;
        if !revocation.order.test() {
            let before = self
                .standing(&revocation.identity)?
                .with_state(attempt.prior_state);
            if before.state == State::Pending {
                self.host.execute(
                    "DELETE FROM orders WHERE identity = ?",
                    &[revocation.identity.as_str().into()],
                )?;
            } else {
                self.put_standing(&revocation.identity, &before, now)?;
            }
        }
        self.alarm_is_stale.set(true);
        revocation
            .job
            .as_ref()
            .map_or(Ok(()), |row| self.row_held_back(row, outcome_seq, now))
    }

    /// Lets go of an attempt, whatever came of it. One that is let go of without its outcome written is `unknown`.
    pub fn release(&self, attempt: &Attempt) {
        self.live.borrow_mut().remove(&attempt.id);
        if self.warning.get() == Some(attempt.id) {
            self.warning.set(None);
        }
        if self.trial.get() == Some(attempt.id) {
            self.trial.set(None);
        }
        self.leave(&attempt.revocation);
    }

    /// The answer to a call that found no turn to reach the CA within [`super::MAX_WAIT_MS`].
    pub fn no_turn(&self, revocation: &Revocation) -> HttpAnswer {
        answers::not_sent(revocation, NotSent::NoTurn, self.earlier_unknown(revocation))
    }

    /// The answer when the ledger could not be read or written, before anything was sent.
    pub fn not_begun(&self, revocation: &Revocation) -> HttpAnswer {
        answers::not_sent(revocation, NotSent::NotWritten, self.earlier_unknown(revocation))
    }

    /// The answer when the outcome of an attempt could not be written: not known, whatever the CA said.
    pub fn not_written(&self, attempt: &Attempt) -> HttpAnswer {
        answers::not_written(attempt)
    }

    /// The same answer, with the headers that tell a caller of their limits.
    pub fn with_limits(&self, revocation: &Revocation, mut answer: HttpAnswer) -> HttpAnswer {
        if revocation.purpose != Purpose::Call {
            return answer;
        }
        let now = self.host.now();
        let (actor, person) = (&revocation.actor, &revocation.person);
        if let Ok(headers) = self.with_usages(now, |usages| usages.headers(actor, person, now, &self.config))
        {
            answer.headers.extend(headers);
        }
        answer
    }

    /// Ends an attempt that nobody will ever hear of again.
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
        let before = self.standing(&record.identity)?;
        let after = match record.purpose {
            // It counts as one that was lost: the pauses grow, however often the process goes down.
            Purpose::Probe => before.after_probe(State::Unknown, now, &self.config),
            _ if record.test => None,
            // A row waits for its turn when its intent is written already: it may have been sent up to now.
            _ => {
                let begun = record.job.as_ref().map_or(record.started_at, |_| now);
                let sent = (record.started_at, begun);
                Some(before.after_attempt(record.prior_state, State::Unknown, sent, now))
            }
        };
        if let Some(row) = &record.job {
            self.row_lost(row, record.test, outcome_seq, record.started_at, now)?;
        }
        after.map_or(Ok(()), |after| self.put_standing(&record.identity, &after, now))
    }

    fn insert(
        &self,
        revocation: &Revocation,
        prior_state: State,
        intent_seq: u64,
        now: i64,
    ) -> Result<i64, HostError> {
        let rows = self.host.sql(
            "INSERT INTO attempts (identity, prior_state, test, order_text, actor, person, instance, idempotency_key, \
             fingerprint, purpose, state, started_at, intent_seq, job, job_row, limited) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?, ?, ?, ?) RETURNING id",
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
            ],
        )?;
        let id = rows.first().and_then(|row| row.first()).and_then(Value::as_i64);
        id.ok_or(HostError)
    }

    /// The answer that is kept for this idempotency key, unless the call is to be tried again.
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
            // What became of it may have been found out since. Otherwise it is not frozen, and tried again.
            State::Sending | State::Unknown => self.found_out(revocation)?,
            // The CA asked to come again.
            State::Refused if record.error_code == Some(-42) => None,
            _ => Some(answers::replayed(revocation, record)),
        })
    }

    /// The outcome of a call that was lost, if a later attempt or a probe has told it.
    fn found_out(&self, revocation: &Revocation) -> Result<Option<HttpAnswer>, HostError> {
        if revocation.order.test() {
            return Ok(None);
        }
        let state = self.standing(&revocation.identity)?.state;
        let outcome = Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.name() == state.name());
        let Some(outcome) = outcome else {
            return Ok(None);
        };
        let rows = self.host.sql(
            "SELECT MAX(outcome_seq) FROM attempts WHERE identity = ?",
            &[revocation.identity.as_str().into()],
        )?;
        let seq = rows.first().and_then(|row| row.first()).and_then(Value::as_u64);
        Ok(Some(answers::found_out(
            revocation,
            outcome,
            seq.ok_or(HostError)?,
        )))
    }

    /// Whether an earlier attempt of this very call, by its idempotency key, may have acted.
    fn earlier_unknown(&self, revocation: &Revocation) -> bool {
        let Some(key) = &revocation.idempotency_key else {
            return false;
        };
        let rows = self.host.sql(
            "SELECT 1 FROM attempts WHERE actor = ? AND idempotency_key = ? AND test = 0 \
             AND state IN ('unknown', 'sending') LIMIT 1",
            &[revocation.actor.as_str().into(), key.as_str().into()],
        );
        // What cannot be read may be there.
        rows.map_or(true, |rows| !rows.is_empty())
    }

    /// Notes that a caller is turned away, and gives their answer.
    fn turned_away(
        &self,
        revocation: &Revocation,
        kind: Kind,
        why: NotSent,
        now: i64,
    ) -> Result<Begun, HostError> {
        if !revocation.is_automatic() {
            let by = Asker {
                actor: revocation.actor.clone(),
                person: revocation.person.clone(),
                instance: revocation.instance.clone(),
            };
            let refusal = Refusal {
                action: revocation.purpose.name(),
                reason: kind.name(),
                order_number: Some(revocation.order.order_number()),
            };
            self.alarm_is_stale.set(true);
            refusals::note(&self.host, &by, &refusal, now)?;
        }
        let earlier_unknown = self.earlier_unknown(revocation);
        Ok(Begun::Answer(answers::not_sent(revocation, why, earlier_unknown)))
    }

    pub(super) fn check_limits(
        &self,
        revocation: &Revocation,
        now: i64,
    ) -> Result<Result<(), Reached>, HostError> {
        if !revocation.limited {
            return Ok(Ok(()));
        }
        let test = revocation.order.test();
        self.with_usages(now, |usages| {
            usages.check(&revocation.actor, &revocation.person, now, test, &self.config)
        })
    }

    /// What everyone has asked for in the last 24 hours; read from the attempts when it is not in memory.
    pub(super) fn with_usages<T>(
        &self,
        now: i64,
        work: impl FnOnce(&mut Usages) -> T,
    ) -> Result<T, HostError> {
        let mut usages = self.usages.borrow_mut();
        if usages.is_none() {
            *usages = Some(Usages::read(&self.host, now)?);
        }
        usages.as_mut().map(work).ok_or(HostError)
    }

    fn learn_pace(&self, answer: &Answer, revocation: &Revocation, begun: i64, now: i64) {
        let mut pace = self.pace.borrow_mut();
        let before = pace.jobs(now);
        let is_check = revocation.purpose == Purpose::Check;
        match answer {
            Answer::Busy(_) => pace.busy(begun, now),
            Answer::Unknown(_) if is_check && answer.code().is_some() => pace.is_there(now),
            Answer::Unknown(_) if is_check || revocation.job.is_some() => pace.lost(begun, now),
            // An order that brought nothing before, and is only asked about again, must not hold up all the others.
            Answer::Unknown(_) => {}
            _ => pace.answered(begun),
        }
        // What waits may go on sooner than the alarm rings.
        if pace.jobs(now) != before {
            self.alarm_is_stale.set(true);
        }
    }

    /// What an answer tells of the CA itself: whether it takes the login, and whether it is busy.
    fn learn(&self, answer: &Answer, revocation: &Revocation, begun: i64, now: i64) -> Result<(), HostError> {
        self.learn_pace(answer, revocation, begun, now);
        let position = self.breaker.borrow().position;
        let after = position.after(answer);
        if after == position {
            return Ok(());
        }
        self.alarm_is_stale.set(true);
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
