//! The rows of a CSV, in the dialects that offices, portals and tools write.

use crate::protocol::Member;

use super::columns::{Column, Columns, LABEL, is_same};
use super::encoding::NOT_UTF_8;
use super::records::{Field, Records, Separator};
use super::row::is_naming;
use super::{Reading, Row, cells, separator};

/// Hands over the rows of a CSV.
pub(super) fn read(text: &[u8], columns: &Columns, reading: &mut Reading) {
    let mut records = Records::of(text, Separator::Comma);
    let separator = match separator::found(&mut records, columns) {
        Ok(separator) => separator,
        Err(fault) => return reading.faults.note_list(&fault),
    };
    let mut records = records.with(separator);
    let mut header = Vec::new();
    match records.next(&mut header) {
        Ok(true) => {}
        Ok(false) => return reading.faults.note_list("has no header row"),
        Err(not_csv) => return reading.faults.note_list(&not_csv.to_string()),
    }
    let Some(columns) = resolved(&records, &header, columns, reading) else {
        return;
    };
    let rows = Rows {
        names: header.iter().map(|name| text_of(name).to_owned()).collect(),
        columns,
        is_utf_8: std::str::from_utf8(text).is_ok(),
        separator,
        ..Rows::default()
    };
    rows.read(records, reading);
}

/// What the columns mean, unless something is wrong with the header.
fn resolved(
    records: &Records,
    header: &[Field],
    columns: &Columns,
    reading: &mut Reading,
) -> Option<Vec<Column>> {
    let (line, separator) = (records.line(), records.separator());
    if header.iter().any(|name| std::str::from_utf8(name).is_err()) {
        let fault = format!("{NOT_UTF_8} (line {line}, the header row, is not)");
        reading.faults.note_list(&fault);
        return None;
    }
    if let Some(second) = separator::second_in_header(separator, header, columns) {
        let fault = separator::two_of_them(separator, second, line);
        reading.faults.note_list(&fault);
        return None;
    }
    let resolved = columns.resolve(header, line);
    let note = |faults: Vec<(String, String)>| {
        for (what, fault) in faults {
            reading.faults.note(&what, &fault);
        }
    };
    resolved.map_err(note).ok()
}

/// The text of a field that is known to be UTF-8, without blanks around it.
fn text_of<'a>(field: &'a Field) -> &'a str {
    std::str::from_utf8(field).unwrap_or_default().trim()
}

/// Reads the rows below a header.
#[derive(Default)]
struct Rows {
    /// What the file calls its columns.
    names: Vec<String>,
    columns: Vec<Column>,
    separator: Separator,
    /// Whether all of the text is.
    is_utf_8: bool,
    /// The first row that is not.
    not_utf_8: Option<usize>,
    /// Another separator, and the first line that has it.
    second_separator: Option<(Separator, usize)>,
    /// The numbers of columns without a name that have values all the same, and the first row with one.
    unnamed: Vec<(usize, usize)>,
}

impl Rows {
    fn read(mut self, mut records: Records, reading: &mut Reading) {
        let mut fields = Vec::new();
        let mut number = 0;
        loop {
            match records.next(&mut fields) {
                Ok(true) => number += 1,
                Ok(false) => break,
                Err(not_csv) => {
                    reading.faults.note_list(&not_csv.to_string());
                    break;
                }
            }
            // At the end empty rows are what offices write.
            if fields.iter().all(|field| is_blank(field)) {
                continue;
            }
            while let Some(empty) = reading.next_row()
                && empty < number
            {
                reading.bad_row(empty, "is empty, and others follow");
            }
            if reading.rows > reading.max_rows {
                break;
            }
            if let Some(row) = self.row(number, &records, &fields, reading) {
                reading.hand_over(row);
            }
        }
        self.note_faults_of_all(reading);
    }

    /// The faults that many rows share, each once.
    fn note_faults_of_all(self, reading: &mut Reading) {
        if let Some(row) = self.not_utf_8 {
            let fault = format!("{NOT_UTF_8} (the first row that is not: row {row})");
            reading.faults.note_list(&fault);
        }
        if let Some((second, line)) = self.second_separator {
            let fault = separator::two_of_them(self.separator, second, line);
            reading.faults.note_list(&fault);
        }
        for (column, row) in self.unnamed {
            let fault = format!(
                "has no name, and has values (first in row {row}): name it, empty it, or leave it out with all others that are \
                 not known, by --columns (over HTTP ?columns=)"
            );
            reading.faults.note(&format!("column {column}"), &fault);
        }
    }

    /// The row of these fields, unless it can be none.
    fn row(
        &mut self,
        number: usize,
        records: &Records,
        fields: &[Field],
        reading: &mut Reading,
    ) -> Option<Row> {
        if !self.is_utf_8 && std::str::from_utf8(records.last()).is_err() {
            self.not_utf_8.get_or_insert(number);
            reading.faults.note_row(number);
            return None;
        }
        if fields.len() == self.columns.len() {
            if self.is_header(fields) {
                reading.bad_row(
                    number,
                    "is the header row again: these are several lists, one below the other",
                );
                return None;
            }
            return Some(self.members(number, fields));
        }
        let second = separator::second_in_row(self.separator, records.last(), self.columns.len());
        if let Some(second) = second {
            let line = || (second, records.line());
            self.second_separator.get_or_insert_with(line);
            reading.faults.note_row(number);
        } else {
            let (found, columns) = (fields.len(), self.columns.len());
            let fault = format!("has not as many fields as the header row: {found}, and not {columns}");
            reading.bad_row(number, &fault);
        }
        None
    }

    fn is_header(&self, fields: &[Field]) -> bool {
        let same =
            |(field, name): (&Field, &String)| is_same(text_of(field).trim_start_matches('\u{feff}'), name);
        fields.iter().zip(&self.names).all(same)
    }

    fn members(&mut self, number: usize, fields: &[Field]) -> Row {
        let mut row = Row::new(number);
        for (at, (column, field)) in self.columns.iter_mut().zip(fields).enumerate() {
            let text = cells::said(std::str::from_utf8(field).unwrap_or_default());
            match column {
                // An empty cell says nothing.
                _ if text.is_empty() => {}
                Column::LeftOut => {}
                Column::Unnamed => {
                    self.unnamed.push((at + 1, number));
                    *column = Column::LeftOut;
                }
                Column::Read(LABEL) => row.take_label(&text),
                Column::Read(name) => push(&mut row, name, &text),
            }
        }
        row
    }
}

fn is_blank(field: &Field) -> bool {
    std::str::from_utf8(field).is_ok_and(|text| text.trim().is_empty())
}

fn push(row: &mut Row, name: &'static str, text: &str) {
    if let Some(fault) = cells::fault(name, text) {
        row.faults.note(name, &fault);
    }
    let other = row.members.iter().find(|(other, _)| is_naming(other));
    if let (true, Some((other, _))) = (is_naming(name), other) {
        let fault = format!(
            "is one name too many beside {other}: leave one of them empty, or leave out its column by --columns (over HTTP \
             ?columns=), for example --columns \"{name}=\""
        );
        row.faults.note(name, &fault);
    }
    let member: Member = cells::member(name, text);
    row.push(name, member);
}
