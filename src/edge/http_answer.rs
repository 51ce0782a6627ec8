//! Answers of the edge: JSON, or a problem document (RFC 9457).

use serde::{Serialize, Serializer};

use super::command::Request;
use crate::api::name::CertificateName;
use crate::api::problem::Problem as Document;
use crate::api::value::Seq;
use crate::problem::{Kind, MEDIA_TYPE};
use crate::protocol::InvalidOrder;

/// An HTTP answer, as JavaScript sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Headers of this answer alone; those that every answer has are the front's business.
    pub headers: Vec<(&'static str, String)>,
    /// The body's text.
    pub body: String,
    /// How the body goes on, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<Box<More>>,
}

impl HttpAnswer {
    /// 200 with a JSON body.
    pub fn ok(body: &impl Serialize) -> HttpAnswer {
        HttpAnswer::of("application/json", json(body))
    }

    /// The same with this status.
    pub fn with_status(mut self, status: u16) -> HttpAnswer {
        self.status = status;
        self
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
        json(self)
    }
}

/// A document as text. Its members have names that are texts, and values that JSON can write: it cannot fail.
pub(super) fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
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
    // It is on its way in many results, most of which are none.
    document: Box<Document>,
    headers: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem of this kind, with its usual status; `mayHaveRevoked` is false until said otherwise.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        Problem {
            document: Box::new(Document {
                kind,
                title: kind.title().to_owned(),
                status: kind.statuses().first().copied().unwrap_or(500),
                detail: detail.into(),
                instance: Default::default(),
                may_have_revoked: false,
                name: None,
                error_code: None,
                error_message: None,
                fields: None,
                job_id: None,
                state: None,
                rows: None,
                orders: None,
                retry_after: None,
                audit_seq: None,
            }),
            headers: Vec::new(),
        }
    }

    /// 400, with a sentence that says why.
    pub fn malformed(detail: impl Into<String>) -> Problem {
        Problem::new(Kind::MalformedRequest, detail)
    }

    /// The order, with every faulty member named in `fields`.
    pub fn invalid_order(faults: &InvalidOrder) -> Problem {
        Problem::new(Kind::InvalidOrder, faults.to_string()).fields(faults)
    }

    /// The ledger has never seen the order, or it is not the caller's: the answer must not differ.
    pub fn unknown_order() -> Problem {
        Problem::new(
            Kind::NotFound,
            "The edge knows nothing of such an order. That does not say that it was never sent to the CA.",
        )
    }

    /// What kind of problem it is.
    pub fn kind(&self) -> Kind {
        self.document.kind
    }

    /// Another of the kind's statuses.
    pub fn status(self, status: u16) -> Problem {
        self.with(|it| it.status = status)
    }

    /// Sets members of the document.
    pub fn with(mut self, set: impl FnOnce(&mut Document)) -> Problem {
        set(&mut self.document);
        self
    }

    /// What names the certificate that it is about.
    pub fn name(self, name: impl Into<CertificateName>) -> Problem {
        self.with(|it| it.name = Some(name.into()))
    }

    /// The entry of the audit log about the outcome.
    pub fn audit_seq(self, seq: u64) -> Problem {
        self.with(|it| it.audit_seq = Some(Seq(seq)))
    }

    /// What is wrong, by member.
    pub fn fields(self, faults: &InvalidOrder) -> Problem {
        self.with(|it| it.fields = Some(faults.fields().iter().cloned().collect()))
    }

    /// A header of this answer.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Problem {
        self.headers.push((name, value.into()));
        self
    }

    /// Whether the CA may have acted.
    pub fn may_have_revoked(self, may: bool) -> Problem {
        self.with(|it| it.may_have_revoked = may)
    }

    /// When to try again, in seconds; as a member and as the header.
    pub fn retry_after(self, seconds: u32) -> Problem {
        self.with(|it| it.retry_after = Some(seconds))
            .header("Retry-After", seconds.to_string())
    }

    /// The answer; `instance` is the id under which the log has it.
    pub fn answer(mut self, instance: &str) -> HttpAnswer {
        self.document.instance = instance.into();
        self.headers.push(("Content-Type", MEDIA_TYPE.to_owned()));
        HttpAnswer {
            status: self.document.status,
            headers: self.headers,
            body: json(&self.document),
            more: None,
        }
    }
}
