//! How long a text is, as people count.

/// Whether a text has more characters than this. Not by `chars()`, whose decoding is larger.
pub(crate) fn longer_than(text: &str, max_chars: usize) -> bool {
    let mut count = 0;
    for byte in text.bytes() {
        // Every byte but those that continue a character begins one.
        count += usize::from(byte & 0xc0 != 0x80);
    }
    count > max_chars
}
