//! Settling unknown outcomes, when a person asks and by itself; and when the alarm is due.

use serde_json::Value;

use super::Ledger;
use super::attempt::{Attempt, Begun};
use super::breaker::Position;
use super::host::{Host, HostError, Typed};
use super::order_status::{self, OrderStatus};
use super::refusals;
use super::revocation::{Purpose, Revocation};
use super::state::State;
use crate::api::name::CertificateName;
use crate::edge::command::Asker;
use crate::edge::http_answer::{HttpAnswer, Problem};
use crate::edge::json_order::order_from_json;
use crate::problem::Kind;

/// Calls of one alarm at most: the platform allows 50 subrequests in an invocation.
pub const MAX_CALLS: usize = 40;
/// How many of them settle unknown outcomes while rows of jobs are due.
const SETTLING_CALLS: usize = 20;
/// The shortest time until an alarm, in milliseconds.
const SHORTEST_ALARM_MS: i64 = 250;
/// An alarm that is overdue by this much, in milliseconds, counts as lost.
const OVERDUE_ALARM_MS: i64 = 5_000;
/// The alarm for calls of a process that ends meanwhile comes so long after their time-out, in milliseconds.
const CRASH_ALARM_MS: i64 = 1_000;
/// After an alarm that found nothing due, and without a change since, the next is so much later, in milliseconds.
const IDLE_ALARM_MS: i64 = 1_000;

/// What a person's request to settle an order leads to.
#[derive(Debug)]
pub enum Settlement {
    /// Answer so.
    Answer(HttpAnswer),
    /// Make these calls, then answer with the order's record.
    Calls(Vec<Revocation>),
}

