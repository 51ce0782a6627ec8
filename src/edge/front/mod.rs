//! One HTTP request at the edge's door: it ends in an answer, or in a command for the ledger.
//!
//! Order of questions: is there such a path and method? is the origin right? who calls? is the request
//! well-formed? may they do this? Nothing reaches the ledger, and so the CA, before all are answered.

mod accept;
mod counters;
mod host;
mod identity;
mod jobs;
mod orders;
mod query;

use std::rc::Rc;

use serde_json::{Map, Value, json};

pub use self::counters::Counters;

use self::accept::negotiate;
use self::host::is_host;
use self::identity::{Presented, presented, unauthenticated};
use self::query::Query;
use super::caller::{Caller, KeyRefusal, Person, authenticate};
use super::config::FrontConfig;
use super::cors::{self, Origin};
use super::http_answer::{HttpAnswer, Problem};
use super::jwt::{self, JwtRules, Refusal, Token};
use super::openapi::DOCUMENT;
use super::plan::Plan;
use super::routes::{Access, Operation, operations_at};
use super::timestamp;
use crate::problem::Kind;
use crate::protocol::InvalidOrder;
use crate::strict_json;

/// The longest body of a request that is no job, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// The longest body of a job, in bytes.
pub const MAX_JOB_BYTES: usize = 8 * 1024 * 1024;
/// Entries of the audit log in one answer, unless the caller says how many.
const AUDIT_LIMIT: u64 = 1_000;
/// Entries of the audit log in one answer at most.
const MAX_AUDIT_LIMIT: u64 = 10_000;

/// The head of a request, as far as it matters. A header that came twice is joined by the platform: "a, b".
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The method.
    pub method: String,
    /// Scheme and authority that the request came to, as a browser would write this origin.
    pub own_origin: String,
    /// The path, still encoded, without the query; empty when the request's `Host` makes no address.
    pub path: String,
    /// The query, still encoded, without its question mark.
    pub query: String,
    /// `Authorization`.
    pub authorization: Option<String>,
    /// `Cf-Access-Jwt-Assertion`.
    pub access_jwt: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Length`.
    pub content_length: Option<String>,
    /// `Origin`.
    pub origin: Option<String>,
    /// `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// `Accept`.
    pub accept: Option<String>,
    /// `Last-Event-ID`.
    pub last_event_id: Option<String>,
    /// `Host`, where the platform hands it on.
    pub host: Option<String>,
    /// `Content-Encoding`.
    pub content_encoding: Option<String>,
}

/// What to do with a request next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Answer so.
    Answer(HttpAnswer),
    /// Have the ledger note that a known caller was refused (its command), then answer so.
    Refuse(HttpAnswer, String),
    /// Check the signature of this JWT by the issuer's keys, and go on with [`Visit::vouched`].
    Verify(String),
    /// Read the body, at most one byte more than this, and go on with [`Visit::decide`].
    ReadBody(usize),
    /// Ask the ledger: the name of its method, and the command's text.
    Ledger(&'static str, String),
    /// Have the ledger keep a plan: the command's text, and the plan, whose rows go [part](Plan::part) by part.
    Plan(String, Box<Plan>),
}

/// What came of checking a JWT's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vouched {
    /// A key of the issuer's made it.
    Valid,
    /// The issuer's key with its `kid` did not make it.
    BadSignature,
    /// The issuer has no such key.
    UnknownKey,
    /// The issuer's key with its `kid` is too weak to be believed.
    WeakKey,
    /// The issuer publishes no key that can be used.
    EmptyKeySet,
    /// The issuer's keys could not be fetched.
    Unavailable,
}

impl Vouched {
    /// The verdict with this name, as the host spells it. What is no verdict is none in the token's favour.
    pub fn from_name(name: &str) -> Vouched {
        match name {
            "valid" => Vouched::Valid,
            "unknown-key" => Vouched::UnknownKey,
            "weak-key" => Vouched::WeakKey,
            "empty-key-set" => Vouched::EmptyKeySet,
            "unavailable" => Vouched::Unavailable,
            _ => Vouched::BadSignature,
        }
    }

    fn refusal(self) -> Result<(), Refusal> {
        Err(match self {
            Vouched::Valid => return Ok(()),
            Vouched::BadSignature => Refusal::Signature,
            Vouched::UnknownKey => Refusal::UnknownKey,
            Vouched::WeakKey => Refusal::WeakKey,
            Vouched::EmptyKeySet => Refusal::EmptyKeySet,
            Vouched::Unavailable => Refusal::KeySetUnavailable,
        })
    }
}

