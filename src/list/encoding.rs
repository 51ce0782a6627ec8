//! The text of a list, or why it is none: how it is encoded is named.

use std::borrow::Cow;

use crate::encoding::Encoding;

const UTF_8: &[u8] = b"\xEF\xBB\xBF";
const UTF_32_LE: &[u8] = b"\xFF\xFE\0\0";
const UTF_32_BE: &[u8] = b"\0\0\xFE\xFF";

/// What to do about any other encoding, whatever it is.
pub(super) const NOT_UTF_8: &str = "is not UTF-8: save it as CSV UTF-8";

/// The text as UTF-8. Without a mark of UTF-16 the bytes stay as they are: whether they are UTF-8 is seen where they are read.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, [u8]>, &'static str> {
    if bytes.starts_with(UTF_32_LE) || bytes.starts_with(UTF_32_BE) {
        return Err("is UTF-32: save it as CSV UTF-8");
    }
    let (encoding, rest) = Encoding::of(bytes);
    let text: Cow<[u8]> = match encoding {
        Encoding::Utf8 => rest.into(),
        _ => utf_16(encoding, rest)?.into(),
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

fn utf_16(encoding: Encoding, bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut text = Vec::with_capacity(bytes.len() / 2);
    let rest = encoding.decode(bytes, &mut text);
    if !bytes.len().is_multiple_of(2) {
        Err("is not well-formed UTF-16: it ends in the middle of a character")
    } else if !rest.is_empty() || std::str::from_utf8(&text).is_err() {
        Err("is not well-formed UTF-16: it is damaged, or was cut")
    } else {
        Ok(text)
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
