//! One HTTP request: it ends in an answer, or in a request to the ledger.
//!
//! Order of questions: is there such a path and method? is the origin right? who calls? is the request
//! well-formed? may they do this? Nothing reaches the ledger, and so the CA, before all are answered.
//!
//! | module | what lives there |
//! |---|---|
//! | `routes`, `route` | which paths there are, who may do what at each, and which function handles it |
//! | `orders`, `jobs`, `edge` | those functions |
//! | `head`, `identity`, `accept`, `query`, `members` | what a request has: headers, a caller, a query, a body |
//! | `counters` | how many requests ended how |

mod accept;
mod counters;
mod edge;
mod head;
mod identity;
mod jobs;
mod members;
mod orders;
mod query;
mod route;
mod routes;

use std::rc::Rc;

use serde_json::{Value, json};

pub use self::counters::Counters;
pub use self::edge::OPENAPI;
pub use self::head::Head;
pub use self::route::{Access, MAX_BODY_BYTES, MAX_JOB_BYTES, Operation, Route};
pub use self::routes::ROUTES;

use self::accept::negotiate;
use self::identity::{Presented, presented, unauthenticated};
use self::members::Members;
use self::query::Query;
use self::route::{Asked, Handled, Handler, Rejection};
use super::caller::{Caller, KeyRefusal, authenticate};
use super::command::{Command, Request};
use super::config::FrontConfig;
use super::cors::{self, Origin};
use super::http_answer::{HttpAnswer, Problem};
use super::jwt::{self, JwtRules, Refusal, Token};
use super::plan::Plan;
use super::timestamp;
use crate::problem::Kind;

/// What to do with a request next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Answer so.
    Answer(HttpAnswer),
    /// Have the ledger note that a known caller was refused, then answer so.
    Refuse(HttpAnswer, Request),
    /// Check the signature of this JWT by the issuer's keys, and go on with [`Visit::verified`].
    Verify(String),
    /// Read the body, at most one byte more than this, and go on with [`Visit::decide`].
    ReadBody(usize),
    /// Ask the ledger.
    Ask(Request),
    /// Have the ledger keep a plan, whose rows go [part](Plan::part) by part.
    Plan(Request, Box<Plan>),
}

/// What came of checking a JWT's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureVerdict {
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

impl SignatureVerdict {
    /// The verdict with this name, as the host spells it. What is no verdict is none in the token's favour.
    pub fn from_name(name: &str) -> SignatureVerdict {
        match name {
            "valid" => SignatureVerdict::Valid,
            "unknown-key" => SignatureVerdict::UnknownKey,
            "weak-key" => SignatureVerdict::WeakKey,
            "empty-key-set" => SignatureVerdict::EmptyKeySet,
            "unavailable" => SignatureVerdict::Unavailable,
            _ => SignatureVerdict::BadSignature,
        }
    }

    fn refusal(self) -> Result<(), Refusal> {
        Err(match self {
            SignatureVerdict::Valid => return Ok(()),
            SignatureVerdict::BadSignature => Refusal::Signature,
            SignatureVerdict::UnknownKey => Refusal::UnknownKey,
            SignatureVerdict::WeakKey => Refusal::WeakKey,
            SignatureVerdict::EmptyKeySet => Refusal::EmptyKeySet,
            SignatureVerdict::Unavailable => Refusal::KeySetUnavailable,
        })
    }
}

