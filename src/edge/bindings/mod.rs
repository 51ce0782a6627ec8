//! The edge for its JavaScript rim: plain strings and numbers in and out, few crossings.
#![allow(unsafe_code)] // wasm-bindgen's macros expand to it.
#![allow(missing_docs)] // Not public: the rim in `worker/` is the only caller.

mod call;
mod front;
mod ledger;
mod settings;
