//! The ledger: the one way to the CA. The intent is durable before the POST leaves, the outcome follows it, and
//! what was never heard of again is `unknown` until it is settled.
//!
//! It is synchronous and does no I/O of its own: its host runs SQL for it, and calls the CA between
//! [`Ledger::begin`] and [`Ledger::finish`]. The host runs each of its steps in one transaction.
//!
//! | module | what lives there |
//! |---|---|
//! | `state`, `settling` | where an order stands, and what is done about an unknown outcome |
//! | `command`, `attempt` | a call that may be made, and one that was |
//! | `jobs` | thousands of orders under one plan |
//! | `breaker`, `limits`, `pace`, `working` | what keeps a call from being made |
//! | `answers`, `history`, `metrics` | what is told |
//! | `audit_log`, `refusals`, `changes` | what is written to the audit log |
//! | `witness` | whether this ledger is as new as it has been seen before |
//! | `host`, `schema` | what it needs from its host, and its tables |

mod answers;
mod attempt;
mod audit_log;
mod breaker;
mod calls;
mod changes;
mod command;
mod history;
mod host;
mod jobs;
mod limits;
mod metrics;
mod pace;
mod refusals;
mod schema;
mod settle;
mod settling;
mod state;
mod witness;
mod working;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub use attempt::Attempt;
pub use calls::Begun;
pub use command::{Purpose, Revocation};
pub use host::{Host, HostError};
pub use jobs::{JobCall, JobRow, JobState, Reported, RowOutcome, report_answer};
pub use schema::{OpenError, VERSION};
pub use settle::{MAX_CALLS, Settlement};
pub use state::State;

use self::attempt::Record;
use self::breaker::{Breaker, Position};
use self::command::Asker;
use self::jobs::Waits;
use self::limits::Usages;
use self::pace::Pace;
use self::refusals::Refusal;
use self::settling::Standing;
use self::working::Working;
use super::config::LedgerConfig;
use super::http_answer::{HttpAnswer, Problem};

/// How long a call waits for its turn to reach the CA, in milliseconds, before it is answered `ca-busy`.
pub const MAX_WAIT_MS: u32 = 10_000;

/// The ledger of one CA account.
pub struct Ledger<H: Host> {
    host: H,
    config: LedgerConfig,
    /// Attempts whose call is under way in this very process. Any other `sending` row is a lost one.
    live: RefCell<BTreeSet<i64>>,
    /// Calls that wait for their turn or are under way.
    working: RefCell<Working>,
    /// How much everyone has asked for lately; nothing as long as nobody had to know.
    usages: RefCell<Option<Usages>>,
    breaker: RefCell<Breaker>,
    /// The attempt that half-open lets through.
    trial: Cell<Option<i64>>,
    /// An attempt whose answer says that no other call should leave now, as long as that is not written.
    warning: Cell<Option<i64>>,
    /// How fast jobs and settling may go.
    pace: RefCell<Pace>,
    /// Which jobs have to wait, and whose turn it is.
    job_waits: RefCell<Waits>,
    /// Where the audit log ends, as far as is known.
    log_end: Cell<Option<audit_log::End>>,
    /// Whether something may have to be done sooner than the alarm rings.
    alarm_is_stale: Cell<bool>,
}

impl<H: Host> Ledger<H> {
    /// Opens the ledger. Calls that were under way when it was last closed are `unknown` from now on.
    pub fn open(host: H, config: LedgerConfig, fresh_id: &str) -> Result<Ledger<H>, OpenError> {
        let found = schema::prepare(&host, fresh_id)?;
        let breaker = read_breaker(&host)?;
        let pace = Pace::begun(config.max_connections);
        let ledger = Ledger {
            host,
            config,
            live: RefCell::default(),
            working: RefCell::default(),
            usages: RefCell::default(),
            breaker: RefCell::new(breaker),
            trial: Cell::default(),
            warning: Cell::default(),
            pace: RefCell::new(pace),
            job_waits: RefCell::default(),
            log_end: Cell::default(),
            alarm_is_stale: Cell::new(true),
        };
        let now = ledger.host.now();
        if found < VERSION {
            ledger.note_opening(found, now)?;
        }
        changes::note(&ledger.host, &ledger.config, now)?;
        ledger.interrupt_lost()?;
        ledger.try_changed_credentials(now)?;
        Ok(ledger)
    }

