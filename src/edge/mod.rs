//! What the edge decides: who calls, what they may do, what the ledger says, what is answered. No I/O of its own.
//!
//! | module | what lives there |
//! |---|---|
//! | [`config`] | the configuration, checked as a whole, with every fault named |
//! | [`caller`], [`jwt`], [`machines`], [`grant`], [`order_ranges`] | who calls, by API key or JWT, and what they may do to which orders |
//! | [`names`] | when two names mean one person, or one actor |
//! | [`front`] | one HTTP request: routes, hygiene, rights; it gives an answer, or a command for the ledger |
//! | [`command`] | what the front asks of the ledger |
//! | [`plan`] | the plan of a job: rows become orders under one hash |
//! | [`ledger`] | the one way to the CA: intent before the POST, outcome after it, all in SQLite |
//! | [`http_answer`] | answers and problem documents |
//! | `bindings` | the same for JavaScript, through wasm-bindgen |

pub mod caller;
pub mod command;
pub mod config;
pub mod cors;
pub mod front;
pub mod grant;
pub mod http_answer;
mod json_order;
pub mod jwt;
pub mod ledger;
pub mod machines;
pub mod names;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod order_ranges;
pub mod plan;
mod timestamp;

#[cfg(target_arch = "wasm32")]
mod bindings;
