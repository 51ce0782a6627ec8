//! The ledger: the one way to the CA. An intent is on disk before its POST leaves, and the outcome is written when it is
//! known. A call without an outcome is `unknown` until it is settled.
//!
//! It is synchronous and does no I/O of its own: its host runs SQL for it, and calls the CA between
//! [`Ledger::begin`] and [`Ledger::finish`]. The host runs each step in one transaction.
//!
//! | module | what lives there |
//! |---|---|
//! | `state`, `order_status` | the states of an order, and when an unknown outcome is probed or sent again |
//! | `settle` | settling unknown outcomes, and the alarm |
//! | `revocation`, `attempt` | a call as it is asked for, and as it is stored |
//! | `lifecycle`, `replay` | a call from intent to outcome, and one that has its answer already |
//! | `may_have_acted` | whether the CA may have acted: the one place that decides it |
//! | `jobs` | thousands of orders under one plan |
//! | `call_queue` | which call goes to the CA next |
//! | `admission`, `breaker`, `limits`, `pace`, `in_flight` | why a call is not made now |
//! | `answers`, `history`, `order_list`, `metrics` | what callers see |
//! | `audit_log`, `refusals`, `changes` | what is written to the audit log |
//! | `high_water_mark` | rollback detection: whether this ledger is older than it was before |
//! | `host`, `schema` | what it needs from its host, and its tables |

mod admission;
mod answers;
mod attempt;
mod audit_log;
mod breaker;
mod call_queue;
mod changes;
mod high_water_mark;
mod history;
mod host;
mod in_flight;
mod jobs;
mod lifecycle;
mod limits;
mod may_have_acted;
mod metrics;
mod order_list;
mod order_status;
mod pace;
mod refusals;
mod replay;
mod revocation;
mod schema;
mod settle;
mod state;

use std::cell::{Cell, RefCell, RefMut};

use serde_json::Value;

pub use attempt::{Attempt, Begun};
pub use call_queue::{Admissions, CallQueue, Class, Ticket};
pub use host::{Host, HostError};
pub use jobs::{JobState, Reported, RowOutcome, report_answer};
pub use revocation::{JobRow, Purpose, Revocation};
pub use schema::{OpenError, VERSION};
pub use settle::{MAX_CALLS, Settlement};
pub use state::State;

use self::attempt::Record;
use self::breaker::Breaker;
use self::host::Typed;
use self::in_flight::InFlight;
use self::jobs::Waits;
use self::limits::Usages;
use self::order_status::{OrderStatus, Resends};
use self::pace::Pace;
use super::command::{Asker, ListEntries, Refused};
use super::config::LedgerConfig;
use super::http_answer::{HttpAnswer, Problem};
use crate::api::audit::UnsignedHead;

/// How long a call waits for a connection to the CA, in milliseconds, before it is answered `ca-busy`.
pub const MAX_WAIT_MS: u32 = 10_000;

/// The ledger of one CA account.
pub struct Ledger<H: Host> {
    host: H,
    config: LedgerConfig,
    /// Calls that wait for a slot or are in flight.
    in_flight: RefCell<InFlight>,
    /// Who may call the CA next.
    queue: RefCell<CallQueue>,
    /// How much each caller has asked for lately; read when first needed.
    usages: RefCell<Option<Usages>>,
    /// A cache of the breaker's table.
    breaker: RefCell<Option<Breaker>>,
    /// The trial: the one attempt that a half-open breaker lets through.
    trial: Cell<Option<i64>>,
    /// When the breaker changed last, and the newest attempt that was in flight then.
    moved: Cell<(i64, i64)>,
    /// How fast jobs and settling may go.
    pace: RefCell<Pace>,
    /// The same as it was before the open transaction.
    pace_before: Cell<Option<Pace>>,
    /// Which jobs have to wait, and which one sends next.
    job_waits: RefCell<Waits>,
    /// A cache of where the audit log ends.
    log_end: Cell<Option<audit_log::End>>,
    /// Whether something may be due before the alarm that is set.
    alarm_is_stale: Cell<bool>,
    /// When nothing was due, unless something has changed since.
    idle_at: Cell<Option<i64>>,
    /// Whether the ledger has recovered from what the last process left.
    recovered: Cell<bool>,
}

