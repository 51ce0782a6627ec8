//! The protocol's adversary: what an answer, an order and a form must be, written from the vendor's page.

// A test says what went wrong by panicking, and indexes what it has just built.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod answer_properties;
mod answer_traps;
mod codes;
mod credentials;
mod cut_answers;
mod encodings;
mod exchange;
mod foreign_pages;
mod forms;
mod names;
mod oracle;
mod order_limits;
mod order_properties;
mod parse_time;
mod reasons;
mod redacted_texts;
mod runner;
mod wiped_memory;