    /// How to call the CA.
    pub fn config(&self) -> &LedgerConfig {
        &self.config
    }

    /// All that the ledger knows of an order number.
    pub fn order(&self, order_number: &str, instance: &str) -> Result<HttpAnswer, HostError> {
        let (records, omitted) = self.newest_calls(order_number)?;
        if records.is_empty() {
            return Ok(Problem::unknown_order().answer(instance));
        }
        let (mut state, mut settled): (Option<State>, bool) = (None, false);
        for (identity, standing) in self.standings(order_number)? {
            let known = match standing.state {
                State::Sending if !self.is_live(&identity)? => State::Unknown,
                known => known,
            };
            settled |= standing.settled;
            state = Some(state.map_or(known, |it| it.more_careful(known)));
        }
        Ok(history::answer(
            order_number,
            state.unwrap_or(State::Pending),
            settled,
            &records,
            omitted,
            &self.live.borrow(),
        ))
    }

    /// Notes that a known caller was refused; the command is the front's.
    pub fn refused(&self, command: &Value) -> Result<(), HostError> {
        let text = |name: &str| command.get(name).and_then(Value::as_str);
        let by = Asker::read(command).ok_or(HostError)?;
        let refusal = Refusal {
            action: text("action").ok_or(HostError)?,
            reason: text("reason").ok_or(HostError)?,
            order_number: text("orderNumber"),
        };
        self.alarm_is_stale.set(true);
        refusals::note(&self.host, &by, &refusal, self.host.now())
    }

    /// Entries of the audit log; the command says after which, how many, and whether one a line.
    pub fn audit(&self, with: &Value) -> Result<HttpAnswer, HostError> {
        let number = |name: &str| with.get(name).and_then(Value::as_u64).ok_or(HostError);
        let lines = with.get("lines") == Some(&Value::Bool(true));
        audit_log::page(&self.host, number("after")?, number("limit")?, lines)
    }

    /// The head of the audit log, to be signed over its RFC 8785 form.
    pub fn head(&self) -> Result<Map<String, Value>, HostError> {
        audit_log::head(&self.host, &self.config.kid, self.host.now())
    }

    /// Where the breaker stands.
    pub fn breaker(&self) -> HttpAnswer {
        HttpAnswer::ok(&self.breaker.borrow().answer())
    }

    /// Lets a single call through an open breaker; the command says who asks.
    pub fn resume_breaker(&self, command: &Value) -> Result<HttpAnswer, HostError> {
        let by = Asker::read(command).ok_or(HostError)?;
        let now = self.host.now();
        self.alarm_is_stale.set(true);
        let mut members = by.audit_members("resume-breaker", "outcome");
        let found = self.breaker.borrow().position;
        if found == Position::Open {
            self.move_breaker(Position::HalfOpen, now)?;
        }
        members.insert("priorState".into(), found.name().into());
        members.insert("state".into(), self.breaker.borrow().position.name().into());
        self.log(members, now)?;
        Ok(self.breaker())
    }

    /// The ledger's metrics, after those of the front.
    pub fn metrics(&self, front: &str) -> Result<HttpAnswer, HostError> {
        let now = metrics::Now {
            breaker: self.breaker.borrow().position.name(),
            under_way: self.live.borrow().len(),
            audit_seq: audit_log::end(&self.host)?.seq,
            jobs: self.job_figures(self.host.now())?,
        };
        let body = front.to_owned() + &metrics::text(&self.host, &now)?;
        Ok(HttpAnswer::of("text/plain; version=0.0.4; charset=utf-8", body))
    }

    /// The first entry of a new ledger, or the one that says that its tables were brought up to date.
    fn note_opening(&self, found: i64, now: i64) -> Result<(), HostError> {
        let head = audit_log::head(&self.host, &self.config.kid, now)?;
        let action = if found == 0 { "open" } else { "migrate" };
        let mut members = Asker::edge("").audit_members(action, "outcome");
        members.remove("instance");
        members.insert("version".into(), VERSION.into());
        if found > 0 {
            members.insert("priorVersion".into(), found.into());
        }
        if let Some(id) = head.get("ledger") {
            members.insert("ledger".into(), id.clone());
        }
        self.log(members, now)?;
        Ok(())
    }

