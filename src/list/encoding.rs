//! The text of a file in UTF-8 or UTF-16 with a byte order mark, as UTF-8 without one.

use std::borrow::Cow;

const UTF_8: &[u8] = b"\xEF\xBB\xBF";
const UTF_16_LE: &[u8] = b"\xFF\xFE";
const UTF_16_BE: &[u8] = b"\xFE\xFF";
const UTF_32_LE: &[u8] = b"\xFF\xFE\0\0";
const UTF_32_BE: &[u8] = b"\0\0\xFE\xFF";

/// What to do about any other encoding, whatever it is.
pub(super) const NOT_UTF_8: &str = "is not UTF-8: save it as CSV UTF-8";

/// The text as UTF-8. Without a mark of UTF-16 the bytes stay as they are: whether they are UTF-8 is seen where they are read.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, [u8]>, &'static str> {
    if bytes.starts_with(UTF_32_LE) || bytes.starts_with(UTF_32_BE) {
        return Err("is UTF-32: save it as CSV UTF-8");
    }
    let text: Cow<[u8]> = if let Some(units) = bytes.strip_prefix(UTF_16_LE) {
        utf_16(units, u16::from_le_bytes)?.into()
    } else if let Some(units) = bytes.strip_prefix(UTF_16_BE) {
        utf_16(units, u16::from_be_bytes)?.into()
    } else {
        bytes.strip_prefix(UTF_8).unwrap_or(bytes).into()
    };
    // Another one would stick to the first name, and nobody would see it.
    if text.starts_with(UTF_8) {
        return Err("has more than one byte order mark: it was put together of several files");
    }
    match text.iter().position(|byte| *byte == 0) {
        None => Ok(text),
        Some(at) if is_utf_16(bytes, at) => {
            Err("is UTF-16 without a byte order mark: save it as CSV UTF-8, or with the mark")
        }
        Some(_) => Err("has NUL characters in it: it is no text, or it is damaged"),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Vec<u8>, &'static str> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text = String::with_capacity(bytes.len() / 2);
    for c in char::decode_utf16(units) {
        text.push(c.map_err(|_| "is not well-formed UTF-16: it is damaged, or was cut")?);
    }
    if rest.is_empty() {
        Ok(text.into_bytes())
    } else {
        Err("is not well-formed UTF-16: it ends in the middle of a character")
    }
}

/// Whether what begins here looks like Latin letters of two octets each, where the first zero octet is at `zero`.
fn is_utf_16(bytes: &[u8], zero: usize) -> bool {
    let start = bytes.get(..bytes.len().min(64) & !1).unwrap_or_default();
    let zeros = |at: usize| start.iter().skip(at).step_by(2).all(|byte| *byte == 0);
    zero < 2 && (zeros(0) != zeros(1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn utf_8_and_utf_16_with_a_mark_are_read() {
        for bytes in [
            &b"a\xC3\xBC"[..],
            b"\xEF\xBB\xBFa\xC3\xBC",
            b"\xFF\xFEa\0\xFC\0",
            b"\xFE\xFF\0a\0\xFC",
        ] {
            assert_eq!(decoded(bytes).as_deref(), Ok("aü".as_bytes()), "{bytes:?}");
        }
    }

    #[test]
    fn another_encoding_is_named() {
        for (bytes, part) in [
            (&b"a\0b\0"[..], "UTF-16 without"),
            (b"\0a\0b", "UTF-16 without"),
            (b"ab\0", "NUL"),
            (b"\xFF\xFEa\0\0\0", "NUL"),
            (b"\xFF\xFEa\0\xFC", "middle of a character"),
            (b"\xFF\xFE\0\xD8a\0", "not well-formed"),
            (b"\xFF\xFE\0\0a\0\0\0", "UTF-32"),
            (b"\xEF\xBB\xBF\xEF\xBB\xBFa", "more than one"),
        ] {
            let fault = decoded(bytes).unwrap_err();
            assert!(fault.contains(part), "{bytes:?}: {fault}");
        }
    }
}
