//! The fuzz target of the decoder of orders.

#![no_main]

#[path = "../properties/order.rs"]
mod order;

libfuzzer_sys::fuzz_target!(|input: &[u8]| order::check(input));
