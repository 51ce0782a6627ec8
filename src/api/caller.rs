//! Who calls, and what they may do.

use serde::{Deserialize, Serialize};

use super::given;
use super::value::{Actor, Person};

/// Who calls, with their limits (`GET /v1/me`).
///
/// ```json key
/// {
///   "actor": "key:operator",
///   "person": "olivia",
///   "grants": [{ "permissions": ["revoke", "test"], "orders": ["*"] }],
///   "limits": {
///     "minute": { "limit": 60, "left": 58 },
///     "day": { "limit": 200, "left": 171 },
///     "approvalAbove": { "limit": 10, "left": 4 }
///   }
/// }
/// ```
///
/// ```json machine
/// {
///   "actor": "jwt:https://login.example.com#service:deploys",
///   "person": null,
///   "personReason": "The token is a machine's: its gty is client-credentials.",
///   "grants": [{ "permissions": ["revoke"], "orders": ["1000-1999"] }],
///   "limits": {
///     "minute": { "limit": 60, "left": 60 },
///     "day": { "limit": 200, "left": 200 },
///     "approvalAbove": { "limit": 10, "left": 10 }
///   }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Who they are, and what they may do.
    #[serde(flatten)]
    pub caller: Caller,
    /// How much they may ask for.
    pub limits: Limits,
}

/// A caller who proved who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// Who calls.
    pub actor: Actor,
    /// The person behind the actor; an API key without one counts for itself. Null for machines, and where nobody is known.
    pub person: Option<Person>,
    /// Why the caller is no person, who could approve; in words.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub person_reason: Option<String>,
    /// One of them alone must cover an operation and all its orders.
    pub grants: Vec<Grant>,
}

/// What may be done, and to which orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Grant {
    /// What may be done.
    pub permissions: Vec<Permission>,
    /// Numbers, ranges, or `*` for all.
    #[cfg_attr(
        feature = "openapi",
        schemars(inner(regex(pattern = r"^(\*|[1-9][0-9]*(-[1-9][0-9]*)?)$")))
    )]
    pub orders: Vec<String>,
}

/// Something that a caller may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Revoke orders.
    Revoke,
    /// Make test calls, which change nothing.
    Test,
    /// Plan jobs.
    Plan,
    /// Approve jobs of other people.
    Approve,
    /// Read the audit log and the metrics.
    Audit,
    /// Stop and resume everything.
    Operate,
}

impl Permission {
    /// All of them.
    pub const ALL: [Permission; 6] = [
        Permission::Revoke,
        Permission::Test,
        Permission::Plan,
        Permission::Approve,
        Permission::Audit,
        Permission::Operate,
    ];

    /// The name in the configuration and in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Permission::Revoke => "revoke",
            Permission::Test => "test",
            Permission::Plan => "plan",
            Permission::Approve => "approve",
            Permission::Audit => "audit",
            Permission::Operate => "operate",
        }
    }

    /// The permission with this name.
    pub fn from_name(name: &str) -> Option<Permission> {
        Permission::ALL
            .into_iter()
            .find(|permission| permission.name() == name)
    }
}

/// What the caller may do in a minute and a day, and how many orders of jobs in 24 hours without an approval. What is left counts
/// by actor and by person, whichever has used more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Calls in a minute (`RATE_LIMIT_PER_MINUTE`).
    pub minute: Limit,
    /// Revocations in 24 hours (`DAILY_LIMIT`).
    pub day: Limit,
    /// Orders of unapproved jobs (`APPROVAL_ABOVE`).
    pub approval_above: Limit,
}

/// A limit, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Limit {
    /// The limit.
    pub limit: u64,
    /// What is left of it.
    pub left: u64,
}
