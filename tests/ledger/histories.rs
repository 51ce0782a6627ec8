//! Random histories: how many, and each on tables that are as new.

use std::fmt::Debug;

use proptest::prelude::*;

use crate::runner::{holds, number};
use crate::sqlite_host::Bench;

/// Plays so many histories, or `AUTOREVOKE_HISTORIES` of them; `SEED` makes the same ones again.
pub fn play<T: Debug>(
    histories: u32,
    variables: &[(&str, &str)],
    events: impl Strategy<Value = T>,
    history: impl Fn(Bench, &T) -> Result<(), TestCaseError>,
) {
    let first = Bench::with(variables);
    first.host.0.keep();
    let histories = number("AUTOREVOKE_HISTORIES").unwrap_or(histories);
    holds(histories, events, |events| {
        first.host.0.put_back();
        history(Bench::again(&first), &events)
    });
}
