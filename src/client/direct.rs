//! Straight to the CA: the form out, the parser's verdict back.

use gloo_net::http::Method;
use wasm_bindgen::prelude::*;

use super::deadline::Deadline;
use super::failure::Failure;
use super::options::Options;
use super::order::stakes;
use super::result::Revocation;
use super::task::Waiter;
use super::transport::{Incoming, Outgoing, request, send};
use crate::problem::Kind;
use crate::protocol::{Answer, Credentials, FORM_MEDIA_TYPE, Order, Reply, UnknownCause, form, parse};
use crate::verdict::{BUSY_RETRY_AFTER_SECONDS, Verdict, detail, verdict};

const HEADERS: [(&str, &str); 2] = [
    ("Content-Type", FORM_MEDIA_TYPE),
    // Some runtimes ask for compression by themselves, and a compressed answer is not believed.
    ("Accept-Encoding", "identity"),
];

/// Revokes with this login.
pub async fn revoke(
    order: &Order,
    credentials: &Credentials,
    options: &Options,
    waiter: &Waiter,
) -> Result<JsValue, Failure> {
    let stakes = stakes(order);
    let secrets = credentials.secrets();
    let deadline = Deadline::begin(options.signal.as_ref(), options.timeout, waiter, &stakes)?;
    deadline
        .check()
        .map_err(|interruption| interruption.before_sending(&stakes, &secrets))?;
    let outgoing = Outgoing {
        method: Method::POST,
        url: &options.endpoint,
        headers: &HEADERS,
        body: Some(form(order, credentials).as_str().into()),
        without_cookies: options.in_page,
    };
    let request = request(outgoing, &deadline, &stakes)?;
    let sent = send(&request, options.fetch.as_ref(), &deadline).await;
    let incoming = sent.map_err(|loss| loss.into_failure(&stakes, &secrets))?;
    let answer = judge(&incoming, credentials);
    match verdict(&answer, order.test()) {
        Verdict::Done(outcome) => {
            let error_message = answer.message().map(str::to_owned);
            Ok(Revocation {
                order,
                outcome,
                error_message,
                audit_seq: None,
            }
            .into_js())
        }
        Verdict::Failed(kind) => Err(Failure {
            may_have_revoked: kind == Kind::UnknownOutcome && stakes.may_have_revoked(),
            error_code: answer.code().map(i64::from),
            error_message: answer.message().map(str::to_owned),
            status: Some(incoming.status),
            retry_after: (kind == Kind::CaBusy)
                .then(|| incoming.retry_after.unwrap_or(BUSY_RETRY_AFTER_SECONDS)),
            ..Failure::of(kind, &stakes, detail(&answer, order.order_number(), order.test()))
        }),
    }
}

fn judge(incoming: &Incoming, credentials: &Credentials) -> Answer {
    if incoming.redirected {
        return Answer::lost(UnknownCause::HttpStatus(302));
    }
    let reply = Reply {
        status: incoming.status,
        content_length: incoming.content_length,
        content_encoding: incoming.content_encoding.as_deref(),
        body: &incoming.body,
    };
    parse(&reply, credentials)
}
