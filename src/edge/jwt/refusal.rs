//! Why a JWT is refused. The caller learns little; the operator's log has which check failed and what was expected.

use serde_json::{Value, json};

use super::{JwtRules, MAX_SKEW_MS, MAX_TOKEN_BYTES};

/// Claims and header members are quoted in the log up to this length, in characters.
const MAX_SAID_CHARS: usize = 120;
/// Of an array of them, this many items.
const MAX_SAID_ITEMS: usize = 5;

/// The check that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is longer than any issuer's tokens.
    TooLong,
    /// It has not three parts: no JWT, but a text that only its issuer can read.
    Opaque,
    /// It has five parts (RFC 7516): it is encrypted.
    Encrypted,
    /// A part is not base64url in its one spelling.
    Spelling,
    /// The header is not one JSON object of one meaning.
    Header,
    /// The claims are not one JSON object of one meaning.
    Claims,
    /// It is signed by another algorithm.
    Algorithm(Said),
    /// The header has this member, which would bring keys along or change how the token is read.
    HeaderMember(&'static str),
    /// `kid` is no name of a key.
    KeyName,
    /// It is of another type.
    Type(Said),
    /// Another issuer wrote it.
    Issuer(Said),
    /// It is meant for somebody else.
    Audience(Said),
    /// `exp` is missing, or no number.
    NoExpiry,
    /// It expired so many seconds ago.
    Expired(u32),
    /// This claim is no number.
    Time(&'static str),
    /// By this claim it begins so many seconds from now.
    NotYet(&'static str, u32),
    /// It does not say of whom it speaks.
    NoSubject,
    /// The name of whom it speaks cannot be taken.
    Subject,
    /// No key of the issuer's has its `kid`.
    UnknownKey,
    /// The issuer publishes no key that can be used.
    EmptyKeySet,
    /// The issuer's key is too short, or of the kind that ROCA breaks.
    WeakKey,
    /// The issuer's key did not make the signature.
    Signature,
    /// The issuer's keys could not be read.
    KeySetUnavailable,
}

/// What a token says, as it may stand in a log: bounded, printable ASCII, and no more of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    pub(super) fn of(value: Option<&Value>) -> Said {
        Said(match value {
            None => "nothing".to_owned(),
            Some(Value::String(text)) => printable(text),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
                let shown = items.iter().filter_map(Value::as_str).take(MAX_SAID_ITEMS);
                let mut shown: Vec<String> = shown.map(printable).collect();
                if items.len() > MAX_SAID_ITEMS {
                    shown.push("...".to_owned());
                }
                shown.join(" ")
            }
            Some(_) => "no text".to_owned(),
        })
    }
}

fn printable(text: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_graphic() { letter } else { '?' };
    let mut shown: String = text.chars().take(MAX_SAID_CHARS).map(plain).collect();
    if text.chars().nth(MAX_SAID_CHARS).is_some() {
        shown += "...";
    }
    shown
}

impl Refusal {
    /// For the log: the check's name, what was expected, and what was found where that helps.
    pub fn log_entry(&self, rules: &JwtRules) -> Value {
        let (check, expected, found) = match self {
            Refusal::TooLong => ("length", format!("at most {MAX_TOKEN_BYTES} bytes"), None),
            Refusal::Opaque => (
                "opaque",
                "a signed JWT, three parts: the issuer gives an opaque token, perhaps for want of an audience".into(),
                None,
            ),
            Refusal::Encrypted => ("encrypted", "a signed JWT, three parts, not an encrypted one".into(), None),
            Refusal::Spelling => ("spelling", "parts in base64url without padding".into(), None),
            Refusal::Header => ("header", "one JSON object without duplicate members".into(), None),
            Refusal::Claims => ("claims", "one JSON object without duplicate members, nested at most 8 deep".into(), None),
            Refusal::Algorithm(said) => ("alg", "RS256, or ES256 with a signature of 64 bytes".into(), Some(said)),
            Refusal::HeaderMember(name) => (*name, "a header without this member".into(), None),
            Refusal::KeyName => ("kid", "text of 1 to 256 characters, or none".into(), None),
            Refusal::Type(said) => ("typ", "JWT, at+jwt, or none".into(), Some(said)),
            Refusal::Issuer(said) => ("iss", rules.issuer.clone(), Some(said)),
            Refusal::Audience(said) => ("aud", rules.audience.clone(), Some(said)),
            Refusal::NoExpiry => ("exp", "a number".into(), None),
            Refusal::Expired(ago) => ("exp", format!("a time to come; this one passed {ago} s ago"), None),
            Refusal::Time(claim) => (*claim, "a number, or none".into(), None),
            Refusal::NotYet(claim, ahead) => {
                let most = MAX_SKEW_MS / 1000.0;
                let expected = format!(
                    "at most {most} s ahead of the edge's clock; this one is {ahead} s ahead: compare the clocks"
                );
                (*claim, expected, None)
            }
            Refusal::NoSubject => (
                "sub",
                "a sub, or the claim of JWT_PERSON_CLAIM, or the client's: client_id, azp, cid, appid".into(),
                None,
            ),
            Refusal::Subject => (
                "sub",
                "a name of at most 1024 characters, none of them hidden, that does not begin with service: or person:".into(),
                None,
            ),
            Refusal::UnknownKey => ("key", "a key of JWT_JWKS_URL; none there fits: another issuer or tenant?".into(), None),
            Refusal::EmptyKeySet => ("key-set", "an RSA or EC key for signatures at JWT_JWKS_URL; there is none".into(), None),
            Refusal::WeakKey => ("weak-key", "RSA of at least 2048 bits, without the ROCA fingerprint".into(), None),
            Refusal::Signature => ("signature", "one by the issuer's key; the token was changed, or forged".into(), None),
            Refusal::KeySetUnavailable => ("key-set", "a key set at JWT_JWKS_URL; it cannot be read".into(), None),
        };
        let mut entry = json!({ "check": check, "expected": expected });
        if let (Some(Said(found)), Some(members)) = (found, entry.as_object_mut()) {
            members.insert("found".into(), found.as_str().into());
        }
        entry
    }
}
