//! Reading the audit log of the edge: what is believed of the answer.

use super::call::{Call, Operation};
use super::transcript::Given;

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
