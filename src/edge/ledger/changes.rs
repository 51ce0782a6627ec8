//! Changes of the configuration, detected by keyed digests. The audit log names the variables.

use std::collections::BTreeMap;

use serde_json::json;

use super::audit_log::append;
use super::host::{Host, HostError, Typed};
use crate::edge::command::Asker;
use crate::edge::config::LedgerConfig;

const KEY: &str = "AUDIT_SIGNING_KEY";
/// The row with the id of the key that the digests are made with.
const KID: &str = "kid";

/// Compares the configuration with the last one, and writes an audit entry where they differ.
pub(super) fn note(host: &impl Host, config: &LedgerConfig, now: i64) -> Result<(), HostError> {
    let before = known(host)?;
    let another_key = before.get(KID).is_some_and(|kid| *kid != config.kid);
    let changed: Vec<&str> = if another_key {
        // Digests of different keys cannot be compared.
        vec![KEY]
    } else {
        let gone = before.keys().map(String::as_str).filter(|name| *name != KID);
        let names = gone.chain(config.digests.keys().copied());
        let mut changed: Vec<&str> = names
            .filter(|name| before.get(*name) != config.digests.get(name))
            .collect();
        changed.sort_unstable();
        changed.dedup();
        changed
    };
    if changed.is_empty() {
        return Ok(());
    }
    let mut members = Asker::edge("").audit_members("configure", "outcome");
    members.remove("instance");
    members.insert("changed".into(), json!(changed));
    members.insert("kid".into(), config.kid.as_str().into());
    append(host, members, now)?;
    host.execute("DELETE FROM configuration", &[])?;
    let digests = config
        .digests
        .iter()
        .map(|(name, digest)| (*name, digest.as_str()));
    for (name, digest) in digests.chain([(KID, config.kid.as_str())]) {
        host.execute(
            "INSERT INTO configuration (name, digest) VALUES (?, ?)",
            &[name.into(), digest.into()],
        )?;
    }
    Ok(())
}

fn known(host: &impl Host) -> Result<BTreeMap<String, String>, HostError> {
    let rows = host.rows("SELECT name, digest FROM configuration", &[])?;
    Ok(rows.into_iter().collect())
}
