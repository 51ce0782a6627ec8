//! The edge's configuration, checked as a whole: every fault is named, none quotes a value.

use std::collections::BTreeMap;

use serde_json::Value;
use zeroize::Zeroizing;

use super::caller::ApiKey;
use super::grant::{Grant, OrderRange, Permission};
use super::{strict_json, timestamp};
use crate::protocol::{Credentials, ENDPOINT};

/// Every name that the edge reads, alike on Cloudflare (variables and secrets) and self-hosted (the env file).
pub const NAMES: [&str; 20] = [
    "CA_LOGIN_NAME",
    "CA_LOGIN_PASSWORD",
    "CA_ACCOUNT_ID",
    "CA_ENDPOINT",
    "CA_TIMEOUT_MS",
    "CA_MAX_CONNECTIONS",
    "CA_MAX_PER_SECOND",
    "API_KEYS",
    "JWT_ISSUER",
    "JWT_AUDIENCE",
    "JWT_JWKS_URL",
    "JWT_PERSON_CLAIM",
    "GRANTS",
    "ALLOWED_ORIGINS",
    "RATE_LIMIT_PER_MINUTE",
    "DAILY_LIMIT",
    "MAX_JOB_ORDERS",
    "APPROVAL_ABOVE",
    "RESEND_WINDOW_MS",
    "AUDIT_SIGNING_KEY",
];

/// Limits that are read and checked, but that no operation of this version needs yet.
const LIMITS: [&str; 5] = [
    "RATE_LIMIT_PER_MINUTE",
    "DAILY_LIMIT",
    "MAX_JOB_ORDERS",
    "APPROVAL_ABOVE",
    "RESEND_WINDOW_MS",
];

/// What the JWTs of callers will be checked with; this version knows API keys only, and refuses every JWT.
const JWT_NAMES: [&str; 5] = [
    "JWT_ISSUER",
    "JWT_AUDIENCE",
    "JWT_JWKS_URL",
    "JWT_PERSON_CLAIM",
    "GRANTS",
];

/// Variables by name, as the host has them. Wiped when dropped, since secrets are among them.
#[derive(Default)]
pub struct Vars(BTreeMap<String, Zeroizing<String>>);

