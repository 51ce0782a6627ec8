//! Reading the audit log of the edge: which part is asked for, and what is believed of the answer.

use super::call::{Call, Operation};
use super::transcript::{Given, Value};
use crate::protocol::{decimal, joined};

/// The longest page, in bytes: ten thousand entries of some kilobytes.
pub const MAX_PAGE_BYTES: i64 = 64 * 1024 * 1024;
const MAX_ENTRIES: i64 = 10_000;

/// Which part of the log.
#[derive(Default)]
pub struct Page {
    after: Option<u64>,
    limit: Option<u64>,
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
            self.after = Some(number.ok_or("must be the seq of an entry, or 0")?.unsigned_abs());
        }
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> String {
        let mut path = "/v1/audit".to_owned();
        let mut between = "?";
        for (name, number) in [("after=", self.after), ("limit=", self.limit)] {
            if let Some(number) = number {
                path.push_str(&joined(&[between, name, &decimal(number)]));
                between = "&";
            }
        }
        path
    }
}

/// Whether a document is the part of the log, or the head, that was asked for. What the entries say is for the verifier.
pub fn fits(call: &Call<'_>, given: &Given<'_>) -> bool {
    let member = |name| given.one("document", name);
    let is_seq = |name| member(name).integer().is_some_and(|seq| seq > 0);
    if call.operation == Operation::AuditList {
        member("entries").is(b'l') && (member("next").is(b'u') || is_seq("next"))
    } else {
        let texts = ["hash", "time", "ledger", "kid", "signature"];
        is_seq("seq") && texts.iter().all(|name| member(name).text().is_some())
    }
}
