//! The fuzz target of the reader of a job's events.

#![no_main]

#[path = "../properties/events.rs"]
mod events;

libfuzzer_sys::fuzz_target!(|input: &[u8]| events::check(input));
