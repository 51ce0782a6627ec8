//! Text in UTF-8, or in UTF-16 with a byte order mark, as UTF-8 without a mark.

use std::ops::Range;

/// How a text is encoded, as its byte order mark says. Without one it is UTF-8, if it is text at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// Bytes of a mark, at most.
pub(crate) const LONGEST_MARK: usize = 3;
/// It is in no UTF-8, so that what cannot be decoded stays what it is: no text.
pub(crate) const NO_TEXT: u8 = 0xFF;
/// The first of two units that are one character (Unicode, "high surrogates").
const FIRST_HALVES: Range<u16> = 0xD800..0xDC00;

impl Encoding {
    /// How these bytes are encoded, and what follows their mark.
    pub(crate) fn of(bytes: &[u8]) -> (Encoding, &[u8]) {
        match bytes {
            [0xFF, 0xFE, rest @ ..] => (Encoding::Utf16Le, rest),
            [0xFE, 0xFF, rest @ ..] => (Encoding::Utf16Be, rest),
            [0xEF, 0xBB, 0xBF, rest @ ..] => (Encoding::Utf8, rest),
            _ => (Encoding::Utf8, bytes),
        }
    }

    /// Appends text that has no mark as UTF-8, as far as its last character has come, and gives the rest.
    pub(crate) fn decode<'a>(self, bytes: &'a [u8], text: &mut Vec<u8>) -> &'a [u8] {
        let unit: fn([u8; 2]) -> u16 = match self {
            Encoding::Utf8 => {
                text.extend_from_slice(bytes);
                return &[];
            }
            Encoding::Utf16Le => u16::from_le_bytes,
            Encoding::Utf16Be => u16::from_be_bytes,
        };
        let (mut pairs, _) = bytes.as_chunks::<2>();
        if let [before @ .., last] = pairs
            && FIRST_HALVES.contains(&unit(*last))
        {
            // The second half of this character may be still to come.
            pairs = before;
        }
        for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
            match c {
                Ok(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(_) => text.push(NO_TEXT),
            }
        }
        bytes.get(2 * pairs.len()..).unwrap_or_default()
    }
}

/// The whole of a text.
pub(crate) fn decoded(bytes: &[u8]) -> Vec<u8> {
    let (encoding, rest) = Encoding::of(bytes);
    let mut text = Vec::new();
    if !encoding.decode(rest, &mut text).is_empty() {
        text.push(NO_TEXT);
    }
    text
}

/// Whether this is text that was decoded: UTF-8 without a NUL, which stands in what was read in another encoding than its own.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}
