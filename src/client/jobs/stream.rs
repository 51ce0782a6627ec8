//! What is read as it comes: the events of a job, over as many connections as it takes, and all its rows as CSV.

use js_sys::{JSON, Math, Reflect, Uint8Array};

use super::document::{judge, read_job};
use super::event_stream;
use super::request::Question;
use crate::client::belief::unbelievable;
use crate::client::deadline::{Deadline, Loss};
use crate::client::failure::Failure;
use crate::client::options::{Options, is_visible};
use crate::client::runtime::{document, thrown};
use crate::client::task::Waiter;
use crate::client::transport::{Exchange, Reader};
use crate::problem::Kind;

/// A job is about one kilobyte; its approvals and its last error may be more.
const MAX_EVENT_BYTES: usize = 256 * 1024;
/// The edge says something every 10 s: a connection on which nothing comes for long is dead.
const MAX_SILENCE_MS: f64 = 30_000.0;

const LAST_EVENT_ID: &str = "Last-Event-ID";
const USUAL_RETRY_MS: u64 = 2_000;
const MIN_RETRY_MS: u64 = 250;
const MAX_PAUSE_MS: f64 = 60_000.0;

/// What a watcher has seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Of the newest job.
    pub revision: Option<u64>,
    pub last_event_id: String,
    /// How long the edge wants it to wait between connections, in milliseconds.
    pub retry_ms: Option<u64>,
    /// How often the connection was lost since something came.
    pub failures: u32,
}

/// Why a connection ended without a failure.
enum End {
    /// Nothing more can come.
    Over,
    /// It was closed.
    Closed,
}

/// Gives the job each time that it has changed (`job`), and each failure of a connection, with the
/// milliseconds until the next (`interruption`).
pub async fn watch(
    question: &mut Question,
    options: &Options,
    mut seen: Seen,
    waiter: &Waiter,
) -> Result<(), Failure> {
    // The instance before this one has failed.
    let mut lost =
        (seen.failures > 0).then(|| Failure::unknown(&question.call(), "the WebAssembly module failed"));
    loop {
        let ended = match lost.take() {
            Some(lost) => Err(lost),
            None => connection(question, options, &mut seen, waiter).await,
        };
        let failure = match ended {
            Ok(End::Over) => return Ok(()),
            Ok(End::Closed) => None,
            Err(failure) => Some(failure),
        };
        if failure.as_ref().is_some_and(|failure| !may_pass(failure)) {
            return failure.map_or(Ok(()), Err);
        }
        let retry_in = pause_ms(failure.as_ref(), &seen, Math::random());
        seen.failures = seen.failures.saturating_add(1);
        if let Some(failure) = failure {
            let interruption = failure.into_js();
            let _ = Reflect::set(&interruption, &"retryIn".into(), &retry_in.into());
            waiter.give("interruption", interruption).await;
        }
        rest(question, options, retry_in, waiter).await?;
    }
}

/// One connection, until its end.
async fn connection(
    question: &mut Question,
    options: &Options,
    seen: &mut Seen,
    waiter: &Waiter,
) -> Result<End, Failure> {
    let headers = &mut question.outgoing.headers;
    headers.retain(|(name, _)| *name != LAST_EVENT_ID);
    if !seen.last_event_id.is_empty() {
        headers.push((LAST_EVENT_ID, seen.last_event_id.clone()));
    }
    let mut exchange = Exchange::new(question.call(), options, waiter);
    let Some(mut reader) = open(question, &mut exchange, options, seen.revision.is_some()).await? else {
        return Ok(End::Over);
    };
    let mut bytes = Vec::new();
    let mut begins = true;
    while let Some(chunk) = next(&exchange, &mut reader).await? {
        bytes.extend_from_slice(&chunk);
        let found = event_stream::read(&bytes, begins);
        if bytes.len() - found.taken > MAX_EVENT_BYTES {
            return Err(Failure::unknown(
                &exchange.call,
                "an event of the stream was too long",
            ));
        }
        if found.taken > 0 {
            bytes.drain(..found.taken);
            begins = false;
            seen.failures = 0;
        }
        if let Some(id) = found.last_id {
            // One that cannot be a header is none.
            seen.last_event_id = if is_visible(&id) { id } else { String::new() };
        }
        if let Some(retry) = found.retry {
            seen.retry_ms = Some(retry.clamp(MIN_RETRY_MS, MAX_PAUSE_MS as u64));
        }
        let mut is_over = false;
        for event in found.events.iter().filter(|event| event.name == "progress") {
            let job = read_job(event.data.as_bytes()).filter(|job| *job.id == *question.id);
            let job = job.ok_or_else(|| {
                let why = "an event of the stream does not tell of this job as the edge does";
                Failure::unknown(&exchange.call, why)
            })?;
            if seen.revision.is_some_and(|newest| job.revision <= newest) {
                continue;
            }
            seen.revision = Some(job.revision);
            is_over = job.is_over();
            waiter
                .give("job", JSON::parse(&event.data).unwrap_or_default())
                .await;
        }
        if is_over {
            return Ok(End::Over);
        }
    }
    Ok(End::Closed)
}

