//! Judges what the CA answered. Nothing else in this crate can say that an order was revoked.
//!
//! The rule: success is HTTP 200, a complete body, and exactly one integer code in it, which is 0. Whatever
//! falls short of a whole answer is [`Answer::Unknown`], since the CA may have acted all the same.

use super::escapes::{form_text, text_of};
use super::{Credentials, Name, Order, redact};

/// The longest answer that is read, in bytes; the vendor's are below a hundred.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// An HTTP answer, as far as it matters.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    /// The HTTP status. Anything but 200 is undocumented.
    pub status: u16,
    /// `Content-Length`, where there was one: only it shows that a body cut between two characters is cut.
    pub content_length: Option<u64>,
    /// `Content-Encoding`, where there was one: none was asked for, so any makes the answer unreadable.
    pub content_encoding: Option<&'a str>,
    /// The body's bytes, as they came.
    pub body: &'a [u8],
}

/// What was sent, as far as it decides what an answer means.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// An answer that names another certificate does not speak of this one.
    pub name: Name<'a>,
    /// An answer to the other kind of call does not speak of this one either.
    pub test: bool,
    /// A text of the CA that contains the login is redacted.
    pub credentials: &'a Credentials,
}

impl<'a> Sent<'a> {
    /// The call for an order.
    pub fn of(order: &'a Order, credentials: &'a Credentials) -> Sent<'a> {
        Sent {
            name: order.name(),
            test: order.test(),
            credentials,
        }
    }

    /// What this argument must read where an answer repeats it; `None` for one that was not sent.
    fn value_of(&self, argument: &str) -> Option<&'a str> {
        match argument {
            _ if argument == self.name.parameter() => Some(self.name.value()),
            "test" => Some(if self.test { "Y" } else { "N" }),
            _ => None,
        }
    }
}

/// What the CA said, or that it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 0: the certificate is revoked, or the order cancelled if it was not issued yet; with `test`, it would be.
    Accepted(Accepted),
    /// -21: it was revoked before.
    AlreadyRevoked(Refusal),
    /// -20: the order was rejected before.
    AlreadyRejected(Refusal),
    /// -16: wrong login, locked account, expired password, or a blocked source address. Never repeat it.
    LoginRefused(Refusal),
    /// -42: some maximum was reached. Slow down, try later.
    Busy(Refusal),
    /// Any other negative code that says no.
    Refused(Refusal),
    /// Not known: the CA may or may not have acted.
    Unknown(Unknown),
}

impl Answer {
    /// For an exchange that ended without an answer, for a reason that only the transport knows.
    pub fn lost(cause: UnknownCause) -> Answer {
        Answer::Unknown(Unknown {
            cause,
            code: None,
            message: None,
            extra: Vec::new(),
        })
    }

    /// The code, where the CA gave one that can be trusted.
    pub fn code(&self) -> Option<i32> {
        match self {
            Answer::Accepted(_) => Some(0),
            Answer::Unknown(unknown) => unknown.code,
            Answer::AlreadyRevoked(refusal)
            | Answer::AlreadyRejected(refusal)
            | Answer::LoginRefused(refusal)
            | Answer::Busy(refusal)
            | Answer::Refused(refusal) => Some(refusal.code),
        }
    }

    /// Pairs that came beside code and message, for the log: clipped, printable, without the login. Hostile all the same.
    pub fn extra(&self) -> &[(String, String)] {
        match self {
            Answer::Accepted(accepted) => &accepted.extra,
            Answer::Unknown(unknown) => &unknown.extra,
            Answer::AlreadyRevoked(refusal)
            | Answer::AlreadyRejected(refusal)
            | Answer::LoginRefused(refusal)
            | Answer::Busy(refusal)
            | Answer::Refused(refusal) => &refusal.extra,
        }
    }

