//! Which part of something long is asked for.

use serde::Serialize;

use super::value::Value;

/// The longest page, in bytes: ten thousand entries or rows of some kilobytes.
pub const MAX_PAGE_BYTES: usize = 64 * 1024 * 1024;
/// The edge gives no more at once.
const MAX_ENTRIES: i64 = 10_000;

/// Which part of the audit log, or of a job.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Page {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

impl Page {
    /// Takes an option of its own.
    pub fn take(&mut self, name: &str, value: &Value) -> Result<(), &'static str> {
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
}
