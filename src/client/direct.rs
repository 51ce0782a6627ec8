//! Straight to the CA: the form out, the parser's verdict back.

use super::call::{Call, Effect, Operation};
use super::ending::Head;
use super::failure::{FAILED, failed, invalid_order};
use super::options::Options;
use super::order;
use super::request::{refused, request, revoking};
use super::result::done;
use super::transcript::{Given, Told};
use super::{belief, login};
use crate::problem::Kind;
use crate::protocol::{Answer, Door, FORM_MEDIA_TYPE, Reply, Sent, UnknownCause, form, parse, read_decimal};
use crate::verdict::{BUSY_RETRY_AFTER_SECONDS, Verdict, detail, verdict};

/// The form to send.
pub fn plan(given: &Given<'_>, options: &Options<'_>) -> Told {
    let (order, credentials) = match (order::read(given, Door::Direct), login::read(given)) {
        (Ok(order), Ok(login)) => (order, login),
        (Err(mut faults), Err(more)) => {
            faults.merge(more);
            return invalid_order(&faults, &options.faults);
        }
        (Err(faults), _) | (_, Err(faults)) => return invalid_order(&faults, &options.faults),
    };
    let call = revoking(Operation::Direct, &order);
    if let Some(told) = refused(options, &call) {
        return told;
    }
    let mut told = request(&call, &options.endpoint, "POST");
    told.text("headers", "Content-Type", FORM_MEDIA_TYPE);
    // Some runtimes ask for compression by themselves, and a compressed answer is not believed.
    told.text("headers", "Accept-Encoding", "identity");
    if options.in_page {
        // Only pages have cookies to send, and some other runtimes refuse to be told.
        told.text("request", "credentials", "omit");
    }
    told.text("request", "body", form(&order, &credentials).as_str());
    told
}

/// What the CA's answer means.
pub fn judge(call: &Call<'_>, head: &Head<'_>, given: &Given<'_>, body: &[u8]) -> Told {
    let Some(credentials) = login::sent(given) else {
        return belief::unbelievable(call, head);
    };
    let test = call.effect == Effect::Tests;
    let answer = if head.redirected {
        Answer::lost(UnknownCause::HttpStatus(302))
    } else {
        let header = |name| given.one("answer", name).text();
        parse(
            &Reply {
                status: u16::try_from(head.status).unwrap_or_default(),
                // One that is no number can match no body.
                content_length: header("content-length").map(|it| read_decimal(it).unwrap_or(u64::MAX)),
                content_encoding: header("content-encoding"),
                body,
            },
            &Sent {
                order_number: call.subject,
                test,
                credentials: &credentials,
            },
        )
    };
    let kind = match verdict(&answer, test) {
        Verdict::Done(outcome) => return done(call, outcome, answer.message(), None),
        Verdict::Failed(kind) => kind,
    };
    let may_have_revoked = kind == Kind::UnknownOutcome && call.may_have_revoked();
    let message = detail(&answer, call.subject, test);
    let mut told = failed(kind, call, may_have_revoked, &message);
    if let Some(code) = answer.code() {
        told.number(FAILED, "errorCode", code.into());
    }
    if let Some(text) = answer.message() {
        told.text(FAILED, "errorMessage", text);
    }
    told.number(FAILED, "status", head.status);
    if kind == Kind::CaBusy {
        told.number(
            FAILED,
            "retryAfter",
            head.retry_after.unwrap_or(BUSY_RETRY_AFTER_SECONDS.into()),
        );
    }
    told
}
