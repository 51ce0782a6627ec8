//! What the front asks of the ledger. The one writes it once, the other reads it once, and nothing between them looks into it
//! but for [`Asker::instance`].

use serde::{Deserialize, Deserializer, Serialize};

use super::json_order;
use super::order_ranges::OrderRanges;
use crate::api::about::About;
use crate::api::caller::Caller;
use crate::api::job::{JobReasons, JobState};
use crate::api::name::CertificateName;
use crate::api::order::OrderState;
use crate::api::row::RowOutcome;
use crate::protocol::Order;

/// A command, and who gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Who asks.
    pub by: Asker,
    /// What for.
    pub command: Command,
}

impl Request {
    /// For JavaScript, which hands it on as it stands.
    pub fn to_json(&self) -> String {
        // Text, numbers and lists only, which can all be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`Request::to_json`] wrote.
    pub fn from_json(text: &str) -> Option<Request> {
        serde_json::from_str(text).ok()
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// `key:ID`, `jwt:ISSUER#SUBJECT`, or the edge itself.
    pub actor: String,
    /// The person behind the actor; the actor where none is known.
    pub person: String,
    /// The request's id in the log.
    pub instance: String,
}

/// The orders of each of the caller's grants with some permission: one of them alone must cover what is asked for.
pub type Grants = Vec<OrderRanges>;

/// What is asked of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Revoke an order, or test that.
    #[serde(deserialize_with = "apart")]
    Revoke(Revoke),
    /// Tell all that is known of an order.
    Order {
        /// Its name, as one text.
        name: String,
    },
    /// List orders.
    #[serde(deserialize_with = "apart")]
    Orders(ListOrders),
    /// Find out what became of an order with an unknown outcome.
    Settle {
        /// Its name, as one text.
        name: String,
        /// Whether to send it again, rather than to probe it.
        resend: bool,
    },
    /// Keep a plan, whose rows come beside the command.
    #[serde(deserialize_with = "apart")]
    CreateJob(NewJob),
    /// Change a job.
    #[serde(deserialize_with = "apart")]
    ChangeJob(ChangeJob),
    /// Stop all jobs.
    PauseAllJobs,
    /// List jobs.
    #[serde(deserialize_with = "apart")]
    Jobs(ListJobs),
    /// Tell of a job.
    Job(OneJob),
    /// Tell of a job's rows.
    #[serde(deserialize_with = "apart")]
    JobOrders(JobOrders),
    /// Tell how a job gets on, as events.
    JobEvents {
        /// Which job.
        of: OneJob,
        /// The last event that the caller has had.
        last_event_id: Option<u32>,
    },
    /// Write the report of a job.
    JobReport {
        /// Which job.
        of: OneJob,
        /// Whether as Markdown, rather than JSON.
        markdown: bool,
    },
    /// List entries of the audit log.
    #[serde(deserialize_with = "apart")]
    Audit(ListEntries),
    /// Sign the head of the audit log.
    AuditHead,
    /// Tell what the caller has left of their limits.
    Me {
        /// What the front knows of the caller.
        #[serde(deserialize_with = "apart")]
        me: Caller,
    },
    /// Tell where the breaker stands.
    Breaker,
    /// Let a call through an open breaker.
    ResumeBreaker,
    /// Write the metrics.
    Metrics {
        /// Those of the front.
        front: String,
    },
    /// Note that a known caller was refused.
    #[serde(deserialize_with = "apart")]
    Refused(Refused),
    /// Go on with [`Command::JobOrders`].
    #[serde(deserialize_with = "apart")]
    MoreJobOrders(MoreJobOrders),
    /// Go on with [`Command::JobEvents`].
    #[serde(deserialize_with = "apart")]
    MoreJobEvents(MoreJobEvents),
}

/// Reads a command's own members in a function of their own: all of them together make one of 43 KB, which costs V8 15 MB to
/// compile (docs/decisions/small-functions.md).
#[inline(never)]
fn apart<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    T::deserialize(from)
}

/// A revocation that is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoke {
    /// What is to be revoked.
    #[serde(with = "json_order")]
    pub order: Order,
    /// What its certificate says, where it is named by that.
    pub about: Option<About>,
    /// The caller's idempotency key.
    pub idempotency_key: Option<String>,
}

/// A plan that is allowed, without its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewJob {
    /// The job's name.
    pub name: Option<String>,
    /// By when it should be done, in milliseconds since 1970.
    pub deadline: Option<i64>,
    /// The comment of the rows that have none of their own.
    pub comment: Option<String>,
    /// The lower-case hex SHA-256 of the plan.
    pub plan_hash: String,
    /// How many rows there are, each of another order.
    pub total: i64,
    /// How many rows were merged into others.
    pub duplicates: i64,
    /// Whether all of it are test calls.
    pub drill: bool,
    /// The smallest order number; 0 if an order is named otherwise, which only grants over all orders cover.
    pub first_order: u64,
    /// The largest order number.
    pub last_order: u64,
    /// How many orders have which reason.
    pub reasons: JobReasons,
    /// What was merged, as JSON.
    pub merged: String,
    /// How many of the merged orders had different reasons.
    pub conflicts: i64,
    /// The caller's idempotency key.
    pub idempotency_key: Option<String>,
}

