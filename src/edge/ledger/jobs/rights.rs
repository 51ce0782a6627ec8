//! Whether a caller's grants cover a job, one of them all of its orders; and whether the job is the caller's own.

use serde_json::Value;

use super::Job;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::command::Asker;
use crate::edge::ledger::host::{Host, HostError};
use crate::edge::names::{actor_key, person_key};

/// The orders of one grant, as ranges with both ends.
type Ranges = Vec<(u64, u64)>;

/// Grants as the front hands them on: each an array of pairs.
pub(super) fn grants(command: &Value, name: &str) -> Option<Vec<Ranges>> {
    let pair = |range: &Value| Some((range.get(0)?.as_u64()?, range.get(1)?.as_u64()?));
    command
        .get(name)?
        .as_array()?
        .iter()
        .map(|grant| grant.as_array()?.iter().map(pair).collect())
        .collect()
}

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
    pub(super) fn covers(&self, grants: &[Ranges], job: &Job) -> Result<bool, HostError> {
        for ranges in grants {
            let holds = |number: u64| {
                ranges
                    .iter()
                    .any(|(first, last)| (*first..=*last).contains(&number))
            };
            let whole = ranges
                .iter()
                .any(|(first, last)| *first <= job.first_order && job.last_order <= *last);
            if whole || (holds(job.first_order) && holds(job.last_order) && self.covers_each(ranges, job)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn covers_each(&self, ranges: &Ranges, job: &Job) -> Result<bool, HostError> {
        // The database's integers end where order numbers do.
        let text = |number: u64| Value::from(number.min(i64::MAX as u64).to_string());
        let mut statement = "SELECT 1 FROM job_orders WHERE job = ?".to_owned();
        let mut values = vec![job.number.into()];
        // A statement takes 100 values on the platform.
        let pairs = serde_json::json!(
            ranges
                .iter()
                .map(|(first, last)| vec![text(*first), text(*last)])
                .collect::<Vec<_>>()
        );
        statement += " AND NOT EXISTS (SELECT 1 FROM json_each(?) WHERE order_number \
                       BETWEEN CAST(json_extract(value, '$[0]') AS INTEGER) \
                       AND CAST(json_extract(value, '$[1]') AS INTEGER)) LIMIT 1";
        values.push(pairs.to_string().into());
        Ok(self.host.sql(&statement, &values)?.is_empty())
    }
}