    /// The CA's text, where it gave one: clipped, printable, without the login. Hostile all the same.
    pub fn message(&self) -> Option<&str> {
        match self {
            Answer::Accepted(_) => None,
            Answer::Unknown(unknown) => unknown.message.as_deref(),
            Answer::AlreadyRevoked(refusal)
            | Answer::AlreadyRejected(refusal)
            | Answer::LoginRefused(refusal)
            | Answer::Busy(refusal)
            | Answer::Refused(refusal) => refusal.message.as_deref(),
        }
    }
}

/// Proof of a complete answer with code 0. Only [`parse`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    extra: Vec<(String, String)>,
}

/// Proof of a complete answer with a negative code. Only [`parse`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: i32,
    message: Option<String>,
    extra: Vec<(String, String)>,
}

/// Why it is not known what the CA did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    cause: UnknownCause,
    /// When the answer was whole but its code (-14) says that the CA itself does not know.
    code: Option<i32>,
    message: Option<String>,
    extra: Vec<(String, String)>,
}

impl Unknown {
    /// What was wrong with the answer.
    pub fn cause(&self) -> UnknownCause {
        self.cause
    }
}

/// The ways not to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownCause {
    /// No whole answer within the time allowed.
    TimedOut,
    /// The connection broke, or could not be made: a runtime does not tell the two apart reliably.
    ConnectionLost,
    /// Another HTTP status than 200; a redirect among them, which is never followed.
    HttpStatus(u16),
    /// More than [`MAX_ANSWER_BYTES`].
    TooLong,
    /// The body was compressed, though nothing of the kind was asked for.
    Encoded,
    /// The body's length is not what `Content-Length` promised.
    LengthMismatch,
    /// The body ends right behind a code that may go on: `-1` may be the beginning of `-16`.
    MaybeCut,
    /// No code where one belongs: an HTML page, an echo, nothing at all.
    NoCode,
    /// Something in the place of the code that is no code by its grammar, positive ones included.
    NotACode,
    /// More than one code, even alike.
    SeveralCodes,
    /// A code that counts as done, and beside it something that denies it or speaks of another call.
    Contradiction,
    /// -14, "unknown error": the CA does not know either.
    UnknownAtCa,
    /// The edge stopped while the call was in flight.
    Interrupted,
}

impl UnknownCause {
    /// The cause in words, to follow "It is not known what the CA did:".
    pub const fn text(self) -> &'static str {
        match self {
            UnknownCause::TimedOut => "it gave no whole answer in time",
            UnknownCause::ConnectionLost => "the connection broke",
            UnknownCause::HttpStatus(300..=399) => "it answered with a redirect, which is never followed",
            UnknownCause::HttpStatus(_) => "it answered with another HTTP status than 200",
            UnknownCause::TooLong => "its answer was too long",
            UnknownCause::Encoded => "its answer was compressed, which was not asked for",
            UnknownCause::LengthMismatch => "its answer was not as long as announced",
            UnknownCause::MaybeCut => "its answer may have been cut off behind the code",
            UnknownCause::NoCode => "its answer had no result code",
            UnknownCause::NotACode => "its answer had something else in place of the result code",
            UnknownCause::SeveralCodes => "its answer had more than one result code",
            UnknownCause::Contradiction => "its answer contradicts itself",
            UnknownCause::UnknownAtCa => "it answered -14, an unknown error on its side",
            UnknownCause::Interrupted => "the edge was stopped while the call was under way",
        }
    }
}

/// Judges a reply. Total: every sequence of bytes gives an [`Answer`], and none gives a false success.
pub fn parse(reply: &Reply<'_>, sent: &Sent<'_>) -> Answer {
    match read(reply, sent) {
        Ok(body) => judge(body, sent),
        Err(cause) => Answer::lost(cause),
    }
}

