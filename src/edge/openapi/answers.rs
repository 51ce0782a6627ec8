//! What an operation succeeds with: its status, its document, its headers, and where to go from there.

use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use super::{reference, set};
use crate::edge::front::{Operation, Route};
use crate::edge::plan::COLUMNS;

/// An answer of a successful operation.
struct Answer {
    name: &'static str,
    status: u16,
    description: &'static str,
    /// The schema of its JSON, or of one event.
    schema: &'static str,
    /// Headers besides those of every answer.
    headers: &'static [&'static str],
    links: &'static [&'static str],
}

const fn answer(name: &'static str, schema: &'static str, description: &'static str) -> Answer {
    Answer {
        name,
        status: 200,
        description,
        schema,
        headers: &[],
        links: &[],
    }
}

const fn of_operation(operation: Operation) -> Answer {
    match operation {
        Operation::Revoke => Answer {
            headers: &["RateLimit-Policy", "RateLimit"],
            links: &["order"],
            ..answer(
                "Revoked",
                "Revocation",
                "The CA has answered, and the order is done: accepted just now (revoked, or cancelled if not issued), or done \
                 before. For a test call: it would be accepted.",
            )
        },
        Operation::Order | Operation::Settle => {
            answer("OrderRecord", "OrderRecord", "What is known of the order.")
        }
        Operation::Orders => answer("Orders", "OrderList", "The orders."),
        Operation::CreateJob => Answer {
            status: 201,
            headers: &["Location"],
            links: &["job", "start", "cancel", "orders", "report"],
            ..answer(
                "Planned",
                "PlannedJob",
                "The plan is kept as a job; nothing was sent.",
            )
        },
        Operation::Jobs => answer("Jobs", "JobList", "The jobs."),
        Operation::PauseAllJobs => Answer {
            status: 202,
            ..answer(
                "AllPaused",
                "PausedJobs",
                "No job sends anything any more. `paused` names those that ran until now.",
            )
        },
        Operation::Job => Answer {
            links: &["start", "orders", "report"],
            ..answer("Job", "PlannedJob", "The job.")
        },
        Operation::StartJob
        | Operation::ApproveJob
        | Operation::DeclineJob
        | Operation::PauseJob
        | Operation::ResumeJob
        | Operation::CancelJob => Answer {
            status: 202,
            links: &["job", "approve", "pause", "resume", "cancel", "orders", "report"],
            ..answer("JobChanged", "JobProgress", "Done; the job as it is now.")
        },
        Operation::JobOrders => Answer {
            headers: &["Content-Disposition"],
            ..answer("JobOrders", "JobOrders", "The rows.")
        },
        Operation::JobEvents => Answer {
            headers: &["X-Accel-Buffering"],
            ..answer(
                "JobEvents",
                "JobEvent",
                "An event stream; the schema is that of one event. Lines that begin with a colon only say that the edge is still \
                 there: one comes at least every 15 seconds.",
            )
        },
        Operation::JobReport => answer("JobReport", "JobReport", "The report."),
        Operation::Audit => Answer {
            headers: &["Link"],
            ..answer(
                "AuditEntries",
                "AuditEntries",
                "The entries. With `Accept: application/x-ndjson`, each on a line of its own, and the next page in `Link`.",
            )
        },
        Operation::AuditHead => answer("AuditHead", "AuditHead", "The head."),
        Operation::AuditKey => answer("AuditKey", "AuditKey", "The key, as a JWK (RFC 7517, RFC 8037)."),
        Operation::Breaker | Operation::ResumeBreaker => answer("Breaker", "Breaker", "The breaker."),
        Operation::Me => answer("Me", "Me", "The caller."),
        Operation::Health => answer("Alive", "Alive", "Alive, and configured."),
        Operation::OpenApi => answer("Description", "Description", "This document."),
        Operation::Metrics => answer("Metrics", "", "The figures."),
    }
}

/// The answers that an operation can succeed with: status, name, and the response itself.
pub(super) fn of(route: &Route, schemas: &Schemas) -> Vec<(u16, String, Value)> {
    let answer = of_operation(route.operation);
    let content = route.answer_types.iter().map(|media_type| {
        let content = match *media_type {
            "application/x-ndjson" => json!({
                "schema": { "type": "string", "description": "One `AuditEntry` a line, each line ended by a newline." },
                "x-line": reference("schemas", "AuditEntry"),
            }),
            "text/csv" => json!({
                "schema": {
                    "description": "A line for the names of the columns, and one for each row.",
                    "type": "string",
                    "pattern": format!("^{}\\r?\\n", COLUMNS.join(",")),
                }
            }),
            "text/markdown" => json!({
                "schema": { "description": "The same, to be read by people.", "type": "string", "pattern": "^# " }
            }),
            "text/plain" => json!({
                "schema": { "type": "string" },
                "example": "# HELP autorevoke_orders Orders that were really sent, by where they stand.\n\
                            # TYPE autorevoke_orders gauge\nautorevoke_orders{state=\"revoked\"} 1\n",
            }),
            _ => schemas.content(answer.schema),
        };
        ((*media_type).to_owned(), content)
    });
    let content: Map<String, Value> = content.collect();
    let mut response = response(answer.description, answer.headers);
    set(&mut response, "content", Value::Object(content));
    if !answer.links.is_empty() {
        set(&mut response, "links", links(answer.links));
    }
    let mut all = vec![(answer.status, answer.name.to_owned(), response)];
    if route.operation == Operation::JobEvents {
        let description =
            "The job is finished, and `Last-Event-ID` is its last revision: no event will follow.";
        all.push((204, "NothingNew".to_owned(), self::response(description, &[])));
    }
    all
}

