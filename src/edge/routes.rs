//! Which paths there are, and what may be done at each.

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `POST /v1/revocations`.
    Revoke,
    /// `GET /v1/orders/{orderNumber}`, with the number's text as it stands in the path.
    Order(String),
    /// `GET /v1/me`.
    Me,
    /// `GET /healthz`.
    Health,
}

impl Operation {
    /// The method at which this operation answers.
    pub const fn method(&self) -> &'static str {
        match self {
            Operation::Revoke => "POST",
            Operation::Order(_) | Operation::Me | Operation::Health => "GET",
        }
    }

    /// The route's name in logs: never the path itself, which is the caller's text.
    pub const fn route(&self) -> &'static str {
        match self {
            Operation::Revoke => "/v1/revocations",
            Operation::Order(_) => "/v1/orders/{orderNumber}",
            Operation::Me => "/v1/me",
            Operation::Health => "/healthz",
        }
    }

    /// Whether everyone may ask, without saying who they are.
    pub const fn is_public(&self) -> bool {
        matches!(self, Operation::Health)
    }
}

/// The operation at this path, if there is one.
///
/// ```
/// use autorevoke::edge::routes::{Operation, operation_at};
/// assert_eq!(operation_at("/v1/orders/12"), Some(Operation::Order("12".into())));
/// assert_eq!(operation_at("/v1/orders/12/"), None);
/// ```
pub fn operation_at(path: &str) -> Option<Operation> {
    match path {
        "/v1/revocations" => Some(Operation::Revoke),
        "/v1/me" => Some(Operation::Me),
        "/healthz" => Some(Operation::Health),
        _ => {
            let number = path.strip_prefix("/v1/orders/")?;
            (!number.is_empty() && !number.contains('/')).then(|| Operation::Order(number.to_owned()))
        }
    }
}
