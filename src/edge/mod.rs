//! What the edge decides: who calls, what they may do, what the ledger says, what is answered. No I/O of its own.
//!
//! | module | what lives there |
//! |---|---|
//! | [`config`] | the configuration, checked as a whole, with every fault named |
//! | [`caller`], [`jwt`], [`grant`], [`order_ranges`] | who calls, by API key or JWT, and what they may do to which orders |
//! | [`names`] | when two names mean one person, or one actor |
//! | [`routes`] | the operations: path, method, permission |
//! | [`front`] | one HTTP request: routes, hygiene, rights; it gives an answer, or a command for the ledger |
//! | [`plan`] | the plan of a job: rows become orders under one hash |
//! | [`ledger`] | the one way to the CA: intent before the POST, outcome after it, all in SQLite |
//! | [`http_answer`] | answers and problem documents |
//! | `bindings` | the same for the JavaScript rim, through wasm-bindgen |

pub mod caller;
pub mod config;
pub mod cors;
pub mod front;
pub mod grant;
pub mod http_answer;
mod json_order;
pub mod jwt;
pub mod ledger;
pub mod names;
pub mod openapi;
pub mod order_ranges;
pub mod plan;
pub mod routes;
mod timestamp;

#[cfg(target_arch = "wasm32")]
mod bindings;
