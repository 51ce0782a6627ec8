//! The ledger: the one way to the CA. The intent is durable before the POST leaves, the outcome follows it, and
//! what was never heard of again is `unknown`.
//!
//! It is synchronous and does no I/O of its own: its host runs SQL for it, and calls the CA between
//! [`Ledger::begin`] and [`Ledger::finish`]. The host runs each of the two in one transaction.

mod answers;
mod attempt;
mod command;
mod history;
mod host;
mod schema;
mod state;

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

pub use attempt::Attempt;
pub use command::Revocation;
pub use host::{Host, HostError};
pub use schema::{OpenError, VERSION};
pub use state::State;

use self::attempt::Record;
use super::config::LedgerConfig;
use super::http_answer::{HttpAnswer, Problem};
use super::timestamp;
use crate::audit::{NO_HASH, chain};
use crate::protocol::{Answer, Credentials, Form, UnknownCause, form};
use crate::verdict::{Outcome, Verdict, verdict};

/// How long a call waits for its turn to reach the CA, in milliseconds, before it is answered `ca-busy`.
pub const MAX_WAIT_MS: u32 = 10_000;

/// The ledger of one CA account.
pub struct Ledger<H: Host> {
    host: H,
    config: LedgerConfig,
    /// Attempts whose call is under way in this very process. Any other `sending` row is a lost one.
    live: RefCell<BTreeSet<i64>>,
}

/// What to do with a revocation.
#[derive(Debug)]
pub enum Begun {
    /// Nothing is sent; answer so.
    Answer(HttpAnswer),
    /// The intent is written. Make it durable, send the form, and bring what came back to [`Ledger::finish`].
    Send(Box<Attempt>),
}

impl<H: Host> Ledger<H> {
    /// Opens the ledger. Calls that were under way when it was last closed are `unknown` from now on.
    pub fn open(host: H, config: LedgerConfig, fresh_id: &str) -> Result<Ledger<H>, OpenError> {
        schema::prepare(&host, fresh_id)?;
        let ledger = Ledger {
            host,
            config,
            live: RefCell::default(),
        };
        for record in ledger.records("state = 'sending' ORDER BY id", &[])? {
            ledger.interrupt(&record)?;
        }
        Ok(ledger)
    }

    /// How to call the CA.
    pub fn config(&self) -> &LedgerConfig {
        &self.config
    }

    /// The answer that a revocation gets without a call to the CA, if there is one already. Sends and writes nothing.
    pub fn settled(&self, revocation: &Revocation) -> Result<Option<HttpAnswer>, HostError> {
        if let Some(key) = &revocation.idempotency_key {
            let values = [revocation.actor.as_str().into(), key.as_str().into()];
            let found = self.records(
                "actor = ? AND idempotency_key = ? ORDER BY id DESC LIMIT 1",
                &values,
            )?;
            if let Some(answer) = found.first().and_then(|record| self.repeated(revocation, record)) {
                return Ok(Some(answer));
            }
        }
        if revocation.order.test() {
            return Ok(None);
        }
        let under_way =
            self.state(&revocation.identity)? == State::Sending && self.is_live(&revocation.identity)?;
        Ok(under_way.then(|| answers::in_progress(revocation)))
    }

    /// Writes the intent to revoke, unless the ledger already has the answer.
    pub fn begin(&self, revocation: &Revocation) -> Result<Begun, HostError> {
        if let Some(answer) = self.settled(revocation)? {
            return Ok(Begun::Answer(answer));
        }
        let now = self.host.now();
        let test = revocation.order.test();
        let prior_state = match self.state(&revocation.identity)? {
            // Not live, or `settled` would have answered: its process went down, or could not write.
            State::Sending if !test => self.interrupt_all(&revocation.identity)?,
            state => state,
        };
        let intent_seq = self.audit(revocation.audit_members("intent"), now)?;
        let rows = self.host.sql(
            "INSERT INTO attempts (identity, prior_state, test, order_text, actor, person, instance, idempotency_key, \
             fingerprint, state, started_at, intent_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?) RETURNING id",
            &[
                revocation.identity.as_str().into(),
                prior_state.name().into(),
                i64::from(test).into(),
                revocation.order_text.as_str().into(),
                revocation.actor.as_str().into(),
                revocation.person.as_str().into(),
                revocation.instance.as_str().into(),
                revocation.idempotency_key.clone().into(),
                revocation.fingerprint.as_str().into(),
                now.into(),
                intent_seq.into(),
            ],
        )?;
        let id = rows
            .first()
            .and_then(|row| row.first())
            .and_then(Value::as_i64)
            .ok_or(HostError)?;
        if !test {
            self.set_state(&revocation.identity, State::Sending, now)?;
        }
        self.live.borrow_mut().insert(id);
        Ok(Begun::Send(Box::new(Attempt {
            id,
            intent_seq,
            prior_state,
            revocation: revocation.clone(),
        })))
    }

