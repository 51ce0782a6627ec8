//! The records of a CSV text as RFC 4180 has it, and of no other. A lenient reader makes something of everything: a quote that
//! is never closed would swallow all the rows that follow, and nobody would miss them.

use std::borrow::Cow;

/// Fields of a line at most. There are six columns; a line of commas would have millions of fields.
const MAX_FIELDS: usize = 64;

/// A field, without its quotes.
pub(super) type Field<'text> = Cow<'text, [u8]>;

/// Reads a text record by record.
pub(super) struct Records<'text> {
    text: &'text [u8],
    /// What is still to be read.
    rest: &'text [u8],
}

/// The line, from 1, and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault(pub(super) usize, pub(super) &'static str);

impl<'text> Records<'text> {
    pub(super) fn of(text: &'text [u8]) -> Records<'text> {
        Records { text, rest: text }
    }

    /// The fields of the next line that has any; none at the end of the text. CR, LF and both together end a line.
    pub(super) fn next(&mut self) -> Result<Option<Vec<Field<'text>>>, Fault> {
        while let [b'\r' | b'\n', rest @ ..] = self.rest {
            self.rest = rest;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut fields = vec![self.field()?];
        while let [b',', rest @ ..] = self.rest {
            if fields.len() == MAX_FIELDS {
                return Err(self.fault(rest, "has more fields than there are columns"));
            }
            self.rest = rest;
            fields.push(self.field()?);
        }
        Ok(Some(fields))
    }

    /// The field that begins here; a comma, the end of the line or that of the text follows it.
    fn field(&mut self) -> Result<Field<'text>, Fault> {
        let Some(mut quoted) = self.rest.strip_prefix(b"\"") else {
            let end = self.rest.iter().position(|byte| b",\r\n\"".contains(byte));
            let (field, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            if let [b'"', ..] = rest {
                return Err(self.fault(rest, "has a quote inside of a field that does not begin with one"));
            }
            self.rest = rest;
            return Ok(field.into());
        };
        let mut field = Vec::new();
        loop {
            let Some(quote) = quoted.iter().position(|byte| *byte == b'"') else {
                return Err(self.fault(self.rest, "has a quote that is never closed"));
            };
            let (part, rest) = quoted.split_at(quote);
            field.extend_from_slice(part);
            match rest {
                [_, b'"', rest @ ..] => {
                    field.push(b'"');
                    quoted = rest;
                }
                [_, rest @ ..] if matches!(rest, [] | [b',' | b'\r' | b'\n', ..]) => {
                    self.rest = rest;
                    return Ok(field.into());
                }
                _ => {
                    return Err(self.fault(rest, "has something between a closing quote and the next comma"));
                }
            }
        }
    }

    /// A fault where this rest of the text begins.
    fn fault(&self, rest: &[u8], what: &'static str) -> Fault {
        let (before, _) = self.text.split_at(self.text.len() - rest.len());
        let ends = before.iter().filter(|byte| b"\r\n".contains(byte)).count();
        let pairs = before.windows(2).filter(|pair| pair == b"\r\n").count();
        Fault(1 + ends - pairs, what)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>, Fault> {
        let mut records = Records::of(text.as_bytes());
        let mut read = Vec::new();
        while let Some(fields) = records.next()? {
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
            assert_eq!(read(text).unwrap(), wanted, "{text:?}");
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
            (&format!("a\n1{}\n", ",".repeat(64)), 2, "more fields"),
        ] {
            let Fault(found, why) = read(text).unwrap_err();
            assert_eq!(found, line, "{text:?}");
            assert!(why.contains(what), "{text:?}: {why}");
        }
    }
}
