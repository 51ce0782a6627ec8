//! JWTs of callers: which text is one, and who its bearer is. Whether its signature is good, the host is asked.
//!
//! - RFC 7515: JSON Web Signature, compact serialisation
//! - RFC 7519: JSON Web Token, its claims
//! - RFC 8725: best current practices: fixed algorithms, explicit types, no key from the token itself
//! - RFC 9068: access tokens (`at+jwt`), and those of clients without a person
//!
//! Nothing here is lenient: what an issuer would not write is refused, before any key is looked at.

mod refusal;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

pub use self::refusal::{Refusal, Said};

use super::caller::{Caller, NoPerson, Person};
use super::grant::Grant;
use super::machines::{CLIENT_CLAIMS, Mark, says};
use super::names::SERVICE;
use crate::strict_json;

/// Longer texts are not looked at, in bytes.
const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// Subjects, names and persons are not longer, in characters: GitHub's customised subjects are the longest known.
const MAX_NAME_CHARS: usize = 1024;
const MAX_KID_CHARS: usize = 256;
/// How far an issuer's clock may be ahead of ours, in milliseconds.
const MAX_SKEW_MS: f64 = 60_000.0;
/// r and s of ECDSA on P-256, 32 bytes each (RFC 7518, section 3.4).
const ES256_SIGNATURE_BYTES: usize = 64;
/// Before the name of a person in an actor, where the token has no subject; no subject may begin so.
const PERSON: &str = "person:";

/// How JWTs are judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JwtRules {
    /// Who must have issued them: `iss`, exactly.
    pub issuer: String,
    /// Whom they must be meant for: `aud` is this, or has it.
    pub audience: String,
    /// The claim that names the person; without one nobody who comes by JWT is a person.
    pub person_claim: Option<String>,
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

/// Reads a token in compact serialisation, if its shape is as it must be.
///
/// ```
/// use autorevoke::edge::jwt::read;
/// // RFC 7519, section 6.1: an unsecured JWT.
/// assert!(read("eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.").is_err());
/// ```
pub fn read(text: &str) -> Result<Token, Refusal> {
    if text.len() > MAX_TOKEN_BYTES {
        return Err(Refusal::TooLong);
    }
    let mut parts = text.split('.');
    let (Some(header), Some(claims), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Refusal::Opaque);
    };
    match parts.count() {
        0 => {}
        2 => return Err(Refusal::Encrypted),
        _ => return Err(Refusal::Opaque),
    }
    let header = decoded(header).ok_or(Refusal::Spelling)?;
    let header = strict_json::read_object(&header).map_err(|_| Refusal::Header)?;
    // An unsecured token has no signature to spell.
    let signature = decoded(signature);
    let signed = match header.get("alg").and_then(Value::as_str) {
        Some("RS256") => true,
        Some("ES256") => signature
            .as_ref()
            .is_none_or(|bytes| bytes.len() == ES256_SIGNATURE_BYTES),
        _ => false,
    };
    if !signed {
        return Err(Refusal::Algorithm(Said::of(header.get("alg"))));
    }
    signature.ok_or(Refusal::Spelling)?;
    has_plain_members_only(&header)?;
    is_for_callers(&header)?;
    let claims = decoded(claims).ok_or(Refusal::Spelling)?;
    let claims = strict_json::read_object(&claims).map_err(|_| Refusal::Claims)?;
    Ok(Token { claims })
}

/// The bytes of a part: unpadded base64url in its one canonical spelling, and not empty.
fn decoded(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(part)
        .ok()
        .filter(|bytes| !bytes.is_empty())
}

/// A token may say which of the issuer's keys signed it, but bring none along, nor change how it is to be read.
fn has_plain_members_only(header: &Map<String, Value>) -> Result<(), Refusal> {
    const REFUSED: [&str; 8] = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc"];
    if let Some(name) = REFUSED.into_iter().find(|name| header.contains_key(*name)) {
        return Err(Refusal::HeaderMember(name));
    }
    let kid_fits = header.get("kid").is_none_or(|kid| {
        kid.as_str()
            .is_some_and(|kid| !kid.is_empty() && kid.chars().count() <= MAX_KID_CHARS)
    });
    if kid_fits { Ok(()) } else { Err(Refusal::KeyName) }
}

/// Whether the type, where it is given, is one that callers send: an issuer signs logout tokens and others with the
/// same keys (RFC 8725, section 3.11).
fn is_for_callers(header: &Map<String, Value>) -> Result<(), Refusal> {
    const TYPES: [&str; 3] = ["JWT", "at+jwt", "application/at+jwt"];
    let typ = header.get("typ");
    let fits = typ.is_none_or(|typ| {
        typ.as_str()
            .is_some_and(|typ| TYPES.iter().any(|known| known.eq_ignore_ascii_case(typ)))
    });
    if fits {
        Ok(())
    } else {
        Err(Refusal::Type(Said::of(typ)))
    }
}

