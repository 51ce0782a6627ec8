//! The client as it runs in a page or in Node: one suite, hosted by both. (Which one, the test runner is told by its
//! environment.) What JavaScript does in `pkg/` is done here by [`call`].

#![cfg(target_arch = "wasm32")]
// A test says what went wrong by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod belief;
mod call;
mod faults;
mod interruptions;
