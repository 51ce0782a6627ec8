//! Which part of something long is asked for.

use super::transcript::Value;
use crate::protocol::{decimal, joined};

/// The longest page, in bytes: ten thousand entries or rows of some kilobytes.
pub const MAX_PAGE_BYTES: i64 = 64 * 1024 * 1024;
/// The edge gives no more at once.
const MAX_ENTRIES: i64 = 10_000;

/// Which part of the audit log, or of a job.
#[derive(Default)]
pub struct Page {
    pub after: Option<u64>,
    pub limit: Option<u64>,
}

impl Page {
    /// Takes an option of its own.
    pub fn take(&mut self, name: &str, value: Value<'_>) -> Result<(), &'static str> {
        let number = value.integer();
        if name == "limit" {
            let number = number.filter(|it| (1..=MAX_ENTRIES).contains(it));
            self.limit = Some(number.ok_or("must be an integer from 1 to 10000")?.unsigned_abs());
        } else {
            let number = number.filter(|it| *it >= 0);
            self.after = Some(
                number
                    .ok_or("must be the number of the entry or row before, or 0")?
                    .unsigned_abs(),
            );
        }
        Ok(())
    }

    /// Where it is, below this path.
    pub fn of(&self, path: &str) -> String {
        let mut path = path.to_owned();
        let mut between = if path.contains('?') { "&" } else { "?" };
        for (name, number) in [("after=", self.after), ("limit=", self.limit)] {
            if let Some(number) = number {
                path.push_str(&joined(&[between, name, &decimal(number)]));
                between = "&";
            }
        }
        path
    }
}
