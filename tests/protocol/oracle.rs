//! What an answer says for certain, as the protocol's page says it: a scan over bytes that shares no line with
//! `src/protocol`.
//!
//! The tests and the fuzz target hold the parser against it.

const MAX_BYTES: usize = 65_536;
const BOM: &[u8] = b"\xef\xbb\xbf";
/// Arguments of the request: an answer that names one of them is the form come back.
const SENT: [&[u8]; 5] = [
    b"loginname",
    b"loginpassword",
    b"codereason",
    b"revocationreason",
    b"responseformat",
];

/// The call that is answered.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub order_number: &'a str,
    pub test: bool,
}

/// The code that this HTTP answer gives beyond doubt, if there is one.
pub fn certain_code(
    status: u16,
    length: Option<u64>,
    encoding: Option<&str>,
    body: &[u8],
    asked: Asked<'_>,
) -> Option<i32> {
    let plain = matches!(
        encoding.map(|it| it.trim().to_ascii_lowercase()).as_deref(),
        None | Some("" | "identity")
    );
    let whole = length.is_none_or(|length| length == body.len() as u64);
    if status != 200 || body.len() > MAX_BYTES || !plain || !whole {
        return None;
    }
    let start = skip_ends(body, 0);
    let stop = body.len() - skip_ends_backwards(&body[start..]);
    let answer = &body[start..stop];
    // Behind the last character of the answer: whether a line ending says that it ended there.
    let closed = length.is_some() || body[stop..].iter().any(|b| is_newline(*b));
    match on_first_line(answer) {
        Some((code, rest)) => from_lines(code, rest, closed, asked),
        None => from_pairs(answer, closed, asked),
    }
}

/// "An `orderNumber` (or `serialNumber`, `certificateID`, `test`) that is not the one sent, beside any code that would
/// count as done (0, -20, -21): unknown."
fn is_of_another_call(pair: &[u8], code: i32, asked: Asked<'_>) -> bool {
    if ![0, -20, -21].contains(&code) {
        return false;
    }
    let sent = match letters(key_of(pair)).as_slice() {
        b"ordernumber" => asked.order_number,
        b"test" if asked.test => "Y",
        b"test" => "N",
        // No call of ours has ever sent one.
        b"serialnumber" | b"certificateid" => return true,
        _ => return false,
    };
    value_of(pair) != sent.as_bytes()
}

/// "`errorDetail` or `errorItem` with a value beside code 0", and "code 0 together with a non-empty `errorMessage`".
fn denies_success(pair: &[u8]) -> bool {
    may_deny_success(pair)
        && pair
            .iter()
            .position(|b| *b == b'=')
            .is_some_and(|at| at + 1 < pair.len())
}

fn may_deny_success(pair: &[u8]) -> bool {
    [&b"errormessage"[..], b"errordetail", b"erroritem"].contains(&letters(key_of(pair)).as_slice())
}

/// A pair's value, decoded once.
fn value_of(pair: &[u8]) -> Vec<u8> {
    let at = pair
        .iter()
        .position(|b| *b == b'=')
        .map_or(pair.len(), |at| at + 1);
    let mut rest = &pair[at..];
    let mut value = Vec::new();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, hex(tail.first()), hex(tail.get(1))) {
            (b'%', Some(high), Some(low)) => {
                value.push(high * 16 + low);
                rest = &tail[2..];
            }
            (b'+', ..) => value.push(b' '),
            _ => value.push(*byte),
        }
    }
    value
}

fn is_newline(byte: u8) -> bool {
    byte == b'\r' || byte == b'\n'
}

fn skip_ends(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\r' | b'\n') => at += 1,
            Some(0xef) if bytes[at..].starts_with(BOM) => at += BOM.len(),
            _ => return at,
        }
    }
}

/// How many bytes at the end of `bytes` do not count.
fn skip_ends_backwards(bytes: &[u8]) -> usize {
    let mut left = bytes;
    loop {
        match left {
            [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] | [rest @ .., 0xef, 0xbb, 0xbf] => left = rest,
            _ => return bytes.len() - left.len(),
        }
    }
}

fn strip(bytes: &[u8]) -> &[u8] {
    let bytes = &bytes[skip_ends(bytes, 0)..];
    &bytes[..bytes.len() - skip_ends_backwards(bytes)]
}

/// `0|-[1-9][0-9]{0,8}`
fn as_code(bytes: &[u8]) -> Option<i32> {
    match bytes {
        b"0" => Some(0),
        [b'-', b'1'..=b'9', more @ ..] if more.len() <= 8 && more.iter().all(u8::is_ascii_digit) => Some(
            bytes[1..]
                .iter()
                .fold(0, |sum, digit| sum * 10 - i32::from(digit - b'0')),
        ),
        _ => None,
    }
}

