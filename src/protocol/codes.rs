//! The codes of this endpoint: what each means, and what to do about it.
//!
//! The same numbers mean other things at sibling endpoints; this table belongs to this one alone.

/// A code in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description {
    /// A few words for a heading.
    pub title: &'static str,
    /// What the CA says by it.
    pub meaning: &'static str,
    /// What to do now.
    pub advice: &'static str,
}

const fn entry(
    code: i32,
    title: &'static str,
    meaning: &'static str,
    advice: &'static str,
) -> (i32, Description) {
    (
        code,
        Description {
            title,
            meaning,
            advice,
        },
    )
}

/// Every code that is known for this endpoint, 0 first.
pub const CODES: [(i32, Description); 16] = [
    entry(
        0,
        "Accepted",
        "The CA revoked the certificate, or cancelled the order if it was not issued yet. With a test call: it would \
         have, and nothing was changed.",
        "Nothing more to do. When the CA's revocation lists show it is the CA's business.",
    ),
    entry(
        -1,
        "Not over HTTPS",
        "The request did not reach the CA over an encrypted connection.",
        "Use an https: endpoint.",
    ),
    entry(
        -2,
        "Unknown argument",
        "The request had an argument that the CA does not know; its text names it.",
        "Nothing was changed. This should not happen with this software: please report it.",
    ),
    entry(
        -3,
        "Missing argument",
        "The request lacked an argument; the CA's text names it.",
        "Nothing was changed. Add what is missing and try again.",
    ),
    entry(
        -4,
        "Invalid argument",
        "The CA did not accept the value of an argument; its text names it. Often an order number that the account does \
         not have.",
        "Nothing was changed. Check the order number and the account, and try again.",
    ),
    entry(
        -14,
        "Unknown error at the CA",
        "The CA does not say what it did: the order may or may not have been revoked.",
        "Do not assume either. Check with a test call (-21 says that it is revoked) or ask the CA.",
    ),
    entry(
        -16,
        "Login refused",
        "One of four causes: the login is wrong, the account is locked, the password has expired, or requests from \
         this source address are blocked.",
        "Do not repeat the call: repeats can lock the account. Check all four, then resume.",
    ),
    entry(
        -17,
        "Wrong HTTP method",
        "The CA received a GET instead of a POST.",
        "Nothing was changed. This should not happen with this software: please report it.",
    ),
    entry(
        -20,
        "Already rejected",
        "The order had been rejected or cancelled before; there is no certificate to revoke.",
        "Nothing more to do.",
    ),
    entry(
        -21,
        "Already revoked",
        "The certificate had been revoked before, by whomever, perhaps with a weaker reason than the one given now.",
        "If the key is compromised and the first reason may have been another one, tell the CA: this call cannot \
         correct it.",
    ),
    entry(
        -23,
        "Being issued just now",
        "The certificate is being issued at this moment and cannot be revoked yet.",
        "Nothing was changed. Try again in a few minutes.",
    ),
    entry(
        -26,
        "Being issued just now",
        "The certificate is being issued at this moment and cannot be revoked yet.",
        "Nothing was changed. Try again in a few minutes.",
    ),
    entry(
        -35,
        "Expired",
        "The certificate has expired and cannot be revoked any more.",
        "Nothing was changed, and nothing needs to be.",
    ),
    entry(
        -42,
        "Busy",
        "Some maximum was reached, such as the number of calls.",
        "Nothing was changed. Slow down and try again later.",
    ),
    entry(
        -43,
        "Refused (-43)",
        "The CA said no with a code that it added in November 2025 and has not explained in public.",
        "Nothing was changed, by the CA's word. Read its text, and ask the CA if it does not help.",
    ),
    entry(
        -160,
        "Refused by a partner CA",
        "The message is passed on from a partner CA.",
        "Nothing was changed, by the CA's word. Read its text.",
    ),
];

const UNDOCUMENTED: Description = Description {
    title: "Refused",
    meaning: "The CA said no with a code that is not documented.",
    advice: "Nothing was changed, by the CA's word. Read its text, and ask the CA if it does not help.",
};

const POSITIVE: Description = Description {
    title: "Not a code of this endpoint",
    meaning: "Positive codes are documented for other endpoints only, so it is not known what the CA did.",
    advice: "Do not assume either. Check with a test call (-21 says that it is revoked) or ask the CA.",
};

/// The code in words; also for codes that are not documented.
///
/// ```
/// use autorevoke::protocol::describe;
/// assert_eq!(describe(-35).title, "Expired");
/// assert_eq!(describe(-999).title, "Refused");
/// ```
pub fn describe(code: i32) -> Description {
    let known = CODES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, description)| *description);
    known.unwrap_or(if code < 0 { UNDOCUMENTED } else { POSITIVE })
}
