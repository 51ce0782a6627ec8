//! What a route is, and what the function that handles it is given.

use super::counters::Counters;
use super::head::Head;
use super::members::Members;
use super::query::Query;
use crate::edge::caller::Caller;
use crate::edge::command::{Asker, Command, Refused, Request};
use crate::edge::config::FrontConfig;
use crate::edge::grant::Permission;
use crate::edge::http_answer::{HttpAnswer, Problem};
use crate::edge::plan::Plan;
use crate::problem::Kind;

/// The longest body of a request that is no job, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// The longest body of a job, in bytes.
pub const MAX_JOB_BYTES: usize = 8 * 1024 * 1024;

/// What can be asked for. Each is [found](super::ROUTES) at one path and method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // Their routes say what they are.
pub enum Operation {
    Revoke,
    Orders,
    Order,
    Settle,
    CreateJob,
    Jobs,
    PauseAllJobs,
    Job,
    StartJob,
    ApproveJob,
    DeclineJob,
    PauseJob,
    ResumeJob,
    CancelJob,
    JobOrders,
    JobEvents,
    JobReport,
    Audit,
    AuditHead,
    AuditKey,
    Breaker,
    ResumeBreaker,
    Me,
    Health,
    OpenApi,
    Metrics,
}

/// Who may carry out an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone, without saying who they are.
    Public,
    /// Every caller who proved who they are.
    Caller,
    /// Callers with one of these permissions for the order that it is about.
    Order(&'static [Permission]),
    /// Callers with one of these permissions, in one grant, for all orders of the job.
    Job(&'static [Permission]),
    /// The same, and callers with the permission `audit` for the orders `*`.
    ReadJob(&'static [Permission]),
    /// Callers with one of these permissions, for whatever orders.
    AnyOrders(&'static [Permission]),
    /// Callers with this permission for the orders `*`.
    AllOrders(Permission),
}

/// Who may read a job.
pub(super) const READS_JOBS: &[Permission] = &[Permission::Plan, Permission::Revoke, Permission::Approve];

/// Where an operation is found, who may carry it out, what it takes and what it gives.
#[derive(Debug)]
pub struct Route {
    /// The operation.
    pub operation: Operation,
    /// Its path, with at most one placeholder: `/v1/jobs/{id}`. It is also the route's name in logs and metrics.
    pub path: &'static str,
    /// What it is called in the audit log.
    pub action: &'static str,
    /// Who may carry it out.
    pub access: Access,
    /// The media types that its body can have, the usual one first; none where it has no body.
    pub body_types: &'static [&'static str],
    /// How long its body may be, in bytes.
    pub max_body_bytes: usize,
    /// The media types that its answer can have, the usual one first.
    pub answer_types: &'static [&'static str],
    /// The query parameters that it takes.
    pub parameters: &'static [&'static str],
    pub(super) handler: Handler,
}

/// What carries out an operation, once the request's head is found right.
#[derive(Debug, Clone, Copy)]
pub(super) enum Handler {
    /// A `GET` that everyone may make, and that the front answers by itself.
    Answer(fn(&FrontConfig) -> HttpAnswer),
    /// A `GET`, made by a caller who has the permission, for some orders.
    Read(fn(&Asked) -> Handled),
    /// A `POST` of a JSON object. Faults of its members are answered first, then that the caller lacks the permission, and only
    /// then what the function has against it.
    Change(fn(&Asked, &mut Members) -> Handled),
    /// A `POST` of a plan, by a caller who has the permission, for some orders.
    Plan(fn(&Asked, &[u8]) -> Handled<Box<Plan>>),
}

const JSON: &[&str] = &["application/json"];
/// What is not JSON is a list of any kind, known by its bytes, whatever it is called. `text/plain` is not among them: any page may send it without being
/// asked for its origin (Fetch, "CORS-safelisted request-header").
const LISTS: &[&str] = &["application/json", "text/csv", "application/x-pem-file"];

/// One that takes no query, and gives JSON.
pub(super) const fn route(
    operation: Operation,
    path: &'static str,
    action: &'static str,
    access: Access,
    handler: Handler,
) -> Route {
    let (body_types, max_body_bytes): (&[&str], usize) = match handler {
        Handler::Answer(_) | Handler::Read(_) => (&[], 0),
        Handler::Change(_) => (JSON, MAX_BODY_BYTES),
        Handler::Plan(_) => (LISTS, MAX_JOB_BYTES),
    };
    Route {
        operation,
        path,
        action,
        access,
        body_types,
        max_body_bytes,
        answer_types: JSON,
        parameters: &[],
        handler,
    }
}