/// A response with these headers and those of every answer.
pub(super) fn response(description: &str, headers: &[&str]) -> Value {
    let all = ["Cache-Control", "X-Content-Type-Options"].iter().chain(headers);
    let headers = all.map(|name| {
        let component = name.replace('-', "");
        ((*name).to_owned(), reference("headers", &component))
    });
    json!({ "description": description, "headers": Map::from_iter(headers) })
}

/// Where to go on from an answer about an order or a job.
pub(super) fn links(names: &[&str]) -> Value {
    let order = json!({ "orderNumber": "$response.body#/orderNumber" });
    let job = json!({ "id": "$response.body#/id" });
    let plan_hash = "$response.body#/planHash";
    let link = |name: &str| match name {
        "order" => {
            json!({ "operationId": "getOrder", "parameters": order, "description": "What is known of this order, if it is named by its number." })
        }
        "settle" => json!({
            "operationId": "settleOrder", "parameters": order, "requestBody": {}, "description": "Find out now what became of it, if it is named by its number.",
        }),
        "start" => json!({
            "operationId": "startJob", "parameters": job,
            "requestBody": { "planHash": plan_hash, "total": "$response.body#/total" }, "description": "Start this very plan.",
        }),
        "approve" => json!({
            "operationId": "approveJob", "parameters": job, "requestBody": { "planHash": plan_hash },
            "description": "Another person approves this very plan.",
        }),
        "pause" => json!({
            "operationId": "pauseJob", "parameters": job, "requestBody": {}, "description": "Stop it for now.",
        }),
        "resume" => json!({
            "operationId": "resumeJob", "parameters": job, "requestBody": {}, "description": "Let it go on.",
        }),
        "cancel" => json!({
            "operationId": "cancelJob", "parameters": job, "requestBody": {}, "description": "Send no more of it.",
        }),
        "orders" => json!({
            "operationId": "getJobOrders", "parameters": job, "description": "What became of each order.",
        }),
        "report" => {
            json!({ "operationId": "getJobReport", "parameters": job, "description": "The incident report." })
        }
        _ => json!({
            "operationId": "getJob", "parameters": job, "description": "Where it stands, and what its plan found.",
        }),
    };
    Value::Object(
        names
            .iter()
            .map(|name| ((*name).to_owned(), link(name)))
            .collect(),
    )
}

/// The headers of all responses.
pub(super) fn headers() -> Value {
    json!({
        "CacheControl": {
            "description": "No answer may be kept.", "required": true, "schema": { "const": "no-store" },
        },
        "XContentTypeOptions": {
            "description": "The media type is what `Content-Type` says.", "required": true, "schema": { "const": "nosniff" },
        },
        "XAccelBuffering": {
            "description": "No proxy holds events back.", "required": true, "schema": { "const": "no" },
        },
        "Allow": {
            "description": "The methods that this path takes.", "required": true,
            "schema": { "enum": ["GET", "GET, HEAD", "POST", "POST, GET"] }, "example": "POST",
        },
        "Location": {
            "description": "Where the job is.", "required": true,
            "schema": { "type": "string", "pattern": "^/v1/jobs/job_[0-9a-f]{24}$" },
            "example": "/v1/jobs/job_6f1c0a94be27d3580e4b9a71",
        },
        "ContentDisposition": {
            "description": "Of CSV: a file, nothing to be shown.",
            "schema": { "type": "string", "pattern": "^attachment; filename=" },
            "example": "attachment; filename=\"orders.csv\"",
        },
        "Link": {
            "description": "Of lines: where the next page is (RFC 8288), as long as there are more entries.",
            "schema": { "type": "string", "pattern": "^<\\?after=[0-9]+&.*>; rel=\"next\"$" },
            "example": "<?after=1000&limit=1000>; rel=\"next\"",
        },
        "WWWAuthenticate": {
            "description": "How to prove who calls (RFC 6750).", "required": true,
            "schema": { "type": "string", "pattern": "^Bearer " }, "example": "Bearer realm=\"autorevoke\"",
        },
        "RetryAfter": {
            "description": "Seconds after which to try again, as in `retryAfter`.",
            "schema": { "type": "integer", "minimum": 1 }, "example": 10,
        },
        "RateLimitPolicy": {
            "description": "The caller's limits: `q` calls within `w` seconds.",
            "schema": { "type": "string" }, "example": "\"minute\";q=60;w=60, \"day\";q=200;w=86400",
        },
        "RateLimit": {
            "description": "What is left of them: `r` calls, for `t` seconds.",
            "schema": { "type": "string" }, "example": "\"minute\";r=59;t=60, \"day\";r=199;t=86400",
        },
    })
}
