//! Answers of the edge: JSON, or a problem document (RFC 9457).

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::command::Request;
use crate::problem::{Kind, MEDIA_TYPE, TYPE_PREFIX};
use crate::protocol::InvalidOrder;

/// An HTTP answer, as JavaScript sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Headers of this answer alone; those that every answer has are the front's business.
    pub headers: Vec<(&'static str, String)>,
    /// The body's text.
    pub body: String,
    /// How the body goes on, where it does.
    pub more: Option<Box<More>>,
}

impl HttpAnswer {
    /// 200 with a JSON body.
    pub fn ok(body: &Value) -> HttpAnswer {
        HttpAnswer::of("application/json", body.to_string())
    }

    /// 200 with a body of this media type.
    pub fn of(media_type: &str, body: String) -> HttpAnswer {
        HttpAnswer {
            status: 200,
            headers: vec![("Content-Type", media_type.to_owned())],
            body,
            more: None,
        }
    }

    /// For JavaScript: `{"status":...,"headers":[[name, value],...],"body":"..."}`, and where the body goes on
    /// `"more":{"ask":"...","pauseMs":...}`.
    pub fn to_json(&self) -> String {
        let mut answer = json!({ "status": self.status, "headers": self.headers, "body": self.body });
        if let (Some(more), Some(members)) = (&self.more, answer.as_object_mut()) {
            members.insert("more".into(), json!(more));
        }
        answer.to_string()
    }
}

/// How a body goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct More {
    /// What to ask of the ledger.
    #[serde(serialize_with = "as_text")]
    pub ask: Request,
    /// After how many milliseconds.
    pub pause_ms: u32,
}

fn as_text<S: Serializer>(request: &Request, to: S) -> Result<S::Ok, S::Error> {
    request.to_json().serialize(to)
}

/// A problem on its way to become an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    kind: Kind,
    status: u16,
    headers: Vec<(&'static str, String)>,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem of this kind, with its usual status; `mayHaveRevoked` is false until said otherwise.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        let status = kind.statuses().first().copied().unwrap_or(500);
        let members = Map::from_iter([
            ("detail".to_owned(), Value::from(detail.into())),
            ("mayHaveRevoked".to_owned(), Value::from(false)),
        ]);
        Problem {
            kind,
            status,
            headers: Vec::new(),
            members,
        }
    }

    /// 400, with a sentence that says why.
    pub fn malformed(detail: impl Into<String>) -> Problem {
        Problem::new(Kind::MalformedRequest, detail)
    }

    /// The order, with every faulty member named in `fields`.
    pub fn invalid_order(faults: &InvalidOrder) -> Problem {
        let fields: Map<String, Value> = faults
            .fields()
            .iter()
            .map(|(name, fault)| (name.clone(), Value::from(fault.as_str())))
            .collect();
        Problem::new(Kind::InvalidOrder, faults.to_string()).with("fields", Value::Object(fields))
    }

    /// The ledger has never seen the order, or it is not the caller's: the two must not be told apart.
    pub fn unknown_order() -> Problem {
        Problem::new(
            Kind::NotFound,
            "The edge knows nothing of such an order. That does not say that it was never sent to the CA.",
        )
    }

    /// What kind of problem it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Another of the kind's statuses.
    pub fn status(mut self, status: u16) -> Problem {
        self.status = status;
        self
    }

    /// A member of the error's own.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// A header of this answer.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Problem {
        self.headers.push((name, value.into()));
        self
    }

    /// Whether the CA may have acted.
    pub fn may_have_revoked(self, may: bool) -> Problem {
        self.with("mayHaveRevoked", may)
    }

    /// When to try again, in seconds; as a member and as the header.
    pub fn retry_after(self, seconds: u32) -> Problem {
        self.with("retryAfter", seconds)
            .header("Retry-After", seconds.to_string())
    }

    /// The answer; `instance` is the id under which the log has it.
    pub fn answer(mut self, instance: &str) -> HttpAnswer {
        let head = [
            ("type", [TYPE_PREFIX, self.kind.name()].concat().into()),
            ("title", Value::from(self.kind.title())),
            ("status", Value::from(self.status)),
            ("instance", Value::from(instance)),
        ];
        self.members
            .extend(head.map(|(name, value)| (name.to_owned(), value)));
        self.headers.push(("Content-Type", MEDIA_TYPE.to_owned()));
        HttpAnswer {
            status: self.status,
            headers: self.headers,
            body: Value::Object(self.members).to_string(),
            more: None,
        }
    }
}
