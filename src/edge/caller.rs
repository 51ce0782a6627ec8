//! Who calls: API keys, of which only the SHA-256 is kept.

use subtle::ConstantTimeEq;

use super::grant::{Grant, Permission};
use super::machines::Mark;
use crate::audit::sha256_hex;
use crate::protocol::Name;

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
    /// The person behind the actor.
    pub person: Person,
    /// What the caller may do.
    pub grants: Vec<Grant>,
}

/// Whom a caller acts for: only people can approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// This person, by the name that the key or the token has.
    Named(String),
    /// Nobody who is known.
    Nobody(NoPerson),
}

/// Why there is no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPerson {
    /// The entry of the API key names none.
    KeyWithoutPerson,
    /// No claim of a JWT is configured to name one.
    NoClaimConfigured,
    /// The token has not the claim that names one.
    ClaimMissing(String),
    /// The claim that names one has no name that could be shown.
    NoName(String),
    /// The issuer has not verified the address that names one.
    NotVerified,
    /// The token is a machine's.
    Machine(Mark),
}

impl NoPerson {
    /// A sentence for the caller.
    pub fn reason(&self) -> String {
        match self {
            NoPerson::KeyWithoutPerson => {
                "The entry of this API key names no person, so it counts for itself and cannot approve."
                    .into()
            }
            NoPerson::NoClaimConfigured => {
                "JWT_PERSON_CLAIM is not set, so nobody who comes by JWT is a person.".into()
            }
            NoPerson::ClaimMissing(claim) => {
                format!("The token has no {claim}, the claim that names the person here.")
            }
            NoPerson::NoName(claim) => format!(
                "The token's {claim} is no name of a person: text of 1 to 1024 characters, none of them hidden."
            ),
            NoPerson::NotVerified => "The token's email is not verified: see its email_verified.".into(),
            NoPerson::Machine(mark) => format!("The token is a machine's: {}.", mark.words()),
        }
    }
}

impl Caller {
    /// The person's name; without one the actor's, which no other caller has.
    pub fn person_name(&self) -> &str {
        match &self.person {
            Person::Named(name) => name,
            Person::Nobody(_) => &self.actor,
        }
    }

    /// The person as callers see it: a key without one counts for itself, and of a JWT's bearer nobody is known.
    pub fn person_shown(&self) -> Option<&str> {
        match &self.person {
            Person::Nobody(why) if *why != NoPerson::KeyWithoutPerson => None,
            _ => Some(self.person_name()),
        }
    }

    /// Whether the caller is a person.
    pub fn is_person(&self) -> bool {
        matches!(self.person, Person::Named(_))
    }

    /// Whether one of the grants has one of these permissions, for whatever orders.
    pub fn has(&self, any_of: &[Permission]) -> bool {
        self.grants.iter().any(|grant| grant.permits(any_of))
    }

    /// Whether a single grant covers one of these permissions and what is named so.
    pub fn may(&self, any_of: &[Permission], name: Name<'_>) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.permits(any_of) && grant.reaches(name))
    }

    /// Whether a single grant has this permission for all orders.
    pub fn may_everywhere(&self, permission: Permission) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.permits(&[permission]) && grant.reaches_all())
    }
}

/// Why a key lets nobody in. The answer does not say which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyRefusal {
    /// There is no such key.
    Unknown,
    /// The key of this id has expired.
    Expired(String),
}

/// The caller whose key this is, if it is one of `keys` and has not expired at `now` (milliseconds since 1970).
///
/// Every configured digest is compared, each in constant time, so the time taken says nothing about any of them.
pub fn authenticate(presented: &str, keys: &[ApiKey], now: i64) -> Result<Caller, KeyRefusal> {
    let digest = sha256_hex(presented.as_bytes());
    let mut found = Err(KeyRefusal::Unknown);
    for key in keys {
        let same = bool::from(digest.as_bytes().ct_eq(key.sha256.as_bytes()));
        let named = presented
            .strip_prefix("ark_")
            .and_then(|rest| rest.split_once('_'));
        let id_fits = named.is_some_and(|(id, secret)| id == key.id && !secret.is_empty());
        let valid = key.expires.is_none_or(|expires| now < expires);
        match same && id_fits {
            true if valid => found = Ok(key),
            true if found.is_err() => found = Err(KeyRefusal::Expired(key.id.clone())),
            _ => {}
        }
    }
    found.map(|key| Caller {
        actor: ["key:", &key.id].concat(),
        person: match &key.person {
            Some(person) => Person::Named(person.clone()),
            None => Person::Nobody(NoPerson::KeyWithoutPerson),
        },
        grants: vec![key.grant.clone()],
    })
}
