//! The orders that stand somewhere, page by page, and what happens next to those whose outcome is unknown.

use super::Ledger;
use super::attempt::Asked;
use super::host::{Host, HostError, read};
use super::order_status::{self, OrderStatus};
use super::state::State;
use crate::api::name::CertificateName;
use crate::api::order::{ListedOrder, OrderList};
use crate::api::value::Time;
use crate::edge::command::ListOrders;
use crate::edge::grant::covered_as;
use crate::edge::http_answer::HttpAnswer;
use crate::edge::timestamp;

/// So many orders are read from the database at once, and looked at for one page.
const READ_ORDERS: usize = 250;
const LOOKED_AT_ORDERS: usize = 5_000;

/// What happens next to an order whose outcome is unknown.
#[derive(Debug, Default)]
pub(super) struct Times {
    pub(super) unknown_since: Option<Time>,
    pub(super) next_probe_at: Option<Time>,
    pub(super) resend_until: Option<Time>,
}

impl<H: Host> Ledger<H> {
    /// A page of the orders that the caller may see, those first whose last real call is the oldest. So many are looked at that
    /// it may be a short one although others follow.
    pub fn orders(&self, command: &ListOrders) -> Result<HttpAnswer, HostError> {
        let limit = usize::try_from(command.page.limit).unwrap_or(usize::MAX);
        let states: Vec<State> = match command.state {
            // One whose process has ended is stored as in flight until the next alarm.
            Some(State::Unknown) => vec![State::Unknown, State::Sending],
            Some(state) => vec![state],
            None => State::OF_ORDERS.to_vec(),
        };
        let mut last = command.page.after;
        let (mut orders, mut looked_at) = (Vec::new(), 0);
        let next = 'pages: loop {
            let rows = self.orders_after(&states, last)?;
            let is_last = rows.len() < READ_ORDERS;
            for (call, identity, status) in rows {
                if orders.len() >= limit || looked_at >= LOOKED_AT_ORDERS {
                    break 'pages Some(last);
                }
                (last, looked_at) = (call, looked_at + 1);
                let name = CertificateName::of_identity(&identity);
                let is_covered = |number| command.read.iter().any(|ranges| ranges.contains(number));
                if name.well_formed().map(covered_as).is_some_and(is_covered) {
                    let status = self.as_shown(&identity, status)?;
                    if command.state.is_none_or(|state| state == status.state) {
                        orders.push(self.listed(&identity, name, call, &status)?);
                    }
                }
            }
            if is_last {
                break None;
            }
        };
        Ok(HttpAnswer::ok(&OrderList { orders, next }))
    }

    /// The next orders in these states, by their last real call; fewer than [`READ_ORDERS`] only where there are no more.
    fn orders_after(
        &self,
        states: &[State],
        after: u64,
    ) -> Result<Vec<(u64, String, OrderStatus)>, HostError> {
        let statement = [
            "SELECT last_attempt, identity, ",
            order_status::COLUMNS,
            " FROM orders WHERE state = ? AND last_attempt > ? ORDER BY last_attempt LIMIT ?",
        ]
        .concat();
        let mut found = Vec::new();
        // State by state: the platform takes no more than five parts in one SELECT.
        for state in states {
            let values = [state.name().into(), after.into(), READ_ORDERS.into()];
            for mut row in self.host.sql(&statement, &values)? {
                let status = row.split_off(2.min(row.len()));
                let (call, identity): (u64, String) = read(row).ok_or(HostError)?;
                found.push((call, identity, read(status).ok_or(HostError)?));
            }
        }
        found.sort_unstable_by_key(|(call, ..)| *call);
        found.truncate(READ_ORDERS);
        Ok(found)
    }

    fn listed(
        &self,
        identity: &str,
        name: CertificateName,
        call: u64,
        status: &OrderStatus,
    ) -> Result<ListedOrder, HostError> {
        let record = self.readable_records("id = ?", &[call.into()])?.pop();
        let asked = record.as_ref().and_then(|record| Asked::read(&record.order_text));
        let times = self.times(identity, status)?;
        let is_unknown = status.state == State::Unknown;
        Ok(ListedOrder {
            name,
            label: self.label(identity)?,
            product_code: asked.as_ref().and_then(|asked| asked.product_code.clone()),
            product: asked.as_ref().and_then(|asked| asked.product),
            code_reason: asked.as_ref().map(|asked| asked.code_reason),
            state: status.state,
            settled: status.settled,
            sent_at: record.map(|record| timestamp::text(record.started_at).into()),
            unknown_since: times.unknown_since,
            next_probe_at: times.next_probe_at,
            resend_until: times.resend_until,
            waits_for_person: is_unknown && status.settle_at.is_none(),
            unknown_since_restore: is_unknown && status.restored,
        })
    }

    /// What happens next to an order, if its outcome is unknown.
    pub(super) fn times(&self, identity: &str, status: &OrderStatus) -> Result<Times, HostError> {
        if status.state != State::Unknown {
            return Ok(Times::default());
        }
        let resend_until = status.resend_until(self.host.now(), self.resends(identity)?);
        let time = |at: i64| Time::from(timestamp::text(at));
        Ok(Times {
            unknown_since: status.unknown_since().map(time),
            next_probe_at: status.settle_at.map(time),
            resend_until: resend_until.map(time),
        })
    }

    /// The status of an order as it is shown: a call whose process has ended is in flight in the table alone, until the next alarm.
    pub(super) fn as_shown(&self, identity: &str, mut status: OrderStatus) -> Result<OrderStatus, HostError> {
        if status.state == State::Sending && !self.is_in_flight(identity)? {
            status.state = State::Unknown;
            status.settle_at = Some(status.settle_at.unwrap_or_else(|| self.host.now()));
        }
        Ok(status)
    }
}
