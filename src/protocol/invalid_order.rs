//! What is wrong with an order: every field, each with its fault, never with its value.

use std::fmt;

/// An order that will not be sent, with every fault that it has.
///
/// The texts never quote a value: the value in the wrong place may be a password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvalidOrder {
    fields: Vec<(String, String)>,
}

impl InvalidOrder {
    /// Field and fault, one pair for each field, in the order in which they were found.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The same, given away.
    #[cfg(feature = "client")]
    pub(crate) fn into_fields(self) -> Vec<(String, String)> {
        self.fields
    }

    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Notes a fault of a field that can have had none before: a hostile order has thousands of fields, a hostile plan a
    /// million, too many to be looked through for each.
    pub(crate) fn push(&mut self, field: &str, fault: &str) {
        self.fields.push((field.to_owned(), fault.to_owned()));
    }

    /// Notes a fault; a field keeps the first one found.
    pub(crate) fn note(&mut self, field: &str, fault: &str) {
        if !self.fields.iter().any(|(known, _)| known == field) {
            self.push(field, fault);
        }
    }

    /// `Ok` with what `value` gives when there was no fault.
    pub(crate) fn or<T>(self, value: impl FnOnce() -> T) -> Result<T, InvalidOrder> {
        if self.fields.is_empty() {
            Ok(value())
        } else {
            Err(self)
        }
    }

    /// Adds the faults of another part of the same request.
    pub fn merge(&mut self, other: InvalidOrder) {
        for (field, fault) in &other.fields {
            self.note(field, fault);
        }
    }
}

impl fmt::Display for InvalidOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The order is invalid and was not sent.")?;
        for (field, fault) in &self.fields {
            f.write_str(" ")?;
            f.write_str(field)?;
            f.write_str(" ")?;
            f.write_str(fault)?;
            f.write_str(".")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidOrder {}
