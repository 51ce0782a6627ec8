//! Rollback detection: a ledger that is older than the high-water mark of its audit log was restored from a backup, or replaced.
//!
//! Calls may have left since that backup was made. So an order that the ledger has as refused is unknown until the CA has said
//! where it stands.

use serde_json::Value;

use super::Ledger;
use super::host::{Host, HostError};
use crate::edge::command::Asker;

impl<H: Host> Ledger<H> {
    /// Compares the ledger with the high-water mark, a head of its audit log that is kept outside of it. `true` if the ledger
    /// was rolled back; the audit log and the orders say so then.
    pub fn check_high_water_mark(&self, seen: &Value) -> Result<bool, HostError> {
        let seq = seen.get("seq").and_then(Value::as_u64).ok_or(HostError)?;
        let text = |name: &str| seen.get(name).and_then(Value::as_str).ok_or(HostError);
        let (hash, ledger) = (text("hash")?, text("ledger")?);
        let same = self.host.sql(
            "SELECT 1 FROM audit, ledger WHERE audit.seq = ? AND audit.hash = ? AND ledger.id = ?",
            &[seq.into(), hash.into(), ledger.into()],
        )?;
        if !same.is_empty() {
            return Ok(false);
        }
        let now = self.host.now();
        self.reschedule();
        let mut members = Asker::edge("").audit_members("restore", "outcome");
        members.remove("instance");
        members.insert("seenLedger".into(), ledger.into());
        members.insert("seenSeq".into(), seq.into());
        members.insert("seenHash".into(), hash.into());
        self.log(members, now)?;
        // They may have been sent again since the backup, at an unknown time, so they are probed and never sent by themselves.
        self.host.execute(
            "UPDATE orders SET first_lost_at = 0, lost_at = ?1, probes = 0, probe_accepted = 0, settle_at = ?1, \
             updated_at = ?1 WHERE state = 'unknown'",
            &[now.into()],
        )?;
        // Most of what was refused still is: to probe all of it would flood the CA, so it waits for a person.
        self.host.execute(
            "UPDATE orders SET state = 'unknown', first_lost_at = 0, lost_at = NULL, probes = 0, probe_accepted = 0, \
             settle_at = NULL, restored = 1, updated_at = ? WHERE state = 'refused'",
            &[now.into()],
        )?;
        self.give_up_jobs(now)?;
        Ok(true)
    }
}