impl<H: Host> Ledger<H> {
    /// Opens the ledger. It writes only where the tables are not up to date, so that a ledger that takes no writes can still be
    /// read; [`Ledger::recover`] does the rest.
    pub fn open(host: H, config: LedgerConfig, fresh_id: &str) -> Result<Ledger<H>, OpenError> {
        let found = schema::prepare(&host, fresh_id)?;
        let pace = Pace::begun(config.max_connections);
        let queue = CallQueue::new(config.max_connections, config.max_per_second);
        let ledger = Ledger {
            host,
            config,
            in_flight: RefCell::default(),
            queue: RefCell::new(queue),
            usages: RefCell::default(),
            breaker: RefCell::default(),
            trial: Cell::default(),
            moved: Cell::default(),
            pace: RefCell::new(pace),
            pace_before: Cell::default(),
            job_waits: RefCell::default(),
            log_end: Cell::default(),
            alarm_is_stale: Cell::new(true),
            idle_at: Cell::default(),
            recovered: Cell::default(),
        };
        if found < VERSION {
            ledger.note_opening(found, ledger.host.now())?;
        }
        Ok(ledger)
    }

    /// Recovers from what the last process left, once: notes a changed configuration, and makes calls `unknown` that were in
    /// flight. No call begins before that is written.
    pub fn recover(&self) -> Result<(), HostError> {
        if self.recovered.get() {
            return Ok(());
        }
        let now = self.host.now();
        changes::note(&self.host, &self.config, now)?;
        self.interrupt_lost()?;
        self.try_changed_credentials(now)?;
        self.recovered.set(true);
        Ok(())
    }

    /// A transaction was committed.
    pub fn committed(&self) {
        self.pace_before.set(None);
    }

    /// A transaction was rolled back: memory follows, and every cache of the tables is dropped.
    pub fn rolled_back(&self) {
        if let Some(before) = self.pace_before.take() {
            self.pace.replace(before);
        }
        self.recovered.set(false);
        self.usages.take();
        self.breaker.take();
        self.job_waits.take();
        self.log_end.take();
        self.reschedule();
    }

    /// Something has changed: the next alarm is computed anew.
    fn reschedule(&self) {
        self.alarm_is_stale.set(true);
        self.idle_at.set(None);
    }

    /// Changes the pace; a rollback of the transaction undoes it.
    fn change_pace<T>(&self, change: impl FnOnce(&mut Pace) -> T) -> T {
        let mut pace = self.pace.borrow_mut();
        let before = self.pace_before.get().unwrap_or(*pace);
        self.pace_before.set(Some(before));
        change(&mut pace)
    }

