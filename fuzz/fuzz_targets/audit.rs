//! The fuzz target of the verifier of the audit log.

#![no_main]

#[path = "../properties/audit.rs"]
mod audit;

libfuzzer_sys::fuzz_target!(|input: &[u8]| audit::check(input));
