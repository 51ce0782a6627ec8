//! All routes.

use super::route::Access::{AllOrders, AnyOrders, Caller, Job, Order, Public, ReadJob};
use super::route::Handler::{Answer, Change, Plan, Read};
use super::route::{Operation as Op, READS_JOBS, Route, route};
use super::{edge, jobs, orders};
use crate::edge::grant::Permission::{self, Approve, Audit, Operate, Revoke, Test};

/// The HTTP API, route by route. Preflights aside, all else is answered by a problem.
///
/// `test` is enough to revoke when the order has `test: true`, and to start a drill.
///
/// ```
/// use autorevoke::edge::front::{Access, ROUTES};
/// let health = ROUTES.iter().find(|route| route.path == "/healthz").unwrap();
/// assert_eq!((health.method(), health.access), ("GET", Access::Public));
/// ```
#[rustfmt::skip] // A line each.
pub static ROUTES: &[Route] = &[
    route(Op::Revoke, "/v1/revocations", "revoke", Order(&[Revoke, Test]), Change(orders::revoke)),
    route(Op::Orders, "/v1/orders", "read-order", Order(&[Revoke, Test]), Read(orders::list))
        .takes(&["state", "after", "limit"]),
    route(Op::Order, "/v1/orders/{orderNumber}", "read-order", Order(&[Revoke, Test]), Read(orders::read)),
    route(Op::Settle, "/v1/orders/{orderNumber}/settle", "settle", Order(&[Revoke]), Change(orders::settle)),
    route(Op::CreateJob, "/v1/jobs", "plan-job", Job(&[Permission::Plan]), Plan(jobs::plan))
        .takes(&["name", "deadline", "codeReason", "revocationReason", "test", "columns"]),
    route(Op::Jobs, "/v1/jobs", "read-job", ReadJob(READS_JOBS), Read(jobs::list))
        .takes(&["state", "after", "limit"]),
    route(Op::Job, "/v1/jobs/{id}", "read-job", ReadJob(READS_JOBS), Read(jobs::read)),
    route(Op::JobOrders, "/v1/jobs/{id}/orders", "read-job", ReadJob(READS_JOBS), Read(jobs::rows))
        .takes(&["after", "limit", "outcome"]).gives(&["application/json", "text/csv"]),
    route(Op::JobEvents, "/v1/jobs/{id}/events", "read-job", ReadJob(READS_JOBS), Read(jobs::events))
        .gives(&["text/event-stream"]),
    route(Op::JobReport, "/v1/jobs/{id}/report", "read-job", ReadJob(READS_JOBS), Read(jobs::report))
        .gives(&["application/json", "text/markdown"]),
    route(Op::StartJob, "/v1/jobs/{id}/start", "start-job", Job(&[Revoke, Test]), Change(jobs::start)),
    route(Op::ApproveJob, "/v1/jobs/{id}/approve", "approve-job", Job(&[Approve]), Change(jobs::approve)),
    route(Op::DeclineJob, "/v1/jobs/{id}/decline", "decline-job", Job(&[Approve]), Change(jobs::decline)),
    route(Op::PauseJob, "/v1/jobs/{id}/pause", "pause-job", Job(&[Revoke]), Change(jobs::pause)),
    route(Op::ResumeJob, "/v1/jobs/{id}/resume", "resume-job", Job(&[Revoke]), Change(jobs::resume)),
    route(Op::CancelJob, "/v1/jobs/{id}/cancel", "cancel-job", Job(&[Revoke]), Change(jobs::cancel)),
    route(Op::PauseAllJobs, "/v1/jobs/pause-all", "pause-all-jobs", AllOrders(Operate), Change(jobs::pause_all)),
    route(Op::Audit, "/v1/audit", "read-audit", AllOrders(Audit), Read(edge::audit))
        .takes(&["after", "limit", "order", "actor", "action", "job"])
        .gives(&["application/json", "application/x-ndjson"]),
    route(Op::AuditHead, "/v1/audit/head", "read-audit", AllOrders(Audit), Read(edge::audit_head)),
    route(Op::Metrics, "/metrics", "read-metrics", AllOrders(Audit), Read(edge::metrics))
        .gives(&["text/plain"]),
    route(Op::Breaker, "/v1/breaker", "read-breaker", AnyOrders(&[Revoke, Approve, Operate]), Read(edge::breaker)),
    route(Op::ResumeBreaker, "/v1/breaker/resume", "resume-breaker", AllOrders(Operate), Change(edge::resume_breaker)),
    route(Op::Me, "/v1/me", "read", Caller, Read(edge::me)),
    route(Op::AuditKey, "/v1/audit/key", "read-audit", Public, Answer(edge::audit_key)),
    route(Op::Health, "/healthz", "read", Public, Answer(edge::health)),
    route(Op::OpenApi, "/openapi.json", "read", Public, Answer(edge::openapi)),
];

/// The routes at this path, each with a method of its own, and what stands in it for their placeholder. A path that is
/// written out comes before one with a placeholder.
pub(super) fn at(path: &str) -> (Vec<&'static Route>, &str) {
    let mut found: Vec<(&Route, &str)> = ROUTES
        .iter()
        .filter_map(|route| Some((route, route.in_path(path)?)))
        .collect();
    if found.iter().any(|(_, named)| named.is_empty()) {
        found.retain(|(_, named)| named.is_empty());
    }
    let named = found.first().map_or("", |(_, named)| named);
    (found.into_iter().map(|(route, _)| route).collect(), named)
}
