//! The documents of the edge's HTTP API, as types: what the client believes is one of these, and nothing else.
//!
//! | module | what lives there |
//! |---|---|
//! | [`job`] | jobs, and lists of them |
//! | [`row`] | the orders of a job |
//! | [`report`] | what became of a job |

use serde::{Deserialize, Deserializer};

pub mod job;
pub mod report;
pub mod row;

/// The largest integer that a number of JavaScript carries exactly.
pub(crate) const MAX_INTEGER: u64 = crate::protocol::MAX_JS_INTEGER;

/// A member that need not be there, but is none of the others when it is: `null` is no value.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}