    /// Who may call the CA next.
    pub fn queue(&self) -> RefMut<'_, CallQueue> {
        self.queue.borrow_mut()
    }

    /// A place in that queue for a call that waits from now on.
    pub fn join_queue(&self, class: Class) -> Ticket {
        let now = self.host.now();
        self.queue().join(class, now)
    }

    /// Counts calls that an earlier instance of this process has left in flight.
    pub fn take_over(&self, in_flight: usize) {
        let now = self.host.now();
        self.queue().take_over(in_flight, now);
    }

    /// Who may call the CA now.
    pub fn admit(&self) -> Admissions {
        let now = self.host.now();
        self.queue().admit(now)
    }

    /// How to call the CA.
    pub fn config(&self) -> &LedgerConfig {
        &self.config
    }

    /// All that the ledger knows of what is named by this text.
    pub fn order(&self, name: &str, instance: &str) -> Result<HttpAnswer, HostError> {
        let (records, omitted) = self.newest_calls(name)?;
        if records.is_empty() {
            return Ok(Problem::unknown_order().answer(instance));
        }
        let mut shown: Option<(String, OrderStatus)> = None;
        for (identity, status) in self.order_statuses(name)? {
            let status = self.as_shown(&identity, status)?;
            // Several products may share the name: the status that needs the most care counts.
            shown = Some(match shown {
                Some(shown) if shown.1.state.more_careful(status.state) == shown.1.state => shown,
                _ => (identity, status),
            });
        }
        let (identity, status) = shown.unwrap_or_else(|| (String::new(), OrderStatus::known(State::Pending)));
        Ok(history::answer(
            name,
            self.about(&records)?,
            &status,
            self.times(&identity, &status)?,
            &records,
            omitted,
            &self.in_flight.borrow().attempts,
        ))
    }

    /// Notes that a known caller was refused.
    pub fn refused(&self, by: &Asker, refused: &Refused) -> Result<(), HostError> {
        self.reschedule();
        refusals::note(&self.host, by, refused, self.host.now())
    }

    /// Entries of the audit log, as one document or one a line.
    pub fn audit(&self, command: &ListEntries) -> Result<HttpAnswer, HostError> {
        audit_log::page(&self.host, command)
    }

    /// The head of the audit log, to be signed over its RFC 8785 form.
    pub fn head(&self) -> Result<UnsignedHead, HostError> {
        audit_log::head(&self.host, &self.config.kid, self.host.now())
    }

    /// The ledger's metrics, after those of the front.
    pub fn metrics(&self, front: &str) -> Result<HttpAnswer, HostError> {
        let now = metrics::Now {
            breaker: self.breaker_position()?.name(),
            in_flight: self.in_flight.borrow().attempts.len(),
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
        members.insert("ledger".into(), head.ledger.into());
        self.log(members, now)?;
        Ok(())
    }

    fn order_status(&self, identity: &str) -> Result<OrderStatus, HostError> {
        let statement = [
            "SELECT ",
            order_status::COLUMNS,
            " FROM orders WHERE identity = ?",
        ]
        .concat();
        let found = self.host.row(&statement, &[identity.into()])?;
        Ok(found.unwrap_or_else(|| OrderStatus::known(State::Pending)))
    }

    /// Where all the orders with this name stand, by identity.
    fn order_statuses(&self, name: &str) -> Result<Vec<(String, OrderStatus)>, HostError> {
        let condition = " FROM orders WHERE identity >= ? AND identity < ? ORDER BY identity";
        let statement = ["SELECT identity, ", order_status::COLUMNS, condition].concat();
        self.identified(&statement, &named(name))
    }

    fn identified(&self, statement: &str, values: &[Value]) -> Result<Vec<(String, OrderStatus)>, HostError> {
        self.host
            .sql(statement, values)?
            .into_iter()
            .map(|mut row| match row.remove(0) {
                Value::String(identity) => Ok((identity, host::read(row).ok_or(HostError)?)),
                _ => Err(HostError),
            })
            .collect()
    }

    /// `call`: the real call that begins now, if one does.
    fn put_order_status(
        &self,
        identity: &str,
        status: &OrderStatus,
        call: Option<i64>,
        now: i64,
    ) -> Result<(), HostError> {
        let mut values: Vec<Value> = vec![identity.into(), now.into(), call.into()];
        values.extend(status.values());
        self.host.execute(order_status::WRITE, &values)?;
        if status.state == State::Unknown {
            self.reschedule();
        }
        Ok(())
    }

    fn sending(&self, identity: &str) -> Result<Vec<Record>, HostError> {
        self.records(
            "identity = ? AND state = 'sending' AND test = 0 ORDER BY id",
            &[identity.into()],
        )
    }

    fn is_in_flight(&self, identity: &str) -> Result<bool, HostError> {
        let sending = self.sending(identity)?;
        Ok(sending
            .iter()
            .any(|record| self.in_flight.borrow().attempts.contains(&record.id)))
    }

    fn records(&self, condition: &str, values: &[Value]) -> Result<Vec<Record>, HostError> {
        self.host.rows(&attempt::select(condition), values)
    }

    /// The same without those that cannot be read.
    fn readable_records(&self, condition: &str, values: &[Value]) -> Result<Vec<Record>, HostError> {
        let rows = self.host.sql(&attempt::select(condition), values)?;
        Ok(rows.into_iter().filter_map(host::read).collect())
    }

    /// When an order may be sent again by itself: never if it was lost in a job that was stopped since, where a person decides.
    fn resends(&self, identity: &str) -> Result<Resends, HostError> {
        let stopped = self.host.sql(
            "SELECT 1 FROM job_orders JOIN jobs ON number = job WHERE identity = ? AND outcome = 'unknown' AND test = 0 \
             AND (state IN ('paused', 'cancelled') OR held = 1) LIMIT 1",
            &[identity.into()],
        )?;
        let window_ms = if stopped.is_empty() {
            self.config.resend_window_ms
        } else {
            0
        };
        Ok(Resends {
            timeout_ms: self.config.timeout_ms,
            window_ms,
        })
    }
}

/// The range of identities of a name: each begins with its text and a slash, and `0` follows the slash.
fn named(name: &str) -> [Value; 2] {
    [[name, "/"].concat().into(), [name, "0"].concat().into()]
}