impl Token {
    /// Whether the configured issuer wrote it, for this edge: what another one wrote need not be looked at further.
    pub fn is_meant_for(&self, rules: &JwtRules) -> Result<(), Refusal> {
        let iss = self.claims.get("iss");
        if iss.and_then(Value::as_str) != Some(&rules.issuer) {
            return Err(Refusal::Issuer(Said::of(iss)));
        }
        let aud = self.claims.get("aud");
        let fits = match aud {
            Some(Value::String(one)) => *one == rules.audience,
            Some(Value::Array(all)) => {
                all.iter().all(Value::is_string)
                    && all.iter().any(|one| one.as_str() == Some(&rules.audience))
            }
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(Refusal::Audience(Said::of(aud)))
        }
    }

    /// Who the bearer is at `now`, in milliseconds since 1970, if the claims are right. The signature must be good.
    pub fn caller(&self, rules: &JwtRules, now: i64) -> Result<Caller, Refusal> {
        self.is_meant_for(rules)?;
        self.is_valid_at(now as f64)?;
        let (subject, person) = self.bearer(rules.person_claim.as_deref())?;
        Ok(Caller {
            actor: ["jwt:", &rules.issuer, "#", &subject].concat(),
            person,
            grants: self.grants(&rules.grants),
        })
    }

    /// Not expired, and neither issued nor valid from later than now. Only `exp` must be there.
    fn is_valid_at(&self, now: f64) -> Result<(), Refusal> {
        let expires = self.claims.get("exp").and_then(millis).ok_or(Refusal::NoExpiry)?;
        if expires <= now {
            return Err(Refusal::Expired(seconds(now - expires)));
        }
        for name in ["nbf", "iat"] {
            let Some(begins) = self.claims.get(name) else {
                continue;
            };
            let begins = millis(begins).ok_or(Refusal::Time(name))?;
            if begins > now + MAX_SKEW_MS {
                return Err(Refusal::NotYet(name, seconds(begins - now)));
            }
        }
        Ok(())
    }

    /// What stands behind the issuer in the actor, and the person.
    ///
    /// A service token of Cloudflare Access has an empty `sub`, and a `common_name`. Keycloak's lightweight tokens have no
    /// `sub`: the person's name takes its place, or the client's. What begins with `service:` or `person:` is no subject
    /// of the issuer's, so none of the three can be taken for another.
    fn bearer(&self, person_claim: Option<&str>) -> Result<(String, Person), Refusal> {
        let sub = self.claims.get("sub").map_or(Some(""), Value::as_str);
        let sub = sub.ok_or(Refusal::Subject)?;
        let mark = Mark::of(&self.claims);
        let person = match mark {
            Some(mark) => Person::Nobody(NoPerson::Machine(mark)),
            None => self.person(person_claim),
        };
        if !sub.is_empty() {
            let sub = name(sub).ok_or(Refusal::Subject)?;
            if mark.is_some() {
                return Ok(([SERVICE, sub].concat(), person));
            }
            let reserved = sub.starts_with(SERVICE) || sub.starts_with(PERSON);
            return if reserved {
                Err(Refusal::Subject)
            } else {
                Ok((sub.to_owned(), person))
            };
        }
        if let Person::Named(person_name) = &person {
            return Ok(([PERSON, person_name].concat(), person));
        }
        let client = match mark {
            Some(Mark::AccessService) => self.claims.get("common_name"),
            _ => CLIENT_CLAIMS.into_iter().find_map(|name| self.claims.get(name)),
        };
        let client = client.ok_or(Refusal::NoSubject)?;
        let client = client.as_str().and_then(name).ok_or(Refusal::Subject)?;
        Ok(([SERVICE, client].concat(), person))
    }

    /// The person whom the configured claim names.
    fn person(&self, claim: Option<&str>) -> Person {
        let Some(claim) = claim else {
            return Person::Nobody(NoPerson::NoClaimConfigured);
        };
        if claim == "email" && self.is_unverified() {
            return Person::Nobody(NoPerson::NotVerified);
        }
        match self.claims.get(claim) {
            None => Person::Nobody(NoPerson::ClaimMissing(claim.to_owned())),
            Some(value) => match value.as_str().and_then(name) {
                Some(name) => Person::Named(name.to_owned()),
                None => Person::Nobody(NoPerson::NoName(claim.to_owned())),
            },
        }
    }

    /// An address that the issuer has not verified may be somebody else's. Entra and Cognito write `true` as text.
    fn is_unverified(&self) -> bool {
        self.claims
            .get("email_verified")
            .is_some_and(|verified| *verified != Value::Bool(true) && verified.as_str() != Some("true"))
    }

    fn grants(&self, all: &[ClaimGrant]) -> Vec<Grant> {
        let unverified = self.is_unverified();
        let claim = |name: &str| self.claims.get(name).filter(|_| name != "email" || !unverified);
        all.iter()
            .filter(|it| claim(&it.claim).is_some_and(|claim| says(claim, &it.value)))
            .map(|it| it.grant.clone())
            .collect()
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

/// Marks that change the direction of a text, breaks of lines, and what has no width (Unicode TR 36, section 2.10.3). The
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

/// Whole seconds, rounded up, of what may be any number.
fn seconds(millis: f64) -> u32 {
    (millis / 1000.0).ceil() as u32
}
