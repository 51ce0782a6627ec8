//! The client as a Rust program on wasm calls it: one suite, hosted by Node and by a page. (Which one, the test runner is
//! told by its environment.) What needs no JavaScript is tested natively, in `src/client/tests`.
#![cfg(target_arch = "wasm32")]
// A test says what went wrong by panicking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod answers;
mod calls;
mod direct;
mod ends;
mod fetches;
mod options;
mod requests;
mod runtimes;
mod tokens;
