//! Which pages of other sites may call: exact origins only, and never as a proof of who calls.

/// What the edge thinks of a request's `Origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// None was sent: not a page of another site.
    None,
    /// The edge's own.
    Own,
    /// One of `ALLOWED_ORIGINS`.
    Allowed,
    /// Any other; `null` among them.
    Foreign,
}

/// Compares letter by letter: no wildcard, no prefix, no suffix.
pub fn judge(origin: Option<&str>, own: &str, allowed: &[String]) -> Origin {
    match origin {
        None => Origin::None,
        Some(origin) if origin == own => Origin::Own,
        Some(origin) if allowed.iter().any(|it| it == origin) => Origin::Allowed,
        Some(_) => Origin::Foreign,
    }
}

/// The headers that let a page of an allowed origin read the answer. `Vary` always, so that no cache mixes them up.
pub fn headers(origin: Origin, text: Option<&str>) -> Vec<(&'static str, String)> {
    let mut headers = vec![("Vary", "Origin".to_owned())];
    if let (Origin::Allowed, Some(text)) = (origin, text) {
        headers.push(("Access-Control-Allow-Origin", text.to_owned()));
        headers.push((
            "Access-Control-Expose-Headers",
            "Location, Retry-After, RateLimit, RateLimit-Policy".to_owned(),
        ));
    }
    headers
}

/// What a preflight of an allowed origin also gets (Fetch standard, "CORS-preflight request").
pub fn preflight_headers(methods: String) -> Vec<(&'static str, String)> {
    vec![
        ("Access-Control-Allow-Methods", methods),
        (
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID".to_owned(),
        ),
        ("Access-Control-Max-Age", "600".to_owned()),
    ]
}
