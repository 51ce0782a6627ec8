//! The fuzz target of serial numbers.

#![no_main]

#[path = "../properties/serials.rs"]
mod serials;

libfuzzer_sys::fuzz_target!(|input: &[u8]| serials::check(input));
