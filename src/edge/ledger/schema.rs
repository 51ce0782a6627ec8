//! The ledger's tables, their version, and how those of older versions become the present ones.

use serde_json::Value;

use super::host::{Host, HostError};

/// The version of the tables below. A ledger of a newer version is not opened.
pub const VERSION: i64 = 2;

/// What leads from each version to the next; the first makes the tables of version 1.
const STEPS: [&[&str]; 2] = [&VERSION_1, &VERSION_2];

const VERSION_1: [&str; 7] = [
    "CREATE TABLE ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL,
        id TEXT NOT NULL,
        created_at INTEGER NOT NULL)",
    // One row for each order that was ever really sent. `identity` begins with \"orderNumber/\".
    "CREATE TABLE orders (
        identity TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        updated_at INTEGER NOT NULL) WITHOUT ROWID",
    // One row for each call to the CA, test calls included, from before it is made.
    "CREATE TABLE attempts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        identity TEXT NOT NULL,
        prior_state TEXT,
        test INTEGER NOT NULL,
        order_text TEXT NOT NULL,
        actor TEXT NOT NULL,
        person TEXT NOT NULL,
        instance TEXT NOT NULL,
        idempotency_key TEXT,
        fingerprint TEXT NOT NULL,
        state TEXT NOT NULL,
        error_code INTEGER,
        error_message TEXT,
        detail TEXT,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        intent_seq INTEGER NOT NULL,
        outcome_seq INTEGER)",
    "CREATE INDEX attempts_by_order ON attempts (identity, id)",
    "CREATE INDEX attempts_by_key ON attempts (actor, idempotency_key, id) WHERE idempotency_key IS NOT NULL",
    "CREATE INDEX attempts_under_way ON attempts (id) WHERE state = 'sending'",
    "CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        hash TEXT NOT NULL,
        entry TEXT NOT NULL)",
];

const VERSION_2: [&str; 14] = [
    "ALTER TABLE attempts ADD COLUMN purpose TEXT NOT NULL DEFAULT 'revoke'",
    "CREATE INDEX attempts_by_person ON attempts (person, started_at)",
    // What settling an unknown outcome needs to know; times in milliseconds since 1970.
    "ALTER TABLE orders ADD COLUMN first_lost_at INTEGER",
    "ALTER TABLE orders ADD COLUMN lost_at INTEGER",
    "ALTER TABLE orders ADD COLUMN probes INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN probe_accepted INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN settle_at INTEGER",
    "ALTER TABLE orders ADD COLUMN settled INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX orders_to_settle ON orders (settle_at) WHERE state = 'unknown'",
    // Nobody remembers when these were lost, so they are probed, and not sent again by themselves.
    "UPDATE orders SET first_lost_at = 0, lost_at = 0, settle_at = updated_at WHERE state = 'unknown'",
    "CREATE TABLE breaker (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        state TEXT NOT NULL,
        since INTEGER NOT NULL,
        reason TEXT,
        credentials TEXT)",
    "INSERT INTO breaker (one, state, since) SELECT 1, 'closed', created_at FROM ledger",
    // Keyed digests of the variables, by name.
    "CREATE TABLE configuration (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID",
    // Refusals whose repetitions are being counted.
    "CREATE TABLE refusals (
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        reason TEXT NOT NULL,
        person TEXT NOT NULL,
        instance TEXT NOT NULL,
        since INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (actor, action, reason)) WITHOUT ROWID",
];

/// Why a ledger was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// The host failed.
    Host,
    /// The ledger was written by a newer version of this software.
    Newer,
}

impl From<HostError> for OpenError {
    fn from(_: HostError) -> OpenError {
        OpenError::Host
    }
}

/// Makes the tables of a new ledger, whose id becomes `fresh_id`, or brings those of an older one up to date. Gives
/// the version that was found; 0 for a new ledger.
pub(super) fn prepare(host: &impl Host, fresh_id: &str) -> Result<i64, OpenError> {
    let tables = host.sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'ledger'",
        &[],
    )?;
    let found = if tables.is_empty() { 0 } else { version(host)? };
    let done = usize::try_from(found).map_err(|_| OpenError::Host)?;
    if found > VERSION {
        return Err(OpenError::Newer);
    }
    for (step, statements) in STEPS.iter().enumerate().skip(done) {
        for statement in *statements {
            host.sql(statement, &[])?;
        }
        if step == 0 {
            host.sql(
                "INSERT INTO ledger (one, version, id, created_at) VALUES (1, 1, ?, ?)",
                &[fresh_id.into(), host.now().into()],
            )?;
        }
    }
    if found < VERSION {
        host.sql("UPDATE ledger SET version = ?", &[VERSION.into()])?;
    }
    Ok(found)
}

fn version(host: &impl Host) -> Result<i64, OpenError> {
    let rows = host.sql("SELECT version FROM ledger", &[])?;
    let version = rows.first().and_then(|row| row.first()).and_then(Value::as_i64);
    version.filter(|version| *version > 0).ok_or(OpenError::Host)
}
