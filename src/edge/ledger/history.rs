//! All that the ledger knows of an order, as `GET /v1/orders/{orderNumber}` answers it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::attempt::Record;
use super::host::{Host, HostError, Typed};
use super::revocation::Purpose;
use super::settling::Standing;
use super::state::State;
use super::{Ledger, numbered};
use crate::edge::http_answer::HttpAnswer;
use crate::edge::timestamp;

/// So many real calls, and so many test calls, are told of one order: the newest. Whoever may test an order can make
/// thousands of them, and whoever looks at it must not take the memory that calls under way need.
const MAX_ATTEMPTS: u32 = 250;

/// Calls that are not told are counted up to this many: to count half a million takes longer than to tell the rest.
const MAX_COUNTED: u64 = 10_000;

impl<H: Host> Ledger<H> {
    /// The newest calls about an order number, and how many older ones there are, as far as they are [counted](MAX_COUNTED).
    pub(super) fn newest_calls(&self, order_number: &str) -> Result<(Vec<Record>, u64), HostError> {
        let [from, to] = numbered(order_number);
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
}

/// `omitted`: how many older calls are not among `records`.
pub(super) fn answer(
    order_number: &str,
    standing: &Standing,
    records: &[Record],
    omitted: u64,
    live: &BTreeSet<i64>,
) -> HttpAnswer {
    let mut seqs: Vec<u64> = records
        .iter()
        .flat_map(|record| [Some(record.intent_seq), record.outcome_seq])
        .flatten()
        .collect();
    seqs.sort_unstable();
    let attempts: Vec<Value> = records
        .iter()
        .map(|record| attempt(record, live.contains(&record.id)))
        .collect();
    let mut body = json!({
        "orderNumber": order_number,
        "state": standing.state.name(),
        "attempts": attempts,
        "auditSeqs": seqs,
    });
    let is_unknown = standing.state == State::Unknown;
    let marks = [
        // Found out by a probe: that it was our lost attempt is likely, and not proven.
        ("settled", standing.settled.then(|| Value::from(true))),
        ("omitted", (omitted > 0).then(|| omitted.into())),
        // Nothing more is done about it by itself.
        (
            "waitsForPerson",
            (is_unknown && standing.settle_at.is_none()).then(|| true.into()),
        ),
        (
            "unknownSinceRestore",
            (is_unknown && standing.restored).then(|| true.into()),
        ),
    ];
    if let Some(members) = body.as_object_mut() {
        let marks = marks
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        members.extend(marks);
    }
    HttpAnswer::ok(&body)
}

fn attempt(record: &Record, live: bool) -> Value {
    // A call that is not under way in this process, and has no outcome, will never have one.
    let outcome = match record.state {
        State::Sending if !live => State::Unknown,
        state => state,
    };
    let mut members: Map<String, Value> = serde_json::from_str(&record.order_text).unwrap_or_default();
    members.remove("orderNumber");
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    };
    if record.purpose != Purpose::Call {
        put("purpose", Some(record.purpose.name().into()));
    }
    put("outcome", Some(outcome.name().into()));
    put("errorCode", record.error_code.map(Into::into));
    put("errorMessage", record.error_message.clone().map(Into::into));
    put("detail", record.detail.clone().map(Into::into));
    put("actor", Some(record.actor.as_str().into()));
    put("instance", Some(record.instance.as_str().into()));
    put("startedAt", Some(timestamp::text(record.started_at).into()));
    put("endedAt", record.ended_at.map(|at| timestamp::text(at).into()));
    put(
        "auditSeqs",
        Some(
            [Some(record.intent_seq), record.outcome_seq]
                .into_iter()
                .flatten()
                .collect(),
        ),
    );
    Value::Object(members)
}
