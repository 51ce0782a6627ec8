//! The head of a request, as far as it matters.

/// A header that came twice is joined by the platform: "a, b".
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

impl Head {
    /// The media type of the body.
    pub(super) fn body_type(&self) -> &str {
        let content_type = self.content_type.as_deref().unwrap_or_default();
        content_type.split(';').next().unwrap_or_default().trim()
    }

    /// Whether the address can be what was asked for. The platform puts `Host` and target together: a slash or a # in the one
    /// moves the path of the other.
    pub(super) fn has_address(&self) -> bool {
        !self.path.is_empty() && self.host.as_deref().is_none_or(is_host)
    }
}

/// Whether a text can be the authority of an address (RFC 9112, section 3.2), and nothing more. Names come as DNS has them.
fn is_host(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    !text.is_empty() && text.bytes().all(plain)
}