impl Vars {
    /// Sets a variable; an empty text counts as not set.
    pub fn set(&mut self, name: &str, value: String) {
        let value = Zeroizing::new(value);
        if !value.trim().is_empty() {
            self.0.insert(name.to_owned(), value);
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }
}

/// What the front of the edge needs: who may call. It never sees the CA's credentials.
#[derive(Debug, Clone, Default)]
pub struct FrontConfig {
    /// Whether everything is configured, the ledger's part included; if not, nothing is served.
    pub complete: bool,
    /// The keys of the callers.
    pub api_keys: Vec<ApiKey>,
    /// Exact origins of other sites' pages that may call.
    pub allowed_origins: Vec<String>,
}

/// What the ledger needs: how to call the CA.
#[derive(Debug)]
pub struct LedgerConfig {
    /// The login at the CA.
    pub credentials: Credentials,
    /// Sent as `accountID`.
    pub account_id: Option<u64>,
    /// Where revocations are posted.
    pub endpoint: String,
    /// For the whole exchange with the CA, its body included, in milliseconds.
    pub timeout_ms: u32,
    /// Calls to the CA under way at once.
    pub max_connections: u32,
    /// Calls to the CA begun in a second, where limited.
    pub max_per_second: Option<u32>,
}

/// Everything that is wrong with the configuration, one sentence each, naming the variable.
///
/// ```
/// use autorevoke::edge::config::{Vars, faults};
/// assert!(faults(&Vars::default()).iter().any(|fault| fault.starts_with("CA_LOGIN_NAME ")));
/// ```
pub fn faults(vars: &Vars) -> Vec<String> {
    let mut faults = Vec::new();
    read_front(vars, &mut faults);
    read_ledger(vars, &mut faults);
    faults
}

/// What an operator should know about a configuration that is not wrong: variables without an effect.
pub fn notices(vars: &Vars) -> Vec<String> {
    let limits = LIMITS
        .into_iter()
        .map(|name| (name, "this version does not enforce it yet"));
    let jwt = JWT_NAMES
        .into_iter()
        .map(|name| (name, "this version takes API keys only, and refuses every JWT"));
    limits
        .chain(jwt)
        .filter(|(name, _)| vars.get(name).is_some())
        .map(|(name, why)| format!("{name} is set, but {why}"))
        .collect()
}

/// The front's part; `complete` is false when anything at all is wrong.
pub fn front(vars: &Vars) -> FrontConfig {
    let complete = faults(vars).is_empty();
    FrontConfig {
        complete,
        ..read_front(vars, &mut Vec::new())
    }
}

/// The ledger's part, or every fault.
pub fn ledger(vars: &Vars) -> Result<LedgerConfig, Vec<String>> {
    let faults = faults(vars);
    match read_ledger(vars, &mut Vec::new()) {
        Some(config) if faults.is_empty() => Ok(config),
        _ => Err(faults),
    }
}

fn read_front(vars: &Vars, faults: &mut Vec<String>) -> FrontConfig {
    let api_keys = match vars.get("API_KEYS") {
        Some(text) => api_keys(text, faults),
        None => {
            faults.push(
                "API_KEYS is missing, and without it nobody can call. Make an entry with: npm run key".into(),
            );
            Vec::new()
        }
    };
    for name in LIMITS {
        if vars.get(name).is_some_and(|text| decimal(text).is_none()) {
            faults.push(format!("{name} must be an integer, 0 or more"));
        }
    }
    let allowed_origins = vars
        .get("ALLOWED_ORIGINS")
        .map(|text| origins(text, faults))
        .unwrap_or_default();
    if !vars.get("AUDIT_SIGNING_KEY").is_some_and(is_ed25519_private_jwk) {
        faults.push(
            "AUDIT_SIGNING_KEY must be an Ed25519 private key as a JWK. Make one with: npm run key -- --audit".into(),
        );
    }
    FrontConfig {
        complete: false,
        api_keys,
        allowed_origins,
    }
}

fn read_ledger(vars: &Vars, faults: &mut Vec<String>) -> Option<LedgerConfig> {
    let mut login = |name: &str| {
        vars.get(name).map(str::to_owned).unwrap_or_else(|| {
            faults.push(format!("{name} is missing: it is the login at the CA"));
            String::new()
        })
    };
    let login_name = login("CA_LOGIN_NAME");
    let login_password = login("CA_LOGIN_PASSWORD");
    let credentials = Credentials::new(login_name, login_password);
    if let Err(invalid) = &credentials {
        for (field, fault) in invalid.fields() {
            let name = if field == "loginName" {
                "CA_LOGIN_NAME"
            } else {
                "CA_LOGIN_PASSWORD"
            };
            if vars.get(name).is_some() {
                faults.push(format!("{name} {fault}"));
            }
        }
    }
    let endpoint = vars.get("CA_ENDPOINT").unwrap_or(ENDPOINT).to_owned();
    if !is_safe_endpoint(&endpoint) {
        faults.push(
            "CA_ENDPOINT must be an https: URL without user, query and fragment (http: on loopback only)"
                .into(),
        );
    }
    let mut number = |name: &str, range: std::ops::RangeInclusive<u64>| {
        let text = vars.get(name)?;
        let value = decimal(text).filter(|value| range.contains(value));
        if value.is_none() {
            faults.push(format!(
                "{name} must be an integer from {} to {}",
                range.start(),
                range.end()
            ));
        }
        value
    };
    let account_id = number("CA_ACCOUNT_ID", 0..=crate::protocol::MAX_JS_INTEGER);
    let timeout_ms = number("CA_TIMEOUT_MS", 1..=600_000).unwrap_or(30_000);
    let max_connections = number("CA_MAX_CONNECTIONS", 1..=6).unwrap_or(4);
    let max_per_second = number("CA_MAX_PER_SECOND", 1..=1000);
    Some(LedgerConfig {
        credentials: credentials.ok()?,
        account_id,
        endpoint,
        timeout_ms: u32::try_from(timeout_ms).ok()?,
        max_connections: u32::try_from(max_connections).ok()?,
        max_per_second: max_per_second.and_then(|value| u32::try_from(value).ok()),
    })
}

fn decimal(text: &str) -> Option<u64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

fn api_keys(text: &str, faults: &mut Vec<String>) -> Vec<ApiKey> {
    let entries = match strict_json::read(text.as_bytes()) {
        Ok(Value::Array(entries)) => entries,
        Ok(_) => {
            faults.push("API_KEYS must be a JSON array".into());
            return Vec::new();
        }
        Err(fault) => {
            faults.push(format!("API_KEYS cannot be read. {fault}"));
            return Vec::new();
        }
    };
    if entries.is_empty() {
        faults.push("API_KEYS is an empty array, so nobody can call. Make an entry with: npm run key".into());
    }
    let numbered = entries.iter().enumerate().map(|(at, entry)| (at + 1, entry));
    numbered
        .filter_map(|(number, entry)| api_key(number, entry, faults))
        .collect()
}

fn api_key(number: usize, entry: &Value, faults: &mut Vec<String>) -> Option<ApiKey> {
    const MEMBERS: [&str; 6] = ["id", "sha256", "permissions", "orders", "person", "expires"];
    let known_faults = faults.len();
    let mut fault = |text: &str| faults.push(format!("API_KEYS entry {number}: {text}"));
    let Some(entry) = entry.as_object() else {
        fault("must be an object");
        return None;
    };
    if entry.keys().any(|name| !MEMBERS.contains(&name.as_str())) {
        fault("has a member other than id, sha256, permissions, orders, person, expires");
    }
    let id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
    if id.is_empty() || id.len() > 32 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        fault("id must be 1 to 32 letters, digits and hyphens");
    }
    let sha256 = entry.get("sha256").and_then(Value::as_str).unwrap_or_default();
    if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
        fault("sha256 must be 64 hex digits: the SHA-256 of the whole key text");
    }
    let permissions = texts(entry.get("permissions"), Permission::from_name);
    if permissions.is_none() {
        fault("permissions must be a non-empty array of: revoke, test, plan, approve, audit, operate");
    }
    let orders = texts(entry.get("orders"), OrderRange::read);
    if orders.is_none() {
        fault("orders must be a non-empty array of strings: a number, a from-to range, or \"*\"");
    }
    let person = entry
        .get("person")
        .map(|person| person.as_str().filter(|it| !it.is_empty()).map(str::to_owned));
    if person == Some(None) {
        fault("person must be a non-empty string");
    }
    let expires = entry
        .get("expires")
        .map(|expires| expires.as_str().and_then(timestamp::millis));
    if expires == Some(None) {
        fault("expires must be a date and time by RFC 3339, such as 2027-01-31T00:00:00Z");
    }
    if faults.len() > known_faults {
        return None;
    }
    Some(ApiKey {
        id: id.to_owned(),
        sha256: sha256.to_ascii_lowercase(),
        grant: Grant {
            permissions: permissions?,
            orders: orders?,
        },
        person: person.flatten(),
        expires: expires.flatten(),
    })
}