fn judge(body: Body, sent: &Sent<'_>) -> Answer {
    // All texts together: a login with `&` or `=` in it, sent back as it is, lies in pieces.
    let redacts = redact::reveals(&body.texts, &sent.credentials.secrets());
    let shown = |text: &str, longest| {
        if redacts {
            redact::REDACTED.to_owned()
        } else {
            redact::clipped(text, longest)
        }
    };
    let message = body
        .message
        .map(|text| shown(&text, redact::MAX_TEXT_CHARS))
        .filter(|text| !text.is_empty());
    let mut extra = Vec::with_capacity(body.extra.len());
    for (key, value) in &body.extra {
        extra.push((shown(key, MAX_EXTRA_CHARS), shown(value, MAX_EXTRA_CHARS)));
    }
    if body.contradicts {
        // It is no message about a code, since no code is believed; the log keeps it with the rest.
        extra.extend(message.map(|text| (MESSAGE_KEY.to_owned(), text)));
        return Answer::Unknown(Unknown {
            cause: UnknownCause::Contradiction,
            code: None,
            message: None,
            extra,
        });
    }
    let refusal = |message, extra| Refusal {
        code: body.code,
        message,
        extra,
    };
    match body.code {
        0 => Answer::Accepted(Accepted { extra }),
        -14 => Answer::Unknown(Unknown {
            cause: UnknownCause::UnknownAtCa,
            code: Some(-14),
            message,
            extra,
        }),
        -16 => Answer::LoginRefused(refusal(message, extra)),
        -20 => Answer::AlreadyRejected(refusal(message, extra)),
        -21 => Answer::AlreadyRevoked(refusal(message, extra)),
        -42 => Answer::Busy(refusal(message, extra)),
        _ => Answer::Refused(refusal(message, extra)),
    }
}

/// A body that has exactly one code, which is 0 or negative, and whole.
struct Body {
    code: i32,
    message: Option<String>,
    /// The first [`MAX_EXTRA_PAIRS`].
    extra: Vec<(String, String)>,
    /// Whether something in it takes back what the code says of this call.
    contradicts: bool,
    /// What message and extra pairs were read from, as it came.
    texts: String,
}

fn read(reply: &Reply<'_>, sent: &Sent<'_>) -> Result<Body, UnknownCause> {
    if reply.status != 200 {
        return Err(UnknownCause::HttpStatus(reply.status));
    }
    if reply.body.len() > MAX_ANSWER_BYTES {
        return Err(UnknownCause::TooLong);
    }
    if reply
        .content_encoding
        .is_some_and(|it| !it.trim().is_empty() && !it.trim().eq_ignore_ascii_case("identity"))
    {
        return Err(UnknownCause::Encoded);
    }
    if reply
        .content_length
        .is_some_and(|length| length != reply.body.len() as u64)
    {
        return Err(UnknownCause::LengthMismatch);
    }
    let text = text_of(reply.body);
    let answer = text.trim_start_matches(is_end);
    let trimmed = answer.trim_end_matches(is_end);
    let behind = answer.get(trimmed.len()..).unwrap_or_default();
    let closed = reply.content_length.is_some() || behind.contains(NEWLINES);
    read_text(trimmed, closed, sent)
}

/// `closed` says that the last line cannot go on: a line ending follows it, or the length is known.
fn read_text(text: &str, closed: bool, sent: &Sent<'_>) -> Result<Body, UnknownCause> {
    let (first, rest) = match text.split_once(NEWLINES) {
        Some((first, rest)) => (first.trim_matches(is_end), Some(rest.trim_matches(is_end))),
        None => (text, None),
    };
    let keyed = first
        .split_once('=')
        .filter(|(key, _)| key.eq_ignore_ascii_case(CODE_KEY));
    match code(keyed.map_or(first, |(_, value)| value)) {
        // `errorCode=-3` alone on its line is read as lines too: the vendor's sample mixes the two forms.
        Ok(code) => lines(code, rest.unwrap_or_default(), closed || rest.is_some(), sent),
        // A line that is nothing but a number is no form; neither is a page.
        Err(cause) if !text.contains('=') => Err(cause),
        Err(_) => pairs(text, closed, sent),
    }
}

