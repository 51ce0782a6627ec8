//! The records of a CSV text as RFC 4180 has it, with comma, semicolon or tab, and of no other. A lenient reader makes something
//! of everything: a quote that is never closed would swallow all the rows that follow, and nobody would miss them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// Fields of a line at most. A line of commas would have millions of fields.
const MAX_FIELDS: usize = 512;

/// A field, without its quotes.
pub(super) type Field<'text> = Cow<'text, [u8]>;

/// What separates the fields of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Separator {
    #[default]
    Comma,
    Semicolon,
    Tab,
}

impl Separator {
    pub(super) const ALL: [Separator; 3] = [Separator::Comma, Separator::Semicolon, Separator::Tab];

    pub(super) const fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
            Separator::Tab => b'\t',
        }
    }

    /// In a sentence, as several of them.
    pub(super) const fn plural(self) -> &'static str {
        match self {
            Separator::Comma => "commas",
            Separator::Semicolon => "semicolons",
            Separator::Tab => "tabs",
        }
    }

    /// The others.
    pub(super) fn others(self) -> impl Iterator<Item = Separator> {
        Separator::ALL.into_iter().filter(move |other| *other != self)
    }
}

/// Reads a text record by record.
#[derive(Debug, Clone)]
pub(super) struct Records<'text> {
    text: &'text [u8],
    /// What is still to be read.
    rest: &'text [u8],
    /// How long `rest` was where the last record began.
    began: usize,
    separator: Separator,
}

/// What is wrong with a text, and in which line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotCsv {
    /// From 1.
    pub(super) line: usize,
    pub(super) fault: &'static str,
}

impl fmt::Display for NotCsv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is not CSV as in RFC 4180: line {} {}", self.line, self.fault)
    }
}

impl<'text> Records<'text> {
    pub(super) fn of(text: &'text [u8], separator: Separator) -> Records<'text> {
        Records {
            text,
            rest: text,
            began: text.len(),
            separator,
        }
    }

    /// The same place in the text, read on with another separator.
    pub(super) fn with(&self, separator: Separator) -> Records<'text> {
        Records {
            separator,
            ..self.clone()
        }
    }

    /// Skips the rest of the line, which is not read as a record.
    pub(super) fn skip_line(&mut self) {
        let end = self.rest.iter().position(|byte| b"\r\n".contains(byte));
        self.rest = self
            .rest
            .get(end.unwrap_or(self.rest.len())..)
            .unwrap_or_default();
        self.skip_empty_lines();
    }

    pub(super) fn separator(&self) -> Separator {
        self.separator
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'text [u8] {
        self.rest
    }

