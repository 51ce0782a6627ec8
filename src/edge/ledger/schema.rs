//! The ledger's tables, their version, and the migrations from older versions.

use super::host::{Host, HostError, Typed};

/// The version of the tables below. A ledger of a newer version is not opened.
pub const VERSION: i64 = 9;

/// The migrations from each version to the next; the first makes the tables of version 1.
const STEPS: [&[&str]; 9] = [
    &VERSION_1, &VERSION_2, &VERSION_3, &VERSION_4, &VERSION_5, &VERSION_6, &VERSION_7, &VERSION_8,
    &VERSION_9,
];

const VERSION_1: [&str; 7] = [
    "CREATE TABLE ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL,
        id TEXT NOT NULL,
        created_at INTEGER NOT NULL)",
    // One row for each order that was ever sent for real. `identity` begins with its name as one text, and `/`.
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
    // When these were lost is not known, so they are probed and never sent again by themselves.
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
    // Refusals whose repetitions are counted.
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

const VERSION_3: [&str; 10] = [
    // The row of a job that an attempt was made for, and whether it counts for its person's limits.
    "ALTER TABLE attempts ADD COLUMN job INTEGER",
    "ALTER TABLE attempts ADD COLUMN job_row INTEGER",
    "ALTER TABLE attempts ADD COLUMN limited INTEGER NOT NULL DEFAULT 1",
    // The counts of a job's rows are kept up with each change of a row, and always add up to the total.
    "CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT,
        state TEXT NOT NULL,
        drill INTEGER NOT NULL,
        held INTEGER NOT NULL DEFAULT 0,
        instance TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        creator TEXT NOT NULL,
        deadline INTEGER,
        expires_at INTEGER,
        started_at INTEGER,
        started_by TEXT,
        starter TEXT,
        active_since INTEGER,
        finished_at INTEGER,
        plan_hash TEXT NOT NULL,
        total INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        revision INTEGER NOT NULL DEFAULT 1,
        first_order INTEGER NOT NULL,
        last_order INTEGER NOT NULL,
        pending INTEGER NOT NULL,
        sending INTEGER NOT NULL DEFAULT 0,
        revoked INTEGER NOT NULL DEFAULT 0,
        already_revoked INTEGER NOT NULL DEFAULT 0,
        already_rejected INTEGER NOT NULL DEFAULT 0,
        tested INTEGER NOT NULL DEFAULT 0,
        refused INTEGER NOT NULL DEFAULT 0,
        unknown INTEGER NOT NULL DEFAULT 0,
        cancelled INTEGER NOT NULL DEFAULT 0,
        first_sent_at INTEGER,
        last_answer_at INTEGER,
        window_at INTEGER NOT NULL DEFAULT 0,
        window_count INTEGER NOT NULL DEFAULT 0,
        window_before INTEGER NOT NULL DEFAULT 0,
        approvals TEXT NOT NULL DEFAULT '[]',
        last_error TEXT,
        merged TEXT NOT NULL,
        known TEXT NOT NULL,
        idempotency_key TEXT,
        fingerprint TEXT NOT NULL)",
    "CREATE INDEX jobs_by_state ON jobs (state)",
    "CREATE INDEX jobs_by_key ON jobs (created_by, idempotency_key) WHERE idempotency_key IS NOT NULL",
    // `next_at` is when a row is to be sent, as long as it is to be sent at all; 0 the first time.
    "CREATE TABLE job_orders (
        job INTEGER NOT NULL,
        row INTEGER NOT NULL,
        identity TEXT NOT NULL,
        order_number INTEGER NOT NULL,
        order_text TEXT NOT NULL,
        test INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        error_code INTEGER,
        error_message TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        settled INTEGER NOT NULL DEFAULT 0,
        updated_at INTEGER NOT NULL,
        audit_seq INTEGER,
        next_at INTEGER,
        retries INTEGER NOT NULL DEFAULT 0,
        first_lost_at INTEGER,
        PRIMARY KEY (job, row)) WITHOUT ROWID",
    "CREATE INDEX job_orders_due ON job_orders (job, next_at, row) WHERE next_at IS NOT NULL",
    "CREATE INDEX job_orders_unknown ON job_orders (identity) WHERE outcome = 'unknown'",
    "CREATE INDEX attempts_by_job ON attempts (job, job_row) WHERE job IS NOT NULL AND state = 'sending'",
];

