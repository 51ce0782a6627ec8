//! Where the rows of a list stand in its text, so that people can mend them there; what its columns are taken for; and the text
//! with what was mended.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::certificate::{Certificate, begins_block};

use super::kind::lines;
use super::records::{Records, Separator};
use super::{Form, List, Place, separator, serials};

/// A row in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub row: usize,
    /// What it is called in a fault.
    pub place: Place,
    /// Its bytes in [`List::text`], without the end of its line; none if it is no part of a text that people mend.
    pub bytes: Option<Range<usize>>,
}

/// A column of a CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedColumn {
    /// Its name in the file.
    pub name: String,
    /// What it is read as; empty if it is left out, nothing if it is not known.
    pub meaning: Option<&'static str>,
}

impl List<'_> {
    /// The list as it was read: in UTF-8 without a mark, if it is a text.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether it consists of certificates.
    pub fn is_of_certificates(&self) -> bool {
        matches!(self.form, Form::Pem | Form::Der)
    }

    /// Whether it is a text in which people write. A private key among certificates must not even be shown.
    pub fn is_for_people(&self) -> bool {
        matches!(self.form, Form::Csv | Form::Serials)
    }

    /// Whether it is lines of nothing but decimal digits, which may be order numbers or serial numbers: a first line says which.
    pub fn lacks_header(&self) -> bool {
        self.form == Form::Serials && serials::ambiguous_line(&self.text).is_some()
    }

    /// Where these rows stand. Their numbers are sorted.
    pub fn places(&self, rows: &[usize]) -> Vec<Found> {
        match self.form {
            Form::Csv => self.records(rows),
            Form::Serials => self.serials(rows),
            Form::Pem => self.certificates(rows),
            Form::Der => nowhere(rows, Place::Certificate),
            Form::Plan | Form::Found => nowhere(rows, Place::Row),
        }
    }

    fn records(&self, rows: &[usize]) -> Vec<Found> {
        let mut found = Vec::new();
        let mut fields = Vec::new();
        let Some(mut records) = self.headed() else {
            return found;
        };
        let mut wanted = rows.iter().copied().peekable();
        let mut row = 0;
        // The first is the header.
        while let Some(next) = wanted.peek()
            && records.next(&mut fields) == Ok(true)
        {
            if row == *next {
                found.push(Found {
                    row,
                    place: Place::Row(row),
                    bytes: Some(records.span()),
                });
                wanted.next();
            }
            row += 1;
        }
        found
    }

    fn headed(&self) -> Option<Records<'_>> {
        let mut records = Records::of(&self.text, Separator::Comma);
        let separator = separator::found(&mut records, &self.columns).ok()?;
        Some(records.with(separator))
    }

    fn serials(&self, rows: &[usize]) -> Vec<Found> {
        let said = lines(&self.text)
            .enumerate()
            .filter(|(_, line)| !String::from_utf8_lossy(line).trim().is_empty());
        let numbered = (1..).zip(said);
        let wanted = numbered.filter(|(row, _)| rows.binary_search(row).is_ok());
        wanted
            .map(|(row, (at, line))| Found {
                row,
                place: Place::Line(at + 1),
                bytes: Some(self.span(line)),
            })
            .collect()
    }

    /// Where a part of the text stands in it.
    fn span(&self, part: &[u8]) -> Range<usize> {
        let start = part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        start..start + part.len()
    }

    /// A certificate reaches to the next one, with the text that tools write between them.
    fn certificates(&self, rows: &[usize]) -> Vec<Found> {
        let begin = lines(&self.text).filter(|line| begins_block(&String::from_utf8_lossy(line)));
        let mut begins: Vec<usize> = begin.map(|line| self.span(line).start).collect();
        begins.push(self.text.len());
        let text = String::from_utf8_lossy(&self.text);
        let read = Certificate::each_in_pem(&text).zip(begins.windows(2)).enumerate();
        let meant = read.filter(|(_, (found, _))| !found.as_ref().is_ok_and(|it| it.is_ca));
        let wanted = (1..)
            .zip(meant)
            .filter(|(row, _)| rows.binary_search(row).is_ok());
        wanted
            .map(|(row, (at, (_, ends)))| Found {
                row,
                place: Place::Certificate(at + 1),
                bytes: match ends {
                    [begin, end] => Some(*begin..*end),
                    _ => None,
                },
            })
            .collect()
    }

    /// The columns of a CSV that have a name, and what they are taken for. Other lists have none.
    pub fn columns(&self) -> Vec<ListedColumn> {
        let mut header = Vec::new();
        if self.form == Form::Csv
            && let Some(mut records) = self.headed()
        {
            // A header that is no CSV has no columns.
            let _ = records.next(&mut header);
        }
        let names = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_owned());
        let named = names.filter(|name| !name.is_empty());
        named
            .map(|name| ListedColumn {
                meaning: self.columns.meaning(&name),
                name,
            })
            .collect()
    }

    /// The text in which these rows have another text, or are left out if that is empty; and with a first line above it, if one
    /// is wanted.
    pub fn mended(&self, heading: Option<&str>, rows: &BTreeMap<usize, String>) -> Vec<u8> {
        let mut mended = heading.map_or_else(Vec::new, |heading| format!("{heading}\n").into_bytes());
        let numbers: Vec<usize> = rows.keys().copied().collect();
        let mut from = 0;
        for Found { row, bytes, .. } in self.places(&numbers) {
            let (Some(bytes), Some(text)) = (bytes, rows.get(&row)) else {
                continue;
            };
            mended.extend(self.text.get(from..bytes.start).unwrap_or_default());
            mended.extend(text.as_bytes());
            from = bytes.end;
            if text.is_empty() {
                let rest = self.text.get(from..).unwrap_or_default();
                from += match rest {
                    [b'\r', b'\n', ..] => 2,
                    [b'\r' | b'\n', ..] => 1,
                    _ => 0,
                };
            }
        }
        mended.extend(self.text.get(from..).unwrap_or_default());
        mended
    }

    /// In which lines these places begin, from 1; they are sorted.
    pub fn lines_of(&self, places: &[Found]) -> HashMap<usize, usize> {
        let (mut line, mut from) = (1, 0);
        let mut found = HashMap::new();
        for Found { row, bytes, .. } in places {
            let Some(bytes) = bytes else { continue };
            let before = self.text.get(from..bytes.start).unwrap_or_default();
            line += lines(before).count() - 1;
            from = bytes.start;
            found.insert(*row, line);
        }
        found
    }
}

