//! The audit log's verifier: whatever was changed is found, and where; nothing else is.

// A test says what went wrong by panicking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod encodings;
mod heads;
mod log;
mod reading;
mod tampering;
