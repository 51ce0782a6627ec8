//! How the properties are run: the same cases every time, or those of the number in `TEST_SEED`; all of them, or at most
//! as many as `TEST_CASES` says.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

pub type Held = Result<(), TestCaseError>;

/// Checks the property for so many values, and panics with the smallest one for which it does not hold.
pub fn holds<S: Strategy>(cases: u32, values: S, property: impl Fn(S::Value) -> Held) {
    let seed = std::env::var("TEST_SEED")
        .ok()
        .map_or(20_250_131, |seed| seed.parse().expect("TEST_SEED: a number"));
    let most = std::env::var("TEST_CASES")
        .ok()
        .map_or(cases, |most| most.parse().expect("TEST_CASES: a number"));
    let config = Config {
        cases: cases.min(most),
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&values, property)
        .unwrap_or_else(|failure| panic!("TEST_SEED={seed}: {failure}"));
}
