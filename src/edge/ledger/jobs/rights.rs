//! Whether a caller's grants cover a job, one of them all of its orders; and whether the job is the caller's own.

use serde_json::json;

use super::Job;
use crate::edge::command::Asker;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::host::{Host, HostError};
use crate::edge::names::{actor_key, person_key};
use crate::edge::order_ranges::OrderRanges;

/// So many gaps between ranges are looked up by one statement.
const GAPS_AT_ONCE: usize = 10_000;

impl Job {
    /// Whether this caller planned or started it, by the same actor or as the same person. One actor is never two
    /// people, whatever person it names this time.
    pub(super) fn is_of(&self, by: &Asker) -> bool {
        let (actor, person) = (actor_key(&by.actor), person_key(&by.person));
        self.actors().any(|own| own == actor) || self.persons().any(|own| own == person)
    }

    /// Who planned and who started it, as actors that can be compared.
    pub(super) fn actors(&self) -> impl Iterator<Item = String> {
        let all = [Some(&self.created_by), self.started_by.as_ref()];
        all.into_iter().flatten().map(|actor| actor_key(actor))
    }

    /// Who planned and who started it, as persons that can be compared.
    pub(super) fn persons(&self) -> impl Iterator<Item = String> {
        let all = [Some(&self.creator), self.starter.as_ref()];
        all.into_iter().flatten().map(|person| person_key(person))
    }
}

impl<H: Host> Ledger<H> {
    /// Whether one of these grants covers all orders of the job.
    pub(super) fn covers(&self, grants: &[OrderRanges], job: &Job) -> Result<bool, HostError> {
        for ranges in grants {
            if self.all_are_in(ranges, job)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// It takes as many look-ups as there are orders, or gaps between the ranges, whichever are fewer; none for most jobs.
    fn all_are_in(&self, ranges: &OrderRanges, job: &Job) -> Result<bool, HostError> {
        if !ranges.contains(job.first_order) || !ranges.contains(job.last_order) {
            return Ok(false);
        }
        let gaps: Vec<(u64, u64)> = ranges.gaps(job.first_order, job.last_order).collect();
        if job.total < gaps.len() as i64 {
            let statement = "SELECT CAST(order_number AS TEXT) FROM job_orders WHERE job = ?";
            let rows = self.host.sql(statement, &[job.number.into()])?;
            let mut numbers = rows.iter().flatten().map(|number| number.as_str()?.parse().ok());
            return Ok(numbers.all(|number| number.is_some_and(|number| ranges.contains(number))));
        }
        for some in gaps.chunks(GAPS_AT_ONCE) {
            let found = self.host.sql(
                "SELECT 1 FROM json_each(?) WHERE EXISTS (SELECT 1 FROM job_orders WHERE job = ? AND order_number \
                 BETWEEN json_extract(value, '$[0]') AND json_extract(value, '$[1]')) LIMIT 1",
                &[json!(some).to_string().into(), job.number.into()],
            )?;
            if !found.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