    /// After the CA refused the login, other credentials get their chance.
    fn try_changed_credentials(&self, now: i64) -> Result<(), HostError> {
        let breaker = self.breaker.borrow().clone();
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
                let before = self.breaker.borrow();
                (before.reason.clone(), before.credentials.clone())
            }
            Position::Open => (Some(breaker::LOGIN_REFUSED.to_owned()), self.credentials()),
        };
        let moved = Breaker {
            position,
            since: now,
            reason,
            credentials,
        };
        self.host.execute(
            "UPDATE breaker SET state = ?, since = ?, reason = ?, credentials = ?",
            &[
                moved.position.name().into(),
                moved.since.into(),
                moved.reason.clone().into(),
                moved.credentials.clone().into(),
            ],
        )?;
        *self.breaker.borrow_mut() = moved;
        Ok(())
    }

    fn note_breaker(&self, why: &str, now: i64) -> Result<(), HostError> {
        let mut members = Asker::edge("").audit_members("breaker", "outcome");
        members.remove("instance");
        members.insert("state".into(), self.breaker.borrow().position.name().into());
        members.insert("reason".into(), why.into());
        self.log(members, now)?;
        Ok(())
    }

    fn standing(&self, identity: &str) -> Result<Standing, HostError> {
        let statement = ["SELECT ", settling::COLUMNS, " FROM orders WHERE identity = ?"].concat();
        match self.host.sql(&statement, &[identity.into()])?.first() {
            Some(row) => Standing::read(row).ok_or(HostError),
            None => Ok(Standing::known(State::Pending)),
        }
    }

    /// Where all the orders with this number stand, by identity.
    fn standings(&self, order_number: &str) -> Result<Vec<(String, Standing)>, HostError> {
        let condition = " FROM orders WHERE identity >= ? AND identity < ? ORDER BY identity";
        let statement = ["SELECT identity, ", settling::COLUMNS, condition].concat();
        self.identified(&statement, &numbered(order_number))
    }

    fn identified(&self, statement: &str, values: &[Value]) -> Result<Vec<(String, Standing)>, HostError> {
        self.host
            .sql(statement, values)?
            .into_iter()
            .map(|row| match row.split_first() {
                Some((Value::String(identity), rest)) => {
                    Ok((identity.clone(), Standing::read(rest).ok_or(HostError)?))
                }
                _ => Err(HostError),
            })
            .collect()
    }

    fn put_standing(&self, identity: &str, standing: &Standing, now: i64) -> Result<(), HostError> {
        let statement = [
            "INSERT INTO orders (identity, updated_at, ",
            settling::COLUMNS,
            ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET (updated_at, ",
            settling::COLUMNS,
            ") = (excluded.updated_at, excluded.",
            &settling::COLUMNS.replace(", ", ", excluded."),
            ")",
        ]
        .concat();
        let mut values: Vec<Value> = vec![identity.into(), now.into()];
        values.extend(standing.values());
        self.host.execute(&statement, &values)?;
        if standing.state == State::Unknown {
            self.alarm_is_stale.set(true);
        }
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

    fn records(&self, condition: &str, values: &[Value]) -> Result<Vec<Record>, HostError> {
        let statement = ["SELECT ", attempt::COLUMNS, " FROM attempts WHERE ", condition].concat();
        self.host
            .sql(&statement, values)?
            .into_iter()
            .map(|row| Record::read(row).ok_or(HostError))
            .collect()
    }
}

/// Between which identities all orders with this number are: they begin with it and a slash, and `0` comes after that.
fn numbered(order_number: &str) -> [Value; 2] {
    [
        [order_number, "/"].concat().into(),
        [order_number, "0"].concat().into(),
    ]
}

fn read_breaker(host: &impl Host) -> Result<Breaker, HostError> {
    let rows = host.sql("SELECT state, since, reason, credentials FROM breaker", &[])?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match rows.first().map(Vec::as_slice) {
        Some([state, since, reason, credentials]) => Ok(Breaker {
            position: Position::from_name(state.as_str().unwrap_or_default()),
            since: since.as_i64().ok_or(HostError)?,
            reason: text(reason),
            credentials: text(credentials),
        }),
        _ => Err(HostError),
    }
}
