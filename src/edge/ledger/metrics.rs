//! The ledger's part of `GET /metrics`, in the Prometheus text format.

use std::collections::BTreeMap;

use super::host::{Host, HostError, Typed};

/// What is known besides the tables.
pub(super) struct Now {
    pub(super) breaker: &'static str,
    pub(super) in_flight: usize,
    pub(super) audit_seq: u64,
    pub(super) jobs: Jobs,
}

/// Jobs that have not ended.
#[derive(Default)]
pub(super) struct Jobs {
    /// How many stand where.
    pub(super) by_state: BTreeMap<&'static str, u64>,
    /// Rows of those that were started, which are still to be sent or in flight.
    pub(super) remaining: i64,
    /// Jobs that will miss their deadline at the present rate.
    pub(super) at_risk: u64,
}

pub(super) fn text(host: &impl Host, now: &Now) -> Result<String, HostError> {
    let mut text = String::new();
    text += "# HELP autorevoke_calls_total Calls to the CA in the ledger, by what they were made for and how they ended.\n";
    text += "# TYPE autorevoke_calls_total counter\n";
    let calls: Vec<(String, i64, String, u64)> = host.rows(
        "SELECT purpose, test, state, count FROM call_counts WHERE count > 0 ORDER BY 1, 2, 3",
        &[],
    )?;
    for (purpose, test, state, count) in calls {
        let test = test == 1;
        text += &format!(
            "autorevoke_calls_total{{purpose=\"{purpose}\",test=\"{test}\",outcome=\"{state}\"}} {count}\n"
        );
    }
    text += "# HELP autorevoke_orders Orders that were really sent, by where they stand.\n";
    text += "# TYPE autorevoke_orders gauge\n";
    let orders: Vec<(String, u64)> = host.rows(
        "SELECT state, count FROM order_counts WHERE count > 0 ORDER BY 1",
        &[],
    )?;
    for (state, count) in orders {
        text += &format!("autorevoke_orders{{state=\"{state}\"}} {count}\n");
    }
    text += "# HELP autorevoke_breaker Whether calls to the CA go out: 1 for the state that holds.\n";
    text += "# TYPE autorevoke_breaker gauge\n";
    for state in ["closed", "half-open", "open"] {
        let holds = u8::from(state == now.breaker);
        text += &format!("autorevoke_breaker{{state=\"{state}\"}} {holds}\n");
    }
    text += "# HELP autorevoke_jobs Jobs that have not ended, by where they stand.\n";
    text += "# TYPE autorevoke_jobs gauge\n";
    for state in ["planned", "awaiting-approval", "running", "paused", "halted"] {
        let count = now.jobs.by_state.get(state).copied().unwrap_or_default();
        text += &format!("autorevoke_jobs{{state=\"{state}\"}} {count}\n");
    }
    let (remaining, at_risk) = (now.jobs.remaining, now.jobs.at_risk);
    text += "# HELP autorevoke_job_orders_remaining Orders of started jobs that are still to be sent or under way.\n";
    text += "# TYPE autorevoke_job_orders_remaining gauge\n";
    text += &format!("autorevoke_job_orders_remaining {remaining}\n");
    text += "# HELP autorevoke_jobs_at_risk Jobs that will miss their deadline at the present rate.\n";
    text += "# TYPE autorevoke_jobs_at_risk gauge\n";
    text += &format!("autorevoke_jobs_at_risk {at_risk}\n");
    let (in_flight, audit_seq) = (now.in_flight, now.audit_seq);
    text += "# HELP autorevoke_calls_under_way Calls to the CA under way.\n";
    text += "# TYPE autorevoke_calls_under_way gauge\n";
    text += &format!("autorevoke_calls_under_way {in_flight}\n");
    text += "# HELP autorevoke_audit_entries_total Entries of the audit log.\n";
    text += "# TYPE autorevoke_audit_entries_total counter\n";
    text += &format!("autorevoke_audit_entries_total {audit_seq}\n");
    Ok(text)
}
