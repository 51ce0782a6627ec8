//! The audit log inside of the ledger: entries are added, read page by page, and their end is read for signing.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Ledger;
use super::host::{Host, HostError, Typed};
use crate::api::audit::UnsignedHead;
use crate::api::value::Seq;
use crate::audit::{NO_HASH, chain};
use crate::edge::command::{ListEntries, Page};
use crate::edge::http_answer::HttpAnswer;
use crate::edge::timestamp;

/// A page of longer entries ends early, in bytes: callers write comments, and reading them must not take the memory that calls in
/// flight need.
const MAX_PAGE_BYTES: u64 = 2 * 1024 * 1024;
/// A page looks at so many entries for those that are asked for.
const LOOKED_AT: u64 = 10_000;

/// The last entry.
#[derive(Debug, Deserialize)]
pub(super) struct End {
    pub(super) seq: u64,
    pub(super) hash: String,
}

impl<H: Host> Ledger<H> {
    /// Adds an entry and gives its number.
    pub(super) fn log(&self, mut members: Map<String, Value>, now: i64) -> Result<u64, HostError> {
        members.insert("time".into(), timestamp::text(now).into());
        if let Some(End { seq, hash }) = self.log_end.take() {
            let entry = chain(members.clone(), seq + 1, &hash);
            // What was rolled back has taken its entries with it. Where the log does not end as it is remembered, the hash
            // is NULL, which the table refuses.
            let added = self.host.execute(
                "INSERT INTO audit (seq, hash, entry) \
                 VALUES (?, CASE ? WHEN (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1) THEN ? END, ?)",
                &[
                    entry.seq.into(),
                    hash.into(),
                    entry.hash.as_str().into(),
                    entry.text.into(),
                ],
            );
            if added.is_ok() {
                self.log_end.set(Some(End {
                    seq: entry.seq,
                    hash: entry.hash,
                }));
                return Ok(entry.seq);
            }
        }
        let seq = append(&self.host, members, now)?;
        self.log_end.set(Some(end(&self.host)?));
        Ok(seq)
    }
}

/// Adds an entry where no ledger remembers the end of its log, and gives its number.
pub(super) fn append(host: &impl Host, mut members: Map<String, Value>, now: i64) -> Result<u64, HostError> {
    members.insert("time".into(), timestamp::text(now).into());
    let End { seq, hash } = end(host)?;
    let entry = chain(members, seq + 1, &hash);
    host.execute(
        "INSERT INTO audit (seq, hash, entry) VALUES (?, ?, ?)",
        &[entry.seq.into(), entry.hash.into(), entry.text.into()],
    )?;
    Ok(entry.seq)
}

/// Where the log ends; entry 0 before the first.
pub(super) fn end(host: &impl Host) -> Result<End, HostError> {
    let end = host.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", &[])?;
    Ok(end.unwrap_or_else(|| End {
        seq: 0,
        hash: NO_HASH.to_owned(),
    }))
}

/// A page of entries: as JSON, or one a line. `next`, or the address of the next page beside lines, is there where there are more.
/// With filters so many are looked at that it may be a short page, or an empty one, although others follow.
pub(super) fn page(host: &impl Host, command: &ListEntries) -> Result<HttpAnswer, HostError> {
    let Page { after, limit } = command.page;
    let filters = command.filters();
    let conditions: String = filters
        .iter()
        .map(|(member, _)| [" AND json_extract(entry, '$.", member, "') = ?"].concat())
        .collect();
    let end = end(host)?.seq;
    let until = if filters.is_empty() {
        end
    } else {
        end.min(after.saturating_add(LOOKED_AT))
    };
    let statement = [
        // Entry by entry, so that no entry is read that is not in the answer.
        "WITH RECURSIVE page(seq, entry, bytes) AS (SELECT ?, NULL, 0 UNION ALL \
         SELECT audit.seq, audit.entry, bytes + LENGTH(CAST(audit.entry AS BLOB)) FROM page JOIN audit ON audit.seq = \
         (SELECT seq FROM audit WHERE seq > page.seq AND seq <= ?",
        &conditions,
        " ORDER BY seq LIMIT 1) WHERE bytes < ? LIMIT ? + 1) SELECT seq, entry FROM page WHERE entry IS NOT NULL",
    ]
    .concat();
    let mut values: Vec<Value> = vec![after.into(), until.into()];
    values.extend(filters.iter().map(|(_, value)| Value::from(value.as_str())));
    values.extend([MAX_PAGE_BYTES.into(), limit.into()]);
    let rows: Vec<(u64, String)> = host.rows(&statement, &values)?;
    let entries: Vec<&str> = rows.iter().map(|(_, entry)| entry.as_str()).collect();
    let bytes: usize = entries.iter().map(|entry| entry.len()).sum();
    let is_full = rows.len() as u64 >= limit || bytes as u64 >= MAX_PAGE_BYTES;
    let last = match rows.last() {
        Some((last, _)) if is_full => *last,
        _ => until,
    };
    let next = Some(last).filter(|last| *last < end);
    if command.lines {
        let text: String = entries.iter().flat_map(|entry| [entry, "\n"]).collect();
        let mut answer = HttpAnswer::of("application/x-ndjson", text);
        answer
            .headers
            .extend(next.map(|next| ("Link", command.link(next))));
        return Ok(answer);
    }
    let next = next.map(|next| format!(",\"next\":{next}")).unwrap_or_default();
    let body = ["{\"entries\":[", &entries.join(","), "]", &next, "}"].concat();
    Ok(HttpAnswer::of("application/json", body))
}

/// The end of the log, to be signed.
pub(super) fn head(host: &impl Host, kid: &str, now: i64) -> Result<UnsignedHead, HostError> {
    let End { seq, hash } = end(host)?;
    Ok(UnsignedHead {
        seq: Seq(seq),
        hash: hash.into(),
        time: timestamp::text(now).into(),
        ledger: host.one("SELECT id FROM ledger", &[])?,
        kid: kid.to_owned(),
    })
}
