//! What an answer of the CA means for the one who asked: done, or one of the kinds of failure.

use crate::problem::Kind;
use crate::protocol::{Answer, Name, describe, signed_decimal};

/// Seconds to wait after -42. The vendor names no figure; a minute is gentle and still useful in an incident.
pub const BUSY_RETRY_AFTER_SECONDS: u32 = 60;

/// The ways in which a call is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The CA answered 0: revoked, or cancelled if not issued yet.
    Revoked,
    /// -21: revoked before, by whomever.
    AlreadyRevoked,
    /// -20: rejected before.
    AlreadyRejected,
    /// The CA answered 0 to a call with `test`: nothing was changed.
    Tested,
}

impl Outcome {
    /// All four.
    pub const ALL: [Outcome; 4] = [
        Outcome::Revoked,
        Outcome::AlreadyRevoked,
        Outcome::AlreadyRejected,
        Outcome::Tested,
    ];

    /// The name in `outcome`.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Revoked => "revoked",
            Outcome::AlreadyRevoked => "already-revoked",
            Outcome::AlreadyRejected => "already-rejected",
            Outcome::Tested => "tested",
        }
    }

    /// The CA's code that this outcome comes from.
    pub const fn code(self) -> i32 {
        match self {
            Outcome::Revoked | Outcome::Tested => 0,
            Outcome::AlreadyRevoked => -21,
            Outcome::AlreadyRejected => -20,
        }
    }

    /// Whether a call with this `test` can end so.
    pub const fn fits(self, test: bool) -> bool {
        match self {
            Outcome::Revoked => !test,
            Outcome::Tested => test,
            Outcome::AlreadyRevoked | Outcome::AlreadyRejected => true,
        }
    }
}

/// An answer, as the one who asked needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The call is done.
    Done(Outcome),
    /// It is not.
    Failed(Kind),
}

/// Judges an answer to a call, made with `test` or without.
pub fn verdict(answer: &Answer, test: bool) -> Verdict {
    match answer {
        Answer::Accepted(_) if test => Verdict::Done(Outcome::Tested),
        Answer::Accepted(_) => Verdict::Done(Outcome::Revoked),
        Answer::AlreadyRevoked(_) => Verdict::Done(Outcome::AlreadyRevoked),
        Answer::AlreadyRejected(_) => Verdict::Done(Outcome::AlreadyRejected),
        Answer::Refused(_) => Verdict::Failed(Kind::CaRefused),
        Answer::LoginRefused(_) => Verdict::Failed(Kind::CaLoginRefused),
        Answer::Busy(_) => Verdict::Failed(Kind::CaBusy),
        Answer::Unknown(_) => Verdict::Failed(Kind::UnknownOutcome),
    }
}

/// A failure in a sentence for the person who asked, with what to do now.
pub fn detail(answer: &Answer, name: Name<'_>, test: bool) -> String {
    if let Answer::Unknown(unknown) = answer {
        let what = if test {
            ". Nothing was changed, since it was a test call; the test proves nothing."
        } else {
            ". It may or may not have been revoked: do not assume either. Check with a test call (-21 says that it is \
             revoked), or ask the CA."
        };
        return [
            "It is not known what the CA did with ",
            name.kind().noun(),
            " ",
            name.value(),
            ": ",
            unknown.cause().text(),
            what,
        ]
        .concat();
    }
    let code = answer.code().unwrap_or_default();
    let description = describe(code);
    let number = signed_decimal(code.into());
    [
        "The CA answered ",
        &number,
        " for ",
        name.kind().noun(),
        " ",
        name.value(),
        ": ",
        description.meaning,
        " ",
        description.advice,
    ]
    .concat()
}
