//! The ledger's tables, and their version.

use serde_json::Value;

use super::host::{Host, HostError};

/// The version of the tables below. A ledger of a newer version is not opened.
pub const VERSION: i64 = 1;

const TABLES: [&str; 7] = [
    "CREATE TABLE IF NOT EXISTS ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL,
        id TEXT NOT NULL,
        created_at INTEGER NOT NULL)",
    // One row for each order that was ever really sent. `identity` begins with \"orderNumber/\".
    "CREATE TABLE IF NOT EXISTS orders (
        identity TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        updated_at INTEGER NOT NULL) WITHOUT ROWID",
    // One row for each call to the CA, test calls included, from before it is made.
    "CREATE TABLE IF NOT EXISTS attempts (
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
    "CREATE INDEX IF NOT EXISTS attempts_by_order ON attempts (identity, id)",
    "CREATE INDEX IF NOT EXISTS attempts_by_key ON attempts (actor, idempotency_key, id)
        WHERE idempotency_key IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS attempts_under_way ON attempts (id) WHERE state = 'sending'",
    "CREATE TABLE IF NOT EXISTS audit (
        seq INTEGER PRIMARY KEY,
        hash TEXT NOT NULL,
        entry TEXT NOT NULL)",
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

/// Makes the tables of a new ledger, or recognises an old one. `fresh_id` becomes the id of a new ledger.
pub(super) fn prepare(host: &impl Host, fresh_id: &str) -> Result<(), OpenError> {
    for table in TABLES {
        host.sql(table, &[])?;
    }
    let rows = host.sql("SELECT version FROM ledger", &[])?;
    let version = rows.first().and_then(|row| row.first()).and_then(Value::as_i64);
    match version {
        None => {
            let values = [VERSION.into(), fresh_id.into(), host.now().into()];
            host.sql(
                "INSERT INTO ledger (one, version, id, created_at) VALUES (1, ?, ?, ?)",
                &values,
            )?;
            Ok(())
        }
        Some(version) if version <= VERSION => Ok(()),
        Some(_) => Err(OpenError::Newer),
    }
}
