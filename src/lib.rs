//! Revokes TLS certificates through Sectigo's `!autoRevokeCertificate` form API.
//!
//! **What is reported is what happened**: not knowing is an outcome of its own, and nothing but the
//! answer parser can say "revoked".
//!
//! | module | what lives there |
//! |---|---|
//! | [`protocol`] | the CA's form API as pure, total functions: order to form, bytes to answer |
//! | [`problem`] | the closed set of ways in which a call can end without success |
//! | [`verdict`] | what an answer of the CA means for the one who asked |
//! | `client` | `revoke()` on wasm: through the edge (feature `client`), and all else that the npm package does (`full`) |
//! | `api` | the documents of the edge's HTTP API, as types (features `edge`, `full`, `lists`) |
//! | `audit` | the entries of the audit log, their hash chain, and its verifier (features `edge`, `full`, `lists`) |
//! | `certificate` | what an X.509 certificate says of itself (features `edge`, `full`, `lists`) |
//! | `list` | files and bodies that name many certificates, as offices, portals and tools write them (features `edge`, `lists`) |
//! | `encoding` | how a text is encoded: UTF-8, or UTF-16 by its mark (features `edge`, `full`, `lists`) |
//! | `printable` | texts of others as they may be shown (features `edge`, `full`, `lists`) |
//! | `strict_json` | JSON that means only one thing (features `edge`, `full`, `lists`) |
//! | `edge` | what the edge decides: routes, rights, ledger (feature `edge`) |
//! | `wiped_memory` | wipes memory that is given back, in every wasm module |
//!
//! # From plain Rust
//!
//! The protocol needs no wasm and does no I/O: bring your own HTTP client.
//!
//! ```
//! use autorevoke::protocol::{Answer, CodeReason, Credentials, Draft, Reply, Sent, form, parse};
//!
//! let credentials = Credentials::new("yourLoginName", "yourPassword")?;
//! let order = Draft {
//!     order_number: "123456".into(),
//!     code_reason: CodeReason::KeyCompromise,
//!     revocation_reason: "Key compromised".into(),
//!     ..Draft::default()
//! }
//! .check()?;
//!
//! // POST `body` to `protocol::ENDPOINT` as `protocol::FORM_MEDIA_TYPE`, follow no redirect ...
//! let body = form(&order, &credentials);
//! assert!(body.as_str().starts_with("loginName=yourLoginName&loginPassword=yourPassword&orderNumber=123456"));
//!
//! // ... and judge what came back.
//! let reply = Reply { status: 200, content_length: Some(11), content_encoding: None, body: b"errorCode=0" };
//! assert!(matches!(parse(&reply, &Sent::of(&order, &credentials)), Answer::Accepted(_)));
//! # Ok::<(), autorevoke::protocol::InvalidOrder>(())
//! ```

pub mod problem;
pub mod protocol;
pub mod verdict;

#[cfg(any(feature = "edge", feature = "full", feature = "lists"))]
pub mod api;
#[cfg(any(feature = "edge", feature = "full", feature = "lists"))]
pub mod audit;
#[cfg(any(feature = "edge", feature = "full", feature = "lists"))]
pub mod certificate;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "edge")]
pub mod edge;
#[cfg(any(feature = "edge", feature = "full", feature = "lists"))]
mod encoding;
#[cfg(any(feature = "edge", feature = "lists"))]
pub mod list;
#[cfg(any(feature = "edge", feature = "full", feature = "lists"))]
pub mod printable;
#[cfg(any(feature = "edge", feature = "full", feature = "lists"))]
pub mod strict_json;
#[cfg(all(target_arch = "wasm32", any(feature = "client", feature = "edge")))]
mod wiped_memory;
