//! Keeps the login out of every text of the CA that we pass on, whatever way it was written there.

use zeroize::Zeroizing;

use super::escapes::{unescape_backslashes, unescape_html, unescape_percent, unescape_percent_as_latin_1};
use super::length::longer_than;

/// What stands in the place of a text that contained the login.
pub const REDACTED: &str = "[withheld: it contained credentials]";

/// Shorter secrets would be "found" in every text.
const MIN_SECRET_CHARS: usize = 4;
/// Long enough for any message seen; the text is hostile, so it is not passed on at any length.
pub(super) const MAX_TEXT_CHARS: usize = 1024;
/// How often a text may have been encoded on top of itself. Public clients have encoded twice.
const MAX_LAYERS: usize = 3;

/// The text without control characters and at most [`MAX_TEXT_CHARS`] long, or [`REDACTED`] when it contains one of
/// the secrets.
#[cfg(any(test, feature = "client"))]
pub(crate) fn printable(text: &str, secrets: &[&str]) -> String {
    if reveals(text, secrets) {
        REDACTED.to_owned()
    } else {
        clipped(text, MAX_TEXT_CHARS)
    }
}

/// The text without control characters and at most so many characters long.
pub(super) fn clipped(text: &str, longest: usize) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut length = 0;
    for c in text.chars() {
        length += 1;
        if length > longest {
            shown.push('…');
            break;
        }
        shown.push(if c.is_control() { ' ' } else { c });
    }
    shown.trim().to_owned()
}

/// Whether one of the secrets can be read out of the text: as it is, in either case, backwards, in base64 or hex, or
/// under layers of percent, form, HTML or JSON escapes.
pub(crate) fn reveals(text: &str, secrets: &[&str]) -> bool {
    let mut needles = Vec::new();
    for secret in secrets {
        if longer_than(secret, MIN_SECRET_CHARS - 1) {
            needles.push(Needles::of(secret));
        }
    }
    !needles.is_empty() && any_layer(text, &mut |layer| Haystack::of(layer).has_one_of(&needles))
}

/// Whether `found` holds for the text, or for what comes out as its escapes are undone one kind after the other.
fn any_layer(text: &str, found: &mut dyn FnMut(&str) -> bool) -> bool {
    if found(text) {
        return true;
    }
    let mut layer = Zeroizing::new(text.to_owned());
    for _ in 0..MAX_LAYERS {
        let mut escaped = false;
        if unescape_percent_as_latin_1(&layer).is_some_and(|text| found(&text)) {
            return true;
        }
        for unescape in [unescape_percent, unescape_html, unescape_backslashes] {
            if let Some(next) = unescape(&layer) {
                if found(&next) {
                    return true;
                }
                layer = Zeroizing::new(next);
                escaped = true;
            }
        }
        if !escaped {
            break;
        }
    }
    false
}

/// One secret in the forms that are searched for as they are.
struct Needles {
    plain: Vec<Zeroizing<String>>,
    hex: Zeroizing<String>,
    base64: [Zeroizing<String>; 3],
}

impl Needles {
    fn of(secret: &str) -> Needles {
        let mut plain = vec![fold(&mut secret.chars().rev())];
        if !secret.is_ascii() {
            // UTF-8 that was read as Latin-1 on the way.
            plain.push(fold(&mut secret.bytes().map(char::from)));
        }
        // As it is; and without its own escapes, which do not survive the undoing of escapes around it.
        any_layer(secret, &mut |layer| {
            plain.push(fold(&mut layer.chars()));
            false
        });
        Needles {
            plain: plain.into_iter().map(Zeroizing::new).collect(),
            hex: Zeroizing::new(hex_digits(secret.as_bytes())),
            base64: [0, 1, 2].map(|shift| Zeroizing::new(base64_inside(secret.as_bytes(), shift))),
        }
    }
}

/// A text in the forms that needles are searched in.
struct Haystack {
    folded: String,
    hex: String,
    base64: String,
}

impl Haystack {
    fn of(text: &str) -> Haystack {
        let folded = fold(&mut text.chars());
        Haystack {
            hex: hex_of(&folded),
            base64: base64_of(text),
            folded,
        }
    }

    fn has_one_of(&self, needles: &[Needles]) -> bool {
        needles.iter().any(|needles| {
            needles.plain.iter().any(|needle| contains(&self.folded, needle))
                || contains(&self.hex, &needles.hex)
                || needles.base64.iter().any(|needle| contains(&self.base64, needle))
        })
    }
}

/// Whether the needle occurs. Not `str::contains`: its searcher is bigger than all of this file, and quicker only for
/// needles that nobody has.
fn contains(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let Some(first) = needle.first() else {
        return true;
    };
    let mut bytes = text.iter().enumerate();
    bytes.any(|(at, byte)| byte == first && text.get(at..).is_some_and(|rest| rest.starts_with(needle)))
}

/// Without the difference of case (`ß` is `SS` in capitals), of a form's `+` and a space, and of control characters,
/// which are shown as spaces.
fn fold(chars: &mut dyn Iterator<Item = char>) -> String {
    // Room for all of a usual text at once: a secret's text leaves no beginnings behind.
    let mut folded = String::with_capacity(chars.size_hint().1.unwrap_or_default());
    for c in chars {
        match c {
            '+' => folded.push(' '),
            'ß' | 'ẞ' => folded.push_str("ss"),
            'İ' => folded.push_str("i\u{307}"),
            c if c.is_control() => folded.push(' '),
            c => folded.push(small_letter(c)),
        }
    }
    folded
}

