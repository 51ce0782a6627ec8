//! What is read as it comes: the events of a job, and all its rows as CSV. And when to connect again.
//!
//! What a watcher has seen is kept by JavaScript, as it was told in the scope `watch`, and given again each time:
//! the newest `revision`, the `lastEventId`, how long the edge wants it to wait (`retry`), and how many `failures` there
//! were since something came.

use super::Operation;
use super::document::job_of;
use super::event_stream;
use crate::client::belief::is_media_type;
use crate::client::call::{self, Call};
use crate::client::ending::Head;
use crate::client::failure::unknown;
use crate::client::options::is_visible;
use crate::client::transcript::{Given, Told};
use crate::strict_json::read_object;

/// A job is about one kilobyte; its approvals and its last error may be more.
const MAX_EVENT_BYTES: usize = 256 * 1024;

const USUAL_RETRY_MS: u64 = 2_000;
const MIN_RETRY_MS: u64 = 250;
const MAX_PAUSE_MS: f64 = 60_000.0;

/// What is to be done with an answer of which only the head is there: `stream` has `open` if its body is to be given
/// piece by piece; the whole answer is to be judged otherwise.
pub fn opened(call: &Call<'_>, head: &Head<'_>) -> Told {
    let media_type = match call.operation {
        call::Operation::Job(Operation::Csv) => "text/csv",
        _ => "text/event-stream",
    };
    let open = head.status == 200 && !head.redirected && is_media_type(head.content_type, media_type);
    let mut told = Told::default();
    told.flag("stream", "open", open);
    told
}

/// What has come of the events of a job. `bytes` begins with what was not taken before.
///
/// Told: how many bytes are `taken` of the `stream`, the `jobs` that are news, as JSON text under their places, and what
/// to keep in `watch`, where `over` says that nothing more can come.
pub fn piece(call: &Call<'_>, given: &Given<'_>, bytes: &[u8]) -> Told {
    let begins = given.one("stream", "taken").integer().is_none();
    let found = event_stream::read(bytes, begins);
    if bytes.len() - found.taken > MAX_EVENT_BYTES {
        return unknown(call, "an event of the stream was too long");
    }
    let mut told = Told::default();
    let mut revision = given.one("watch", "revision").integer();
    for (place, event) in found.events.iter().enumerate() {
        if event.name != "progress" {
            continue;
        }
        let document = read_object(event.data.as_bytes()).unwrap_or_default();
        let Some(job) = job_of(&document).filter(|job| job.id == call.subject) else {
            return unknown(
                call,
                "an event of the stream does not tell of this job as the edge does",
            );
        };
        let its = i64::try_from(job.revision).unwrap_or_default();
        if revision.is_some_and(|newest| its <= newest) {
            continue;
        }
        revision = Some(its);
        told.text("jobs", &place.to_string(), &event.data);
        told.number("watch", "revision", its);
        told.flag("watch", "over", job.is_over());
    }
    if found.taken > 0 {
        told.number("stream", "taken", i64::try_from(found.taken).unwrap_or_default());
        told.number("watch", "failures", 0);
    }
    if let Some(id) = found.last_id {
        // One that cannot be a header is none.
        let id = if is_visible(&id) { id.as_str() } else { "" };
        told.text("watch", "lastEventId", id);
    }
    if let Some(retry) = found.retry {
        let retry = retry.clamp(MIN_RETRY_MS, MAX_PAUSE_MS as u64);
        told.number("watch", "retry", i64::try_from(retry).unwrap_or_default());
    }
    told
}

/// Whether to connect `again` after this failure, or after an end without one, and after which `pause` (milliseconds):
/// it doubles with each failure in a row, and differs a little, so that not all come at once.
pub fn again(given: &Given<'_>) -> Told {
    let failed = |name| given.one("failed", name);
    let by_the_edge = failed("status").integer().is_some();
    let may_pass = match failed("kind").text() {
        None | Some("unknown-outcome" | "rate-limited" | "internal" | "ca-busy") => true,
        Some("not-sent") => by_the_edge,
        // Its answer will be the same the next time; or it is the caller's own wish.
        Some(_) => false,
    };
    let mut told = Told::default();
    if !may_pass {
        return told;
    }
    let seen = |name| given.one("watch", name).integer();
    let failures = seen("failures").unwrap_or_default().clamp(0, 30);
    let retry = seen("retry").unwrap_or(USUAL_RETRY_MS as i64) as f64;
    let random = given.one("call", "random").number().unwrap_or_default();
    let grown = (retry * f64::from(1_u32 << failures)).min(MAX_PAUSE_MS);
    let told_to = failed("retryAfter").integer().unwrap_or_default().clamp(0, 3600) as f64 * 1000.0;
    let pause = (grown * (0.75 + random / 2.0)).max(told_to);
    told.number("again", "pause", pause as i64);
    told.number("watch", "failures", failures + 1);
    told
}
