//! What is wrong with an order: every field, each with its fault, never with its value.

use std::fmt;

/// An order that will not be sent, with every fault that it has.
///
/// The texts never quote a value: the value in the wrong place may be a password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvalidOrder {
    fields: Vec<(String, String)>,
    /// Where in `fields` the names with this hash are: a hostile order has thousands, a hostile plan a million.
    buckets: Vec<Vec<usize>>,
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

    /// Notes a fault; a field keeps the first one found.
    pub(crate) fn note(&mut self, field: &str, fault: &str) {
        if self.fields.len() >= self.buckets.len() * FULL {
            self.grow();
        }
        let place = hash(field) % self.buckets.len().max(1);
        let Some(bucket) = self.buckets.get_mut(place) else {
            return;
        };
        for at in bucket.iter() {
            if self.fields.get(*at).is_some_and(|(known, _)| known == field) {
                return;
            }
        }
        bucket.push(self.fields.len());
        self.fields.push((field.to_owned(), fault.to_owned()));
    }

    /// Makes room, so that a bucket never holds more than a few.
    fn grow(&mut self) {
        let count = (self.buckets.len() * FULL).max(BUCKETS);
        self.buckets = Vec::new();
        self.buckets.resize_with(count, Vec::new);
        for (at, (name, _)) in self.fields.iter().enumerate() {
            if let Some(bucket) = self.buckets.get_mut(hash(name) % count) {
                bucket.push(at);
            }
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

const BUCKETS: usize = 256;
/// Names in each bucket, on average, at which there shall be more buckets: so many times more.
const FULL: usize = 8;

/// FNV-1a. By hand, since the standard library's sets are bigger than what uses this.
fn hash(name: &str) -> usize {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash as usize
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
