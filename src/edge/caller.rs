//! Who calls: API keys, of which only the SHA-256 is kept.

use subtle::ConstantTimeEq;

use super::grant::{Grant, Permission};
use crate::audit::sha256_hex;

/// An API key, as configured in `API_KEYS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The ID in the key's text, `ark_ID_SECRET`.
    pub id: String,
    /// Lower-case hex SHA-256 of the whole key text.
    pub sha256: String,
    /// What its bearer may do.
    pub grant: Grant,
    /// The person behind the key, where one is named.
    pub person: Option<String>,
    /// When it stops being valid, in milliseconds since 1970.
    pub expires: Option<i64>,
}

/// A caller who proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// `key:ID`, `jwt:ISSUER#SUBJECT`, or for a service token `jwt:ISSUER#service:NAME`.
    pub actor: String,
    /// The person behind the actor; without one, the actor itself.
    pub person: String,
    /// Whether `person` is one: only people can approve.
    pub is_person: bool,
    /// What the caller may do.
    pub grants: Vec<Grant>,
}

impl Caller {
    /// Whether one of the grants has one of these permissions, for whatever orders.
    pub fn has(&self, any_of: &[Permission]) -> bool {
        self.grants.iter().any(|grant| grant.permits(any_of))
    }

    /// Whether a single grant covers one of these permissions and this order.
    pub fn may(&self, any_of: &[Permission], order_number: u64) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.permits(any_of) && grant.reaches(order_number))
    }

    /// Whether a single grant has this permission for all orders.
    pub fn may_everywhere(&self, permission: Permission) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.permits(&[permission]) && grant.reaches_all())
    }
}

/// The caller whose key this is, if it is one of `keys` and has not expired at `now` (milliseconds since 1970).
///
/// Every configured digest is compared, each in constant time, so the time taken says nothing about any of them.
pub fn authenticate(presented: &str, keys: &[ApiKey], now: i64) -> Option<Caller> {
    let digest = sha256_hex(presented.as_bytes());
    let mut found = None;
    for key in keys {
        let same = bool::from(digest.as_bytes().ct_eq(key.sha256.as_bytes()));
        let named = presented
            .strip_prefix("ark_")
            .and_then(|rest| rest.split_once('_'));
        let id_fits = named.is_some_and(|(id, secret)| id == key.id && !secret.is_empty());
        let valid = key.expires.is_none_or(|expires| now < expires);
        if same && id_fits && valid {
            found = Some(key);
        }
    }
    found.map(|key| {
        let actor = ["key:", &key.id].concat();
        Caller {
            person: key.person.clone().unwrap_or_else(|| actor.clone()),
            is_person: key.person.is_some(),
            actor,
            grants: vec![key.grant.clone()],
        }
    })
}
