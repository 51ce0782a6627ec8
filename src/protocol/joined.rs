//! Texts put together and counted: a fifth of the size of the standard library's ways, which are made for speed.

/// The parts, one after the other, in room that is never moved.
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Whether a text has more characters than this.
pub(crate) fn longer_than(text: &str, max_chars: usize) -> bool {
    let mut count = 0;
    for byte in text.bytes() {
        // Every byte but those that continue a character begins one.
        count += usize::from(byte & 0xc0 != 0x80);
    }
    count > max_chars
}
