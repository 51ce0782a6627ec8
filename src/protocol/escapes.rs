//! Reads what servers write: bytes of either usual character set, and percent, HTML and backslash escapes.

use std::borrow::Cow;

use super::decimal::read_decimal;

/// The text of these bytes: UTF-8, and whatever is none of it as Latin-1, which has been seen.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().copied().map(char::from));
    }
    text
}

/// A form's key or value, decoded.
pub(super) fn form_text(encoded: &str) -> String {
    let spaced = encoded.replace('+', " ");
    unescape_percent(&spaced).unwrap_or(spaced)
}

/// The text with its percent escapes undone, if it has any.
pub(super) fn unescape_percent(text: &str) -> Option<String> {
    percent_decoded(text).map(|bytes| text_of(&bytes))
}

/// The same where the escapes were Latin-1: two such letters may look like one of UTF-8.
pub(super) fn unescape_percent_as_latin_1(text: &str) -> Option<String> {
    let bytes = percent_decoded(text).filter(|bytes| !bytes.is_ascii())?;
    Some(bytes.into_iter().map(char::from).collect())
}

fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    match percent_encoding::percent_decode_str(text).into() {
        Cow::Borrowed(_) => None,
        Cow::Owned(bytes) => Some(bytes),
    }
}

/// The text with its HTML escapes undone, if it has any: by number, and by name those of Latin-1 (HTML 4, 24.2)
/// and of what HTML itself needs.
pub(super) fn unescape_html(text: &str) -> Option<String> {
    const LONGEST: usize = 10;
    replace_escapes(text, b'&', |rest| {
        let end = rest.bytes().take(LONGEST + 1).position(|b| b == b';')?;
        let name = rest.get(..end)?;
        let c = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(digits) => hex(Some(digits)).and_then(char::from_u32)?,
                None => u32::try_from(read_decimal(number)?)
                    .ok()
                    .and_then(char::from_u32)?,
            },
            None => named(name)?,
        };
        Some((c, end + 1))
    })
}

/// In either case, as the search for secrets is.
fn named(name: &str) -> Option<char> {
    const NEEDED: [(&str, char); 6] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("euro", '€'),
    ];
    /// What a page loads to revoke knows no secret but a token, which is ASCII.
    const SECRETS_ARE_ASCII: bool = cfg!(all(
        feature = "client",
        not(feature = "full"),
        not(feature = "edge")
    ));
    /// From U+00A0 on, without a gap.
    const LATIN_1: &str = if SECRETS_ARE_ASCII {
        ""
    } else {
        "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
        sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest agrave aacute acirc atilde \
        auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde \
        ouml times oslash ugrave uacute ucirc uuml yacute thorn szlig agrave aacute acirc atilde auml aring aelig \
        ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide \
        oslash ugrave uacute ucirc uuml yacute thorn yuml"
    };
    let needed = NEEDED
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, c)| *c);
    needed.or_else(|| {
        let at = LATIN_1
            .split(' ')
            .position(|known| !known.is_empty() && known.eq_ignore_ascii_case(name))?;
        char::from_u32(0xa0 + u32::try_from(at).ok()?)
    })
}

/// The number of one to eight hex digits.
fn hex(digits: Option<&str>) -> Option<u32> {
    let digits = digits.filter(|digits| (1..=8).contains(&digits.len()))?;
    let mut number = 0;
    for byte in digits.bytes() {
        number = number << 4 | char::from(byte).to_digit(16)?;
    }
    Some(number)
}

/// The text with the backslash escapes of JSON and its like undone, if it has any.
pub(super) fn unescape_backslashes(text: &str) -> Option<String> {
    replace_escapes(text, b'\\', |rest| match rest.chars().next()? {
        'x' => Some((char::from_u32(hex(rest.get(1..3))?)?, 3)),
        'u' => match hex(rest.get(1..5))? {
            high @ 0xd800..=0xdbff => {
                let low = hex(rest.get(5..11)?.strip_prefix("\\u"))
                    .filter(|low| (0xdc00..=0xdfff).contains(low))?;
                Some((
                    char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?,
                    11,
                ))
            }
            unit => Some((char::from_u32(unit)?, 5)),
        },
        other => Some((other, other.len_utf8())),
    })
}

/// Replaces what `read` recognises behind each `mark`; it gives the character and the length of what it read. Copies
/// nothing while there is nothing to replace: the text may be a secret.
fn replace_escapes(text: &str, mark: u8, read: fn(&str) -> Option<(char, usize)>) -> Option<String> {
    let mut out = String::new();
    let mut uncopied = text;
    let mut rest = text;
    while let Some((before, after)) = cut(rest, mark) {
        rest = after;
        if let Some((c, length)) = read(after)
            && let Some(tail) = after.get(length..)
        {
            let skipped = uncopied.len() - before.len() - after.len() - 1;
            out.push_str(uncopied.get(..skipped + before.len()).unwrap_or_default());
            out.push(c);
            (uncopied, rest) = (tail, tail);
        }
    }
    if out.is_empty() {
        return None;
    }
    out.push_str(uncopied);
    Some(out)
}

/// What stands before and behind the first ASCII character of this kind.
fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == mark)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}