/// A non-empty array of strings, each read by `read`.
fn texts<T>(value: Option<&Value>, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let items = value?.as_array().filter(|items| !items.is_empty())?;
    items.iter().map(|item| item.as_str().and_then(&read)).collect()
}

fn origins(text: &str, faults: &mut Vec<String>) -> Vec<String> {
    let origins: Vec<String> = text.split(',').map(|origin| origin.trim().to_owned()).collect();
    if !origins.iter().all(|origin| is_origin(origin)) {
        faults.push(
            "ALLOWED_ORIGINS must be exact origins separated by commas, such as https://dash.example.com: no path, no \
             wildcard, lower case, no default port"
                .into(),
        );
    }
    origins
}

/// Whether a text is an origin as a browser writes it (https:, or http: on loopback).
fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let plain = authority
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b));
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    plain && !authority.ends_with(default_port) && is_safe_endpoint(text)
}

/// Whether this is an `https:` URL, or an `http:` one on loopback, without user, query or fragment.
fn is_safe_endpoint(url: &str) -> bool {
    let printable = url
        .bytes()
        .all(|b| b.is_ascii_graphic() && !b"@?#\\".contains(&b));
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0));
    let scheme_fits = match scheme {
        "https" => true,
        "http" => is_loopback(host),
        _ => false,
    };
    printable && !host.is_empty() && port_fits && scheme_fits
}

fn is_loopback(host: &str) -> bool {
    let in_127 = host
        .parse::<std::net::Ipv4Addr>()
        .is_ok_and(|address| address.is_loopback());
    in_127 || host == "localhost" || host == "[::1]"
}

fn is_ed25519_private_jwk(text: &str) -> bool {
    let Ok(Value::Object(jwk)) = strict_json::read(text.as_bytes()) else {
        return false;
    };
    let is = |name: &str, value: &str| jwk.get(name).and_then(Value::as_str) == Some(value);
    // 32 bytes are 43 characters of unpadded base64url.
    let has_32_bytes = |name: &str| {
        jwk.get(name).and_then(Value::as_str).is_some_and(|text| {
            text.len() == 43
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
    };
    is("kty", "OKP") && is("crv", "Ed25519") && has_32_bytes("d") && has_32_bytes("x")
}
