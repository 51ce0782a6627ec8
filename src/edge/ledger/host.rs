//! What the ledger needs from its host: one SQLite database and a clock. All effects go through here.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};
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

/// What a statement finds, as the types that it is asked for.
pub(super) trait Typed: Host {
    /// All rows, each a struct or a tuple whose members are the columns in their order.
    fn rows<T: DeserializeOwned>(&self, statement: &str, values: &[Value]) -> Result<Vec<T>, HostError> {
        let rows = self.sql(statement, values)?;
        rows.into_iter().map(|row| read(row).ok_or(HostError)).collect()
    }

    /// The first row, if there is one.
    fn row<T: DeserializeOwned>(&self, statement: &str, values: &[Value]) -> Result<Option<T>, HostError> {
        let row = self.sql(statement, values)?.into_iter().next();
        row.map(|row| read(row).ok_or(HostError)).transpose()
    }

    /// The first column of the first row, if there is one and it is not NULL.
    fn value<T: DeserializeOwned>(&self, statement: &str, values: &[Value]) -> Result<Option<T>, HostError> {
        let found = self.row::<(Option<T>,)>(statement, values)?;
        Ok(found.and_then(|(value,)| value))
    }

    /// The same of a statement that always finds one.
    fn one<T: DeserializeOwned>(&self, statement: &str, values: &[Value]) -> Result<T, HostError> {
        self.value(statement, values)?.ok_or(HostError)
    }
}

impl<H: Host> Typed for H {}

/// A row as a struct or a tuple, whose members are its columns in their order; nothing if it is not one.
pub(super) fn read<T: DeserializeOwned>(row: Vec<Value>) -> Option<T> {
    serde_json::from_value(Value::Array(row)).ok()
}

/// A column with JSON, as which a number too large for JavaScript is written as well.
pub(super) fn from_text<'de, D: Deserializer<'de>, T: DeserializeOwned>(column: D) -> Result<T, D::Error> {
    serde_json::from_str(&String::deserialize(column)?).map_err(D::Error::custom)
}

/// A column that is 0 or 1.
pub(super) fn flag<'de, D: Deserializer<'de>>(column: D) -> Result<bool, D::Error> {
    Ok(i64::deserialize(column)? != 0)
}
