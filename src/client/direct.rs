//! Straight to the CA: the form out, the parser's verdict back.

use super::answer::Answer;
use super::call::Call;
use super::failure::Failure;
use super::options::Options;
use super::request::Outgoing;
use super::revocation::Revocation;
use super::task::Waiter;
use super::transport::Exchange;
use crate::problem::Kind;
use crate::protocol::{self, Credentials, Order, Reply, Sent, UnknownCause, parse};
use crate::verdict::{BUSY_RETRY_AFTER_SECONDS, Verdict, detail, verdict};

/// Revokes with this login.
pub async fn revoke(
    order: &Order,
    credentials: &Credentials,
    options: &Options,
    waiter: &Waiter,
) -> Result<Revocation, Failure> {
    let call = Call::revoking(order);
    let outgoing = Outgoing::form(options, order, credentials);
    let answer = Exchange::new(call, options, waiter).run(&outgoing).await?;
    judge(&call, order, credentials, &answer)
}

/// What the CA's answer means.
pub fn judge(
    call: &Call<'_>,
    order: &Order,
    credentials: &Credentials,
    answer: &Answer,
) -> Result<Revocation, Failure> {
    let head = &answer.head;
    let said = if head.redirected {
        protocol::Answer::lost(UnknownCause::HttpStatus(302))
    } else {
        let reply = Reply {
            status: head.status,
            content_length: head.content_length,
            content_encoding: head.content_encoding.as_deref(),
            body: &answer.body,
        };
        parse(&reply, &Sent::of(order, credentials))
    };
    let error_message = said.message().map(str::to_owned);
    let kind = match verdict(&said, order.test()) {
        Verdict::Done(outcome) => {
            return Ok(Revocation::new(
                order.name(),
                order.test(),
                outcome,
                error_message,
                None,
            ));
        }
        Verdict::Failed(kind) => kind,
    };
    let mut failure = Failure::of(kind, call, detail(&said, order.name(), order.test()));
    failure.may_have_revoked = kind == Kind::UnknownOutcome && call.may_have_revoked();
    failure.error_code = said.code();
    failure.error_message = error_message;
    failure.status = Some(head.status);
    failure.retry_after =
        (kind == Kind::CaBusy).then(|| head.retry_after.unwrap_or(BUSY_RETRY_AFTER_SECONDS));
    Err(failure)
}
