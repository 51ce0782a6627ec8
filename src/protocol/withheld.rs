//! Keeps the login out of every text of the CA that we pass on, whatever way it was written there.

use super::Credentials;

/// What stands in the place of a text that contained the login.
pub const WITHHELD: &str = "[withheld: it contained credentials]";

/// Shorter secrets would be "found" in every text.
const MIN_SECRET_CHARS: usize = 4;
/// Long enough for any message seen; the text is hostile, so it is not passed on at any length.
const MAX_TEXT_CHARS: usize = 1024;
/// How often a text may have been encoded on top of itself. Public clients have encoded twice.
const MAX_LAYERS: usize = 3;

/// The text without control characters and at most [`MAX_TEXT_CHARS`] long, or [`WITHHELD`].
pub(super) fn printable(text: &str, credentials: &Credentials) -> String {
    let secrets = [credentials.login_name(), credentials.login_password()];
    if secrets.iter().any(|secret| secret.chars().count() >= MIN_SECRET_CHARS && reveals(text, secret)) {
        return WITHHELD.to_owned();
    }
    let mut shown: String =
        text.chars().take(MAX_TEXT_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > MAX_TEXT_CHARS {
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// Whether the secret can be read out of the text: as it is, in either case, backwards, in base64 or hex, or
/// under layers of percent, form, HTML or JSON escapes.
fn reveals(text: &str, secret: &str) -> bool {
    let needles = Needles::of(secret);
    let mut layer = text.to_owned();
    for _ in 0..=MAX_LAYERS {
        if needles.are_in(&layer) {
            return true;
        }
        for unescape in [unescape_percent, unescape_html, unescape_backslashes] {
            layer = unescape(&layer);
            if needles.are_in(&layer) {
                return true;
            }
        }
    }
    false
}

/// One secret in the forms that are searched for as they are.
struct Needles {
    plain: Vec<String>,
    hex: String,
    base64: Vec<String>,
}

impl Needles {
    fn of(secret: &str) -> Needles {
        let folded = fold(secret);
        // UTF-8 that was read as Latin-1 on the way.
        let misread = fold(&secret.bytes().map(char::from).collect::<String>());
        let backwards = folded.chars().rev().collect();
        Needles {
            plain: vec![folded, misread, backwards],
            hex: secret.bytes().flat_map(hex_digits).collect(),
            base64: (0..3).map(|shift| base64_inside(secret.as_bytes(), shift)).collect(),
        }
    }

    fn are_in(&self, text: &str) -> bool {
        let folded = fold(text);
        let spaced = folded.replace('+', " ");
        let hex: String = folded.replace("0x", "").chars().filter(char::is_ascii_hexdigit).collect();
        let base64: String = text.chars().filter(|c| !c.is_whitespace()).map(standard_base64).collect();
        self.plain.iter().any(|needle| folded.contains(needle) || spaced.contains(needle))
            || hex.contains(&self.hex)
            || self.base64.iter().any(|needle| base64.contains(needle))
    }
}

fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
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
        bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1))
    };
    (first_bit.div_ceil(6)..end_bit / 6)
        .map(|group| (0..6).fold(0, |value, i| value << 1 | bit(group * 6 + i)))
        .map(|value| ALPHABET.get(value).copied().map_or('A', char::from))
        .collect()
}

fn unescape_percent(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn unescape_html(text: &str) -> String {
    const NAMED: [(&str, char); 6] =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' ')];
    replace_escapes(text, '&', |rest| {
        let end = rest.find(';').filter(|end| *end <= 10)?;
        let name = rest.get(..end)?;
        let c = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?,
                None => number.parse().ok().and_then(char::from_u32)?,
            },
            None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)?,
        };
        Some((c, end + 1))
    })
}

fn unescape_backslashes(text: &str) -> String {
    replace_escapes(text, '\\', |rest| {
        let first = rest.chars().next()?;
        let digits = match first {
            'u' => 4,
            'x' => 2,
            other => return Some((other, other.len_utf8())),
        };
        let hex = rest.get(1..1 + digits)?;
        let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
        Some((c, 1 + digits))
    })
}

/// Replaces what `read` recognises behind each `mark` (it gives the character and the length of what it read).
fn replace_escapes(text: &str, mark: char, read: impl Fn(&str) -> Option<(char, usize)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        match read(after).and_then(|(c, length)| after.get(length..).map(|tail| (c, tail))) {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push(mark);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(text: &str) -> String {
        let credentials = Credentials::new("abc", "pä&s+w=\"rd%").unwrap();
        printable(text, &credentials)
    }

    #[test]
    fn every_usual_encoding_of_a_secret_is_found() {
        let texts = [
            "x pä&s+w=\"rd% y",
            "PÄ&S+W=\"RD%",
            "p%C3%A4%26s%2Bw%3D%22rd%25",
            "p%c3%a4&s+w=%22rd%",
            "p%25C3%25A4%2526s%252Bw%253D%2522rd%2525",
            "p&auml;&s".replace("&auml;&s", "&#228;&amp;s+w=&quot;rd%").as_str(),
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
        assert_eq!(shown("The 'abc' argument\u{7} is\nmissing!"), "The 'abc' argument  is missing!");
        let long = shown(&"é".repeat(5000));
        assert_eq!(long.chars().count(), MAX_TEXT_CHARS + 1);
    }
}
