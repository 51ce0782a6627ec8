//! The fuzz target of bundles of certificates.

#![no_main]

#[path = "../properties/pem.rs"]
mod pem;

libfuzzer_sys::fuzz_target!(|input: &[u8]| pem::check(input));
