//! The rows of a CSV, in the dialects that offices, portals and tools write.

use crate::protocol::Member;

use super::columns::{Column, Columns, LABEL, is_same};
use super::encoding::NOT_UTF_8;
use super::records::{Field, NotCsv, Records, Separator};
use super::row::is_naming;
use super::{Reading, Row, cells};

/// Hands over the rows of a CSV.
pub(super) fn read(text: &[u8], columns: &Columns, reading: &mut Reading) {
    let mut records = Records::of(text, Separator::Comma);
    let declared = match skip_preamble(&mut records) {
        Ok(declared) => declared,
        Err(fault) => return reading.faults.note(LIST, fault),
    };
    let mut header = Vec::new();
    let separator = match best_separator(&records, columns) {
        Ok(best) => best,
        Err(not_csv) => return reading.faults.note(LIST, &not_csv.sentence()),
    };
    if let Some(declared) = declared
        && declared != separator
        && understood(&records, columns, declared) < understood(&records, columns, separator)
    {
        let fault = format!(
            "has a sep= line that says {}, above a header row with {}: correct it, or take it out",
            declared.plural(),
            separator.plural()
        );
        return reading.faults.note(LIST, &fault);
    }
    let mut records = records.with(declared.unwrap_or(separator));
    match records.next(&mut header) {
        Ok(true) => {}
        Ok(false) => return reading.faults.note(LIST, "has no header row"),
        Err(not_csv) => return reading.faults.note(LIST, &not_csv.sentence()),
    }
    let Some(columns) = resolved(&records, &header, columns, reading) else {
        return;
    };
    let names = header.iter().map(|name| text_of(name).to_owned()).collect();
    let rows = Rows {
        names,
        columns,
        is_utf_8: std::str::from_utf8(text).is_ok(),
        separator: declared.unwrap_or(separator),
        ..Rows::default()
    };
    rows.read(records, reading);
}

/// What a fault of the whole list is named by.
pub(super) const LIST: &str = "list";

impl NotCsv {
    fn sentence(&self) -> String {
        format!("is not CSV as in RFC 4180: line {} {}", self.line, self.fault)
    }
}

/// Skips what programs write above the header: Excel's `sep=` line, which is the answer, and PowerShell's `#TYPE` line.
fn skip_preamble(records: &mut Records) -> Result<Option<Separator>, &'static str> {
    let mut declared = None;
    loop {
        records.skip_empty_lines();
        let line = super::kind::lines(records.rest()).next().unwrap_or_default();
        if line.starts_with(b"#TYPE ") || line.starts_with(b"\"#TYPE ") {
            records.skip_line();
        } else if let Some(said) = sep_line(line) {
            let known = Separator::ALL.into_iter().find(|it| said == [it.byte()]);
            declared = known;
            if known.is_none() {
                return Err("has a sep= line that says neither comma nor semicolon nor tab");
            }
            records.skip_line();
        } else {
            return Ok(declared);
        }
    }
}

fn sep_line(line: &[u8]) -> Option<&[u8]> {
    let quoted = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
    let (name, said) = quoted.unwrap_or(line).split_at_checked(4)?;
    name.eq_ignore_ascii_case(b"sep=").then_some(said)
}

/// The separator by which most of the header is understood.
fn best_separator(records: &Records, columns: &Columns) -> Result<Separator, NotCsv> {
    let mut best = None;
    for separator in Separator::ALL {
        let understood = understood(records, columns, separator);
        if understood.is_some() && best.is_none_or(|(known, _)| understood > known) {
            best = Some((understood, separator));
        }
    }
    match best {
        Some((_, separator)) => Ok(separator),
        // It is CSV by none of them: by the usual one, to say why.
        None => match records.clone().next(&mut Vec::new()) {
            Err(not_csv) => Err(not_csv),
            Ok(_) => Ok(Separator::Comma),
        },
    }
}

/// How well the header is understood by this separator: known columns, a naming one among them, columns at all.
fn understood(records: &Records, columns: &Columns, separator: Separator) -> Option<(usize, bool, usize)> {
    let mut header = Vec::new();
    records.with(separator).next(&mut header).ok()?;
    let (known, has_name) = columns.understood(&header);
    Some((known, has_name, header.len()))
}

/// What the columns mean, unless something is wrong with the header.
fn resolved(
    records: &Records,
    header: &[Field],
    columns: &Columns,
    reading: &mut Reading,
) -> Option<Vec<Column>> {
    let line = records.line();
    if header.iter().any(|name| std::str::from_utf8(name).is_err()) {
        let fault = format!("{NOT_UTF_8} (line {line}, the header row, is not)");
        reading.faults.note(LIST, &fault);
        return None;
    }
    if let Some(second) = second_separator_in_header(records, header, columns) {
        let fault = two_separators(records.separator(), second, line);
        reading.faults.note(LIST, &fault);
        return None;
    }
    match columns.resolve(header) {
        Ok(columns) => Some(columns),
        Err(faults) => {
            for (what, fault) in faults {
                let what = if what == "the header row" {
                    format!("{what} (line {line})")
                } else {
                    what
                };
                reading.faults.note(&what, &fault);
            }
            None
        }
    }
}

/// Another separator by which one of the columns that are not known has known ones in it.
fn second_separator_in_header(records: &Records, header: &[Field], columns: &Columns) -> Option<Separator> {
    records.separator().others().find(|other| {
        header.iter().any(|name| {
            let mut parts = Vec::new();
            let is_unknown = columns.understood(std::slice::from_ref(name)).0 == 0;
            let is_split = is_unknown && Records::of(name, *other).next(&mut parts).is_ok_and(|read| read);
            is_split && parts.len() > 1 && columns.understood(&parts).0 > 0
        })
    })
}

fn two_separators(first: Separator, second: Separator, line: usize) -> String {
    format!(
        "uses {} and a second separator, {} (first in line {line}): write it with one of them",
        first.plural(),
        second.plural()
    )
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
                    reading.faults.note(LIST, &not_csv.sentence());
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
            reading.faults.note(LIST, &fault);
        }
        if let Some((second, line)) = self.second_separator {
            let fault = two_separators(self.separator, second, line);
            reading.faults.note(LIST, &fault);
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
        if let Some(second) = self.other_separator(records) {
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

    /// Another separator by which the last record has as many fields as there are columns.
    fn other_separator(&self, records: &Records) -> Option<Separator> {
        self.separator.others().find(|other| {
            let mut fields = Vec::new();
            let read = Records::of(records.last(), *other).next(&mut fields);
            read.is_ok_and(|read| read) && fields.len() == self.columns.len()
        })
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
                Column::Read(LABEL) => row.take_label(text),
                Column::Read(name) => push(&mut row, name, text),
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