impl Route {
    /// The same with these query parameters.
    pub(super) const fn takes(self, parameters: &'static [&'static str]) -> Route {
        Route { parameters, ..self }
    }

    /// The same with these media types of the answer.
    pub(super) const fn gives(self, answer_types: &'static [&'static str]) -> Route {
        Route { answer_types, ..self }
    }

    /// Its method.
    pub const fn method(&self) -> &'static str {
        if self.body_types.is_empty() { "GET" } else { "POST" }
    }

    /// Its methods. `HEAD` is how load balancers ask whether the edge is alive.
    pub const fn methods(&self) -> &'static [&'static str] {
        match self.operation {
            Operation::Health => &["GET", "HEAD"],
            _ if self.body_types.is_empty() => &["GET"],
            _ => &["POST"],
        }
    }

    /// What stands in this path for the placeholder, nothing where there is none; `None` if the path is another one.
    pub fn in_path<'path>(&self, path: &'path str) -> Option<&'path str> {
        let Some((before, rest)) = self.path.split_once('{') else {
            return (path == self.path).then_some("");
        };
        let (_, after) = rest.split_once('}')?;
        let named = path.strip_prefix(before)?.strip_suffix(after)?;
        (!named.is_empty() && !named.contains('/')).then_some(named)
    }
}

/// A request of a caller who is known, as the function that handles it gets it.
pub(super) struct Asked<'a> {
    pub(super) route: &'static Route,
    pub(super) caller: &'a Caller,
    /// What stands in the path for its placeholder.
    pub(super) named: &'a str,
    pub(super) head: &'a Head,
    pub(super) query: &'a Query,
    /// The media type that the answer is to have.
    pub(super) media_type: &'static str,
    /// The request's id in the log.
    pub(super) instance: &'a str,
    pub(super) config: &'a FrontConfig,
    pub(super) counters: &'a Counters,
}

/// Why a request is not passed on to the ledger.
#[derive(Debug)]
pub(super) enum Rejection {
    /// The audit log does not have it.
    Plain(Problem),
    /// The caller may not: the audit log has it, with the order's name where it is about one.
    Logged(Problem, Option<String>),
}

/// What a handler has to say.
pub(super) type Handled<T = Command> = Result<T, Rejection>;

impl From<Problem> for Rejection {
    fn from(problem: Problem) -> Rejection {
        Rejection::Plain(problem)
    }
}

impl Asked<'_> {
    /// A request to the ledger.
    pub(super) fn request(&self, command: Command) -> Request {
        let by = Asker {
            actor: self.caller.actor.clone(),
            person: self.caller.person_name().to_owned(),
            instance: self.instance.to_owned(),
        };
        Request { by, command }
    }

    /// Refuses a caller who lacks the route's permission altogether.
    pub(super) fn permitted(&self) -> Result<(), Rejection> {
        let detail = match self.route.access {
            Access::Order(any_of) | Access::Job(any_of) | Access::AnyOrders(any_of)
                if !self.caller.has(any_of) =>
            {
                format!("This needs the permission {}.", names(any_of))
            }
            Access::ReadJob(any_of)
                if !self.caller.has(any_of) && !self.caller.may_everywhere(Permission::Audit) =>
            {
                format!(
                    "This needs the permission {}, or audit for the orders *.",
                    names(any_of)
                )
            }
            Access::AllOrders(permission) if !self.caller.may_everywhere(permission) => {
                format!(
                    "This needs the permission {} for the orders *.",
                    permission.name()
                )
            }
            _ => return Ok(()),
        };
        Err(Rejection::Logged(Problem::new(Kind::Forbidden, detail), None))
    }

    /// The answer to a request that is not passed on, and what the audit log gets to have of it.
    pub(super) fn rejected(&self, rejection: Rejection) -> (HttpAnswer, Option<Request>) {
        let (problem, name) = match rejection {
            Rejection::Plain(problem) => return (problem.answer(self.instance), None),
            Rejection::Logged(problem, name) => (problem, name),
        };
        let refused = Refused {
            action: self.route.action.to_owned(),
            reason: problem.kind().name().to_owned(),
            name,
        };
        let request = self.request(Command::Refused(refused));
        (problem.answer(self.instance), Some(request))
    }
}

fn names(any_of: &[Permission]) -> String {
    let names: Vec<&str> = any_of.iter().map(|permission| permission.name()).collect();
    names.join(" or ")
}
