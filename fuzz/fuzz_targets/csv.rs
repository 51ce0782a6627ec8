//! The fuzz target of the reader of a job's CSV.

#![no_main]

#[path = "../properties/csv.rs"]
mod csv;

libfuzzer_sys::fuzz_target!(|input: &[u8]| csv::check(input));