/// The small letter of a Latin, Greek or Cyrillic one, by arithmetic: the tables for all scripts are bigger than the
/// rest of the client. Beyond these, a text in other case than the secret is not recognised.
fn small_letter(c: char) -> char {
    let code = u32::from(c);
    let small = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a1 | 0x3a3..=0x3ab | 0x410..=0x42f => {
            code + 0x20
        }
        // The micro sign, and the sigma at the end of a word.
        0xb5 => 0x3bc,
        0x3c2 => 0x3c3,
        // Capital and small letter side by side, the capital even or odd.
        0x100..=0x12f | 0x132..=0x137 | 0x14a..=0x177 => code | 1,
        0x460..=0x481 | 0x48a..=0x4bf | 0x4d0..=0x52f => code | 1,
        0x139..=0x148 | 0x179..=0x17e => code + code % 2,
        0x131 => 0x69,
        0x178 => 0xff,
        0x17f => 0x73,
        0x386 => 0x3ac,
        0x388..=0x38a => code + 0x25,
        0x38c => 0x3cc,
        0x38e | 0x38f => code + 0x3f,
        0x400..=0x40f => code + 0x50,
        _ => code,
    };
    char::from_u32(small).unwrap_or(c)
}

/// The hex digits of a text, without those of the `0x` before them.
fn hex_of(folded: &str) -> String {
    let mut hex = String::with_capacity(folded.len());
    let mut rest = folded.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match tail {
            [b'x', tail @ ..] if *byte == b'0' => rest = tail,
            _ if byte.is_ascii_hexdigit() => hex.push(char::from(*byte)),
            _ => {}
        }
    }
    hex
}

fn hex_digits(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            digits.push(char::from(if digit < 10 {
                b'0' + digit
            } else {
                b'a' + digit - 10
            }));
        }
    }
    digits
}

/// A text without white space, in the usual alphabet of base64.
fn base64_of(text: &str) -> String {
    let mut base64 = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '-' => base64.push('+'),
            '_' => base64.push('/'),
            c if c.is_whitespace() => {}
            c => base64.push(c),
        }
    }
    base64
}

/// The base64 characters that `bytes` alone decide when `shift` other bytes stand before them in their group.
fn base64_inside(bytes: &[u8], shift: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut letters = String::with_capacity(bytes.len() * 2);
    // The bits of the group that other bytes have a part in are waited for and passed over.
    let mut unknown = (shift * 8).div_ceil(6) * 6 - shift * 8;
    let (mut bits, mut count) = (0_usize, 0);
    for byte in bytes {
        bits = bits << 8 | usize::from(*byte);
        count += 8;
        if unknown > 0 {
            count -= unknown;
            unknown = 0;
        }
        while count >= 6 {
            count -= 6;
            letters.push(ALPHABET.get(bits >> count & 63).copied().map_or('A', char::from));
        }
        bits &= 0xff;
    }
    letters
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::protocol::Credentials;

    fn shown(text: &str) -> String {
        let credentials = Credentials::new("abc", "pä&s+w=\"rd%").unwrap();
        printable(text, &credentials.secrets())
    }

    #[test]
    fn every_usual_encoding_of_a_secret_is_found() {
        let texts = [
            "x pä&s+w=\"rd% y",
            "PÄ&S+W=\"RD%",
            "p%C3%A4%26s%2Bw%3D%22rd%25",
            "p%c3%a4&s+w=%22rd%",
            "p%25C3%25A4%2526s%252Bw%253D%2522rd%2525",
            "p&auml;&s"
                .replace("&auml;&s", "&#228;&amp;s+w=&quot;rd%")
                .as_str(),
            "p&#xe4;&#38;s&#43;w&#61;&#34;rd&#37;",
            r#"p\u00e4&s+w=\"rd%"#,
            "%dr\"=w+s&äp",
            "70c3a42673 2b773d22726425",
            "70:C3:A4:26:73:2B:77:3D:22:72:64:25",
            r"\x70\xc3\xa4\x26\x73\x2b\x77\x3d\x22\x72\x64\x25",
            "cMOkJnMrdz0icmQl",
            "YWJjOnDDpCZzK3c9InJkJQ==",
            "eHg6cMOkJnMrdz0icmQl",
            "pÃ¤&s+w=\"rd%",
        ]
        .map(str::to_owned);
        for text in texts {
            assert_eq!(shown(&text), REDACTED, "{text}");
        }
    }

    #[test]
    fn letters_are_folded_as_unicode_does_it() {
        let ranges = [
            '\0'..='\u{148}',
            '\u{14a}'..='\u{17f}',
            '\u{386}'..='\u{38f}',
            '\u{391}'..='\u{3af}',
        ];
        let more = [
            '\u{3b1}'..='\u{3ce}',
            '\u{400}'..='\u{4bf}',
            '\u{4d0}'..='\u{52f}',
        ];
        for c in ranges.into_iter().chain(more).flatten() {
            let folded = |text: String| fold(&mut text.chars());
            let upper = folded(c.to_uppercase().collect());
            assert_eq!(folded(c.into()), upper, "{c}");
            assert_eq!(folded(c.to_lowercase().collect()), upper, "{c}");
        }
    }

    #[test]
    fn other_texts_are_kept_clipped_and_printable() {
        assert_eq!(
            shown("The 'abc' argument\u{7} is\nmissing!"),
            "The 'abc' argument  is missing!"
        );
        let long = shown(&"é".repeat(5000));
        assert_eq!(long.chars().count(), MAX_TEXT_CHARS + 1);
    }
}
