//! JWTs: which texts are one, and who their bearer is.

mod bearers;
mod machines;
mod oracle;
mod refusals;
mod shape;
mod times;

use autorevoke::edge::caller::Caller;
use autorevoke::edge::grant::{Grant, OrderRange, Permission};
use autorevoke::edge::jwt::{ClaimGrant, JwtRules, Refusal, read};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const ISSUER: &str = "https://issuer.example";
const AUDIENCE: &str = "revocations";
/// In seconds.
const NOW: i64 = 1_800_000_000;
const RS256: &str = r#"{"alg":"RS256","typ":"JWT","kid":"k"}"#;

/// A token of these parts, as they are.
fn token(header: &[u8], claims: &[u8], signature: &[u8]) -> String {
    [header, claims, signature]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".")
}

/// Claims that are right, with these members instead or in addition; `null` takes one away.
fn claims_with(others: &Value) -> Value {
    let mut claims = json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "olivia", "exp": NOW + 300, "iat": NOW });
    let members = claims.as_object_mut().unwrap();
    for (name, value) in others.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    claims
}

fn rules(person_claim: &str) -> JwtRules {
    let grant = |value: &str, permission| ClaimGrant {
        claim: "groups".into(),
        value: value.into(),
        grant: Grant {
            permissions: vec![permission],
            orders: vec![OrderRange::read("*").unwrap()],
        },
    };
    JwtRules {
        issuer: ISSUER.into(),
        audience: AUDIENCE.into(),
        person_claim: Some(person_claim.into()),
        grants: vec![
            grant("revokers", Permission::Revoke),
            grant("auditors", Permission::Audit),
        ],
    }
}

/// The bearer of a token with these claims, with the person named by this claim.
fn bearer(claims: &Value, person_claim: &str) -> Result<Caller, Refusal> {
    bearer_by(claims, &rules(person_claim))
}

/// The same under these rules.
fn bearer_by(claims: &Value, rules: &JwtRules) -> Result<Caller, Refusal> {
    let text = token(RS256.as_bytes(), claims.to_string().as_bytes(), b"signature");
    read(&text)?.caller(rules, NOW * 1000)
}