/// A request on its way through the front.
pub struct Visit {
    config: Rc<FrontConfig>,
    counters: Rc<Counters>,
    head: Head,
    instance: String,
    operations: Vec<Operation>,
    token: Option<Token>,
    caller: Option<Caller>,
    /// Which check the caller's key or token failed, for the log alone.
    refused: Option<Value>,
    origin: Origin,
}

impl Visit {
    /// A new request; `instance` is a fresh id for the log.
    pub fn new(config: Rc<FrontConfig>, counters: Rc<Counters>, head: Head, instance: String) -> Visit {
        let origin = cors::judge(head.origin.as_deref(), &head.own_origin, &config.allowed_origins);
        let operations = operations_at(&head.path);
        Visit {
            config,
            counters,
            head,
            instance,
            operations,
            token: None,
            caller: None,
            refused: None,
            origin,
        }
    }

    /// The headers that every answer to this request has.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("Cache-Control", "no-store".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("Referrer-Policy", "no-referrer".to_owned()),
            (
                "Content-Security-Policy",
                "default-src 'none'; frame-ancestors 'none'".to_owned(),
            ),
        ];
        headers.extend(cors::headers(self.origin, self.head.origin.as_deref()));
        headers
    }

    /// Counts the request, and gives its line for the log: what was asked by whom, and what came of it; of a key or token
    /// that was refused, the check that failed. No path, no secret, no personal data beyond the actor.
    pub fn ended(&self, now: i64, status: u16, duration_ms: u32) -> String {
        let route = self.operations.first().map_or("?", Operation::route);
        self.counters.count(route, &self.head.method, status);
        let mut line = json!({
            "time": timestamp::text(now),
            "event": "request",
            "instance": self.instance,
            "method": if is_token(&self.head.method) { self.head.method.as_str() } else { "?" },
            "route": route,
            "actor": self.caller.as_ref().map(|caller| caller.actor.as_str()),
            "status": status,
            "durationMs": duration_ms,
        });
        if let (Some(refused), Some(members)) = (&self.refused, line.as_object_mut()) {
            members.insert("refused".into(), refused.clone());
        }
        line.to_string()
    }

    /// Judges the request's head at `now`, in milliseconds since 1970.
    pub fn admit(&mut self, now: i64) -> Step {
        let step = self.judge_head(now);
        self.step(step)
    }

    /// Goes on with what came of [`Step::Verify`].
    pub fn vouched(&mut self, vouched: Vouched, now: i64) -> Step {
        let step = self.judge_token(vouched, now);
        self.step(step)
    }

    /// Goes on with the body that [`Step::ReadBody`] asked for.
    pub fn decide(&self, body: &[u8]) -> Step {
        self.step(self.judge_body(body))
    }

    /// Goes on without the body that [`Step::ReadBody`] asked for.
    pub fn without_body(&self) -> Step {
        let detail = "The body broke off, or took too long to come. Nothing was sent to the CA.";
        self.step(Err(Problem::new(Kind::MalformedRequest, detail)))
    }

    fn step(&self, step: Result<Step, Problem>) -> Step {
        step.unwrap_or_else(|problem| Step::Answer(problem.answer(&self.instance)))
    }

    /// The operation at this path and method.
    fn operation(&self) -> Result<&Operation, Problem> {
        let method = self.head.method.as_str();
        if self.operations.is_empty() {
            return Err(Problem::new(Kind::NotFound, "There is no such path."));
        }
        self.operations
            .iter()
            .find(|operation| operation.method() == method || method == "HEAD" && operation.takes_head())
            .ok_or_else(|| {
                let allowed = self.methods();
                Problem::new(
                    Kind::UnsupportedRequest,
                    format!("This path takes {allowed} only."),
                )
                .status(405)
                .header("Allow", allowed)
            })
    }

    fn methods(&self) -> String {
        let mut methods: Vec<&str> = self.operations.iter().map(Operation::method).collect();
        if self.operations.iter().any(Operation::takes_head) {
            methods.push("HEAD");
        }
        methods.join(", ")
    }

    fn judge_head(&mut self, now: i64) -> Result<Step, Problem> {
        // The platform puts Host and target together: a slash or a # in the one moves the path of the other.
        let host_fits = self.head.host.as_deref().is_none_or(is_host);
        if self.head.path.is_empty() || !host_fits {
            let detail = "The Host header is none, or was sent more than once.";
            return Err(Problem::new(Kind::MalformedRequest, detail));
        }
        if self.head.method == "OPTIONS" && self.origin == Origin::Allowed && !self.operations.is_empty() {
            return Ok(Step::Answer(HttpAnswer {
                status: 204,
                headers: cors::preflight_headers(self.methods()),
                body: String::new(),
                more: None,
            }));
        }
        let operation = self.operation()?;
        if !self.config.complete {
            let detail = "The edge is not configured, so it does nothing. Its log names every variable that is missing \
                          or wrong.";
            return Err(Problem::new(Kind::NotConfigured, detail));
        }
        if operation.access() == Access::Public {
            return self.public(operation);
        }
        if operation.method() == "POST" && self.origin == Origin::Foreign {
            let detail = "This origin may not call. An operator can add it to ALLOWED_ORIGINS.";
            return Err(Problem::new(Kind::Forbidden, detail));
        }
        let config = self.config.clone();
        match presented(&self.head)? {
            Presented::ApiKey(key) => match authenticate(key, &config.api_keys, now) {
                Ok(caller) => self.admitted(caller),
                Err(refusal) => Err(self.no_valid_key(&refusal)),
            },
            Presented::Jwt(text) => {
                let Some(jwt) = &config.jwt else {
                    let expected = "an API key: JWT_ISSUER is not set";
                    self.refused = Some(json!({ "check": "identity", "expected": expected }));
                    return Err(unauthenticated(
                        "This edge takes API keys: Authorization: Bearer KEY.",
                    ));
                };
                let text = text.to_owned();
                let read = jwt::read(&text).and_then(|token| {
                    token.is_meant_for(&jwt.rules)?;
                    Ok(token)
                });
                match read {
                    Ok(token) => {
                        self.token = Some(token);
                        Ok(Step::Verify(text))
                    }
                    Err(refusal) => Err(self.no_valid_jwt(&refusal, &jwt.rules)),
                }
            }
        }
    }

    /// What a caller is told whose key lets nobody in; the log has which check failed.
    fn no_valid_key(&mut self, refusal: &KeyRefusal) -> Problem {
        let expected = match refusal {
            KeyRefusal::Unknown => "a key of API_KEYS".to_owned(),
            KeyRefusal::Expired(id) => format!("a key that has not expired; this one of {id} has"),
        };
        self.refused = Some(json!({ "check": "api-key", "expected": expected }));
        unauthenticated("The API key is not known, or it has expired.")
    }

    /// What a caller is told whose JWT is not taken; the log has which check failed.
    fn no_valid_jwt(&mut self, refusal: &Refusal, rules: &JwtRules) -> Problem {
        self.refused = Some(refusal.told(rules));
        unauthenticated(if *refusal == Refusal::KeySetUnavailable {
            "The issuer's keys cannot be fetched at the moment, so the JWT cannot be checked. Try again soon."
        } else {
            "The JWT is not valid here, or it has expired."
        })
    }

    fn judge_token(&mut self, vouched: Vouched, now: i64) -> Result<Step, Problem> {
        let config = self.config.clone();
        let (Some(config), Some(token)) = (&config.jwt, self.token.take()) else {
            return Err(internal_error());
        };
        match vouched.refusal().and_then(|()| token.caller(&config.rules, now)) {
            Ok(caller) => self.admitted(caller),
            Err(refusal) => Err(self.no_valid_jwt(&refusal, &config.rules)),
        }
    }

    /// What anyone may ask.
    fn public(&self, operation: &Operation) -> Result<Step, Problem> {
        self.wanted(operation)?;
        Ok(Step::Answer(match operation {
            Operation::OpenApi => HttpAnswer::of("application/json", DOCUMENT.to_owned()),
            Operation::AuditKey => HttpAnswer::ok(&Value::Object(self.config.audit_key.clone())),
            _ => HttpAnswer::ok(&json!({ "status": "ok" })),
        }))
    }

    /// Goes on with a caller who has proved who they are.
    fn admitted(&mut self, caller: Caller) -> Result<Step, Problem> {
        self.caller = Some(caller);
        let operation = self.operation()?;
        if operation.method() == "POST" {
            self.judge_body_headers(operation)?;
        }
        let media_type = self.wanted(operation)?;
        let query = Query::read(&self.head.query, operation.parameters()).map_err(malformed)?;
        if operation.method() == "POST" {
            // Whoever may not plan at all need not send megabytes to hear so.
            let refusal = (*operation == Operation::CreateJob)
                .then(|| self.refusal(operation, self.caller().ok()?))
                .flatten();
            return Ok(refusal.unwrap_or_else(|| Step::ReadBody(max_bytes(operation))));
        }
        self.read_request(operation, media_type, &query)
    }

    /// The media type of the answer.
    fn wanted(&self, operation: &Operation) -> Result<&'static str, Problem> {
        let offered = operation.media_types();
        negotiate(self.head.accept.as_deref(), offered).ok_or_else(|| {
            let detail = format!(
                "The answer is {}, which the Accept header does not take.",
                offered.join(" or ")
            );
            Problem::new(Kind::UnsupportedRequest, detail).status(406)
        })
    }

    fn judge_body_headers(&self, operation: &Operation) -> Result<(), Problem> {
        let content_type = self.head.content_type.as_deref().unwrap_or_default();
        if content_type.contains(',') {
            let detail = "The Content-Type header was sent more than once.";
            return Err(Problem::new(Kind::MalformedRequest, detail));
        }
        let taken = operation.body_types();
        if !taken
            .iter()
            .any(|known| known.eq_ignore_ascii_case(self.body_type()))
        {
            let detail = format!("Send the body as Content-Type: {}.", taken.join(" or "));
            return Err(Problem::new(Kind::UnsupportedRequest, detail));
        }
        let coding = self.head.content_encoding.as_deref().unwrap_or_default().trim();
        if !coding.is_empty() && !coding.eq_ignore_ascii_case("identity") {
            let detail = "Send the body as it is, without a Content-Encoding.";
            return Err(Problem::new(Kind::UnsupportedRequest, detail));
        }
        let length = self.head.content_length.as_deref();
        let declared = length.and_then(|text| text.parse::<u64>().ok());
        let most = max_bytes(operation);
        if declared.is_some_and(|length| length > most as u64) {
            return Err(too_large(most));
        }
        let key = self.head.idempotency_key.as_deref();
        if key.is_some_and(|key| !is_idempotency_key(key)) {
            let detail =
                "The Idempotency-Key header must be 1 to 255 visible ASCII characters, and sent once.";
            return Err(Problem::new(Kind::MalformedRequest, detail));
        }
        Ok(())
    }

    /// The media type of the body.
    fn body_type(&self) -> &str {
        let content_type = self.head.content_type.as_deref().unwrap_or_default();
        content_type.split(';').next().unwrap_or_default().trim()
    }

    /// Operations without a body.
    fn read_request(
        &self,
        operation: &Operation,
        media_type: &'static str,
        query: &Query,
    ) -> Result<Step, Problem> {
        let caller = self.caller()?;
        if let Some(refusal) = self.refusal(operation, caller) {
            return Ok(refusal);
        }
        let command = |members: Value| json!({ "instance": self.instance, "with": members }).to_string();
        Ok(match operation {
            Operation::Me => {
                let members = Map::from_iter([("me".to_owned(), me(caller))]);
                Step::Ledger("me", self.by(caller, members))
            }
            Operation::Order(number) => match self.order_of(number, operation, caller) {
                Ok(order) => {
                    let members = [("orderNumber", json!(order.order_number()))];
                    let members = members.map(|(name, value)| (name.to_owned(), value));
                    Step::Ledger("order", self.by(caller, Map::from_iter(members)))
                }
                Err(step) => step,
            },
            Operation::Audit => {
                let (after, limit) = page(query, AUDIT_LIMIT, MAX_AUDIT_LIMIT)?;
                let lines = media_type == "application/x-ndjson";
                Step::Ledger(
                    "audit",
                    command(json!({ "after": after, "limit": limit, "lines": lines })),
                )
            }
            Operation::AuditHead => Step::Ledger("head", command(Value::Null)),
            Operation::Breaker => Step::Ledger("breaker", command(Value::Null)),
            Operation::Metrics => Step::Ledger("metrics", command(json!({ "front": self.counters.text() }))),
            _ => return self.read_jobs(operation, caller, media_type, query),
        })
    }

    /// Operations with a body.
    fn judge_body(&self, body: &[u8]) -> Result<Step, Problem> {
        let (operation, caller) = (self.operation()?, self.caller()?);
        let most = max_bytes(operation);
        if body.len() > most {
            return Err(too_large(most));
        }
        if *operation == Operation::CreateJob {
            return self.planning(body, operation, caller);
        }
        let members = strict_json::read_object(body).map_err(malformed)?;
        match operation {
            Operation::Revoke => self.revocation(members, caller),
            Operation::Settle(number) => self.settling(number, members, operation, caller),
            Operation::ResumeBreaker => {
                no_members_but(&[], &members)?;
                Ok(self
                    .refusal(operation, caller)
                    .unwrap_or_else(|| Step::Ledger("resumeBreaker", self.by(caller, Map::new()))))
            }
            Operation::PauseAllJobs => {
                no_members_but(&[], &members)?;
                Ok(self
                    .refusal(operation, caller)
                    .unwrap_or_else(|| Step::Ledger("pauseAllJobs", self.by(caller, Map::new()))))
            }
            _ => self.changing(operation, members, caller),
        }
    }

    fn caller(&self) -> Result<&Caller, Problem> {
        self.caller.as_ref().ok_or_else(internal_error)
    }

    /// A command to the ledger that says who asks.
    fn by(&self, caller: &Caller, mut members: Map<String, Value>) -> String {
        let own = [
            ("actor", caller.actor.as_str()),
            ("person", caller.person_name()),
            ("instance", self.instance.as_str()),
        ];
        members.extend(own.map(|(name, value)| (name.to_owned(), value.into())));
        Value::Object(members).to_string()
    }

    /// The refusal for a caller who lacks the operation's permission altogether.
    fn refusal(&self, operation: &Operation, caller: &Caller) -> Option<Step> {
        let detail = match operation.access() {
            Access::Order(any_of) | Access::Job(any_of) if !caller.has(any_of) => {
                let names: Vec<&str> = any_of.iter().map(|permission| permission.name()).collect();
                format!("This needs the permission {}.", names.join(" or "))
            }
            Access::AllOrders(permission) if !caller.may_everywhere(permission) => {
                format!(
                    "This needs the permission {} for the orders *.",
                    permission.name()
                )
            }
            _ => return None,
        };
        Some(self.refuse(Problem::new(Kind::Forbidden, detail), operation, caller, None))
    }

    fn refuse(&self, problem: Problem, operation: &Operation, caller: &Caller, number: Option<&str>) -> Step {
        let members = [
            ("action", Some(operation.action())),
            ("reason", Some(problem.kind().name())),
            ("orderNumber", number),
        ];
        let members = members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
        let command = self.by(caller, members.collect());
        Step::Refuse(problem.answer(&self.instance), command)
    }
}

