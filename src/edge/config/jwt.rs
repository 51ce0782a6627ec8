//! `JWT_ISSUER`, `JWT_AUDIENCE`, `JWT_JWKS_URL`, `JWT_PERSON_CLAIM` and `GRANTS`: who may call by JWT, and what for.

use serde_json::Value;

use super::Vars;
use super::addresses::is_safe_url;
use super::api_keys::texts;
use crate::edge::grant::{Grant, OrderRange, Permission};
use crate::edge::jwt::{ClaimGrant, JwtRules};
use crate::strict_json;

/// These three belong together.
pub(super) const REQUIRED: [&str; 3] = ["JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS_URL"];

/// How JWTs are judged, and where the issuer's keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtConfig {
    /// How they are judged.
    pub rules: JwtRules,
    /// Where the issuer publishes its keys (RFC 7517, "JWK Set").
    pub jwks_url: String,
}

/// The rules, with every fault in them noted; `None` if JWTs are not used.
pub(super) fn jwt(vars: &Vars, faults: &mut Vec<String>) -> Option<JwtConfig> {
    let grants = vars
        .get("GRANTS")
        .map(|text| grants(text, faults))
        .unwrap_or_default();
    let missing: Vec<&str> = REQUIRED
        .into_iter()
        .filter(|name| vars.get(name).is_none())
        .collect();
    if missing.len() == REQUIRED.len() {
        return None;
    }
    for name in missing {
        faults.push(format!(
            "{name} is missing: JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URL are set together, or not at all"
        ));
    }
    let jwks_url = vars.get("JWT_JWKS_URL").unwrap_or_default().trim().to_owned();
    if !jwks_url.is_empty() && !is_safe_url(&jwks_url) {
        faults.push(
            "JWT_JWKS_URL must be an https: URL without user and fragment (http: on loopback only)".into(),
        );
    }
    Some(JwtConfig {
        rules: JwtRules {
            issuer: vars.get("JWT_ISSUER").unwrap_or_default().trim().to_owned(),
            audience: vars.get("JWT_AUDIENCE").unwrap_or_default().trim().to_owned(),
            person_claim: vars.get("JWT_PERSON_CLAIM").map(|claim| claim.trim().to_owned()),
            grants,
        },
        jwks_url,
    })
}

fn grants(text: &str, faults: &mut Vec<String>) -> Vec<ClaimGrant> {
    let entries = match strict_json::read(text.as_bytes()) {
        Ok(Value::Array(entries)) => entries,
        Ok(_) => {
            faults.push("GRANTS must be a JSON array".into());
            return Vec::new();
        }
        Err(fault) => {
            faults.push(format!("GRANTS cannot be read. {fault}"));
            return Vec::new();
        }
    };
    let numbered = entries.iter().enumerate().map(|(at, entry)| (at + 1, entry));
    numbered
        .filter_map(|(number, entry)| claim_grant(number, entry, faults))
        .collect()
}

fn claim_grant(number: usize, entry: &Value, faults: &mut Vec<String>) -> Option<ClaimGrant> {
    const MEMBERS: [&str; 4] = ["claim", "value", "permissions", "orders"];
    let known_faults = faults.len();
    let mut fault = |text: &str| faults.push(format!("GRANTS entry {number}: {text}"));
    let Some(entry) = entry.as_object() else {
        fault("must be an object");
        return None;
    };
    if entry.keys().any(|name| !MEMBERS.contains(&name.as_str())) {
        fault("has a member other than claim, value, permissions, orders");
    }
    let text = |name: &str| {
        entry
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if text("claim").is_none() {
        fault("claim must be the name of a claim");
    }
    if text("value").is_none() {
        fault("value must be a non-empty string: what the claim equals, or contains as an array");
    }
    let permissions = texts(entry.get("permissions"), Permission::from_name);
    if permissions.is_none() {
        fault("permissions must be a non-empty array of: revoke, test, plan, approve, audit, operate");
    }
    let orders = texts(entry.get("orders"), OrderRange::read);
    if orders.is_none() {
        fault("orders must be a non-empty array of strings: a number, a from-to range, or \"*\"");
    }
    if faults.len() > known_faults {
        return None;
    }
    Some(ClaimGrant {
        claim: text("claim")?.to_owned(),
        value: text("value")?.to_owned(),
        grant: Grant {
            permissions: permissions?,
            orders: orders?,
        },
    })
}
