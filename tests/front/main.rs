//! The front's decisions, natively: configuration, callers, JSON, routes, origins.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod callers;
mod certificates;
mod configuration;
mod json;
mod jwt;
mod openapi;
mod permissions;
mod plans;
mod requests;
