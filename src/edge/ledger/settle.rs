//! Finding out what became of orders with an unknown outcome: when a person asks, and by itself.

use serde_json::Value;

use super::Ledger;
use super::breaker::Position;
use super::command::{Asker, Purpose, Revocation};
use super::host::{Host, HostError};
use super::refusals;
use super::settling;
use super::state::State;
use crate::edge::http_answer::{HttpAnswer, Problem};
use crate::edge::json_order::order_from_json;
use crate::problem::Kind;

/// Calls in one run of what is done by itself: the platform allows 50 to an invocation.
pub const MAX_CALLS: usize = 40;
/// How many of them settle unknown outcomes while rows of jobs are due as well.
const SETTLING_CALLS: usize = 20;
/// An alarm is not set for sooner than this, in milliseconds from now.
const SHORTEST_ALARM_MS: i64 = 250;
/// An alarm that did not ring this long after its time is not counted on any more, in milliseconds.
const OVERDUE_ALARM_MS: i64 = 5_000;
/// How much longer than a call may take an alarm waits, which is there in case that the process goes down meanwhile.
const CRASH_ALARM_MS: i64 = 1_000;

/// What to do when a person asks to settle an order.
#[derive(Debug)]
pub enum Settlement {
    /// Answer so.
    Answer(HttpAnswer),
    /// Make these calls, and answer with what is known of the order then.
    Calls(Vec<Revocation>),
}

impl<H: Host> Ledger<H> {
    /// Settles all orders with a number; the command says which, whether to send again, and who asks.
    pub fn settle(&self, command: &Value) -> Result<Settlement, HostError> {
        let by = Asker::read(command).ok_or(HostError)?;
        let number = command
            .get("orderNumber")
            .and_then(Value::as_str)
            .ok_or(HostError)?;
        let resend = command.get("resend") == Some(&Value::Bool(true));
        let purpose = if resend { Purpose::Resend } else { Purpose::Probe };
        let mut calls = Vec::new();
        for (identity, standing) in self.standings(number)? {
            match standing.state {
                State::Sending if self.is_live(&identity)? => {
                    let words = "This order is being worked on by another call. Look at it again when that has ended.";
                    let problem = Problem::new(Kind::InProgress, words).with("orderNumber", number);
                    return Ok(Settlement::Answer(problem.answer(&by.instance)));
                }
                State::Sending => {
                    for record in self.sending(&identity)? {
                        self.interrupt(&record)?;
                    }
                }
                State::Unknown => {}
                _ => continue,
            }
            calls.push(self.again(&identity, by.clone(), purpose)?);
        }
        if calls.is_empty() {
            return Ok(Settlement::Answer(self.order(number, &by.instance)?));
        }
        Ok(Settlement::Calls(calls))
    }

    /// The calls that are to be made now although nobody asks. Refusals whose time has come are written, too.
    pub fn due(&self) -> Result<Vec<Revocation>, HostError> {
        let now = self.host.now();
        self.alarm_is_stale.set(true);
        refusals::flush(&self.host, now)?;
        self.interrupt_lost()?;
        self.expire_jobs(now)?;
        self.sweep(now)?;
        let limit = match self.breaker.borrow().position {
            Position::Open => return Ok(Vec::new()),
            Position::HalfOpen => 1,
            Position::Closed if self.jobs_due_at()?.is_some_and(|at| at <= now) => SETTLING_CALLS,
            Position::Closed => MAX_CALLS,
        };
        if now < self.pace.borrow().busy_until() {
            return Ok(Vec::new());
        }
        let condition = " FROM orders WHERE state = 'unknown' AND settle_at <= ? ORDER BY settle_at LIMIT ?";
        let statement = ["SELECT identity, ", settling::COLUMNS, condition].concat();
        let mut calls = Vec::new();
        for (identity, standing) in self.identified(&statement, &[now.into(), limit.into()])? {
            if let Some(purpose) = standing.due(now, &self.config) {
                calls.push(self.again(&identity, Asker::edge(""), purpose)?);
            }
        }
        Ok(calls)
    }

    /// Ends attempts that are not under way and have no outcome: their process went down, or could not write it.
    pub(super) fn interrupt_lost(&self) -> Result<(), HostError> {
        for record in self.records("state = 'sending' ORDER BY id", &[])? {
            let under_way = self.live.borrow().contains(&record.id);
            if !under_way {
                self.interrupt(&record)?;
            }
        }
        Ok(())
    }

    /// When [`Ledger::due`] is to be asked, in milliseconds since 1970; nothing when there is no need, or the alarm
    /// that is set already (`armed`) rings soon enough.
    pub fn next_alarm(&self, armed: Option<i64>) -> Result<Option<i64>, HostError> {
        let now = self.host.now();
        // One whose time has just come rings in a moment.
        let armed = armed.filter(|at| *at > now - OVERDUE_ALARM_MS);
        let crash = now + i64::from(self.config.timeout_ms) + CRASH_ALARM_MS;
        let under_way = !self.live.borrow().is_empty();
        let covered = armed.is_some_and(|at| !under_way || at <= crash);
        if !self.alarm_is_stale.replace(false) && covered {
            return Ok(None);
        }
        let mut times = Vec::new();
        times.extend(refusals::due_at(&self.host)?);
        if self.breaker.borrow().position != Position::Open {
            let rows = self
                .host
                .sql("SELECT MIN(settle_at) FROM orders WHERE state = 'unknown'", &[])?;
            let settle_at = rows.first().and_then(|row| row.first()).and_then(Value::as_i64);
            times.extend(settle_at.map(|at| at.max(self.pace.borrow().busy_until())));
        }
        if under_way {
            times.push(crash);
        }
        let soonest = times.into_iter().min().map(|at| at.max(now + SHORTEST_ALARM_MS));
        // A slice of a job is followed by the next one at once.
        let of_jobs = self.jobs_due_at()?.map(|at| at.max(now));
        let soonest = soonest.into_iter().chain(of_jobs).min();
        Ok(soonest.filter(|at| armed.is_none_or(|armed| *at < armed)))
    }

    /// The order as it was last really sent, to be probed or sent again.
    fn again(&self, identity: &str, mut by: Asker, purpose: Purpose) -> Result<Revocation, HostError> {
        let records = self.records(
            "identity = ? AND test = 0 ORDER BY id DESC LIMIT 1",
            &[identity.into()],
        )?;
        let record = records.first().ok_or(HostError)?;
        if by.instance.is_empty() {
            by.instance = record.instance.clone();
        }
        let Ok(Value::Object(mut members)) = serde_json::from_str(&record.order_text) else {
            return Err(HostError);
        };
        if purpose == Purpose::Probe {
            members.insert("test".into(), true.into());
        }
        let order = order_from_json(members).map_err(|_| HostError)?;
        Ok(by.about(order, purpose))
    }
}
