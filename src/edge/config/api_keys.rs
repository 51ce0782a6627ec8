//! `API_KEYS`: who may call by key, and what for.

use serde_json::Value;

use crate::edge::caller::ApiKey;
use crate::edge::grant::{Grant, OrderRange, Permission};
use crate::edge::timestamp;
use crate::strict_json;

/// The keys, with every fault in them noted.
pub(super) fn api_keys(text: &str, faults: &mut Vec<String>) -> Vec<ApiKey> {
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
pub(super) fn texts<T>(value: Option<&Value>, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let items = value?.as_array().filter(|items| !items.is_empty())?;
    items.iter().map(|item| item.as_str().and_then(&read)).collect()
}
