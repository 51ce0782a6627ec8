//! What the client decides, on plain text: one suite, hosted natively, by Node and by a page. (Which one, the test
//! runner is told by its environment.) What JavaScript does in `pkg/` is said here by [`call`].

// A test says what went wrong by panicking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod belief;
mod call;
mod faults;
mod interruptions;
mod settling;