    /// The form that an attempt sends. Wiped when dropped.
    pub fn form(&self, attempt: &Attempt, credentials: &Credentials) -> Form {
        form(
            &attempt
                .revocation
                .order
                .clone()
                .with_account_id(self.config.account_id),
            credentials,
        )
    }

    /// Writes what came of an attempt, and gives the caller's answer.
    pub fn finish(&self, attempt: &Attempt, answer: &Answer) -> Result<HttpAnswer, HostError> {
        let revocation = &attempt.revocation;
        let test = revocation.order.test();
        let now = self.host.now();
        let state = state_of(answer, test);
        let cause = match answer {
            Answer::Unknown(unknown) => Some(unknown.cause().text()),
            _ => None,
        };
        let mut members = revocation.audit_members("outcome");
        put_outcome(&mut members, state, answer.code(), answer.message(), cause);
        members.insert("intentSeq".into(), attempt.intent_seq.into());
        let outcome_seq = self.audit(members, now)?;
        self.host.sql(
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
        if !test {
            self.set_state(&revocation.identity, attempt.prior_state.after(state), now)?;
        }
        Ok(answers::finished(attempt, answer, outcome_seq))
    }

    /// Lets go of an attempt, whatever came of it. One that is let go of without its outcome written is `unknown`.
    pub fn release(&self, attempt: &Attempt) {
        self.live.borrow_mut().remove(&attempt.id);
    }

    /// The answer to a call that found no turn to reach the CA within [`MAX_WAIT_MS`].
    pub fn no_turn(&self, revocation: &Revocation) -> HttpAnswer {
        answers::no_turn(revocation)
    }

    /// The answer when the ledger could not be read or written, before anything was sent.
    pub fn not_begun(&self, revocation: &Revocation) -> HttpAnswer {
        answers::not_begun(revocation)
    }

    /// The answer when the outcome of an attempt could not be written: not known, whatever the CA said.
    pub fn not_written(&self, attempt: &Attempt) -> HttpAnswer {
        answers::not_written(attempt)
    }

    /// All that the ledger knows of an order number.
    pub fn order(&self, order_number: &str, instance: &str) -> Result<HttpAnswer, HostError> {
        // Identities begin with the number and a slash; `0` is the character after the slash.
        let bounds = [
            [order_number, "/"].concat().into(),
            [order_number, "0"].concat().into(),
        ];
        let records = self.records("identity >= ? AND identity < ? ORDER BY id", &bounds)?;
        if records.is_empty() {
            return Ok(Problem::unknown_order().answer(instance));
        }
        let rows = self.host.sql(
            "SELECT identity, state FROM orders WHERE identity >= ? AND identity < ?",
            &bounds,
        )?;
        let mut state: Option<State> = None;
        for row in rows {
            let [Value::String(identity), Value::String(name)] = row.as_slice() else {
                return Err(HostError);
            };
            let known = match State::from_name(name) {
                State::Sending if !self.is_live(identity)? => State::Unknown,
                known => known,
            };
            state = Some(state.map_or(known, |it| it.more_careful(known)));
        }
        let live = self.live.borrow();
        Ok(history::answer(
            order_number,
            state.unwrap_or(State::Pending),
            &records,
            &live,
        ))
    }

    /// The answer that a repeated idempotency key gets, unless the call is to be tried again.
    fn repeated(&self, revocation: &Revocation, record: &Record) -> Option<HttpAnswer> {
        if record.fingerprint != revocation.fingerprint {
            return Some(answers::idempotency_mismatch(revocation));
        }
        match record.state {
            State::Sending if self.live.borrow().contains(&record.id) => Some(answers::same_call(revocation)),
            // Not frozen: nothing is known, or the CA asked to come again.
            State::Sending | State::Unknown => None,
            State::Refused if record.error_code == Some(-42) => None,
            _ => Some(answers::replayed(revocation, record)),
        }
    }

    fn state(&self, identity: &str) -> Result<State, HostError> {
        let rows = self
            .host
            .sql("SELECT state FROM orders WHERE identity = ?", &[identity.into()])?;
        Ok(
            match rows.first().and_then(|row| row.first()).and_then(Value::as_str) {
                Some(name) => State::from_name(name),
                None => State::Pending,
            },
        )
    }

    fn set_state(&self, identity: &str, state: State, now: i64) -> Result<(), HostError> {
        self.host.sql(
            "INSERT INTO orders (identity, state, updated_at) VALUES (?, ?, ?) \
             ON CONFLICT (identity) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at",
            &[identity.into(), state.name().into(), now.into()],
        )?;
        Ok(())
    }

    fn sending(&self, identity: &str) -> Result<Vec<Record>, HostError> {
        self.records(
            "identity = ? AND state = 'sending' AND test = 0 ORDER BY id",
            &[identity.into()],
        )
    }

    fn is_live(&self, identity: &str) -> Result<bool, HostError> {
        let sending = self.sending(identity)?;
        Ok(sending
            .iter()
            .any(|record| self.live.borrow().contains(&record.id)))
    }

    fn interrupt_all(&self, identity: &str) -> Result<State, HostError> {
        for record in self.sending(identity)? {
            self.interrupt(&record)?;
        }
        Ok(State::Unknown)
    }

    /// Ends an attempt that nobody will ever hear of again.
    fn interrupt(&self, record: &Record) -> Result<(), HostError> {
        let now = self.host.now();
        let cause = UnknownCause::Interrupted.text();
        let mut members = record.audit_members("outcome");
        put_outcome(&mut members, State::Unknown, None, None, Some(cause));
        members.insert("intentSeq".into(), record.intent_seq.into());
        let outcome_seq = self.audit(members, now)?;
        self.host.sql(
            "UPDATE attempts SET state = 'unknown', detail = ?, ended_at = ?, outcome_seq = ? WHERE id = ?",
            &[cause.into(), now.into(), outcome_seq.into(), record.id.into()],
        )?;
        if !record.test {
            self.set_state(&record.identity, State::Unknown, now)
        } else {
            Ok(())
        }
    }

    /// Adds an entry to the audit log and gives its number.
    fn audit(&self, mut members: Map<String, Value>, now: i64) -> Result<u64, HostError> {
        members.insert("time".into(), timestamp::text(now).into());
        let rows = self
            .host
            .sql("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", &[])?;
        let (seq, hash) = match rows.first().map(Vec::as_slice) {
            Some([seq, Value::String(hash)]) => (seq.as_u64().ok_or(HostError)? + 1, hash.as_str()),
            Some(_) => return Err(HostError),
            None => (1, NO_HASH),
        };
        let entry = chain(members, seq, hash);
        self.host.sql(
            "INSERT INTO audit (seq, hash, entry) VALUES (?, ?, ?)",
            &[entry.seq.into(), entry.hash.into(), entry.text.into()],
        )?;
        Ok(seq)
    }

    fn records(&self, condition: &str, values: &[Value]) -> Result<Vec<Record>, HostError> {
        let statement = ["SELECT ", attempt::COLUMNS, " FROM attempts WHERE ", condition].concat();
        self.host
            .sql(&statement, values)?
            .into_iter()
            .map(|row| Record::read(row).ok_or(HostError))
            .collect()
    }
}

fn state_of(answer: &Answer, test: bool) -> State {
    match verdict(answer, test) {
        Verdict::Done(Outcome::Revoked) => State::Revoked,
        Verdict::Done(Outcome::AlreadyRevoked) => State::AlreadyRevoked,
        Verdict::Done(Outcome::AlreadyRejected) => State::AlreadyRejected,
        Verdict::Done(Outcome::Tested) => State::Tested,
        Verdict::Failed(crate::problem::Kind::UnknownOutcome) => State::Unknown,
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
    ];
    for (name, value) in optional.into_iter().chain([("detail", cause.map(Value::from))]) {
        if let Some(value) = value {
            members.insert(name.into(), value);
        }
    }
}
