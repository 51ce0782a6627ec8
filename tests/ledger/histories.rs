//! Random histories: how many, from which seed, and each on tables that are as new.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::sqlite_host::Bench;

/// Plays so many histories, or `AUTOREVOKE_HISTORIES` of them; `SEED` makes the same ones again.
pub fn play<T: Debug>(
    histories: u32,
    variables: &[(&str, &str)],
    events: impl Strategy<Value = T>,
    history: impl Fn(Bench, &T) -> Result<(), TestCaseError>,
) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let cases = number("AUTOREVOKE_HISTORIES").map_or(histories, |count| count.try_into().unwrap());
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let seed = number("SEED").unwrap_or_else(|| std::process::id().into());
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    println!("SEED={seed}");
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let first = Bench::with(variables);
    first.host.0.keep();
    let result = runner.run(&events, |events| {
        first.host.0.put_back();
        history(Bench::again(&first), &events)
    });
    if let Err(error) = result {
        panic!("SEED={seed}: {error}");
    }
}