fn nowhere(rows: &[usize], place: fn(usize) -> Place) -> Vec<Found> {
    let each = |row: &usize| Found {
        row: *row,
        place: place(*row),
        bytes: None,
    };
    rows.iter().map(each).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::list::Columns;

    fn texts(list: &str, rows: &[usize]) -> Vec<(usize, String, usize, String)> {
        let list = List::open(list.as_bytes(), Columns::default()).unwrap();
        let places = list.places(rows);
        let lines = list.lines_of(&places);
        let text = |found: &Found| {
            let bytes = list.text().get(found.bytes.clone().unwrap()).unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        let one = |found: &Found| {
            let (row, place) = (found.row, found.place.to_string());
            (row, place, lines[&row], text(found))
        };
        places.iter().map(one).collect()
    }

    #[test]
    fn a_row_is_found_where_it_stands() {
        let csv = "sep=;\r\norderNumber;revocationReason\r\n1;\"a\r\nb\"\r\n\r\n2;c\r3;\n";
        assert_eq!(
            texts(csv, &[1, 2, 3]),
            [
                (1, "row 1".into(), 3, "1;\"a\r\nb\"".into()),
                (2, "row 2".into(), 6, "2;c".into()),
                (3, "row 3".into(), 7, "3;".into()),
            ]
        );
        assert_eq!(
            texts("0a:1b\n\n 0c\n", &[2]),
            [(2, "line 3".into(), 3, " 0c".into())]
        );
    }

    #[test]
    fn what_is_mended_stands_in_the_place_of_what_was_wrong() {
        let list = List::open(b"orderNumber\r\n1\r\n2x\r\n3\r\n4x", Columns::default()).unwrap();
        let rows = [(2, "2".to_owned()), (3, String::new()), (4, String::new())];
        assert_eq!(list.mended(None, &rows.into()), b"orderNumber\r\n1\r\n2\r\n");
        assert_eq!(list.mended(None, &BTreeMap::new()), list.text());
        let numbers = List::open(b"1\n2\n", Columns::default()).unwrap();
        assert!(numbers.lacks_header());
        assert_eq!(
            numbers.mended(Some("orderNumber"), &BTreeMap::new()),
            b"orderNumber\n1\n2\n"
        );
    }

    #[test]
    fn a_certificate_is_left_out_with_the_text_below_it() {
        let leaf = include_str!("../../tests/front/certificates/leaf.pem");
        let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nof a colleague\n";
        let text = format!("for you\n{leaf}{bad}{leaf}");
        let list = List::open(text.as_bytes(), Columns::default()).unwrap();
        assert_eq!(list.places(&[2])[0].place, Place::Certificate(2));
        let without = list.mended(None, &BTreeMap::from([(2, String::new())]));
        assert_eq!(
            String::from_utf8(without).unwrap(),
            format!("for you\n{leaf}{leaf}")
        );
    }

    #[test]
    fn columns_are_listed_with_what_they_are_taken_for() {
        let columns = |text: &[u8], said: &str| {
            let said = if said.is_empty() {
                Ok(Columns::default())
            } else {
                Columns::parse(said)
            };
            let list = List::open(text, said.unwrap()).unwrap();
            let columns = list.columns().into_iter();
            columns.map(|it| (it.name, it.meaning)).collect::<Vec<_>>()
        };
        let csv = b"Order Number;outcome;host;\n1;;a;\n";
        let named = |host| {
            [
                ("Order Number".into(), Some("orderNumber")),
                ("outcome".into(), Some("")),
                ("host".into(), host),
            ]
        };
        assert_eq!(columns(csv, ""), named(None));
        assert_eq!(columns(csv, "host=label"), named(Some("label")));
        assert_eq!(columns(csv, "outcome="), named(Some("")));
        assert_eq!(columns(b"0a:1b\n", ""), []);
    }
}
