//! The ways in which a server may write a text that it was sent, each by hand.

use std::fmt::Write;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Raw,
    PercentUpper,
    PercentLower,
    PercentEveryByte,
    PercentLatin1,
    Form,
    HtmlDecimal,
    HtmlHex,
    HtmlNamed,
    Json,
    JsonAscii,
    Base64 { shift: usize, url: bool },
    Hex { upper: bool, between: &'static str },
    Reversed,
    UpperCase,
    LowerCase,
}

use Encoding::*;

pub const ALL: [Encoding; 26] = [
    Raw,
    PercentUpper,
    PercentLower,
    PercentEveryByte,
    PercentLatin1,
    Form,
    HtmlDecimal,
    HtmlHex,
    HtmlNamed,
    Json,
    JsonAscii,
    Base64 { shift: 0, url: false },
    Base64 { shift: 1, url: false },
    Base64 { shift: 2, url: false },
    Base64 { shift: 0, url: true },
    Base64 { shift: 1, url: true },
    Base64 { shift: 2, url: true },
    Hex {
        upper: false,
        between: "",
    },
    Hex {
        upper: true,
        between: "",
    },
    Hex {
        upper: false,
        between: ":",
    },
    Hex {
        upper: true,
        between: " ",
    },
    Hex {
        upper: false,
        between: "\\x",
    },
    Hex {
        upper: false,
        between: ", 0x",
    },
    Reversed,
    UpperCase,
    LowerCase,
];

/// Those that may be put on top of each other: what they make, a reader undoes.
pub const ESCAPES: [Encoding; 10] = [
    PercentUpper,
    PercentLower,
    PercentEveryByte,
    Form,
    HtmlDecimal,
    HtmlHex,
    HtmlNamed,
    Json,
    JsonAscii,
    Raw,
];

impl Encoding {
    pub fn of(self, text: &str) -> String {
        match self {
            Raw => text.to_owned(),
            PercentUpper => percent(text.as_bytes(), |byte| !unreserved(byte), true),
            PercentLower => percent(text.as_bytes(), |byte| !unreserved(byte), false),
            PercentEveryByte => percent(text.as_bytes(), |_| true, true),
            PercentLatin1 => match text
                .chars()
                .map(|c| u8::try_from(c).ok())
                .collect::<Option<Vec<u8>>>()
            {
                Some(latin) => percent(&latin, |byte| !unreserved(byte), true),
                None => percent(text.as_bytes(), |byte| !unreserved(byte), true),
            },
            Form => {
                percent(text.as_bytes(), |byte| !unreserved(byte) && byte != b' ', true).replace(' ', "+")
            }
            HtmlDecimal => text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
            HtmlHex => text.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect(),
            HtmlNamed => text.chars().map(named).collect(),
            Json => text
                .chars()
                .map(|c| {
                    if "\"\\/".contains(c) {
                        format!("\\{c}")
                    } else {
                        c.into()
                    }
                })
                .collect(),
            JsonAscii => json_ascii(text),
            Base64 { shift, url } => base64(&[&b"x:"[..shift], text.as_bytes(), b"~"].concat(), url),
            Hex { upper, between } => {
                let hex = |byte: &u8| {
                    if upper {
                        format!("{byte:02X}")
                    } else {
                        format!("{byte:02x}")
                    }
                };
                text.as_bytes().iter().map(hex).collect::<Vec<_>>().join(between)
            }
            Reversed => text.chars().rev().collect(),
            UpperCase => in_other_case(text, |c| c.to_uppercase().collect()),
            LowerCase => in_other_case(text, |c| c.to_lowercase().collect()),
        }
    }
}

fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._*".contains(&byte)
}

fn percent(bytes: &[u8], escaped: impl Fn(u8) -> bool, upper: bool) -> String {
    let mut out = String::new();
    for byte in bytes {
        let _ = match (escaped(*byte), upper) {
            (false, _) => write!(out, "{}", char::from(*byte)),
            (true, true) => write!(out, "%{byte:02X}"),
            (true, false) => write!(out, "%{byte:02x}"),
        };
    }
    out
}

/// Latin, Greek and Cyrillic letters in other case. Those of other scripts, ligatures and letters that become several
/// are left as they are: tables for them weigh more than all of the client, and an answer with a password of such
/// letters in other case than it was sent has not been seen.
fn in_other_case(text: &str, other: impl Fn(char) -> String) -> String {
    let is_known = |c: char| {
        matches!(c, '\0'..='\u{148}' | '\u{14a}'..='\u{17f}' | '\u{386}'..='\u{38f}' | '\u{391}'..='\u{3af}'
            | '\u{3b1}'..='\u{3ce}' | '\u{400}'..='\u{4bf}' | '\u{4d0}'..='\u{52f}')
    };
    text.chars()
        .map(|c| if is_known(c) { other(c) } else { c.to_string() })
        .collect()
}

fn named(c: char) -> String {
    let name = match c {
        '&' => "amp",
        '<' => "lt",
        '>' => "gt",
        '"' => "quot",
        '\'' => "apos",
        'ä' => "auml",
        'Ö' => "Ouml",
        'ü' => "uuml",
        'ß' => "szlig",
        'é' => "eacute",
        'ñ' => "ntilde",
        '£' => "pound",
        'ÿ' => "yuml",
        '÷' => "divide",
        '€' => "euro",
        other => return other.into(),
    };
    format!("&{name};")
}

fn json_ascii(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                let _ = write!(out, "\\u{unit:04x}");
            });
        }
    }
    out
}

fn base64(bytes: &[u8], url: bool) -> String {
    let letters = match url {
        false => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=",
        true => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=",
    };
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let [first, second, third] = [0, 1, 2].map(|at| group.get(at).copied().unwrap_or(0));
        let sextets = [
            first >> 2,
            (first & 3) << 4 | second >> 4,
            (second & 15) << 2 | third >> 6,
            third & 63,
        ];
        for (at, sextet) in sextets.into_iter().enumerate() {
            out.push(char::from(
                letters[if at <= group.len() {
                    usize::from(sextet)
                } else {
                    64
                }],
            ));
        }
    }
    out
}

#[test]
fn they_are_what_their_names_say() {
    assert_eq!(PercentLower.of("ä &"), "%c3%a4%20%26");
    assert_eq!(PercentLatin1.of("ä"), "%E4");
    assert_eq!(Form.of("ä +"), "%C3%A4+%2B");
    assert_eq!(HtmlHex.of("ä"), "&#xE4;");
    assert_eq!(HtmlNamed.of("<ä"), "&lt;&auml;");
    assert_eq!(JsonAscii.of("a😀"), "a\\ud83d\\ude00");
    assert_eq!(base64(b"light work.", false), "bGlnaHQgd29yay4=");
    assert_eq!(base64("i·?>".as_bytes(), true), "acK3Pz4=");
    assert_eq!(
        Hex {
            upper: true,
            between: " "
        }
        .of("ä"),
        "C3 A4"
    );
}
