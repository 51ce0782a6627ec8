//! Judges what the CA answered. Nothing else in this crate can say that an order was revoked.
//!
//! The rule: success is HTTP 200, a complete body, and exactly one integer code in it, which is 0. Whatever
//! falls short of a whole answer is [`Answer::Unknown`], since the CA may have acted all the same.

use super::{Credentials, withheld};

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
        Answer::Unknown(Unknown { cause, code: None, message: None })
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

impl Accepted {
    /// Keys that came beside the documented ones.
    pub fn extra(&self) -> &[(String, String)] {
        &self.extra
    }
}

/// Proof of a complete answer with a negative code. Only [`parse`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: i32,
    message: Option<String>,
    extra: Vec<(String, String)>,
}

impl Refusal {
    /// The CA's code, below 0.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// The CA's text: clipped, printable, without the login.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Keys that came beside the documented ones (`errorDetail` and `errorItem` have been seen).
    pub fn extra(&self) -> &[(String, String)] {
        &self.extra
    }
}

/// Why it is not known what the CA did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    cause: UnknownCause,
    code: Option<i32>,
    message: Option<String>,
}

impl Unknown {
    /// What was wrong with the answer.
    pub fn cause(&self) -> UnknownCause {
        self.cause
    }

    /// The code, when the answer was whole but its code (-14) says that the CA itself does not know.
    pub fn code(&self) -> Option<i32> {
        self.code
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
    /// Code 0, and beside it something that a success does not have.
    Contradiction,
    /// -14, "unknown error": the CA does not know either.
    UnknownAtCa,
    /// The edge stopped while the call was under way.
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
///
/// `credentials` are those that were sent: a text of the CA that contains them is withheld.
pub fn parse(reply: &Reply<'_>, credentials: &Credentials) -> Answer {
    match read(reply) {
        Ok(body) => judge(body, credentials),
        Err(cause) => Answer::lost(cause),
    }
}

fn judge(body: Body, credentials: &Credentials) -> Answer {
    let printable = |text: &str| withheld::printable(text, credentials);
    let extra = body.extra.iter().map(|(key, value)| (printable(key), printable(value))).collect();
    let message = body.message.as_deref().map(printable).filter(|text| !text.is_empty());
    let refusal = |message| Refusal { code: body.code, message, extra };
    match body.code {
        0 => Answer::Accepted(Accepted { extra: refusal(None).extra }),
        -14 => Answer::Unknown(Unknown { cause: UnknownCause::UnknownAtCa, code: Some(-14), message }),
        -16 => Answer::LoginRefused(refusal(message)),
        -20 => Answer::AlreadyRejected(refusal(message)),
        -21 => Answer::AlreadyRevoked(refusal(message)),
        -42 => Answer::Busy(refusal(message)),
        _ => Answer::Refused(refusal(message)),
    }
}

/// A body that has exactly one code, which is 0 or negative, and whole.
struct Body {
    code: i32,
    message: Option<String>,
    extra: Vec<(String, String)>,
}

fn read(reply: &Reply<'_>) -> Result<Body, UnknownCause> {
    if reply.status != 200 {
        return Err(UnknownCause::HttpStatus(reply.status));
    }
    if reply.body.len() > MAX_ANSWER_BYTES {
        return Err(UnknownCause::TooLong);
    }
    if reply.content_encoding.is_some_and(|it| !it.trim().is_empty() && !it.trim().eq_ignore_ascii_case("identity"))
    {
        return Err(UnknownCause::Encoded);
    }
    if reply.content_length.is_some_and(|length| length != reply.body.len() as u64) {
        return Err(UnknownCause::LengthMismatch);
    }
    // Texts in Latin-1 have been seen; read as such, a login in them is still recognised.
    let (text, is_utf8) = match std::str::from_utf8(reply.body) {
        Ok(text) => (text.to_owned(), true),
        Err(_) => (reply.body.iter().copied().map(char::from).collect(), false),
    };
    let body = read_text(&text, reply.content_length.is_some())?;
    if body.code == 0 && !(is_utf8 && text.chars().all(|c| !c.is_control() || is_end(c))) {
        return Err(UnknownCause::Contradiction);
    }
    Ok(body)
}

fn read_text(text: &str, length_known: bool) -> Result<Body, UnknownCause> {
    let trimmed = text.trim_matches(is_end);
    let (first, rest) = trimmed.split_once(['\r', '\n']).unwrap_or((trimmed, ""));
    let code_line = first.trim_matches(is_end);
    let keyed = code_line.split_once('=').filter(|(key, _)| key.eq_ignore_ascii_case("errorCode"));
    let plain_code = keyed.map_or(code_line, |(_, value)| value);
    match code(plain_code) {
        // `errorCode=-3` alone on its line is read as lines too: the vendor's sample mixes the two forms.
        Ok(code) => {
            let ended = ends_line(text, code_line);
            lines(code, rest, ended || length_known)
        }
        // A line that is nothing but a number is no form; neither is a page.
        Err(cause) if keyed.is_none() && !trimmed.contains('=') => Err(cause),
        Err(_) => pairs(trimmed, length_known),
    }
}

/// Whether a line ending follows the first line: then the code on it cannot go on.
fn ends_line(text: &str, first: &str) -> bool {
    text.trim_start_matches(is_end).strip_prefix(first).is_some_and(|rest| rest.contains(['\r', '\n']))
}

/// The plain form: the code, then lines of message.
fn lines(code: i32, rest: &str, whole: bool) -> Result<Body, UnknownCause> {
    let rest = rest.trim_matches(is_end);
    if rest.split(['\r', '\n']).any(names_a_code) {
        return Err(UnknownCause::SeveralCodes);
    }
    if code == 0 && !rest.is_empty() {
        return Err(UnknownCause::Contradiction);
    }
    if code != 0 && !whole {
        return Err(UnknownCause::MaybeCut);
    }
    Ok(Body { code, message: (!rest.is_empty()).then(|| rest.to_owned()), extra: Vec::new() })
}

/// Whether a further line claims to be, or to hold, another code.
fn names_a_code(line: &str) -> bool {
    code(line.trim_matches(is_end)).is_ok() || line.split('&').any(|pair| is_code_key(&decode(pair).0))
}

/// The form-encoded form. Split first, decode after: the other way round, an encoded `&errorCode=0` inside a
/// message would become a success.
fn pairs(text: &str, length_known: bool) -> Result<Body, UnknownCause> {
    let whole_text = text.strip_suffix('&').unwrap_or(text);
    let mut found: Option<i32> = None;
    let mut whole = length_known;
    let mut message: Option<String> = None;
    let mut extra = Vec::new();
    let mut clean = true;
    for (at, pair) in whole_text.split('&').enumerate() {
        let (key, value) = decode(pair);
        clean &= is_well_formed(pair);
        if is_code_key(&key) {
            if found.is_some() {
                return Err(UnknownCause::SeveralCodes);
            }
            // As it stands, not decoded: a code has nothing that needs encoding.
            let (raw_key, raw_value) = pair.split_once('=').unwrap_or((pair, ""));
            if !raw_key.eq_ignore_ascii_case("errorCode") {
                return Err(UnknownCause::NotACode);
            }
            found = Some(code(raw_value)?);
            whole |= at + 1 < text.split('&').count();
        } else if key.trim().eq_ignore_ascii_case("errorMessage") {
            if !value.is_empty() {
                clean = false;
                message.get_or_insert(value);
            }
        } else {
            extra.push((key, value));
        }
    }
    match found {
        None => Err(UnknownCause::NoCode),
        Some(0) if !clean => Err(UnknownCause::Contradiction),
        Some(code) if code != 0 && !whole => Err(UnknownCause::MaybeCut),
        Some(code) => Ok(Body { code, message, extra }),
    }
}

fn decode(pair: &str) -> (String, String) {
    form_urlencoded::parse(pair.as_bytes()).next().map(|(k, v)| (k.into_owned(), v.into_owned())).unwrap_or_default()
}

/// Whether a pair is written as a form encoder writes it. A link inside of a page, which may well read
/// `&errorCode=0&`, is not.
fn is_well_formed(pair: &str) -> bool {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let is_value = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"*-._~+%!'(),/:;@".contains(&b));
    is_name && is_value
}

fn is_code_key(key: &str) -> bool {
    key.trim().eq_ignore_ascii_case("errorCode")
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
    digits.and_then(|it| it.parse::<i32>().ok()).map(|number| -number).ok_or(UnknownCause::NotACode)
}

/// What may stand around an answer without changing it.
fn is_end(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{feff}')
}
