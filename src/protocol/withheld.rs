//! Keeps the login out of every text of the CA that we pass on, whatever way it was written there.

use zeroize::Zeroizing;

use super::escapes::{unescape_backslashes, unescape_html, unescape_percent, unescape_percent_as_latin_1};
use super::letter_case::push_without_case;

/// What stands in the place of a text that contained the login.
pub const WITHHELD: &str = "[withheld: it contained credentials]";

/// Shorter secrets would be "found" in every text.
const MIN_SECRET_CHARS: usize = 4;
/// Long enough for any message seen; the text is hostile, so it is not passed on at any length.
const MAX_TEXT_CHARS: usize = 1024;
/// How often a text may have been encoded on top of itself. Public clients have encoded twice.
const MAX_LAYERS: usize = 3;

/// The text without control characters and at most [`MAX_TEXT_CHARS`] long, or [`WITHHELD`] when it contains one of
/// the secrets.
#[cfg(any(test, all(feature = "client", target_arch = "wasm32")))]
pub(crate) fn printable(text: &str, secrets: &[&str]) -> String {
    if reveals(text, secrets) {
        WITHHELD.to_owned()
    } else {
        clipped(text)
    }
}

/// The text without control characters and at most [`MAX_TEXT_CHARS`] long.
pub(super) fn clipped(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(MAX_TEXT_CHARS)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(MAX_TEXT_CHARS).is_some() {
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// Whether one of the secrets can be read out of the text: as it is, in either case, backwards, in base64 or hex, or
/// under layers of percent, form, HTML or JSON escapes.
pub(super) fn reveals(text: &str, secrets: &[&str]) -> bool {
    let long_enough = secrets
        .iter()
        .filter(|secret| secret.chars().nth(MIN_SECRET_CHARS - 1).is_some());
    let needles: Vec<Needles> = long_enough.map(|secret| Needles::of(secret)).collect();
    !needles.is_empty() && any_layer(text, |layer| Haystack::of(layer).has_one_of(&needles))
}

/// Whether `found` holds for the text, or for what comes out as its escapes are undone one kind after the other.
fn any_layer(text: &str, mut found: impl FnMut(&str) -> bool) -> bool {
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
        let mut plain = vec![fold(secret.chars().rev())];
        if !secret.is_ascii() {
            // UTF-8 that was read as Latin-1 on the way.
            plain.push(fold(secret.bytes().map(char::from)));
        }
        // As it is; and without its own escapes, which do not survive the undoing of escapes around it.
        any_layer(secret, |layer| {
            plain.push(fold(layer.chars()));
            false
        });
        Needles {
            plain: plain.into_iter().map(Zeroizing::new).collect(),
            hex: Zeroizing::new(secret.bytes().flat_map(hex_digits).collect()),
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
        let folded = fold(text.chars());
        Haystack {
            hex: folded
                .replace("0x", "")
                .chars()
                .filter(char::is_ascii_hexdigit)
                .collect(),
            base64: text
                .chars()
                .filter(|c| !c.is_whitespace())
                .map(standard_base64)
                .collect(),
            folded,
        }
    }

    fn has_one_of(&self, needles: &[Needles]) -> bool {
        needles.iter().any(|needles| {
            needles
                .plain
                .iter()
                .any(|needle| self.folded.contains(needle.as_str()))
                || self.hex.contains(needles.hex.as_str())
                || needles
                    .base64
                    .iter()
                    .any(|needle| self.base64.contains(needle.as_str()))
        })
    }
}

/// Without the difference of case (`ß` is `SS` in capitals), of a form's `+` and a space, and of control characters,
/// which are shown as spaces.
fn fold(chars: impl Iterator<Item = char>) -> String {
    // Room for all of a usual text at once: a secret's text leaves no beginnings behind.
    let mut folded = String::with_capacity(chars.size_hint().1.unwrap_or_default());
    for c in chars {
        match c {
            '+' => folded.push(' '),
            c if c.is_control() => folded.push(' '),
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            c => push_without_case(&mut folded, c),
        }
    }
    folded
}

fn hex_digits(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or_default())
}

fn standard_base64(c: char) -> char {
    match c {
        '-' => '+',
        '_' => '/',
        other => other,
    }
}

/// The base64 characters that `bytes` alone decide when `shift` other bytes stand before them in their group.
fn base64_inside(bytes: &[u8], shift: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let first_bit = shift * 8;
    let end_bit = first_bit + bytes.len() * 8;
    let bit = |at: usize| -> usize {
        let at = at - first_bit;
        bytes
            .get(at / 8)
            .map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1))
    };
    (first_bit.div_ceil(6)..end_bit / 6)
        .map(|group| (0..6).fold(0, |value, i| value << 1 | bit(group * 6 + i)))
        .map(|value| ALPHABET.get(value).copied().map_or('A', char::from))
        .collect()
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
            assert_eq!(shown(&text), WITHHELD, "{text}");
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
