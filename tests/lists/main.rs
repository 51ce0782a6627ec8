//! What is read of the lists that offices, portals and tools write.

// A test says what went wrong by panicking, and indexes what it has just built.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod corpus;
mod dialects;
mod faults;
#[path = "../protocol/runner.rs"]
mod runner;
