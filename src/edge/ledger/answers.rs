//! What a revocation is answered with.

use super::attempt::{Attempt, Record};
use super::breaker::LOGIN_REFUSED;
use super::limits::Reached;
use super::revocation::Revocation;
use crate::api::order::Revocation as Document;
use crate::api::value::Seq;
use crate::edge::http_answer::{HttpAnswer, Problem};
use crate::problem::Kind;
use crate::protocol::{Answer, describe};
use crate::verdict::{BUSY_RETRY_AFTER_SECONDS, Outcome, Verdict, detail, verdict};

/// Seconds after which a call that found no free connection may find one.
const BUSY_QUEUE_RETRY_AFTER_SECONDS: u32 = 10;

/// Why a call was not sent this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotSent {
    /// No connection to the CA was free within [`super::MAX_WAIT_MS`].
    NoConnection,
    /// The breaker is open.
    BreakerOpen,
    /// The caller's own limit.
    Limited(Reached),
    /// The ledger could not be written.
    NotWritten,
}

impl NotSent {
    /// The kind of the problem that it is.
    pub(super) const fn kind(self) -> Kind {
        match self {
            NotSent::NoConnection => Kind::CaBusy,
            NotSent::BreakerOpen => Kind::CaLoginRefused,
            NotSent::Limited(_) => Kind::RateLimited,
            NotSent::NotWritten => Kind::Internal,
        }
    }
}

/// For an attempt that has just ended.
pub(super) fn finished(
    attempt: &Attempt,
    answer: &Answer,
    outcome_seq: u64,
    may_have_revoked: bool,
) -> HttpAnswer {
    let revocation = &attempt.revocation;
    let test = revocation.order.test();
    let (code, message) = (answer.code(), answer.message());
    match verdict(answer, test) {
        Verdict::Done(outcome) => done(revocation, outcome, message, outcome_seq),
        Verdict::Failed(kind) => failed(
            revocation,
            kind,
            detail(answer, revocation.order.name(), test),
            code,
            message,
            may_have_revoked,
        )
        .audit_seq(outcome_seq)
        .answer(&revocation.instance),
    }
}

/// For a repeated call whose answer is kept: the CA's, as it was.
pub(super) fn replayed(revocation: &Revocation, record: &Record) -> HttpAnswer {
    let seq = record.outcome_seq.unwrap_or(record.intent_seq);
    let message = record.error_message.as_deref();
    let outcome = Outcome::ALL
        .into_iter()
        .find(|outcome| outcome.name() == record.state.name());
    if let Some(outcome) = outcome {
        return done(revocation, outcome, message, seq);
    }
    let code = record.error_code.unwrap_or_default();
    let kind = if code == -16 {
        Kind::CaLoginRefused
    } else {
        Kind::CaRefused
    };
    let description = describe(code);
    let words = format!(
        "The CA answered {code} for {} {}: {} {}",
        revocation.order.name().kind().noun(),
        revocation.order.name().value(),
        description.meaning,
        description.advice
    );
    failed(revocation, kind, words, Some(code), message, false)
        .audit_seq(seq)
        .answer(&revocation.instance)
}

fn done(revocation: &Revocation, outcome: Outcome, message: Option<&str>, audit_seq: u64) -> HttpAnswer {
    HttpAnswer::ok(&Document {
        name: revocation.order.name().into(),
        outcome,
        error_code: outcome.code(),
        error_message: message.map(Into::into),
        test: revocation.order.test(),
        audit_seq: Seq(audit_seq),
    })
}

fn failed(
    revocation: &Revocation,
    kind: Kind,
    words: String,
    code: Option<i32>,
    message: Option<&str>,
    may_have_revoked: bool,
) -> Problem {
    // A refusal now does not tell what became of an earlier attempt, so it must not read like "not revoked".
    let (kind, words) = if may_have_revoked && kind != Kind::UnknownOutcome {
        let note = " But an earlier attempt at this order has an unknown outcome, and may have revoked it.";
        (Kind::UnknownOutcome, words + note)
    } else {
        (kind, words)
    };
    let problem = about(revocation, kind, words)
        .may_have_revoked(may_have_revoked)
        .with(|it| {
            it.error_code = code;
            it.error_message = message.map(Into::into);
        });
    if code == Some(-42) {
        problem.retry_after(BUSY_RETRY_AFTER_SECONDS)
    } else {
        problem
    }
}