/// Something that a caller wants to do with a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeJob {
    /// The job's id, as the caller wrote it.
    pub job: String,
    /// What is to be done.
    pub change: Change,
    /// Whether a person asks.
    pub is_person: bool,
    /// The grants that let the caller do this.
    pub act: Grants,
    /// Those that let the caller make test calls.
    pub test: Grants,
    /// Those that let the caller see the job.
    pub read: Grants,
}

/// What is to be done with a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Start it.
    Start {
        /// The plan that the caller has seen.
        plan_hash: String,
        /// How many orders it had.
        total: u64,
    },
    /// Approve it.
    Approve {
        /// The plan that the caller has seen.
        plan_hash: String,
    },
    /// Decline it.
    Decline {
        /// The plan that the caller has seen.
        plan_hash: String,
        /// Why.
        comment: String,
    },
    /// Stop it.
    Pause,
    /// Let it go on.
    Resume,
    /// Give it up.
    Cancel,
}

impl Change {
    /// What it is called in the audit log.
    pub const fn action(&self) -> &'static str {
        match self {
            Change::Start { .. } => "start-job",
            Change::Approve { .. } => "approve-job",
            Change::Decline { .. } => "decline-job",
            Change::Pause => "pause-job",
            Change::Resume => "resume-job",
            Change::Cancel => "cancel-job",
        }
    }
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// What it begins after; 0 for the first part.
    pub after: u64,
    /// How many there may be in it.
    pub limit: u64,
}

/// A job that a caller wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneJob {
    /// Its id, as the caller wrote it.
    pub job: String,
    /// The grants that let the caller see jobs.
    pub read: Grants,
}

/// The jobs that a caller wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListJobs {
    /// The grants that let the caller see jobs.
    pub read: Grants,
    /// Which part of them.
    pub page: Page,
    /// Only those in this state.
    pub state: Option<JobState>,
}

/// The orders that a caller wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListOrders {
    /// The grants that let the caller see orders.
    pub read: Grants,
    /// Which part of them.
    pub page: Page,
    /// Only those in this state.
    pub state: Option<OrderState>,
}

/// The entries of the audit log that a caller wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntries {
    /// Which part of them.
    pub page: Page,
    /// Whether one a line, rather than as one document.
    pub lines: bool,
    /// Only those about this order.
    pub order: Option<String>,
    /// Only those of this actor.
    pub actor: Option<String>,
    /// Only those with this action.
    pub action: Option<String>,
    /// Only those about this job.
    pub job: Option<String>,
}

impl ListEntries {
    /// The members of entries that must have a value, and that value. An order is named as in a path.
    pub(super) fn filters(&self) -> Vec<(&'static str, String)> {
        let order = self.order.as_deref().map(|text| {
            let name = CertificateName::from_text(text);
            (name.kind().parameter(), name.value().to_owned())
        });
        let others = [
            ("actor", &self.actor),
            ("action", &self.action),
            ("jobId", &self.job),
        ];
        let others = others
            .into_iter()
            .filter_map(|(member, value)| Some((member, value.clone()?)));
        order.into_iter().chain(others).collect()
    }

    /// A link (RFC 8288) to the page after the entry `next`.
    pub(super) fn link(&self, next: u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("after", &next.to_string());
        query.append_pair("limit", &self.page.limit.to_string());
        let filters = [
            ("order", &self.order),
            ("actor", &self.actor),
            ("action", &self.action),
            ("job", &self.job),
        ];
        for (name, value) in filters {
            value.iter().for_each(|value| {
                query.append_pair(name, value);
            });
        }
        format!("<?{}>; rel=\"next\"", query.finish())
    }
}

/// The rows that a caller wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobOrders {
    /// Of which job.
    pub of: OneJob,
    /// Only those with one of these outcomes; all where there is none.
    pub outcomes: Vec<RowOutcome>,
    /// Which part of them; CSV has them all.
    pub page: Page,
    /// Whether as CSV, rather than JSON.
    pub csv: bool,
}

/// The further rows of a CSV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoreJobOrders {
    /// The number of the job, whose first rows the caller has been shown.
    pub job: i64,
    /// The last row that was written.
    pub after: u64,
    /// Only those with one of these outcomes; all where there is none.
    pub outcomes: Vec<RowOutcome>,
}

/// The further events of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoreJobEvents {
    /// The number of the job, whose first events the caller has been shown.
    pub job: i64,
    /// The revision that was sent last.
    pub seen: Option<i64>,
    /// What the clock moves in a job that stands still, as it was sent last.
    pub clock: Option<Clock>,
    /// Until when this connection is served, in milliseconds since 1970.
    pub until: i64,
    /// How often nothing has been sent since.
    pub silent: u64,
}

/// What the clock alone moves in a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Whether it will be late.
    pub at_risk: bool,
    /// Rows in 1,000 seconds, of late.
    pub rate: Option<i64>,
    /// When it will be done, in milliseconds since 1970.
    pub eta: Option<i64>,
}

/// A refusal of a caller who is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What the caller asked for, as the audit log calls it.
    pub action: String,
    /// The kind of the problem that the caller got.
    pub reason: String,
    /// What names the order that it was about, as one text.
    pub name: Option<String>,
}
