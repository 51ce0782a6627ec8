//! How a caller says who they are: an API key or a JWT, in one of two headers, and never in both.

use super::head::Head;
use crate::edge::http_answer::Problem;
use crate::problem::Kind;

/// What was presented; whether it is good is another question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Presented<'head> {
    /// `Authorization: Bearer ark_...`.
    ApiKey(&'head str),
    /// Any other bearer token, or `Cf-Access-Jwt-Assertion`.
    Jwt(&'head str),
}

/// 401, with the challenge that RFC 9110 asks for.
pub(super) fn unauthenticated(detail: &str) -> Problem {
    Problem::new(Kind::Unauthenticated, detail).header("WWW-Authenticate", "Bearer realm=\"autorevoke\"")
}

/// The one identity in the head.
pub(super) fn presented(head: &Head) -> Result<Presented<'_>, Problem> {
    let authorization = match (&head.authorization, &head.access_jwt) {
        (Some(_), Some(_)) => {
            return Err(Problem::malformed(
                "Two identities at once: send Authorization or Cf-Access-Jwt-Assertion, not both.",
            ));
        }
        (None, None) => {
            return Err(unauthenticated(
                "Say who calls: Authorization: Bearer KEY-OR-JWT.",
            ));
        }
        (Some(authorization), None) => authorization,
        (None, Some(jwt)) if jwt.contains(',') => {
            return Err(Problem::malformed(
                "The Cf-Access-Jwt-Assertion header was sent more than once.",
            ));
        }
        (None, Some(jwt)) => return Ok(Presented::Jwt(jwt.trim_matches(' '))),
    };
    if authorization.contains(',') {
        return Err(Problem::malformed(
            "The Authorization header was sent more than once.",
        ));
    }
    let token = authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, token)| token.trim_matches(' '))
        .ok_or_else(|| unauthenticated("The Authorization header must read: Bearer KEY-OR-JWT."))?;
    Ok(if token.starts_with("ark_") {
        Presented::ApiKey(token)
    } else {
        Presented::Jwt(token)
    })
}