fn about(revocation: &Revocation, kind: Kind, words: impl Into<String>) -> Problem {
    Problem::new(kind, words).name(revocation.order.name())
}

/// Another call is working on the same order.
pub(super) fn in_progress(revocation: &Revocation, may_have_revoked: bool) -> HttpAnswer {
    let words = if may_have_revoked {
        "An earlier attempt of this very call has an unknown outcome, and may have revoked the order; another call is \
         working on it. Nothing more was sent; look at it again when that call has ended."
    } else {
        "This order is being worked on by another call. Nothing more was sent; look at it again when that call has ended."
    };
    about(revocation, Kind::InProgress, words)
        .may_have_revoked(may_have_revoked)
        .answer(&revocation.instance)
}

/// This very call, by its idempotency key, is in flight.
pub(super) fn same_call(revocation: &Revocation) -> HttpAnswer {
    let words = "This very call, by its Idempotency-Key, is being worked on, and may revoke the order. Repeat it with \
                 the same key for its outcome.";
    about(revocation, Kind::InProgress, words)
        .may_have_revoked(!revocation.order.test())
        .answer(&revocation.instance)
}

pub(super) fn idempotency_mismatch(revocation: &Revocation) -> HttpAnswer {
    let words = "This Idempotency-Key was used for another order before. Nothing was sent; use a new key for a new call.";
    about(revocation, Kind::IdempotencyMismatch, words).answer(&revocation.instance)
}

/// For a repeated call whose own outcome stayed unknown, after the order's was found out.
pub(super) fn found_out(revocation: &Revocation, outcome: Outcome, audit_seq: u64) -> HttpAnswer {
    done(revocation, outcome, None, audit_seq)
}

pub(super) fn not_sent(revocation: &Revocation, why: NotSent, may_have_revoked: bool) -> HttpAnswer {
    let words = match why {
        NotSent::NoConnection => {
            "All connections to the CA were in use. This call waited for a free one and was not sent."
                .to_owned()
        }
        NotSent::BreakerOpen => format!(
            "{LOGIN_REFUSED} Nothing more is sent, so that the account is not locked, until an operator has put that right \
             and resumes (POST /v1/breaker/resume), or the credentials change. This call was not sent."
        ),
        NotSent::Limited(reached) => if reached.daily {
            "This person's limit of revocations in 24 hours is reached (DAILY_LIMIT). Nothing was sent."
        } else {
            "This person's limit of calls in a minute is reached (RATE_LIMIT_PER_MINUTE). Nothing was sent."
        }
        .to_owned(),
        NotSent::NotWritten => "The ledger could not be written, so nothing was sent to the CA.".to_owned(),
    };
    if may_have_revoked {
        let words = words
            + " But an earlier attempt of this very call was sent: it may have revoked the order, or another product of it. \
               Look at GET /v1/orders/ and its number.";
        return about(revocation, Kind::UnknownOutcome, words)
            .may_have_revoked(true)
            .answer(&revocation.instance);
    }
    let problem = about(revocation, why.kind(), words);
    let problem = match why {
        NotSent::NoConnection => problem.retry_after(BUSY_QUEUE_RETRY_AFTER_SECONDS),
        NotSent::BreakerOpen => problem.status(503),
        NotSent::Limited(reached) => problem.retry_after(reached.retry_after),
        NotSent::NotWritten => problem,
    };
    problem.answer(&revocation.instance)
}

pub(super) fn not_written(attempt: &Attempt) -> HttpAnswer {
    let revocation = &attempt.revocation;
    let words = "The call was made, but its outcome could not be written to the ledger, so it does not count as known. Do \
                 not assume either.";
    about(revocation, Kind::UnknownOutcome, words)
        .may_have_revoked(!revocation.order.test())
        .answer(&revocation.instance)
}