const VERSION_4: [&str; 1] = [
    // No statement uses it, and each call to the CA writes it twice.
    "DROP INDEX attempts_by_job",
];

const VERSION_5: [&str; 22] = [
    // Intents used to be written before a connection was free. A call that was held back never left, so it is no attempt; the
    // audit log has it.
    "DELETE FROM attempts WHERE state = 'not-sent'",
    // Unknown because the ledger was restored from a backup, in which the order was refused.
    "ALTER TABLE orders ADD COLUMN restored INTEGER NOT NULL DEFAULT 0",
    // The comment of all rows that have none of their own.
    "ALTER TABLE jobs ADD COLUMN comment TEXT",
    // Staged rows: those of a plan whose last part has not come, which the request `instance` brings, and rows to be deleted.
    // They are purged from `sweep_at` on. Jobs get their numbers here, and no number twice.
    "CREATE TABLE loose_rows (
        job INTEGER PRIMARY KEY AUTOINCREMENT,
        instance TEXT UNIQUE,
        parts INTEGER NOT NULL DEFAULT 0,
        rows INTEGER NOT NULL DEFAULT 0,
        known TEXT NOT NULL DEFAULT '{\"count\":0,\"orders\":[]}',
        sweep_at INTEGER NOT NULL)",
    "INSERT INTO loose_rows (job, sweep_at) SELECT number, 0 FROM jobs ORDER BY number DESC LIMIT 1",
    "DELETE FROM loose_rows",
    "CREATE INDEX jobs_never_started ON jobs (expires_at) WHERE started_by IS NULL",
    // For the rights to a job, and for reports: neither reads all of a job's rows.
    "CREATE INDEX job_orders_by_number ON job_orders (job, order_number)",
    "CREATE INDEX job_orders_told ON job_orders (job, outcome, error_code, row) \
     WHERE outcome = 'refused' OR outcome = 'unknown'",
    "CREATE INDEX job_orders_weaker ON job_orders (job) \
     WHERE outcome = 'already-revoked' AND json_extract(order_text, '$.codeReason') = 1",
    // Real calls are found among any number of test calls.
    "DROP INDEX attempts_by_order",
    "CREATE INDEX attempts_by_order ON attempts (identity, test, id)",
    // The figures of the metrics, kept up by triggers.
    "CREATE TABLE call_counts (
        purpose TEXT NOT NULL,
        test INTEGER NOT NULL,
        state TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (purpose, test, state)) WITHOUT ROWID",
    "INSERT INTO call_counts SELECT purpose, test, state, COUNT(*) FROM attempts GROUP BY purpose, test, state",
    "CREATE TRIGGER call_begun AFTER INSERT ON attempts BEGIN
        INSERT INTO call_counts VALUES (NEW.purpose, NEW.test, NEW.state, 1)
            ON CONFLICT DO UPDATE SET count = count + 1; END",
    "CREATE TRIGGER call_changed AFTER UPDATE OF state ON attempts WHEN NEW.state <> OLD.state BEGIN
        UPDATE call_counts SET count = count - 1 WHERE purpose = OLD.purpose AND test = OLD.test AND state = OLD.state;
        INSERT INTO call_counts VALUES (NEW.purpose, NEW.test, NEW.state, 1)
            ON CONFLICT DO UPDATE SET count = count + 1; END",
    "CREATE TRIGGER call_deleted AFTER DELETE ON attempts BEGIN
        UPDATE call_counts SET count = count - 1
            WHERE purpose = OLD.purpose AND test = OLD.test AND state = OLD.state; END",
    "CREATE TABLE order_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO order_counts SELECT state, COUNT(*) FROM orders GROUP BY state",
    // INSERT OR REPLACE would delete rows without these triggers: orders are written by ON CONFLICT DO UPDATE.
    "CREATE TRIGGER order_begun AFTER INSERT ON orders BEGIN
        INSERT INTO order_counts VALUES (NEW.state, 1) ON CONFLICT DO UPDATE SET count = count + 1; END",
    "CREATE TRIGGER order_changed AFTER UPDATE OF state ON orders WHEN NEW.state <> OLD.state BEGIN
        UPDATE order_counts SET count = count - 1 WHERE state = OLD.state;
        INSERT INTO order_counts VALUES (NEW.state, 1) ON CONFLICT DO UPDATE SET count = count + 1; END",
    "CREATE TRIGGER order_deleted AFTER DELETE ON orders BEGIN
        UPDATE order_counts SET count = count - 1 WHERE state = OLD.state; END",
];

