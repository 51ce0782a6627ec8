//! Whether the edge works, and whether it calls the CA.

use serde::{Deserialize, Serialize};

use super::value::Time;

/// The edge is alive, and configured (`GET /healthz`).
///
/// ```json alive
/// { "status": "ok" }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Alive {
    /// It works.
    pub status: Status,
}

/// What there is to say of an edge that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It works.
    Ok,
}

/// Whether the edge calls the CA at all (`GET /v1/breaker`).
///
/// ```json closed
/// { "state": "closed", "since": "2026-11-23T00:16:57.644Z", "reason": null }
/// ```
///
/// ```json open
/// {
///   "state": "open",
///   "since": "2026-11-23T00:21:03.118Z",
///   "reason": "The CA refused the login (-16): wrong login, locked account, expired password or blocked source address."
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Breaker {
    /// Where it stands.
    pub state: BreakerState,
    /// Since when.
    pub since: Time,
    /// Why it is not closed.
    pub reason: Option<String>,
}

/// Whether calls to the CA go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", from = "String")]
pub enum BreakerState {
    /// They do.
    Closed,
    /// None does, until an operator resumes or the credentials change.
    Open,
    /// A single one does; the others wait for what it brings.
    HalfOpen,
}

impl BreakerState {
    /// The name in the ledger and in documents.
    pub const fn name(self) -> &'static str {
        match self {
            BreakerState::Closed => "closed",
            BreakerState::Open => "open",
            BreakerState::HalfOpen => "half-open",
        }
    }
}

impl From<String> for BreakerState {
    /// What is not one of the names counts as open: no call goes out by mistake.
    fn from(name: String) -> BreakerState {
        [BreakerState::Closed, BreakerState::HalfOpen]
            .into_iter()
            .find(|state| state.name() == name)
            .unwrap_or(BreakerState::Open)
    }
}