/// Gives all rows, piece by piece (`chunk`).
pub async fn rows(question: &Question, options: &Options, waiter: &Waiter) -> Result<(), Failure> {
    let mut exchange = Exchange::new(question.call(), options, waiter);
    if let Some(mut reader) = open(question, &mut exchange, options, false).await? {
        while let Some(chunk) = next(&exchange, &mut reader).await? {
            waiter
                .give("chunk", Uint8Array::from(chunk.as_slice()).into())
                .await;
        }
    }
    Ok(())
}

/// Sends it, and reads the answer as it comes if that is what it is for; nothing where there is nothing new.
async fn open(
    question: &Question,
    exchange: &mut Exchange<'_>,
    options: &Options,
    has_seen: bool,
) -> Result<Option<Reader>, Failure> {
    let deadline = exchange.deadline(options.timeout_ms)?;
    let response = exchange.send(&question.outgoing, &deadline).await?;
    let head = &response.head;
    let is_watch = question.operation == super::Operation::Watch;
    let media_type = if is_watch { "text/event-stream" } else { "text/csv" };
    if head.status == 200 && !head.redirected && head.is(media_type) {
        return match response.reader() {
            Ok(Some(reader)) => Ok(Some(reader)),
            Ok(None) => Err(exchange.lost(Loss::NoResponse)),
            Err(loss) => Err(exchange.lost(loss)),
        };
    }
    // Only to who has seen something.
    if is_watch && head.status == 204 && !head.redirected && has_seen {
        return Ok(None);
    }
    let answer = exchange
        .whole(response, question.outgoing.answer_limit, &deadline)
        .await?;
    judge(question, &answer, document(&answer.body), &exchange.secrets())?;
    Err(unbelievable(&exchange.call, &answer.head))
}

async fn next(exchange: &Exchange<'_>, reader: &mut Reader) -> Result<Option<Vec<u8>>, Failure> {
    let deadline = exchange.deadline(MAX_SILENCE_MS)?;
    // The signal may have fired while the caller had what came before.
    let chunk = match deadline.check() {
        Ok(()) => reader.next(&deadline).await,
        Err(loss) => Err(loss),
    };
    chunk.map_err(|loss| exchange.lost(loss))
}

async fn rest(question: &Question, options: &Options, pause_ms: f64, waiter: &Waiter) -> Result<(), Failure> {
    let call = question.call();
    let deadline = Deadline::begin(options.signal.as_ref(), pause_ms, waiter, &call)?;
    // The signal may have fired while the caller was told of the interruption.
    let rested = match deadline.check() {
        Ok(()) => deadline.pass().await,
        fired => fired,
    };
    match rested {
        Err(Loss::Aborted(reason)) => Err(Failure::aborted(&call, true).caused_by(thrown(&reason), &[])),
        _ => Ok(()),
    }
}

/// Whether it makes sense to connect again after a failure.
pub fn may_pass(failure: &Failure) -> bool {
    match failure.kind {
        Kind::UnknownOutcome | Kind::RateLimited | Kind::Internal | Kind::CaBusy => true,
        // By the edge.
        Kind::NotSent => failure.status.is_some(),
        // Its answer will be the same the next time; or it is the caller's own wish.
        _ => false,
    }
}

/// How long to wait before the next connection, in milliseconds: it doubles with each failure in a row, and differs a
/// little by `random` (0 to 1), so that not all come at once.
pub fn pause_ms(failure: Option<&Failure>, seen: &Seen, random: f64) -> f64 {
    let retry = seen.retry_ms.unwrap_or(USUAL_RETRY_MS) as f64;
    let grown = (retry * f64::from(1_u32 << seen.failures.min(30))).min(MAX_PAUSE_MS);
    let told_to = failure
        .and_then(|failure| failure.retry_after)
        .unwrap_or_default();
    (grown * (0.75 + random / 2.0))
        .max(f64::from(told_to.min(3600)) * 1000.0)
        .floor()
}
