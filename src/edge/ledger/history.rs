//! All that the ledger knows of an order, as `GET /v1/orders/{orderNumber}` answers it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::attempt::{Asked, Record};
use super::host::{Host, HostError, Typed};
use super::order_list::Times;
use super::order_status::OrderStatus;
use super::revocation::Purpose;
use super::state::State;
use super::{Ledger, named};
use crate::api::about::About;
use crate::api::name::CertificateName;
use crate::api::order::{Attempt, AttemptPurpose, OrderRecord};
use crate::api::value::{Label, Seq};
use crate::edge::http_answer::{HttpAnswer, json};
use crate::edge::timestamp;

/// So many real calls, and so many test calls, are listed of one order: the newest. A caller who may test an order can make
/// thousands of them, and a look at it must not take the memory that calls in flight need.
const MAX_ATTEMPTS: u32 = 250;

/// Calls that are not listed are counted up to this many: to count half a million takes longer than to list the rest.
const MAX_COUNTED: u64 = 10_000;

impl<H: Host> Ledger<H> {
    /// The newest calls about a name, and how many older ones there are, as far as they are [counted](MAX_COUNTED).
    pub(super) fn newest_calls(&self, name: &str) -> Result<(Vec<Record>, u64), HostError> {
        let [from, to] = named(name);
        // Of each product, and of each kind: test calls, however many, must not hide a real one. The index has them in order
        // within a product only.
        let condition = "id IN (WITH RECURSIVE products(identity) AS (SELECT MIN(identity) FROM attempts \
            WHERE identity >= ?1 AND identity < ?2 UNION ALL SELECT (SELECT MIN(identity) FROM attempts \
            WHERE identity > products.identity AND identity < ?2) FROM products WHERE products.identity IS NOT NULL), \
            kinds(test) AS (VALUES (0), (1)), \
            newest(id, test) AS (SELECT attempts.id, kinds.test FROM products, kinds, attempts WHERE attempts.id IN \
            (SELECT id FROM attempts WHERE identity = products.identity AND test = kinds.test ORDER BY id DESC LIMIT ?3)) \
            SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY test ORDER BY id DESC) AS place FROM newest) \
            WHERE place <= ?3) ORDER BY id";
        let records = self.records(condition, &[from.clone(), to.clone(), MAX_ATTEMPTS.into()])?;
        let most = MAX_COUNTED + records.len() as u64;
        let all: u64 = self.host.one(
            "SELECT COUNT(*) FROM (SELECT 1 FROM attempts WHERE identity >= ? AND identity < ? LIMIT ?)",
            &[from, to, most.into()],
        )?;
        let omitted = all.saturating_sub(records.len() as u64);
        Ok((records, omitted))
    }

    /// What is known of a certificate from these calls: what the newest one that says anything was made for.
    pub(super) fn about(&self, records: &[Record]) -> Result<About, HostError> {
        let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
        let kept = self.newest_about("id IN (SELECT value FROM json_each(?))", &[json(&ids).into()])?;
        Ok(About::read(kept.as_deref()))
    }

    /// The label of an order, from its newest real calls.
    pub(super) fn label(&self, identity: &str) -> Result<Option<Label>, HostError> {
        let condition =
            "id IN (SELECT id FROM attempts WHERE identity = ? AND test = 0 ORDER BY id DESC LIMIT ?)";
        let kept = self.newest_about(condition, &[identity.into(), MAX_ATTEMPTS.into()])?;
        Ok(About::read(kept.as_deref()).label)
    }

    /// What is kept with calls, or with the rows of jobs that they were made for. One text is read, however many there are.
    fn newest_about(&self, condition: &str, values: &[Value]) -> Result<Option<String>, HostError> {
        let statement = [
            "SELECT about FROM (SELECT id, COALESCE(about, (SELECT job_orders.about FROM job_orders WHERE job_orders.job = \
             attempts.job AND job_orders.row = job_row)) AS about FROM attempts WHERE ",
            condition,
            ") WHERE about IS NOT NULL ORDER BY id DESC LIMIT 1",
        ]
        .concat();
        self.host.value(&statement, values)
    }
}

/// `omitted`: how many older calls are not among `records`; `in_flight`: the attempts that have not ended yet.
pub(super) fn answer(
    name: &str,
    about: About,
    status: &OrderStatus,
    times: Times,
    records: &[Record],
    omitted: u64,
    in_flight: &BTreeSet<i64>,
) -> HttpAnswer {
    let mut audit_seqs: Vec<Seq> = records.iter().flat_map(audit_seqs).collect();
    audit_seqs.sort_unstable();
    let is_unknown = status.state == State::Unknown;
    HttpAnswer::ok(&OrderRecord {
        name: CertificateName::from_text(name),
        about,
        state: status.state,
        // A probe found it out: that it was our lost attempt is likely, and not proven.
        settled: status.settled,
        attempts: records
            .iter()
            .map(|record| attempt(record, in_flight.contains(&record.id)))
            .collect(),
        audit_seqs,
        unknown_since: times.unknown_since,
        next_probe_at: times.next_probe_at,
        resend_until: times.resend_until,
        // Nothing more is done about it by itself.
        waits_for_person: is_unknown && status.settle_at.is_none(),
        unknown_since_restore: is_unknown && status.restored,
        omitted: Some(omitted).filter(|omitted| *omitted > 0),
    })
}

fn attempt(record: &Record, is_in_flight: bool) -> Attempt {
    let asked = Asked::read(&record.order_text);
    let asked = asked.as_ref();
    Attempt {
        purpose: match record.purpose {
            Purpose::Call => None,
            Purpose::Probe => Some(AttemptPurpose::Settle),
            Purpose::Resend => Some(AttemptPurpose::Resend),
            Purpose::Check => Some(AttemptPurpose::Check),
        },
        code_reason: asked.map(|asked| asked.code_reason),
        revocation_reason: asked.and_then(|asked| asked.revocation_reason.clone()),
        product_code: asked.and_then(|asked| asked.product_code.clone()),
        product: asked.and_then(|asked| asked.product),
        test: record.test,
        // A call that is not in flight in this process, and has no outcome, will never have one.
        outcome: match record.state {
            State::Sending if !is_in_flight => State::Unknown,
            state => state,
        },
        error_code: record.error_code,
        error_message: record.error_message.as_deref().map(Into::into),
        detail: record.detail.clone(),
        actor: record.actor.as_str().into(),
        instance: record.instance.as_str().into(),
        started_at: timestamp::text(record.started_at).into(),
        ended_at: record.ended_at.map(|at| timestamp::text(at).into()),
        audit_seqs: audit_seqs(record).collect(),
    }
}

/// The entries of the audit log about an attempt.
fn audit_seqs(record: &Record) -> impl Iterator<Item = Seq> {
    [Some(record.intent_seq), record.outcome_seq]
        .into_iter()
        .flatten()
        .map(Seq)
}
