//! The edge for its JavaScript: plain strings and numbers in and out, few crossings.
#![allow(unsafe_code)] // wasm-bindgen's macros expand to it.
#![allow(missing_docs)] // Not public: `worker/` is the only caller.

mod call;
mod front;
mod host;
mod ledger;
mod settings;
