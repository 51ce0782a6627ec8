//! One HTTP request at the edge's door: it ends in an answer, or in a command for the ledger.
//!
//! Order of questions: is there such a path and method? is the origin right? who calls? is the request
//! well-formed? may they do this? Nothing reaches the ledger, and so the CA, before all are answered.

use std::rc::Rc;

use serde_json::{Value, json};

use super::caller::{Caller, authenticate};
use super::config::FrontConfig;
use super::cors::{self, Origin};
use super::grant::Permission;
use super::http_answer::{HttpAnswer, Problem};
use super::json_order::{normalised, order_from_json};
use super::routes::{Operation, operation_at};
use super::{strict_json, timestamp};
use crate::problem::Kind;
use crate::protocol::{Draft, Order};

/// The longest body of a single revocation, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// The head of a request, as far as it matters. A header that came twice is joined by the platform: "a, b".
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The method.
    pub method: String,
    /// Scheme and authority that the request came to, as a browser would write this origin.
    pub own_origin: String,
    /// The path, still encoded, without the query; empty when the request's `Host` makes no address.
    pub path: String,
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
}

/// What to do with a request next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Answer so.
    Answer(HttpAnswer),
    /// Read the body, at most one byte more than [`MAX_BODY_BYTES`], and go on with [`Visit::decide`].
    ReadBody,
    /// Ask the ledger: the name of its method, and the command's text.
    Ledger(&'static str, String),
}

/// A request on its way through the front.
pub struct Visit {
    config: Rc<FrontConfig>,
    head: Head,
    instance: String,
    operation: Option<Operation>,
    caller: Option<Caller>,
    origin: Origin,
}

impl Visit {
    /// A new request; `instance` is a fresh id for the log.
    pub fn new(config: Rc<FrontConfig>, head: Head, instance: String) -> Visit {
        let origin = cors::judge(head.origin.as_deref(), &head.own_origin, &config.allowed_origins);
        let operation = operation_at(&head.path);
        Visit {
            config,
            head,
            instance,
            operation,
            caller: None,
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

    /// One line for the log: what was asked by whom, and what came of it. No path, no secret, no personal data
    /// beyond the actor.
    pub fn log_line(&self, now: i64, status: u16, duration_ms: u32) -> String {
        json!({
            "time": timestamp::text(now),
            "event": "request",
            "instance": self.instance,
            "method": if is_token(&self.head.method) { self.head.method.as_str() } else { "?" },
            "route": self.operation.as_ref().map_or("?", Operation::route),
            "actor": self.caller.as_ref().map(|caller| caller.actor.as_str()),
            "status": status,
            "durationMs": duration_ms,
        })
        .to_string()
    }

    /// Judges the request's head at `now`, in milliseconds since 1970.
    pub fn admit(&mut self, now: i64) -> Step {
        match self.judge_head(now) {
            Ok(Some(answer)) => Step::Answer(answer),
            Ok(None) if self.operation == Some(Operation::Revoke) => Step::ReadBody,
            Ok(None) => self.read_request(),
            Err(problem) => Step::Answer(problem.answer(&self.instance)),
        }
    }

    /// Goes on with the body that [`Step::ReadBody`] asked for.
    pub fn decide(&self, body: &[u8]) -> Step {
        self.revocation(body)
            .unwrap_or_else(|problem| Step::Answer(problem.answer(&self.instance)))
    }

    /// Goes on without the body that [`Step::ReadBody`] asked for.
    pub fn without_body(&self) -> Step {
        let detail = "The body broke off, or took too long to come. Nothing was sent to the CA.";
        Step::Answer(Problem::new(Kind::MalformedRequest, detail).answer(&self.instance))
    }

    /// A problem, an answer that needs no caller, or nothing: then the caller is known.
    fn judge_head(&mut self, now: i64) -> Result<Option<HttpAnswer>, Problem> {
        if self.head.path.is_empty() {
            let detail = "The Host header is none, or was sent more than once.";
            return Err(Problem::new(Kind::MalformedRequest, detail));
        }
        let operation = self
            .operation
            .as_ref()
            .ok_or_else(|| Problem::new(Kind::NotFound, "There is no such path."))?;
        if self.head.method == "OPTIONS" && self.origin == Origin::Allowed {
            return Ok(Some(HttpAnswer {
                status: 204,
                headers: cors::preflight_headers(operation.method()),
                body: String::new(),
            }));
        }
        if self.head.method != operation.method() {
            let detail = format!("This path takes {} only.", operation.method());
            return Err(Problem::new(Kind::UnsupportedRequest, detail)
                .status(405)
                .header("Allow", operation.method()));
        }
        if !self.config.complete {
            let detail = "The edge is not configured, so it does nothing. Its log names every variable that is missing \
                          or wrong.";
            return Err(Problem::new(Kind::NotConfigured, detail));
        }
        if operation.is_public() {
            return Ok(Some(HttpAnswer::ok(&json!({ "status": "ok" }))));
        }
        let mutates = operation.method() == "POST";
        if mutates && self.origin == Origin::Foreign {
            let detail = "This origin may not call. An operator can add it to ALLOWED_ORIGINS.";
            return Err(Problem::new(Kind::Forbidden, detail));
        }
        let caller = self.authenticated(now)?;
        self.caller = Some(caller);
        if mutates {
            self.judge_body_headers()?;
        }
        if !accepts_json(self.head.accept.as_deref()) {
            let detail = "The answer is application/json, which the Accept header does not take.";
            return Err(Problem::new(Kind::UnsupportedRequest, detail).status(406));
        }
        Ok(None)
    }

    fn authenticated(&self, now: i64) -> Result<Caller, Problem> {
        let unauthenticated = |detail: &str| {
            Problem::new(Kind::Unauthenticated, detail)
                .header("WWW-Authenticate", "Bearer realm=\"autorevoke\"")
        };
        let authorization = match (&self.head.authorization, &self.head.access_jwt) {
            (Some(_), Some(_)) => {
                let detail =
                    "Two identities at once: send Authorization or Cf-Access-Jwt-Assertion, not both.";
                return Err(Problem::new(Kind::MalformedRequest, detail));
            }
            (Some(authorization), None) => authorization,
            (None, Some(_)) => {
                return Err(unauthenticated(
                    "This edge takes API keys: Authorization: Bearer KEY.",
                ));
            }
            (None, None) => return Err(unauthenticated("Send an API key: Authorization: Bearer KEY.")),
        };
        if authorization.contains(',') {
            return Err(Problem::new(
                Kind::MalformedRequest,
                "The Authorization header was sent more than once.",
            ));
        }
        let token = authorization
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
            .map(|(_, token)| token.trim_matches(' '))
            .ok_or_else(|| unauthenticated("The Authorization header must read: Bearer KEY."))?;
        authenticate(token, &self.config.api_keys, now)
            .ok_or_else(|| unauthenticated("The API key is not known, or it has expired."))
    }

    fn judge_body_headers(&self) -> Result<(), Problem> {
        let content_type = self.head.content_type.as_deref().unwrap_or_default();
        if content_type.contains(',') {
            return Err(Problem::new(
                Kind::MalformedRequest,
                "The Content-Type header was sent more than once.",
            ));
        }
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(
                Kind::UnsupportedRequest,
                "Send the body as Content-Type: application/json.",
            ));
        }
        let declared = self
            .head
            .content_length
            .as_deref()
            .and_then(|text| text.parse::<u64>().ok());
        if declared.is_some_and(|length| length > MAX_BODY_BYTES as u64) {
            return Err(too_large());
        }
        if self
            .head
            .idempotency_key
            .as_deref()
            .is_some_and(|key| !is_idempotency_key(key))
        {
            let detail =
                "The Idempotency-Key header must be 1 to 255 visible ASCII characters, and sent once.";
            return Err(Problem::new(Kind::MalformedRequest, detail));
        }
        Ok(())
    }