    /// Skips lines with nothing on them.
    pub(super) fn skip_empty_lines(&mut self) {
        while let [b'\r' | b'\n', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Puts the fields of the next line that has any into `fields`: `false` at the end of the text, and none then. CR, LF and
    /// both together end a line.
    pub(super) fn next(&mut self, fields: &mut Vec<Field<'text>>) -> Result<bool, NotCsv> {
        fields.clear();
        self.skip_empty_lines();
        self.began = self.rest.len();
        if self.rest.is_empty() {
            return Ok(false);
        }
        fields.push(self.field()?);
        while let Some((separator, rest)) = self.rest.split_first() {
            if *separator != self.separator.byte() {
                break;
            }
            if fields.len() == MAX_FIELDS {
                return Err(self.not_csv(rest, "has more than 512 fields"));
            }
            self.rest = rest;
            fields.push(self.field()?);
        }
        Ok(true)
    }

    /// The text of the record that was read last.
    pub(super) fn last(&self) -> &'text [u8] {
        self.text.get(self.span()).unwrap_or_default()
    }

    /// Where in the text that is.
    pub(super) fn span(&self) -> Range<usize> {
        self.text.len() - self.began..self.text.len() - self.rest.len()
    }

    /// The line in which the record that was read last begins, from 1.
    pub(super) fn line(&self) -> usize {
        self.line_where_left(self.began)
    }

    /// The field that begins here; a separator, the end of the line or that of the text follows it.
    fn field(&mut self) -> Result<Field<'text>, NotCsv> {
        let separator = self.separator.byte();
        let Some(mut quoted) = self.rest.strip_prefix(b"\"") else {
            let ends = |byte: &u8| *byte == separator || b"\r\n\"".contains(byte);
            let end = self.rest.iter().position(ends);
            let (field, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            if let [b'"', ..] = rest {
                return Err(self.not_csv(rest, "has a quote inside of a field that does not begin with one"));
            }
            self.rest = rest;
            return Ok(field.into());
        };
        let mut field: Field = Cow::Borrowed(&[]);
        loop {
            let Some(quote) = quoted.iter().position(|byte| *byte == b'"') else {
                return Err(self.not_csv(self.rest, "has a quote that is never closed"));
            };
            let (part, rest) = quoted.split_at(quote);
            if field.is_empty() {
                field = part.into();
            } else {
                field.to_mut().extend_from_slice(part);
            }
            match rest {
                [_, b'"', rest @ ..] => {
                    field.to_mut().push(b'"');
                    quoted = rest;
                }
                [_, rest @ ..]
                    if rest
                        .first()
                        .is_none_or(|next| *next == separator || b"\r\n".contains(next)) =>
                {
                    self.rest = rest;
                    return Ok(field);
                }
                _ => {
                    return Err(self.not_csv(
                        rest,
                        "has something between a closing quote and the next separator: a quote that is meant is written twice",
                    ));
                }
            }
        }
    }

    /// A fault where this rest of the text begins.
    fn not_csv(&self, rest: &[u8], fault: &'static str) -> NotCsv {
        let line = self.line_where_left(rest.len());
        NotCsv { line, fault }
    }

    /// The line in which so much of the text is left.
    fn line_where_left(&self, left: usize) -> usize {
        let (before, _) = self.text.split_at(self.text.len().saturating_sub(left));
        let ends = before.iter().filter(|byte| b"\r\n".contains(byte)).count();
        let pairs = before.windows(2).filter(|pair| pair == b"\r\n").count();
        1 + ends - pairs
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str, separator: Separator) -> Result<Vec<Vec<String>>, NotCsv> {
        let mut records = Records::of(text.as_bytes(), separator);
        let mut read = Vec::new();
        let mut fields = Vec::new();
        while records.next(&mut fields)? {
            let text = |field: &Field| String::from_utf8(field.to_vec()).unwrap();
            read.push(fields.iter().map(text).collect());
        }
        Ok(read)
    }

    #[test]
    fn what_is_well_formed_is_read_as_it_is_meant() {
        let cases: [(&str, &[&[&str]]); 7] = [
            ("", &[]),
            ("a", &[&["a"]]),
            ("\n\r\n\ra,b\r\n\r\n1,2", &[&["a", "b"], &["1", "2"]]),
            (
                "\"a\",\"b\"\n\"1\n2\",\"say \"\"so\"\"\"\n",
                &[&["a", "b"], &["1\n2", "say \"so\""]],
            ),
            (",,\n,\"\",", &[&["", "", ""], &["", "", ""]]),
            ("\"\"", &[&[""]]),
            ("a,", &[&["a", ""]]),
        ];
        for (text, wanted) in cases {
            assert_eq!(read(text, Separator::Comma).unwrap(), wanted, "{text:?}");
            let others = text.replace(',', ";");
            assert_eq!(read(&others, Separator::Semicolon).unwrap(), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_fault_is_found_where_it_is() {
        for (text, line, what) in [
            ("a\n\"1\n2\n3", 2, "never closed"),
            ("a,b\r\n1,x\"y\r\n", 2, "does not begin with one"),
            ("a\r\r\"1\" ,2", 3, "closing quote"),
            ("\"a\"b", 1, "closing quote"),
            ("\"a\n\"\"\"b", 2, "closing quote"),
            ("\"a\"\"", 1, "never closed"),
            (&format!("a\n1{}\n", ",".repeat(512)), 2, "more than 512"),
        ] {
            let NotCsv { line: found, fault } = read(text, Separator::Comma).unwrap_err();
            assert_eq!(found, line, "{text:?}");
            assert!(fault.contains(what), "{text:?}: {fault}");
        }
    }

    #[test]
    fn the_last_record_is_known_with_its_line() {
        let mut records = Records::of(b"a\r\n\r\n\"1\n2\",3\r\n4", Separator::Comma);
        let mut fields = Vec::new();
        let mut found = Vec::new();
        while records.next(&mut fields).unwrap() {
            found.push((records.line(), records.last()));
        }
        assert_eq!(found, [(1, &b"a"[..]), (3, b"\"1\n2\",3"), (5, b"4")]);
    }
}