/// The plain form: the code, then lines of message.
fn lines(code: i32, rest: &str, whole: bool, sent: &Sent<'_>) -> Result<Body, UnknownCause> {
    if rest.split(NEWLINES).any(names_a_code) {
        return Err(UnknownCause::SeveralCodes);
    }
    if code != 0 && !whole {
        return Err(UnknownCause::MaybeCut);
    }
    let contradicts = code == 0 && !rest.is_empty() || any_line_contradicts(rest, code, sent);
    Ok(Body {
        code,
        message: (!rest.is_empty()).then(|| rest.to_owned()),
        extra: Vec::new(),
        contradicts,
        texts: rest.to_owned(),
    })
}

/// Whether a line is, or holds, a pair that takes back what the code says: the sample mixes the two forms.
fn any_line_contradicts(text: &str, code: i32, sent: &Sent<'_>) -> bool {
    let mut written = text.split(NEWLINES).flat_map(|line| line.split('&'));
    written.any(|pair| {
        let written = pair.trim_matches(is_end);
        Pair { written }.contradicts(code, sent)
    })
}

/// Whether a further line claims to be, or to hold, another code.
fn names_a_code(line: &str) -> bool {
    code(line.trim_matches(is_end)).is_ok() || line.split('&').any(|pair| Pair { written: pair }.is(CODE_KEY))
}

/// The form-encoded form. Split first, decode after: the other way round, an encoded `&errorCode=0` inside a
/// message would become a success.
fn pairs(text: &str, closed: bool, sent: &Sent<'_>) -> Result<Body, UnknownCause> {
    let written = text.strip_suffix('&').unwrap_or(text);
    let closed = closed || written.len() < text.len();
    let pairs: Vec<Pair<'_>> = written.split('&').map(|written| Pair { written }).collect();
    let at = pairs
        .iter()
        .position(|pair| pair.is(CODE_KEY))
        .ok_or(UnknownCause::NoCode)?;
    let (before, [coded, behind @ ..]) = pairs.split_at(at) else {
        return Err(UnknownCause::NoCode);
    };
    if behind.iter().any(|pair| pair.is(CODE_KEY)) {
        return Err(UnknownCause::SeveralCodes);
    }
    // A page with a link in it, which may well read `&errorCode=-21&`; or the form that we sent, come back.
    if !before.iter().all(|pair| pair.is_encoded())
        || pairs.iter().any(|pair| SENT_KEYS.iter().any(|key| pair.is(key)))
    {
        return Err(UnknownCause::NoCode);
    }
    // As it stands, not decoded: a code has nothing that needs encoding.
    let (key, value) = coded.written.split_once('=').unwrap_or((coded.written, ""));
    if !key.eq_ignore_ascii_case(CODE_KEY) {
        return Err(UnknownCause::NotACode);
    }
    let code = code(value)?;
    let mut body = Body {
        code,
        message: None,
        extra: Vec::new(),
        contradicts: code == 0 && !behind.iter().all(|pair| pair.is_encoded()),
        texts: String::new(),
    };
    for pair in before.iter().chain(behind) {
        body.take(*pair, sent);
    }
    // A negative code may go on, and so may an empty text that would deny a success.
    let may_go_on = match behind.last() {
        None => code != 0,
        Some(last) => code == 0 && DENYING_KEYS.iter().any(|key| last.is(key)),
    };
    if may_go_on && !closed && !body.contradicts {
        return Err(UnknownCause::MaybeCut);
    }
    Ok(body)
}

