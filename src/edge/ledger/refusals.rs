//! Refusals of known callers in the audit log: the first is written at once, its repetitions are folded into one entry.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::audit_log::append;
use super::host::{Host, HostError, Typed};
use crate::api::name::CertificateName;
use crate::edge::command::{Asker, Refused};
use crate::edge::timestamp;

/// For how long repetitions are folded into one entry, in milliseconds.
const FOLD_MS: i64 = 600_000;

/// A refusal, and how often it was repeated since its entry.
#[derive(Deserialize)]
struct Folded {
    actor: String,
    action: String,
    reason: String,
    person: String,
    instance: String,
    since: i64,
    last_at: i64,
    count: u64,
}

/// Notes a refusal of this caller.
pub(super) fn note(host: &impl Host, by: &Asker, refused: &Refused, now: i64) -> Result<(), HostError> {
    flush(host, now)?;
    let counted = host.sql(
        "UPDATE refusals SET count = count + 1, last_at = ?, instance = ? \
         WHERE actor = ? AND action = ? AND reason = ? RETURNING count",
        &[
            now.into(),
            by.instance.as_str().into(),
            by.actor.as_str().into(),
            refused.action.as_str().into(),
            refused.reason.as_str().into(),
        ],
    )?;
    if !counted.is_empty() {
        return Ok(());
    }
    let mut members = entry(by, &refused.action, &refused.reason, 1);
    if let Some(name) = &refused.name {
        CertificateName::from_text(name).put_in(&mut members);
    }
    append(host, members, now)?;
    host.execute(
        "INSERT INTO refusals (actor, action, reason, person, instance, since, last_at, count) \
         VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        &[
            by.actor.as_str().into(),
            refused.action.as_str().into(),
            refused.reason.as_str().into(),
            by.person.as_str().into(),
            by.instance.as_str().into(),
            now.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Writes the folded repetitions that are due, so that none stays out of the log.
pub(super) fn flush(host: &impl Host, now: i64) -> Result<(), HostError> {
    let due: Vec<Folded> = host.rows(
        "DELETE FROM refusals WHERE since <= ? RETURNING actor, action, reason, person, instance, since, last_at, count",
        &[(now - FOLD_MS).into()],
    )?;
    for folded in due.into_iter().filter(|folded| folded.count > 0) {
        let by = Asker {
            actor: folded.actor,
            person: folded.person,
            instance: folded.instance,
        };
        let mut members = entry(&by, &folded.action, &folded.reason, folded.count);
        members.insert("from".into(), timestamp::text(folded.since).into());
        members.insert("to".into(), timestamp::text(folded.last_at).into());
        append(host, members, now)?;
    }
    Ok(())
}

/// When repetitions are due next, in milliseconds since 1970.
pub(super) fn due_at(host: &impl Host) -> Result<Option<i64>, HostError> {
    let since: Option<i64> = host.value("SELECT MIN(since) FROM refusals WHERE count > 0", &[])?;
    Ok(since.map(|since| since + FOLD_MS))
}

fn entry(by: &Asker, action: &str, reason: &str, count: u64) -> Map<String, Value> {
    let mut members = by.audit_members(action, "refused");
    members.insert("reason".into(), reason.into());
    members.insert("count".into(), json!(count));
    members
}
