//! What the ledger needs from its host: one SQLite database and a clock. All effects go through here.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;

/// The host could not do what was asked. It carries no text: whatever the host said stays with the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostError;

/// Where the ledger lives: SQLite in a Durable Object, or in a native test.
pub trait Host {
    /// Runs one statement and gives the rows, each an array of its columns. Values are strings, integers and null.
    fn sql(&self, statement: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, HostError>;

    /// Runs one statement that gives no rows.
    fn execute(&self, statement: &str, values: &[Value]) -> Result<(), HostError>;

    /// Milliseconds since 1970.
    fn now(&self) -> i64;
}

/// A row as a struct, whose members are its columns in their order; nothing if it is not one.
pub(super) fn read<T: DeserializeOwned>(row: Vec<Value>) -> Option<T> {
    serde_json::from_value(Value::Array(row)).ok()
}

/// A column that is 0 or 1.
pub(super) fn flag<'de, D: Deserializer<'de>>(column: D) -> Result<bool, D::Error> {
    Ok(i64::deserialize(column)? != 0)
}
