//! Which paths there are, what may be done at each, and which permission it takes.

use super::grant::Permission;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `POST /v1/revocations`.
    Revoke,
    /// `GET /v1/orders/{orderNumber}`, with the number's text as it stands in the path.
    Order(String),
    /// `POST /v1/orders/{orderNumber}/settle`.
    Settle(String),
    /// `POST /v1/jobs`.
    CreateJob,
    /// `GET /v1/jobs`.
    Jobs,
    /// `GET /v1/jobs/{id}`, with the id's text as it stands in the path.
    Job(String),
    /// `POST /v1/jobs/{id}/start`.
    StartJob(String),
    /// `POST /v1/jobs/{id}/approve`.
    ApproveJob(String),
    /// `POST /v1/jobs/{id}/decline`.
    DeclineJob(String),
    /// `POST /v1/jobs/{id}/pause`.
    PauseJob(String),
    /// `POST /v1/jobs/{id}/resume`.
    ResumeJob(String),
    /// `POST /v1/jobs/{id}/cancel`.
    CancelJob(String),
    /// `POST /v1/jobs/pause-all`.
    PauseAllJobs,
    /// `GET /v1/jobs/{id}/orders`.
    JobOrders(String),
    /// `GET /v1/jobs/{id}/events`.
    JobEvents(String),
    /// `GET /v1/jobs/{id}/report`.
    JobReport(String),
    /// `GET /v1/audit`.
    Audit,
    /// `GET /v1/audit/head`.
    AuditHead,
    /// `GET /v1/audit/key`.
    AuditKey,
    /// `GET /v1/breaker`.
    Breaker,
    /// `POST /v1/breaker/resume`.
    ResumeBreaker,
    /// `GET /v1/me`.
    Me,
    /// `GET /healthz`.
    Health,
    /// `GET /openapi.json`.
    OpenApi,
    /// `GET /metrics`.
    Metrics,
}

