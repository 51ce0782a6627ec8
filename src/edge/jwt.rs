//! JWTs of callers: which text is one, and who its bearer is. Whether its signature is good, the rim is asked.
//!
//! - RFC 7515: JSON Web Signature, compact serialisation
//! - RFC 7519: JSON Web Token, its claims
//! - RFC 8725: best current practices: fixed algorithms, explicit types, no key from the token itself
//! - RFC 9068: access tokens (`at+jwt`), and those of clients without a person
//!
//! Nothing here is lenient: what an issuer would not write is refused, before any key is looked at.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::caller::Caller;
use super::grant::Grant;
use crate::strict_json;

/// Longer texts are not looked at, in bytes.
const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// Subjects, names and persons are not longer, in characters (RFC 7519 has no limit; OpenID Connect says 255 of `sub`).
const MAX_NAME_CHARS: usize = 255;
const MAX_KID_CHARS: usize = 256;
/// How far an issuer's clock may be ahead of ours, in milliseconds.
const MAX_SKEW_MS: f64 = 5_000.0;
/// r and s of ECDSA on P-256, 32 bytes each (RFC 7518, section 3.4).
const ES256_SIGNATURE_BYTES: usize = 64;
/// Before the name of a service in an actor; no person's subject may begin so.
const SERVICE: &str = "service:";

/// How JWTs are judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JwtRules {
    /// Who must have issued them: `iss`, exactly.
    pub issuer: String,
    /// Whom they must be meant for: `aud` is this, or has it.
    pub audience: String,
    /// The claim that names the person.
    pub person_claim: String,
    /// What their bearers may do.
    pub grants: Vec<ClaimGrant>,
}

/// A grant to everyone whose token has this claim with this value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimGrant {
    /// The name of the claim, at the top level.
    pub claim: String,
    /// What it equals, or contains as an array.
    pub value: String,
    /// What its bearer may do.
    pub grant: Grant,
}

/// A token whose shape is right. Its signature has not been checked.
pub struct Token {
    claims: Map<String, Value>,
}

/// Reads a token in compact serialisation; `None` if anything about its shape is not as it must be.
///
/// ```
/// use autorevoke::edge::jwt::read;
/// // RFC 7519, section 6.1: an unsecured JWT.
/// assert!(read("eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.").is_none());
/// ```
pub fn read(text: &str) -> Option<Token> {
    if text.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let mut parts = text.split('.').map(decoded);
    let (header, claims, signature) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    let header = strict_json::read_object(&header).ok()?;
    let alg = header.get("alg")?.as_str()?;
    let signature_fits = match alg {
        "RS256" => true,
        "ES256" => signature.len() == ES256_SIGNATURE_BYTES,
        _ => false,
    };
    let shape_fits = signature_fits && has_plain_members_only(&header) && is_for_callers(&header);
    let claims = strict_json::read_object(&claims).ok()?;
    shape_fits.then_some(Token { claims })
}

/// The bytes of a part: unpadded base64url in its one canonical spelling, and not empty.
fn decoded(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(part)
        .ok()
        .filter(|bytes| !bytes.is_empty())
}

/// A token may say which of the issuer's keys signed it, but bring none along, nor change how it is to be read.
fn has_plain_members_only(header: &Map<String, Value>) -> bool {
    const REFUSED: [&str; 8] = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc"];
    let kid_fits = header.get("kid").is_none_or(|kid| {
        kid.as_str()
            .is_some_and(|kid| !kid.is_empty() && kid.chars().count() <= MAX_KID_CHARS)
    });
    kid_fits && !REFUSED.iter().any(|name| header.contains_key(*name))
}

/// Whether the type, where it is given, is one that callers send: an issuer signs logout tokens and others with the
/// same keys (RFC 8725, section 3.11).
fn is_for_callers(header: &Map<String, Value>) -> bool {
    const TYPES: [&str; 3] = ["JWT", "at+jwt", "application/at+jwt"];
    header.get("typ").is_none_or(|typ| {
        typ.as_str()
            .is_some_and(|typ| TYPES.iter().any(|known| known.eq_ignore_ascii_case(typ)))
    })
}