impl<H: Host> Ledger<H> {
    /// Settles all orders with a name: sends them again, or probes them.
    pub fn settle(&self, by: &Asker, name: &str, resend: bool) -> Result<Settlement, HostError> {
        let purpose = if resend { Purpose::Resend } else { Purpose::Probe };
        let mut calls = Vec::new();
        for (identity, status) in self.order_statuses(name)? {
            match status.state {
                State::Sending if self.is_in_flight(&identity)? => {
                    let words = "This order is being worked on by another call. Look at it again when that has ended.";
                    let problem =
                        Problem::new(Kind::InProgress, words).name(CertificateName::from_text(name));
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
            let again = self.again(&identity, by.clone(), purpose)?;
            calls.push(again.ok_or(HostError)?);
        }
        if calls.is_empty() {
            return Ok(Settlement::Answer(self.order(name, &by.instance)?));
        }
        Ok(Settlement::Calls(calls))
    }

    /// The probes and re-sends that are due. Everything else that is due by time is done here as well.
    pub fn due(&self) -> Result<Vec<Revocation>, HostError> {
        self.recover()?;
        let now = self.host.now();
        self.alarm_is_stale.set(true);
        refusals::flush(&self.host, now)?;
        self.interrupt_lost()?;
        self.expire_jobs(now)?;
        self.purge(now)?;
        if !self.sends_by_itself()? || now < self.pace.borrow().busy_until() {
            return Ok(Vec::new());
        }
        let limit = match self.breaker_position()? {
            Position::Closed if self.jobs_due_at()?.is_some_and(|at| at <= now) => SETTLING_CALLS,
            Position::Closed => MAX_CALLS,
            Position::HalfOpen | Position::Open => 1,
        };
        let condition = " FROM orders WHERE state = 'unknown' AND settle_at <= ? ORDER BY settle_at LIMIT ?";
        let statement = ["SELECT identity, ", order_status::COLUMNS, condition].concat();
        let mut calls = Vec::new();
        for (identity, status) in self.identified(&statement, &[now.into(), limit.into()])? {
            let Some(purpose) = status.due(now, self.resends(&identity)?) else {
                continue;
            };
            match self.again(&identity, Asker::edge(""), purpose)? {
                Some(call) => calls.push(call),
                None => self.leave_to_a_person(&identity, status, now)?,
            }
        }
        Ok(calls)
    }

    /// Begins one of them in a free slot, if it is still due.
    pub fn begin_due(&self, call: &Revocation) -> Result<Option<Box<Attempt>>, HostError> {
        if self.enter(call)?.is_some() {
            return Ok(None);
        }
        let begun = self.begin(call);
        if !matches!(begun, Ok(Begun::Send(_))) {
            self.leave(call);
        }
        Ok(match begun? {
            Begun::Send(attempt) => Some(attempt),
            _ => None,
        })
    }

    /// Whether another probe or re-send may begin. They use half of the connections at most, so that unanswered ones do not
    /// starve jobs.
    pub fn may_settle(&self) -> bool {
        let most = (self.config.max_connections as usize / 2).max(1);
        self.in_flight.borrow().settling() < most
    }

    /// Whether batch calls may be sent: not while the breaker is open, or waits for its trial.
    pub(super) fn sends_by_itself(&self) -> Result<bool, HostError> {
        Ok(match self.breaker_position()? {
            Position::Open => false,
            Position::HalfOpen => self.trial.get().is_none(),
            Position::Closed => true,
        })
    }

    /// Ends the probes of an order whose record cannot be read.
    fn leave_to_a_person(&self, identity: &str, status: OrderStatus, now: i64) -> Result<(), HostError> {
        let mut members = Asker::edge("").audit_members(Purpose::Probe.name(), "refused");
        members.remove("instance");
        CertificateName::of_identity(identity).put_in(&mut members);
        members.insert("reason".into(), "unreadable".into());
        self.log(members, now)?;
        self.put_order_status(identity, &status.left_to_a_person(), None, now)
    }

    /// For when to schedule the alarm that calls [`Ledger::due`], in milliseconds since 1970; nothing if none is needed, or the
    /// one that is `scheduled` comes soon enough.
    pub fn next_alarm(&self, scheduled: Option<i64>) -> Result<Option<i64>, HostError> {
        let now = self.host.now();
        // An alarm that is due just now is about to come.
        let scheduled = scheduled.filter(|at| *at > now - OVERDUE_ALARM_MS);
        let crash = now + i64::from(self.config.timeout_ms) + CRASH_ALARM_MS;
        let in_flight = !self.in_flight.borrow().attempts.is_empty();
        let covered = scheduled.is_some_and(|at| !in_flight || at <= crash);
        if !self.alarm_is_stale.get() && covered {
            return Ok(None);
        }
        let mut times = Vec::new();
        times.extend(refusals::due_at(&self.host)?);
        if self.sends_by_itself()? && self.may_settle() {
            let settle_at: Option<i64> = self
                .host
                .value("SELECT MIN(settle_at) FROM orders WHERE state = 'unknown'", &[])?;
            times.extend(settle_at.map(|at| at.max(self.pace.borrow().busy_until())));
        }
        if in_flight {
            times.push(crash);
        }
        let soonest = times.into_iter().min().map(|at| at.max(now + SHORTEST_ALARM_MS));
        // The batches of a job follow each other at once.
        let of_jobs = self.jobs_due_at()?.map(|at| at.max(now));
        let soonest = soonest.into_iter().chain(of_jobs).min();
        // The last alarm found nothing to do although this was due, and nothing has changed since.
        let soonest = soonest.map(|at| match self.idle_at.get() {
            Some(idle_at) if at <= now + SHORTEST_ALARM_MS => at.max(idle_at + IDLE_ALARM_MS),
            _ => at,
        });
        self.alarm_is_stale.set(false);
        Ok(soonest.filter(|at| scheduled.is_none_or(|scheduled| *at < scheduled)))
    }

    /// A call with the order as it was last sent for real; nothing if that cannot be read.
    fn again(
        &self,
        identity: &str,
        mut by: Asker,
        purpose: Purpose,
    ) -> Result<Option<Revocation>, HostError> {
        let records = self.readable_records(
            "identity = ? AND test = 0 ORDER BY id DESC LIMIT 1",
            &[identity.into()],
        )?;
        let Some(record) = records.into_iter().next() else {
            return Ok(None);
        };
        let Ok(Value::Object(mut members)) = serde_json::from_str(&record.order_text) else {
            return Ok(None);
        };
        if purpose == Purpose::Probe {
            members.insert("test".into(), true.into());
        }
        if by.instance.is_empty() {
            by.instance = record.instance;
        }
        Ok(order_from_json(members)
            .ok()
            .map(|order| Revocation::new(by, order, purpose)))
    }
}
