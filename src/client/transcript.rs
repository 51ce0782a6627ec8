//! What crosses between JavaScript and Rust: entries of scope, name and value, as flat text.
//!
//! On the way in, byte 0xFF stands between the parts, which no UTF-8 has; on the way out U+001F, which no text of ours
//! has. So no value can look like another entry. A value begins with a letter that says what it is:
//!
//! | in | | out | |
//! |---|---|---|---|
//! | `s` | a string: the text | `s` | the same |
//! | `m` | a string with a lone surrogate: its length | | |
//! | `n` | a number: its 64 bits as an integer | `n` | a number: its digits |
//! | `b` | a boolean: `1` or `0` | `b` | the same |
//! | `f` `l` `o` | a function, a list, another object | `g` | the object that the entries of this scope are |
//! | `a` | what has the shape of an abort signal | `d` | the document that was answered |
//! | `u` `x` | undefined, anything else | | |

use crate::protocol::{MAX_JS_INTEGER, Member, read_decimal, signed_decimal};

const BETWEEN_GIVEN: u8 = 0xff;
const BETWEEN_TOLD: char = '\u{1f}';

/// What JavaScript gives.
pub struct Given<'a>(Vec<&'a str>);

impl<'a> Given<'a> {
    /// Reads a transcript.
    pub fn read(bytes: &'a [u8]) -> Given<'a> {
        let mut parts = Vec::new();
        for part in bytes.split(|byte| *byte == BETWEEN_GIVEN) {
            parts.push(str::from_utf8(part).unwrap_or_default());
        }
        Given(parts)
    }

    /// Names and values, in their order.
    pub fn of(&self, scope: &'static str) -> Entries<'_, 'a> {
        Entries { rest: &self.0, scope }
    }

    /// One value; undefined when it is not given.
    pub fn one(&self, scope: &'static str, name: &str) -> Value<'a> {
        for (known, value) in self.of(scope) {
            if known == name {
                return value;
            }
        }
        Value("u")
    }
}

/// The entries of one scope.
pub struct Entries<'g, 'a> {
    rest: &'g [&'a str],
    scope: &'static str,
}

impl<'a> Iterator for Entries<'_, 'a> {
    type Item = (&'a str, Value<'a>);

    fn next(&mut self) -> Option<(&'a str, Value<'a>)> {
        while let [scope, name, value, rest @ ..] = self.rest {
            self.rest = rest;
            if *scope == self.scope {
                return Some((name, Value(value)));
            }
        }
        None
    }
}

/// A value of JavaScript.
#[derive(Clone, Copy)]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// Whether it is of the kind that this letter stands for.
    pub fn is(self, letter: u8) -> bool {
        self.0.as_bytes().first() == Some(&letter)
    }

    fn behind(self, letter: u8) -> Option<&'a str> {
        if self.is(letter) { self.0.get(1..) } else { None }
    }

    /// A well-formed string.
    pub fn text(self) -> Option<&'a str> {
        self.behind(b's')
    }

    /// How long a string is that is not well-formed, in UTF-16 units.
    #[cfg(feature = "direct")]
    pub fn malformed_units(self) -> Option<u64> {
        read_decimal(self.behind(b'm')?)
    }

    /// A number.
    pub fn number(self) -> Option<f64> {
        read_decimal(self.behind(b'n')?).map(f64::from_bits)
    }

    /// An integer that a number carries exactly.
    pub fn integer(self) -> Option<i64> {
        const MAX: f64 = MAX_JS_INTEGER as f64;
        let number = self.number()?;
        let whole = number as i64;
        if whole as f64 == number && (-MAX..=MAX).contains(&number) {
            Some(whole)
        } else {
            None
        }
    }

    /// A boolean.
    pub fn flag(self) -> Option<bool> {
        self.behind(b'b').map(|digit| digit == "1")
    }

    /// As the protocol reads members.
    pub fn member(self) -> Member {
        if self.is(b'm') {
            return Member::MalformedText;
        }
        match (self.text(), self.number(), self.flag()) {
            (Some(text), _, _) => Member::Text(text.to_owned()),
            (_, Some(number), _) => Member::Number(number),
            (_, _, Some(flag)) => Member::Bool(flag),
            _ => Member::Other,
        }
    }
}

/// What JavaScript is told.
#[derive(Default)]
pub struct Told(String);

impl Told {
    /// A string.
    pub fn text(&mut self, scope: &str, name: &str, text: &str) {
        self.entry(scope, name, 's', text);
    }

    /// A number.
    pub fn number(&mut self, scope: &str, name: &str, number: i64) {
        self.entry(scope, name, 'n', &signed_decimal(number));
    }

    /// A boolean.
    pub fn flag(&mut self, scope: &str, name: &str, flag: bool) {
        self.entry(scope, name, 'b', if flag { "1" } else { "0" });
    }

    /// The object that the entries of another scope are.
    pub fn object(&mut self, scope: &str, name: &str, members: &str) {
        self.entry(scope, name, 'g', members);
    }

    /// The document that was answered.
    pub fn document(&mut self, scope: &str, name: &str) {
        self.entry(scope, name, 'd', "");
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.0
    }

    fn entry(&mut self, scope: &str, name: &str, letter: char, value: &str) {
        // Room for all at once: a text that grows leaves its beginnings behind, and the form has the password in it.
        self.0.reserve(scope.len() + name.len() + value.len() + 4);
        self.push(scope);
        self.push(name);
        self.0.push(letter);
        self.push(value);
    }

    fn push(&mut self, part: &str) {
        for c in part.chars() {
            self.0.push(if c == BETWEEN_TOLD { ' ' } else { c });
        }
        self.0.push(BETWEEN_TOLD);
    }
}
