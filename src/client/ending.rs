//! How a call ends: by an answer, or without one.

use super::belief;
use super::call::Call;
#[cfg(feature = "direct")]
use super::call::Operation;
use super::failure::{aborted, add_cause, not_sent, unknown};
use super::options::is_page;
use super::request::authorization;
use super::transcript::{Given, Told};
use crate::protocol::{joined, read_decimal};

/// The head of an answer.
pub struct Head<'a> {
    pub status: i64,
    pub content_type: &'a str,
    pub retry_after: Option<i64>,
    /// Whether it comes from where somebody else pointed to.
    pub redirected: bool,
}

/// What an event means.
pub fn judge(given: &Given<'_>, body: &[u8]) -> Told {
    let call = Call::of_memo(given.one("call", "memo").text().unwrap_or_default());
    let left = given.one("call", "left").flag() != Some(false);
    let mut secrets = Vec::new();
    for (_, secret) in given.of("secret") {
        secrets.extend(secret.text());
    }
    let event = given.one("call", "event").text().unwrap_or_default();
    #[cfg(feature = "jobs")]
    match event {
        "head" => return super::jobs::opened(&call, &head_of(given)),
        "piece" => return super::jobs::piece(&call, given, body),
        "again" => return super::jobs::again(given),
        _ => {}
    }
    let mut told = match event {
        "answered" => return answered(&call, given, body, &secrets),
        "token" => return authorization(&call, given.one("token", "")),
        "token failed" => not_sent(&call, "the token function failed."),
        "no deadline" => not_sent(
            &call,
            "the signal, or this runtime's AbortController, does not work.",
        ),
        "no request" => return not_sent(&call, "this runtime refused to make the request."),
        "aborted" => aborted(&call, left),
        "timed out" if left => unknown(&call, "there was no whole answer in time"),
        "timed out" => not_sent(&call, "the time was up before the request was ready."),
        "broken" => {
            // What it is where it has never worked; runtimes do not tell.
            let usually = if is_page(given) {
                "CORS or connect-src"
            } else {
                "nothing listens there"
            };
            let why = [
                "the connection broke, or could not be made (usually: ",
                usually,
                ")",
            ];
            unknown(&call, &joined(&why))
        }
        "too long" => unknown(&call, "the answer was too long"),
        _ => unknown(&call, "what fetch gave is not a response"),
    };
    add_cause(&mut told, given, &secrets);
    told
}

fn head_of<'a>(given: &Given<'a>) -> Head<'a> {
    let retry_after = given.one("answer", "retry-after").text().and_then(read_decimal);
    Head {
        status: given.one("answer", "status").integer().unwrap_or_default(),
        content_type: given.one("answer", "content-type").text().unwrap_or_default(),
        retry_after: retry_after.and_then(|it| u32::try_from(it).ok()).map(i64::from),
        redirected: given.one("answer", "redirected").flag() != Some(false),
    }
}

fn answered(call: &Call<'_>, given: &Given<'_>, body: &[u8], secrets: &[&str]) -> Told {
    let head = head_of(given);
    #[cfg(feature = "direct")]
    if call.operation == Operation::Direct {
        return super::direct::judge(call, &head, given, body);
    }
    belief::judge(call, &head, given, body, secrets)
}
