//! How the properties are run: with the choices of the number in `SEED`, which `npm test` prints, or others every time;
//! for as many values as each says, or at most as many as `TEST_CASES` says.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

pub type Held = Result<(), TestCaseError>;

/// Checks the property for so many values, and panics with the smallest one for which it does not hold.
pub fn holds<S: Strategy>(cases: u32, values: S, property: impl Fn(S::Value) -> Held) {
    let seed = number("SEED").unwrap_or_else(std::process::id);
    let config = Config {
        cases: cases.min(number("TEST_CASES").unwrap_or(cases)),
        rng_seed: RngSeed::Fixed(seed.into()),
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&values, property)
        .unwrap_or_else(|failure| panic!("SEED={seed} makes the same choices again: {failure}"));
}

/// What the environment says.
pub fn number(name: &str) -> Option<u32> {
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name}: not a number: {text}")))
}