/// Who may carry out an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone, without saying who they are.
    Public,
    /// Every caller who proved who they are.
    Caller,
    /// Whoever has one of these permissions for the order that it is about.
    Order(&'static [Permission]),
    /// Whoever has one of these permissions, in one grant, for all orders of the job.
    Job(&'static [Permission]),
    /// Whoever has this permission for the orders `*`.
    AllOrders(Permission),
}

/// Who may read a job.
pub const READS_JOBS: &[Permission] = &[Permission::Plan, Permission::Revoke, Permission::Approve];

impl Operation {
    /// One of each; the text of a number or an id is the placeholder's.
    pub fn all() -> Vec<Operation> {
        let number = || "{orderNumber}".to_owned();
        let id = || "{id}".to_owned();
        vec![
            Operation::Revoke,
            Operation::Order(number()),
            Operation::Settle(number()),
            Operation::CreateJob,
            Operation::Jobs,
            Operation::Job(id()),
            Operation::StartJob(id()),
            Operation::ApproveJob(id()),
            Operation::DeclineJob(id()),
            Operation::PauseJob(id()),
            Operation::ResumeJob(id()),
            Operation::CancelJob(id()),
            Operation::PauseAllJobs,
            Operation::JobOrders(id()),
            Operation::JobEvents(id()),
            Operation::JobReport(id()),
            Operation::Audit,
            Operation::AuditHead,
            Operation::AuditKey,
            Operation::Breaker,
            Operation::ResumeBreaker,
            Operation::Me,
            Operation::Health,
            Operation::OpenApi,
            Operation::Metrics,
        ]
    }

    /// Whether it answers HEAD as well: load balancers ask by that whether the edge is alive.
    pub const fn takes_head(&self) -> bool {
        matches!(self, Operation::Health)
    }

    /// The method at which this operation answers.
    pub const fn method(&self) -> &'static str {
        match self {
            Operation::Revoke
            | Operation::Settle(_)
            | Operation::ResumeBreaker
            | Operation::CreateJob
            | Operation::StartJob(_)
            | Operation::ApproveJob(_)
            | Operation::DeclineJob(_)
            | Operation::PauseJob(_)
            | Operation::ResumeJob(_)
            | Operation::CancelJob(_)
            | Operation::PauseAllJobs => "POST",
            _ => "GET",
        }
    }

    /// The route's name in logs: never the path itself, which is the caller's text.
    pub const fn route(&self) -> &'static str {
        match self {
            Operation::Revoke => "/v1/revocations",
            Operation::Order(_) => "/v1/orders/{orderNumber}",
            Operation::Settle(_) => "/v1/orders/{orderNumber}/settle",
            Operation::CreateJob | Operation::Jobs => "/v1/jobs",
            Operation::Job(_) => "/v1/jobs/{id}",
            Operation::StartJob(_) => "/v1/jobs/{id}/start",
            Operation::ApproveJob(_) => "/v1/jobs/{id}/approve",
            Operation::DeclineJob(_) => "/v1/jobs/{id}/decline",
            Operation::PauseJob(_) => "/v1/jobs/{id}/pause",
            Operation::ResumeJob(_) => "/v1/jobs/{id}/resume",
            Operation::CancelJob(_) => "/v1/jobs/{id}/cancel",
            Operation::PauseAllJobs => "/v1/jobs/pause-all",
            Operation::JobOrders(_) => "/v1/jobs/{id}/orders",
            Operation::JobEvents(_) => "/v1/jobs/{id}/events",
            Operation::JobReport(_) => "/v1/jobs/{id}/report",
            Operation::Audit => "/v1/audit",
            Operation::AuditHead => "/v1/audit/head",
            Operation::AuditKey => "/v1/audit/key",
            Operation::Breaker => "/v1/breaker",
            Operation::ResumeBreaker => "/v1/breaker/resume",
            Operation::Me => "/v1/me",
            Operation::Health => "/healthz",
            Operation::OpenApi => "/openapi.json",
            Operation::Metrics => "/metrics",
        }
    }

    /// What it is called in the audit log.
    pub const fn action(&self) -> &'static str {
        match self {
            Operation::Revoke => "revoke",
            Operation::Order(_) => "read-order",
            Operation::Settle(_) => "settle",
            Operation::CreateJob => "plan-job",
            Operation::Jobs
            | Operation::Job(_)
            | Operation::JobOrders(_)
            | Operation::JobEvents(_)
            | Operation::JobReport(_) => "read-job",
            Operation::StartJob(_) => "start-job",
            Operation::ApproveJob(_) => "approve-job",
            Operation::DeclineJob(_) => "decline-job",
            Operation::PauseJob(_) => "pause-job",
            Operation::ResumeJob(_) => "resume-job",
            Operation::CancelJob(_) => "cancel-job",
            Operation::PauseAllJobs => "pause-all-jobs",
            Operation::Audit | Operation::AuditHead | Operation::AuditKey => "read-audit",
            Operation::Breaker => "read-breaker",
            Operation::ResumeBreaker => "resume-breaker",
            Operation::Metrics => "read-metrics",
            Operation::Me | Operation::Health | Operation::OpenApi => "read",
        }
    }

    /// Who may carry it out. `test` alone is enough to revoke when the order has `test: true`.
    pub const fn access(&self) -> Access {
        match self {
            Operation::Revoke | Operation::Settle(_) => Access::Order(&[Permission::Revoke]),
            Operation::Order(_) => Access::Order(&[Permission::Revoke, Permission::Test]),
            Operation::CreateJob => Access::Job(&[Permission::Plan]),
            Operation::Jobs
            | Operation::Job(_)
            | Operation::JobOrders(_)
            | Operation::JobEvents(_)
            | Operation::JobReport(_) => Access::Job(READS_JOBS),
            // `test` is enough for a drill.
            Operation::StartJob(_) => Access::Job(&[Permission::Revoke, Permission::Test]),
            Operation::ApproveJob(_) | Operation::DeclineJob(_) => Access::Job(&[Permission::Approve]),
            Operation::PauseJob(_) | Operation::ResumeJob(_) | Operation::CancelJob(_) => {
                Access::Job(&[Permission::Revoke])
            }
            Operation::PauseAllJobs => Access::AllOrders(Permission::Operate),
            Operation::Audit | Operation::AuditHead | Operation::Metrics => {
                Access::AllOrders(Permission::Audit)
            }
            Operation::Breaker | Operation::ResumeBreaker => Access::AllOrders(Permission::Operate),
            Operation::Me => Access::Caller,
            Operation::AuditKey | Operation::Health | Operation::OpenApi => Access::Public,
        }
    }

    /// The media types that its answer can have, the usual one first.
    pub const fn media_types(&self) -> &'static [&'static str] {
        match self {
            Operation::Audit => &["application/json", "application/x-ndjson"],
            Operation::JobOrders(_) => &["application/json", "text/csv"],
            Operation::JobEvents(_) => &["text/event-stream"],
            Operation::JobReport(_) => &["application/json", "text/markdown"],
            Operation::Metrics => &["text/plain"],
            _ => &["application/json"],
        }
    }

    /// The media types that its body can have, the usual one first; none where it has no body.
    pub const fn body_types(&self) -> &'static [&'static str] {
        match self {
            Operation::CreateJob => &["application/json", "text/csv"],
            _ => &["application/json"],
        }
    }

    /// The query parameters that it takes.
    pub const fn parameters(&self) -> &'static [&'static str] {
        match self {
            Operation::Audit => &["after", "limit"],
            Operation::Jobs => &["state", "after", "limit"],
            Operation::JobOrders(_) => &["after", "limit", "outcome"],
            Operation::CreateJob => &["name", "deadline"],
            _ => &[],
        }
    }
}

