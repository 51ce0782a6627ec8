//! Why a call is not sent: its caller's limits, the breaker, no free slot, a ledger that cannot be written.

use super::Ledger;
use super::answers::{self, NotSent};
use super::attempt::Begun;
use super::host::{Host, HostError};
use super::limits::{Reached, Usages};
use super::refusals;
use super::revocation::{Purpose, Revocation};
use crate::edge::command::{Asker, Refused};
use crate::edge::http_answer::HttpAnswer;

impl<H: Host> Ledger<H> {
    /// The answer to a call that found no free connection to the CA within [`super::MAX_WAIT_MS`].
    pub fn no_connection(&self, revocation: &Revocation) -> HttpAnswer {
        self.not_sent(revocation, NotSent::NoConnection)
    }

    /// The answer when the ledger could not be read or written, before anything was sent.
    pub fn not_begun(&self, revocation: &Revocation) -> HttpAnswer {
        self.not_sent(revocation, NotSent::NotWritten)
    }

    fn not_sent(&self, revocation: &Revocation, why: NotSent) -> HttpAnswer {
        // An attempt that cannot be read may be there.
        let may_have_revoked = self
            .may_have_revoked(revocation)
            .unwrap_or(!revocation.order.test());
        answers::not_sent(revocation, why, may_have_revoked)
    }

    /// Adds the headers with the caller's limits.
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

    /// Notes in the audit log that a call is refused, and gives its answer.
    pub(super) fn turned_away(
        &self,
        revocation: &Revocation,
        why: NotSent,
        now: i64,
    ) -> Result<Begun, HostError> {
        if !revocation.is_automatic() {
            let by = Asker {
                actor: revocation.actor.clone(),
                person: revocation.person.clone(),
                instance: revocation.instance.clone(),
            };
            let refused = Refused {
                action: revocation.purpose.name().to_owned(),
                reason: why.kind().name().to_owned(),
                name: Some(revocation.order.name().text()),
            };
            self.reschedule();
            refusals::note(&self.host, &by, &refused, now)?;
        }
        Ok(Begun::Answer(self.not_sent(revocation, why)))
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

    /// The calls of the last 24 hours, read from the attempts when they are not in memory.
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

    /// Counts a call that begins now.
    pub(super) fn count_usage(&self, revocation: &Revocation, now: i64) {
        if let Some(usages) = self.usages.borrow_mut().as_mut()
            && revocation.limited
        {
            let test = revocation.order.test();
            usages.count(&revocation.actor, &revocation.person, now, test);
        }
    }
}
