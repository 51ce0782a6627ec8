//! The documents of the edge's HTTP API, as types, each in one place: the edge writes them, the client believes nothing else,
//! and `openapi.json` is derived from them (feature `openapi`). A `json` block in a doc comment is an example, with its
//! name: it is in `openapi.json`, and is read into its type and written back when that is made.
//!
//! Members without a value are left out: `null` stands only where a member is always there.
//!
//! | module | what lives there |
//! |---|---|
//! | [`value`] | what documents are made of: numbers, names, times, hashes |
//! | [`name`] | what names a certificate |
//! | [`about`] | what people call it, and what it says of itself |
//! | [`order`] | one order: to revoke it, and what is known of it |
//! | [`plan`] | what is sent about jobs |
//! | [`job`] | jobs, and lists of them |
//! | [`row`] | the orders of a job |
//! | [`report`] | what became of a job |
//! | [`audit`] | the audit log: entries, heads, and the key that signs them |
//! | [`caller`] | who calls, and what they may do |
//! | [`operation`] | whether the edge works, and whether it calls the CA |
//! | [`problem`] | why a request did not succeed |
//! | [`reading`] | reads one of them from JSON |

use serde::{Deserialize, Deserializer};

pub mod about;
pub mod audit;
pub mod caller;
pub mod job;
pub mod name;
pub mod operation;
pub mod order;
pub mod plan;
pub mod problem;
pub mod reading;
pub mod report;
pub mod row;
pub mod value;

/// The largest integer that a number of JavaScript carries exactly.
pub(crate) const MAX_INTEGER: u64 = crate::protocol::MAX_JS_INTEGER;

/// A member that need not be there, but has a value when it is: `null` is none.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Whether a mark is left out.
fn is_false(mark: &bool) -> bool {
    !mark
}
