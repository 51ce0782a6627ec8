//! What the edge decides: who calls, what they may do, what the ledger says, what is answered. No I/O of its own.
//!
//! | module | what lives there |
//! |---|---|
//! | [`config`] | the configuration, checked as a whole, with every fault named |
//! | [`caller`], [`grant`] | who calls, by API key, and what they may do to which orders |
//! | [`front`] | one HTTP request: routes, hygiene, rights; it gives an answer, or a command for the ledger |
//! | [`ledger`] | the one way to the CA: intent before the POST, outcome after it, all in SQLite |
//! | [`http_answer`] | answers and problem documents |
//! | [`strict_json`] | JSON that means only one thing |
//! | `bindings` | the same for the JavaScript rim, through wasm-bindgen |

pub mod caller;
pub mod config;
pub mod cors;
pub mod front;
pub mod grant;
pub mod http_answer;
mod json_order;
pub mod ledger;
pub mod routes;
pub mod strict_json;
mod timestamp;

#[cfg(target_arch = "wasm32")]
mod bindings;
