//! The closed set of ways in which a call can end without success: the `kind` of a `RevocationError`, and the
//! `type` of the edge's problem documents (RFC 9457).

/// What `type` of a problem document begins with; the kind's name follows.
pub const TYPE_PREFIX: &str = "urn:autorevoke:problem:";

/// The media type of a problem document (RFC 9457, section 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $statuses:expr, $title:literal;)+) => {
        /// Why a call did not succeed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $variant,)+ }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)+];

            /// The name in `kind` and in `type`.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)+ }
            }

            /// The HTTP statuses that the edge gives with it, the usual one first; none when it is the client's own.
            pub const fn statuses(self) -> &'static [u16] {
                match self { $(Kind::$variant => &$statuses,)+ }
            }

            /// A few words for a heading.
            pub const fn title(self) -> &'static str {
                match self { $(Kind::$variant => $title,)+ }
            }
        }
    };
}

kinds! {
    /// Members missing, unknown, of the wrong type or over a limit.
    InvalidOrder = "invalid-order", [422], "The order is invalid";
    /// Not JSON, not an object, duplicate members, nested too deep, joined headers.
    MalformedRequest = "malformed-request", [400], "The request is malformed";
    /// No valid caller.
    Unauthenticated = "unauthenticated", [401], "Not authenticated";
    /// The caller may not do this.
    Forbidden = "forbidden", [403], "Not allowed";
    /// The same order, or the same call, is being worked on.
    InProgress = "in-progress", [409], "Already in progress";
    /// The idempotency key was used with another payload.
    IdempotencyMismatch = "idempotency-mismatch", [422], "The idempotency key belongs to another request";
    /// No such path, order or job, or not the caller's.
    NotFound = "not-found", [404], "Not found";
    /// Method, media type or size.
    UnsupportedRequest = "unsupported-request", [415, 405, 406, 413], "The request is not supported";
    /// A job operation that does not fit the plan.
    PlanMismatch = "plan-mismatch", [409], "The plan is another one";
    /// A job operation that does not fit the state.
    IllegalState = "illegal-state", [409], "Not possible in this state";
    /// Our fault, before anything was sent.
    Internal = "internal", [500], "Internal error";
    /// The caller's own limit.
    RateLimited = "rate-limited", [429], "Too many requests";
    /// The CA said no.
    CaRefused = "ca-refused", [422], "The CA refused";
    /// -16: the edge stops calling until an operator resumes or the credentials change.
    CaLoginRefused = "ca-login-refused", [502, 503], "The CA refused the login";
    /// -42, or no connection to the CA became free in time.
    CaBusy = "ca-busy", [503], "The CA is busy";
    /// It is not known what the CA did.
    UnknownOutcome = "unknown-outcome", [502], "The outcome is unknown";
    /// It is certain that nothing left.
    NotSent = "not-sent", [503], "Nothing was sent";
    /// The caller's signal fired.
    Aborted = "aborted", [], "Aborted";
    /// The edge lacks a credential, or any way to authenticate callers.
    NotConfigured = "not-configured", [503], "The edge is not configured";
}

/// As the `type` of a problem document.
#[cfg(any(feature = "edge", feature = "full", feature = "lists"))]
impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&[TYPE_PREFIX, self.name()].concat())
    }
}

#[cfg(any(feature = "edge", feature = "full", feature = "lists"))]
impl<'de> serde::Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Kind, D::Error> {
        let text = String::deserialize(from)?;
        let known = text.strip_prefix(TYPE_PREFIX).and_then(Kind::from_name);
        known.ok_or_else(|| serde::de::Error::custom("no problem has this type"))
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for Kind {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ProblemType".into()
    }

    /// Those that the edge answers with.
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let of_the_edge = Kind::ALL.iter().filter(|kind| !kind.statuses().is_empty());
        let types: Vec<&Kind> = of_the_edge.collect();
        schemars::json_schema!({ "description": "Which problem it is; the responses tell what each means.", "enum": types })
    }
}

impl Kind {
    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
