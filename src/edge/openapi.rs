//! What the edge says of itself: the OpenAPI document of all its operations, which the tests hold it to.

/// The text of `GET /openapi.json`.
pub const DOCUMENT: &str = include_str!("openapi.json");
