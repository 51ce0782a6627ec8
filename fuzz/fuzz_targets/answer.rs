//! The fuzz target of the parser of the CA's answers.

#![no_main]

#[path = "../properties/answer.rs"]
mod answer;

libfuzzer_sys::fuzz_target!(|input: &[u8]| answer::check(input));