/// The operations at this path, each with a method of its own; none if there is no such path.
///
/// ```
/// use autorevoke::edge::routes::{Operation, operations_at};
/// assert_eq!(operations_at("/v1/orders/12"), [Operation::Order("12".into())]);
/// assert_eq!(operations_at("/v1/orders/12/"), []);
/// ```
pub fn operations_at(path: &str) -> Vec<Operation> {
    let fixed: Vec<Operation> = Operation::all()
        .into_iter()
        .filter(|operation| operation.route() == path && !operation.route().contains('{'))
        .collect();
    if !fixed.is_empty() {
        return fixed;
    }
    if let Some(rest) = path.strip_prefix("/v1/jobs/") {
        return job_operations_at(rest);
    }
    let Some(rest) = path.strip_prefix("/v1/orders/") else {
        return Vec::new();
    };
    match rest.split_once('/') {
        _ if rest.is_empty() || rest.starts_with('/') => Vec::new(),
        None => vec![Operation::Order(rest.to_owned())],
        Some((number, "settle")) => vec![Operation::Settle(number.to_owned())],
        Some(_) => Vec::new(),
    }
}

fn job_operations_at(rest: &str) -> Vec<Operation> {
    let (id, verb) = rest.split_once('/').unwrap_or((rest, ""));
    let operation = match verb {
        _ if id.is_empty() => return Vec::new(),
        "" if rest.ends_with('/') => return Vec::new(),
        "" => Operation::Job,
        "start" => Operation::StartJob,
        "approve" => Operation::ApproveJob,
        "decline" => Operation::DeclineJob,
        "pause" => Operation::PauseJob,
        "resume" => Operation::ResumeJob,
        "cancel" => Operation::CancelJob,
        "orders" => Operation::JobOrders,
        "events" => Operation::JobEvents,
        "report" => Operation::JobReport,
        _ => return Vec::new(),
    };
    vec![operation(id.to_owned())]
}