/// A request on its way through the front.
pub struct Visit {
    config: Rc<FrontConfig>,
    counters: Rc<Counters>,
    head: Head,
    instance: String,
    /// The routes at its path.
    routes: Vec<&'static Route>,
    /// What stands in the path for their placeholder.
    named: String,
    query: Query,
    /// The media type that the answer is to have.
    media_type: &'static str,
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
        let (routes, named) = routes::at(&head.path);
        let named = named.to_owned();
        Visit {
            config,
            counters,
            head,
            instance,
            routes,
            named,
            query: Query::default(),
            media_type: "",
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
        let route = self.routes.first().map_or("?", |route| route.path);
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
    pub fn verified(&mut self, verdict: SignatureVerdict, now: i64) -> Step {
        let step = self.judge_token(verdict, now);
        self.step(step)
    }

    /// Goes on with the body that [`Step::ReadBody`] asked for.
    pub fn decide(&self, body: &[u8]) -> Step {
        self.step(self.judge_body(body))
    }

    /// Goes on without the body that [`Step::ReadBody`] asked for.
    pub fn without_body(&self) -> Step {
        let detail = "The body broke off, or took too long to come. Nothing was sent to the CA.";
        self.step(Err(Problem::malformed(detail)))
    }

    fn step(&self, step: Result<Step, Problem>) -> Step {
        step.unwrap_or_else(|problem| Step::Answer(problem.answer(&self.instance)))
    }

    /// The route at this path and method.
    fn route(&self) -> Result<&'static Route, Problem> {
        if self.routes.is_empty() {
            return Err(Problem::new(Kind::NotFound, "There is no such path."));
        }
        let method = self.head.method.as_str();
        let found = self.routes.iter().find(|route| route.methods().contains(&method));
        found.copied().ok_or_else(|| {
            let allowed = self.methods();
            let detail = format!("This path takes {allowed} only.");
            Problem::new(Kind::UnsupportedRequest, detail)
                .status(405)
                .header("Allow", allowed)
        })
    }

    fn methods(&self) -> String {
        let methods: Vec<&str> = self
            .routes
            .iter()
            .flat_map(|route| route.methods())
            .copied()
            .collect();
        methods.join(", ")
    }