    /// Operations without a body.
    fn read_request(&self) -> Step {
        let (Some(operation), Some(caller)) = (&self.operation, &self.caller) else {
            return Step::Answer(internal_error().answer(&self.instance));
        };
        match operation {
            Operation::Me => Step::Answer(HttpAnswer::ok(&me(caller))),
            Operation::Order(number) => self
                .order(number, caller)
                .unwrap_or_else(|problem| Step::Answer(problem.answer(&self.instance))),
            Operation::Revoke | Operation::Health => Step::Answer(internal_error().answer(&self.instance)),
        }
    }

    fn order(&self, number: &str, caller: &Caller) -> Result<Step, Problem> {
        const READERS: [Permission; 2] = [Permission::Revoke, Permission::Test];
        if !caller.has(&READERS) {
            return Err(Problem::new(
                Kind::Forbidden,
                "This needs the permission revoke or test.",
            ));
        }
        let draft = Draft {
            order_number: number.to_owned(),
            ..Draft::default()
        };
        let order = draft.check().map_err(|_| Problem::unknown_order())?;
        if !caller.may(&READERS, number_of(&order)) {
            return Err(Problem::unknown_order());
        }
        let command = json!({ "instance": self.instance, "orderNumber": order.order_number() });
        Ok(Step::Ledger("order", command.to_string()))
    }

    fn revocation(&self, body: &[u8]) -> Result<Step, Problem> {
        let Some(caller) = &self.caller else {
            return Err(internal_error());
        };
        if body.len() > MAX_BODY_BYTES {
            return Err(too_large());
        }
        let members =
            strict_json::read_object(body).map_err(|fault| Problem::new(Kind::MalformedRequest, fault))?;
        let order = order_from_json(members).map_err(|faults| Problem::invalid_order(&faults))?;
        let any_of: &[Permission] = if order.test() {
            &[Permission::Revoke, Permission::Test]
        } else {
            &[Permission::Revoke]
        };
        if !caller.may(any_of, number_of(&order)) {
            let detail = if !caller.has(any_of) {
                "This needs the permission revoke (for a test call, revoke or test)."
            } else {
                "The caller's grants do not cover this order."
            };
            return Err(Problem::new(Kind::Forbidden, detail).with("orderNumber", order.order_number()));
        }
        let command = json!({
            "actor": caller.actor,
            "person": caller.person,
            "instance": self.instance,
            "idempotencyKey": self.head.idempotency_key,
            "order": normalised(&order),
        });
        Ok(Step::Ledger("revoke", command.to_string()))
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
    json!({ "actor": caller.actor, "person": caller.person, "grants": grants })
}

fn number_of(order: &Order) -> u64 {
    // An order's number is always decimal text within u64; 0 is in no range but `*`.
    order.order_number().parse().unwrap_or_default()
}

fn internal_error() -> Problem {
    Problem::new(Kind::Internal, "The edge failed. Nothing was sent to the CA.")
}

fn too_large() -> Problem {
    Problem::new(Kind::UnsupportedRequest, "The body may have at most 65536 bytes.").status(413)
}

fn is_idempotency_key(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_token(text: &str) -> bool {
    text.len() <= 16 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether an `Accept` header takes JSON; none, or a wildcard, does.
fn accepts_json(accept: Option<&str>) -> bool {
    let Some(accept) = accept else { return true };
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media_range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        !refused
            && matches!(
                media_range.as_str(),
                "*/*" | "application/*" | "application/json" | ""
            )
    })
}