/// The code that is all there is on the first line, with or without its key, and what follows the line.
fn on_first_line(answer: &[u8]) -> Option<(i32, Option<&[u8]>)> {
    let end = answer.iter().position(|b| is_newline(*b));
    let line = strip(&answer[..end.unwrap_or(answer.len())]);
    let keyed = line.len() >= 10 && line[..10].eq_ignore_ascii_case(b"errorcode=");
    let code = as_code(if keyed { &line[10..] } else { line })?;
    Some((code, end.map(|end| &answer[end..])))
}

fn from_lines(code: i32, rest: Option<&[u8]>, closed: bool, asked: Asked<'_>) -> Option<i32> {
    let Some(rest) = rest else {
        return (code == 0 || closed).then_some(code);
    };
    let another = rest.split(|b| is_newline(*b)).any(|line| {
        as_code(strip(line)).is_some()
            || line.split(|b| *b == b'&').any(|pair| {
                letters(key_of(pair)) == b"errorcode" || is_of_another_call(strip(pair), code, asked)
            })
    });
    // The answer's ends are stripped, so further lines are not empty.
    (code != 0 && !another).then_some(code)
}

fn key_of(pair: &[u8]) -> &[u8] {
    pair.split(|b| *b == b'=').next().unwrap_or_default()
}

/// A key's letters and digits in lower case, percent escapes undone: what it would be taken for.
fn letters(key: &[u8]) -> Vec<u8> {
    let mut seen = Vec::new();
    let mut at = 0;
    while at < key.len() {
        let byte = match (key[at], hex(key.get(at + 1)), hex(key.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                at += 2;
                high * 16 + low
            }
            (byte, ..) => byte,
        };
        at += 1;
        if byte.is_ascii_alphanumeric() {
            seen.push(byte.to_ascii_lowercase());
        }
    }
    seen
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    match byte? {
        digit @ b'0'..=b'9' => Some(digit - b'0'),
        letter @ b'a'..=b'f' => Some(letter - b'a' + 10),
        letter @ b'A'..=b'F' => Some(letter - b'A' + 10),
        _ => None,
    }
}

fn from_pairs(answer: &[u8], closed: bool, asked: Asked<'_>) -> Option<i32> {
    let pairs: Vec<&[u8]> = answer
        .strip_suffix(b"&")
        .unwrap_or(answer)
        .split(|b| *b == b'&')
        .collect();
    let closed = closed || answer.ends_with(b"&");
    let mut coded = pairs
        .iter()
        .enumerate()
        .filter(|(_, pair)| letters(key_of(pair)) == b"errorcode");
    let (at, pair) = coded.next()?;
    if coded.next().is_some()
        || pairs
            .iter()
            .any(|pair| SENT.contains(&letters(key_of(pair)).as_slice()))
    {
        return None;
    }
    let (key, value) = pair.split_at_checked(10)?;
    let code = key
        .eq_ignore_ascii_case(b"errorcode=")
        .then(|| as_code(value))
        .flatten()?;
    // The two forms may be mixed, so a line inside of a pair counts too.
    let lines = || answer.split(|b| is_newline(*b) || *b == b'&').map(strip);
    if pairs.iter().any(|pair| is_of_another_call(pair, code, asked))
        || lines().any(|line| is_of_another_call(line, code, asked) || code == 0 && denies_success(line))
    {
        return None;
    }
    let last = at + 1 == pairs.len();
    let certain = if code == 0 {
        // An empty text at the end may be the beginning of one that is not.
        let may_go_on = !last && may_deny_success(pairs[pairs.len() - 1]);
        pairs.iter().all(|pair| is_encoded(pair) && !denies_success(pair)) && (closed || !may_go_on)
    } else {
        pairs[..at].iter().all(|pair| is_encoded(pair)) && (closed || !last)
    };
    certain.then_some(code)
}

/// `[A-Za-z][A-Za-z0-9._-]*=([A-Za-z0-9*._~+!'(),/:;@-]|%[0-9A-Fa-f]{2})*`
fn is_encoded(pair: &[u8]) -> bool {
    let key = key_of(pair);
    let (Some(b'A'..=b'Z' | b'a'..=b'z'), Some(b'=')) = (key.first(), pair.get(key.len())) else {
        return false;
    };
    if !key
        .iter()
        .all(|b| matches!(b, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
    {
        return false;
    }
    let mut value = &pair[key.len() + 1..];
    loop {
        value = match value {
            [] => return true,
            [b'%', high, low, rest @ ..] if hex(Some(high)).is_some() && hex(Some(low)).is_some() => rest,
            [
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' | b'~' | b'+',
                rest @ ..,
            ]
            | [
                b'!' | b'\'' | b'(' | b')' | b',' | b'/' | b':' | b';' | b'@',
                rest @ ..,
            ] => rest,
            _ => return false,
        };
    }
}