const VERSION_6: [&str; 1] = [
    // Who declined the job, when and why, as JSON.
    "ALTER TABLE jobs ADD COLUMN declined TEXT",
];

/// Certificates that are named otherwise than by an order's number: they have `order_number` 0, which only grants over all orders
/// cover. The tables stay as they are, but an older edge must not read them: it knows orders by number alone.
const VERSION_7: [&str; 0] = [];

const VERSION_8: [&str; 10] = [
    // The last real call of an order: lists of orders follow it.
    "ALTER TABLE orders ADD COLUMN last_attempt INTEGER",
    "UPDATE orders SET last_attempt = \
     (SELECT MAX(id) FROM attempts WHERE attempts.identity = orders.identity AND test = 0)",
    "CREATE INDEX orders_by_state ON orders (state, last_attempt)",
    // How many orders of a job have which reason, as JSON.
    "ALTER TABLE jobs ADD COLUMN reasons TEXT NOT NULL DEFAULT '{}'",
    "UPDATE jobs SET reasons = (SELECT json_group_object(reason, orders) FROM (SELECT \
     CASE json_extract(order_text, '$.codeReason') WHEN 1 THEN 'keyCompromise' WHEN 3 THEN 'affiliationChanged' \
     WHEN 4 THEN 'superseded' WHEN 5 THEN 'cessationOfOperation' ELSE 'unspecified' END AS reason, COUNT(*) AS orders \
     FROM job_orders WHERE job = number GROUP BY reason))",
    // How many of its orders had rows with different reasons; of older jobs those that are listed.
    "ALTER TABLE jobs ADD COLUMN conflicts INTEGER NOT NULL DEFAULT 0",
    "UPDATE jobs SET conflicts = (SELECT COUNT(*) FROM json_each(merged) WHERE json_extract(value, '$.conflict'))",
    "CREATE INDEX jobs_unapproved ON jobs (started_at) \
     WHERE drill = 0 AND approvals = '[]' AND started_at IS NOT NULL",
    // How many rows of a job were accepted in each minute since 1970.
    "CREATE TABLE job_minutes (
        job INTEGER NOT NULL,
        minute INTEGER NOT NULL,
        accepted INTEGER NOT NULL,
        PRIMARY KEY (job, minute)) WITHOUT ROWID",
    "INSERT INTO job_minutes SELECT job, updated_at / 60000, COUNT(*) FROM job_orders \
     WHERE outcome IN ('revoked', 'already-revoked', 'already-rejected', 'tested') GROUP BY 1, 2",
];

const VERSION_9: [&str; 2] = [
    // What is known of a certificate besides its name, as JSON. A call for a row of a job has none of its own.
    "ALTER TABLE job_orders ADD COLUMN about TEXT",
    "ALTER TABLE attempts ADD COLUMN about TEXT",
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

/// Makes the tables of a new ledger, whose id becomes `fresh_id`, or migrates those of an older one. Gives the version that was
/// found; 0 for a new ledger.
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
            host.execute(statement, &[])?;
        }
        if step == 0 {
            host.execute(
                "INSERT INTO ledger (one, version, id, created_at) VALUES (1, 1, ?, ?)",
                &[fresh_id.into(), host.now().into()],
            )?;
        }
    }
    if found < VERSION {
        host.execute("UPDATE ledger SET version = ?", &[VERSION.into()])?;
    }
    Ok(found)
}

fn version(host: &impl Host) -> Result<i64, OpenError> {
    let version: i64 = host.one("SELECT version FROM ledger", &[])?;
    Some(version)
        .filter(|version| *version > 0)
        .ok_or(OpenError::Host)
}
