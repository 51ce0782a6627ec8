//! Text in UTF-8, or in UTF-16 with a byte order mark, as UTF-8 without a mark.

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

    /// Appends text that has no mark as UTF-8, as far as its last character has come, and gives the rest. By hand: the standard
    /// library's way is twice as large.
    pub(crate) fn decode<'a>(self, mut bytes: &'a [u8], text: &mut Vec<u8>) -> &'a [u8] {
        if self == Encoding::Utf8 {
            text.extend_from_slice(bytes);
            return &[];
        }
        let code = |one: u8, other: u8| match self {
            Encoding::Utf16Be => u32::from_be_bytes([0, 0, one, other]),
            _ => u32::from_be_bytes([0, 0, other, one]),
        };
        while let [one, other, rest @ ..] = bytes {
            let (mut c, mut after) = (code(*one, *other), rest);
            if (0xD800..0xDC00).contains(&c) {
                // The second half of this character may be still to come.
                let [one, other, rest @ ..] = rest else { break };
                let half = code(*one, *other);
                if (0xDC00..0xE000).contains(&half) {
                    c = 0x10000 + ((c - 0xD800) << 10) + (half - 0xDC00);
                    after = rest;
                }
            }
            match char::from_u32(c) {
                Some(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => text.push(NO_TEXT),
            }
            bytes = after;
        }
        bytes
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
