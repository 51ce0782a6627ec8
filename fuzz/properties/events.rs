//! Any bytes as the events of a job: they mean the same however the stream comes in pieces, and a job that is believed
//! adds up, by the sums of another reader.

use autorevoke::api::job::Job;
use autorevoke::strict_json::read_object;
use serde_json::Value;

// The reader itself is no part of the crate's face.
#[path = "../../src/client/jobs/event_stream.rs"]
mod event_stream;
use event_stream::{Events, read};

/// Reads a stream of these pieces.
fn in_pieces<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Events {
    let mut all = Events::default();
    let mut kept = Vec::new();
    for piece in pieces {
        kept.extend_from_slice(piece);
        let found = read(&kept, all.taken == 0);
        kept.drain(..found.taken);
        all.taken += found.taken;
        all.events.extend(found.events);
        all.retry = found.retry.or(all.retry);
        all.last_id = found.last_id.or(all.last_id);
    }
    all
}

pub fn check(input: &[u8]) {
    let [size, stream @ ..] = input else { return };
    let whole = in_pieces([stream].into_iter());
    let cut = in_pieces(stream.chunks(usize::from(*size) + 1));
    assert_eq!(cut.events, whole.events);
    assert_eq!((cut.retry, &cut.last_id), (whole.retry, &whole.last_id));
    for event in &whole.events {
        let Ok(members) = read_object(event.data.as_bytes()) else {
            continue;
        };
        let Ok(job) = serde_json::from_value::<Job>(members.into()) else {
            continue;
        };
        if job.agrees() {
            let said: Value = serde_json::from_str(&event.data).expect("it was believed");
            let counts = said["counts"].as_object().expect("counts");
            let sum: u64 = counts
                .values()
                .map(|count| count.as_u64().expect("a count"))
                .sum();
            assert_eq!(Some(sum), said["total"].as_u64());
            assert!(said["drill"] == false || counts["revoked"] == 0);
        }
    }
}