    fn judge_head(&mut self, now: i64) -> Result<Step, Problem> {
        if !self.head.has_address() {
            return Err(Problem::malformed(
                "The Host header is none, or was sent more than once.",
            ));
        }
        if self.head.method == "OPTIONS" && self.origin == Origin::Allowed && !self.routes.is_empty() {
            return Ok(Step::Answer(HttpAnswer {
                status: 204,
                headers: cors::preflight_headers(self.methods()),
                body: String::new(),
                more: None,
            }));
        }
        let route = self.route()?;
        if !self.config.complete {
            let detail = "The edge is not configured, so it does nothing. Its log names every variable that is missing \
                          or wrong.";
            return Err(Problem::new(Kind::NotConfigured, detail));
        }
        if let Handler::Answer(answer) = route.handler {
            self.wanted(route)?;
            return Ok(Step::Answer(answer(&self.config)));
        }
        if route.method() == "POST" && self.origin == Origin::Foreign {
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

    /// The problem of a key that is not taken; the log alone has which check failed.
    fn no_valid_key(&mut self, refusal: &KeyRefusal) -> Problem {
        let expected = match refusal {
            KeyRefusal::Unknown => "a key of API_KEYS".to_owned(),
            KeyRefusal::Expired(id) => format!("a key that has not expired; this one of {id} has"),
        };
        self.refused = Some(json!({ "check": "api-key", "expected": expected }));
        unauthenticated("The API key is not known, or it has expired.")
    }

    /// The problem of a JWT that is not taken; the log alone has which check failed.
    fn no_valid_jwt(&mut self, refusal: &Refusal, rules: &JwtRules) -> Problem {
        self.refused = Some(refusal.log_entry(rules));
        unauthenticated(if *refusal == Refusal::KeySetUnavailable {
            "The issuer's keys cannot be fetched at the moment, so the JWT cannot be checked. Try again soon."
        } else {
            "The JWT is not valid here, or it has expired."
        })
    }

    fn judge_token(&mut self, verdict: SignatureVerdict, now: i64) -> Result<Step, Problem> {
        let config = self.config.clone();
        let (Some(config), Some(token)) = (&config.jwt, self.token.take()) else {
            return Err(internal_error());
        };
        match verdict.refusal().and_then(|()| token.caller(&config.rules, now)) {
            Ok(caller) => self.admitted(caller),
            Err(refusal) => Err(self.no_valid_jwt(&refusal, &config.rules)),
        }
    }

    /// Goes on with a caller who has proved who they are.
    fn admitted(&mut self, caller: Caller) -> Result<Step, Problem> {
        self.caller = Some(caller);
        let route = self.route()?;
        if route.method() == "POST" {
            self.judge_body_headers(route)?;
        }
        self.media_type = self.wanted(route)?;
        self.query = Query::read(&self.head.query, route.parameters)?;
        let asked = self.asked()?;
        Ok(match route.handler {
            Handler::Read(read) => passed_on(&asked, asked.permitted().and_then(|()| read(&asked))),
            // A caller that may not plan at all is refused before it sends megabytes.
            Handler::Plan(_) => match asked.permitted() {
                Ok(()) => Step::ReadBody(route.max_body_bytes),
                Err(rejection) => rejected(&asked, rejection),
            },
            Handler::Change(_) | Handler::Answer(_) => Step::ReadBody(route.max_body_bytes),
        })
    }

    /// The media type of the answer.
    fn wanted(&self, route: &Route) -> Result<&'static str, Problem> {
        let offered = route.answer_types;
        negotiate(self.head.accept.as_deref(), offered).ok_or_else(|| {
            let detail = format!(
                "The answer is {}, which the Accept header does not take.",
                offered.join(" or ")
            );
            Problem::new(Kind::UnsupportedRequest, detail).status(406)
        })
    }

    fn judge_body_headers(&self, route: &Route) -> Result<(), Problem> {
        let content_type = self.head.content_type.as_deref().unwrap_or_default();
        if content_type.contains(',') {
            return Err(Problem::malformed(
                "The Content-Type header was sent more than once.",
            ));
        }
        let (taken, body_type) = (route.body_types, self.head.body_type());
        if !taken.iter().any(|known| known.eq_ignore_ascii_case(body_type)) {
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
        if declared.is_some_and(|length| length > route.max_body_bytes as u64) {
            return Err(too_large(route));
        }
        let key = self.head.idempotency_key.as_deref();
        if key.is_some_and(|key| !is_idempotency_key(key)) {
            let detail =
                "The Idempotency-Key header must be 1 to 255 visible ASCII characters, and sent once.";
            return Err(Problem::malformed(detail));
        }
        Ok(())
    }

    /// Goes on with a body.
    fn judge_body(&self, body: &[u8]) -> Result<Step, Problem> {
        let (route, asked) = (self.route()?, self.asked()?);
        if body.len() > route.max_body_bytes {
            return Err(too_large(route));
        }
        Ok(match route.handler {
            Handler::Plan(plan) => match asked.permitted().and_then(|()| plan(&asked, body)) {
                Ok(plan) => {
                    let job = plan.command(self.head.idempotency_key.clone());
                    Step::Plan(asked.request(Command::CreateJob(job)), plan)
                }
                Err(rejection) => rejected(&asked, rejection),
            },
            Handler::Change(change) => {
                let mut members = Members::read(body)?;
                let command = change(&asked, &mut members);
                members.end()?;
                passed_on(&asked, asked.permitted().and(command))
            }
            Handler::Read(_) | Handler::Answer(_) => return Err(internal_error()),
        })
    }

    /// The request as its handler gets it, once its caller is known.
    fn asked(&self) -> Result<Asked<'_>, Problem> {
        Ok(Asked {
            route: self.route()?,
            caller: self.caller.as_ref().ok_or_else(internal_error)?,
            named: &self.named,
            head: &self.head,
            query: &self.query,
            media_type: self.media_type,
            instance: &self.instance,
            config: &self.config,
            counters: &self.counters,
        })
    }
}

fn passed_on(asked: &Asked, command: Handled) -> Step {
    match command {
        Ok(command) => Step::Ask(asked.request(command)),
        Err(rejection) => rejected(asked, rejection),
    }
}

fn rejected(asked: &Asked, rejection: Rejection) -> Step {
    match asked.rejected(rejection) {
        (answer, Some(refused)) => Step::Refuse(answer, refused),
        (answer, None) => Step::Answer(answer),
    }
}

fn internal_error() -> Problem {
    Problem::new(Kind::Internal, "The edge failed. Nothing was sent to the CA.")
}

fn too_large(route: &Route) -> Problem {
    let detail = format!("The body may have at most {} bytes.", route.max_body_bytes);
    Problem::new(Kind::UnsupportedRequest, detail).status(413)
}

fn is_idempotency_key(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_token(text: &str) -> bool {
    text.len() <= 16 && text.bytes().all(|b| b.is_ascii_uppercase())
}