impl Token {
    /// Who the bearer is at `now`, in milliseconds since 1970, if the claims are right. The signature must be good.
    pub fn caller(&self, rules: &JwtRules, now: i64) -> Option<Caller> {
        let meant_for_us = self.is_of(&rules.issuer) && self.is_for(&rules.audience);
        if !meant_for_us || !self.is_valid_at(now as f64) {
            return None;
        }
        let (subject, is_service) = self.subject()?;
        let kind = if is_service { SERVICE } else { "" };
        let actor = ["jwt:", &rules.issuer, "#", kind, subject].concat();
        let person = self
            .claim(&rules.person_claim)
            .and_then(|person| name(person.as_str()?))
            .filter(|_| !is_service);
        Some(Caller {
            person: person.unwrap_or(&actor).to_owned(),
            is_person: person.is_some(),
            actor,
            grants: self.grants(&rules.grants),
        })
    }

    fn is_of(&self, issuer: &str) -> bool {
        self.claims.get("iss").and_then(Value::as_str) == Some(issuer)
    }

    fn is_for(&self, audience: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(all)) => {
                all.iter().all(Value::is_string) && all.iter().any(|one| one.as_str() == Some(audience))
            }
            _ => false,
        }
    }

    /// Not expired, and neither issued nor valid from later than now. Only `exp` must be there.
    fn is_valid_at(&self, now: f64) -> bool {
        let begun = |name: &str| {
            self.claims
                .get(name)
                .is_none_or(|value| millis(value).is_some_and(|time| time <= now + MAX_SKEW_MS))
        };
        let expires = self.claims.get("exp").and_then(millis);
        expires.is_some_and(|time| now < time) && begun("nbf") && begun("iat")
    }

    /// Who the token speaks of, and whether that is a service rather than a person.
    ///
    /// A service token of Cloudflare Access has an empty `sub`, and a `common_name`. An access token that a client got
    /// for itself has the client's own id as `sub` (RFC 9068, section 2.2).
    fn subject(&self) -> Option<(&str, bool)> {
        let sub = self.claims.get("sub").map_or(Some(""), Value::as_str)?;
        if sub.is_empty() {
            let common_name = self.claims.get("common_name")?.as_str()?;
            return name(common_name).map(|service| (service, true));
        }
        let sub = name(sub)?;
        let is_service = self.claims.get("client_id").and_then(Value::as_str) == Some(sub);
        (is_service || !sub.starts_with(SERVICE)).then_some((sub, is_service))
    }

    /// A claim that can be relied on. An address that the issuer has not verified may be somebody else's.
    fn claim(&self, name: &str) -> Option<&Value> {
        let unverified = self
            .claims
            .get("email_verified")
            .is_some_and(|verified| *verified != Value::Bool(true));
        self.claims.get(name).filter(|_| name != "email" || !unverified)
    }

    fn grants(&self, all: &[ClaimGrant]) -> Vec<Grant> {
        all.iter()
            .filter(|it| self.claim(&it.claim).is_some_and(|claim| says(claim, &it.value)))
            .map(|it| it.grant.clone())
            .collect()
    }
}

/// Whether a claim equals a value, or is an array that contains it.
fn says(claim: &Value, value: &str) -> bool {
    match claim {
        Value::String(text) => text == value,
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(value)),
        _ => false,
    }
}

/// A name that can be shown and logged: not empty, not endless, no control characters, and nothing in it that does not
/// show, or makes it show as another.
fn name(text: &str) -> Option<&str> {
    let fits = !text.is_empty() && text.chars().count() <= MAX_NAME_CHARS && text.trim() == text;
    let plain = !text
        .chars()
        .any(|letter| letter.is_control() || is_hidden(letter));
    (fits && plain).then_some(text)
}

/// Marks that turn the direction of a text, breaks of lines, and what has no width (Unicode TR 36, section 2.10.3). The
/// joiners stay: some scripts need them.
const fn is_hidden(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
    )
}

/// A NumericDate (RFC 7519, section 2) in milliseconds.
fn millis(date: &Value) -> Option<f64> {
    date.as_f64()
        .map(|seconds| seconds * 1000.0)
        .filter(|time| time.is_finite())
}