impl Body {
    fn take(&mut self, pair: Pair<'_>, sent: &Sent<'_>) {
        let (key, value) = pair.written.split_once('=').unwrap_or((pair.written, ""));
        self.contradicts |=
            pair.contradicts(self.code, sent) || any_line_contradicts(pair.written, self.code, sent);
        let text = if pair.is(MESSAGE_KEY) {
            if !value.is_empty() {
                self.message.get_or_insert_with(|| form_text(value));
            }
            value
        } else {
            if !pair.written.is_empty() && self.extra.len() < MAX_EXTRA_PAIRS {
                self.extra.push((form_text(key), form_text(value)));
            }
            pair.written
        };
        self.texts.push_str(text);
        self.texts.push('&');
    }
}

/// A key and its value, as they were written.
#[derive(Clone, Copy)]
struct Pair<'a> {
    written: &'a str,
}

impl Pair<'_> {
    /// Whether the key would be taken for this one: by its letters and digits, decoded and in any case.
    fn is(self, key: &str) -> bool {
        if self.written.len() < key.len() {
            return false;
        }
        let written = self.written.split('=').next().unwrap_or_default();
        let letters = percent_encoding::percent_decode_str(written).filter(u8::is_ascii_alphanumeric);
        letters
            .map(|b| b.to_ascii_lowercase())
            .eq(key.bytes().map(|b| b.to_ascii_lowercase()))
    }

    /// Whether it takes back what the code says of the call that was sent: a text that denies a success, or an argument
    /// of another call beside a code that counts as done.
    fn contradicts(self, code: i32, sent: &Sent<'_>) -> bool {
        let value = self.written.split_once('=').map_or("", |(_, value)| value);
        let denies = code == 0 && !value.is_empty() && DENYING_KEYS.iter().any(|key| self.is(key));
        let is_done = matches!(code, 0 | -20 | -21);
        let named = NAMED_KEYS.iter().find(|key| is_done && self.is(key));
        denies || named.is_some_and(|key| sent.value_of(key) != Some(&form_text(value)))
    }

    /// Whether it is written as a form encoder writes it, and whole.
    fn is_encoded(self) -> bool {
        let Some((key, value)) = self.written.split_once('=') else {
            return false;
        };
        let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        let is_value = value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"*-._~+%!'(),/:;@".contains(&b));
        let is_escape = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
        is_name && is_value && value.split('%').skip(1).all(is_escape)
    }
}

/// The grammar `0|-[1-9][0-9]{0,8}`, and nothing else: not `-0`, `+0`, `00`, `0x0`, no longer or positive number.
fn code(text: &str) -> Result<i32, UnknownCause> {
    if text.is_empty() {
        return Err(UnknownCause::NoCode);
    }
    if text == "0" {
        return Ok(0);
    }
    let digits = text.strip_prefix('-').filter(|digits| {
        !digits.starts_with('0') && digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit())
    });
    digits
        .and_then(|it| it.parse::<i32>().ok())
        .map(|number| -number)
        .ok_or(UnknownCause::NotACode)
}

/// More are nobody's answer; they are not kept.
const MAX_EXTRA_PAIRS: usize = 32;
/// Of the key and of the value of each: all of them fit an audit entry many times over.
const MAX_EXTRA_CHARS: usize = 128;
const CODE_KEY: &str = "errorCode";
const MESSAGE_KEY: &str = "errorMessage";
/// With a value, none of them stands beside a success.
const DENYING_KEYS: [&str; 3] = [MESSAGE_KEY, "errorDetail", "errorItem"];
/// Arguments by which an answer may say what it speaks of.
const NAMED_KEYS: [&str; 4] = ["orderNumber", "serialNumber", "certificateID", "test"];
/// Arguments of every request, and of no answer. An answer may well name the order, so its number is not here.
const SENT_KEYS: [&str; 5] = [
    "loginName",
    "loginPassword",
    "codeReason",
    "revocationReason",
    "responseFormat",
];
const NEWLINES: [char; 2] = ['\r', '\n'];

/// What may stand around an answer without changing it.
fn is_end(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{feff}')
}