fn me(caller: &Caller) -> Value {
    let grants: Vec<Value> = caller
        .grants
        .iter()
        .map(|grant| {
            let permissions: Vec<&str> = grant.permissions.iter().map(|it| it.name()).collect();
            let orders: Vec<&str> = grant.orders.iter().map(|it| it.text()).collect();
            json!({ "permissions": permissions, "orders": orders })
        })
        .collect();
    let mut me = json!({ "actor": caller.actor, "person": caller.person_shown(), "grants": grants });
    if let (Person::Nobody(why), Some(members)) = (&caller.person, me.as_object_mut()) {
        members.insert("personReason".into(), why.reason().into());
    }
    me
}

/// 422 that names every member that is not one of these.
fn no_members_but(known: &[&str], members: &Map<String, Value>) -> Result<(), Problem> {
    let mut faults = InvalidOrder::new();
    for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
        faults.note(name, "is not known here");
    }
    if faults.fields().is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid_order(&faults))
    }
}

fn internal_error() -> Problem {
    Problem::new(Kind::Internal, "The edge failed. Nothing was sent to the CA.")
}

/// How long the body of an operation may be, in bytes.
fn max_bytes(operation: &Operation) -> usize {
    match operation {
        Operation::CreateJob => MAX_JOB_BYTES,
        _ => MAX_BODY_BYTES,
    }
}

fn too_large(most: usize) -> Problem {
    let detail = format!("The body may have at most {most} bytes.");
    Problem::new(Kind::UnsupportedRequest, detail).status(413)
}

fn malformed(fault: String) -> Problem {
    Problem::new(Kind::MalformedRequest, fault)
}

/// The query parameters `after` and `limit` of a page.
fn page(query: &Query, usual: u64, most: u64) -> Result<(u64, u64), Problem> {
    let limit = query.number("limit").map_err(malformed)?.unwrap_or(usual);
    let after = query.number("after").map_err(malformed)?.unwrap_or_default();
    if (1..=most).contains(&limit) {
        Ok((after, limit))
    } else {
        let detail = format!("The query parameter limit must be from 1 to {most}.");
        Err(Problem::new(Kind::MalformedRequest, detail))
    }
}

fn is_idempotency_key(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_token(text: &str) -> bool {
    text.len() <= 16 && text.bytes().all(|b| b.is_ascii_uppercase())
}
