//! The columns of a CSV: which of its own a file means by which of ours.

use crate::printable::printable;

use super::records::{Field, Records, Separator};
use super::row::is_naming;

/// The columns that are read: what a column can mean.
pub const MEANINGS: [&str; 9] = [
    "orderNumber",
    "serialNumber",
    "certificateID",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
    LABEL,
];
/// What a row is called for people; it is never sent.
pub(super) const LABEL: &str = "label";
/// What our own CSV says besides, of what became of each row. It is left aside.
const OF_RESULTS: [&str; 9] = [
    "outcome",
    "errorCode",
    "errorMessage",
    "attempts",
    "settled",
    "updatedAt",
    "auditSeq",
    "waitsForPerson",
    "unknownSinceRestore",
];
/// Characters of a column's name that are shown.
const SHOWN_CHARS: usize = 64;
/// Columns that a sentence names at most.
const SHOWN_COLUMNS: usize = 20;

/// What the columns of a file mean where their names do not say it: `--columns` of the command, `?columns=` over HTTP.
///
/// ```
/// use autorevoke::list::Columns;
/// assert!(Columns::parse("Common Name=label,Serial Number=").is_ok());
/// assert!(Columns::parse("Common Name=name").is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    mentioned: Vec<Mention>,
}

/// A column of a file, and what it means: nothing if it is to be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mention {
    written: String,
    meaning: Option<&'static str>,
}

/// What is done with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// It is this member.
    Read(&'static str),
    /// It is none of ours.
    LeftOut,
    /// It has no name, and must have no value either.
    Unnamed,
}

impl Columns {
    /// Reads `COLUMN=NAME,...`, a line of CSV, so that a column with a comma in its name is written in quotes. The fault is a
    /// sentence.
    pub fn parse(text: &str) -> Result<Columns, String> {
        let mut records = Records::of(text.as_bytes(), Separator::Comma);
        let mut fields = Vec::new();
        let fault = |fault: &str| Err(format!("The columns are not understood: {fault}."));
        if !matches!(records.next(&mut fields), Ok(true)) || !records.rest().is_empty() {
            return fault("they are written COLUMN=NAME,COLUMN=NAME, as in Common Name=label,Status=");
        }
        let mut mentioned: Vec<Mention> = Vec::new();
        for field in &fields {
            let field = String::from_utf8_lossy(field);
            let shown = printable(&field, SHOWN_CHARS);
            let Some((column, name)) = field.rsplit_once('=') else {
                return fault(&format!("{shown} has no =, as in Common Name=label"));
            };
            if column.trim().is_empty() {
                return fault(&format!("{shown} says no column, as in Common Name=label"));
            }
            let meaning = MEANINGS.into_iter().find(|known| is_same(known, name));
            if meaning.is_none() && !name.trim().is_empty() {
                return fault(&format!("{shown} names none of {}", MEANINGS.join(", ")));
            }
            if mentioned.iter().any(|other| is_same(&other.written, column)) {
                return fault(&format!("{shown} mentions a column again"));
            }
            let written = column.trim().to_owned();
            mentioned.push(Mention { written, meaning });
        }
        Ok(Columns { mentioned })
    }

    /// What is done with a column of this name, or nothing if it is not known.
    fn column(&self, name: &str) -> Option<Column> {
        let mention = self
            .mentioned
            .iter()
            .find(|mention| is_same(&mention.written, name));
        match mention {
            Some(Mention { meaning, .. }) => Some(meaning.map_or(Column::LeftOut, Column::Read)),
            None => known(name),
        }
    }

    /// What a column of this name is read as: empty if it is left out, nothing if it is not known.
    pub(super) fn meaning(&self, name: &str) -> Option<&'static str> {
        match self.column(name) {
            Some(Column::Read(name)) => Some(name),
            None if self.mentioned.is_empty() => None,
            _ => Some(""),
        }
    }

    /// How well a header row is understood: by how many columns, and whether one of these names a certificate.
    pub(super) fn understood(&self, header: &[Field]) -> (usize, bool) {
        let read = |field: &&Field| self.column(&text(field)).is_some();
        let names = |field: &Field| match self.column(&text(field)) {
            Some(Column::Read(name)) => is_naming(name),
            _ => false,
        };
        (header.iter().filter(read).count(), header.iter().any(names))
    }

    /// What is done with each column of the header row, which is in this line; or all that is wrong with it.
    pub(super) fn resolve(
        &self,
        header: &[Field],
        line: usize,
    ) -> Result<Vec<Column>, Vec<(String, String)>> {
        let names: Vec<String> = header.iter().map(|field| text(field)).collect();
        let mut faults = Vec::new();
        let mut unknown = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        for name in &names {
            let column = match self.column(name) {
                Some(column) => column,
                None if !self.mentioned.is_empty() => Column::LeftOut,
                None if name.is_empty() => Column::Unnamed,
                None => {
                    unknown.push(name.as_str());
                    Column::LeftOut
                }
            };
            if let Column::Read(name) = column
                && columns.iter().filter(|other| **other == column).count() == 1
            {
                faults.push((format!("column {name}"), "is there twice".to_owned()));
            }
            columns.push(column);
        }
        for Mention { written, .. } in &self.mentioned {
            if !names.iter().any(|name| is_same(name, written)) {
                let shown = printable(written, SHOWN_CHARS);
                faults.push((format!("column {shown}"), "is not in this file".to_owned()));
            }
        }
        let has_name = columns
            .iter()
            .any(|column| matches!(column, Column::Read(name) if is_naming(name)));
        if !has_name {
            let fault = "must have a column orderNumber, serialNumber or certificateID; columns are separated by comma, \
                         semicolon or tab";
            faults.push((format!("header row (line {line})"), fault.to_owned()));
        }
        if !unknown.is_empty() {
            let example = if has_name { LABEL } else { "serialNumber" };
            faults.push(("columns".to_owned(), unknown_fault(&unknown, example)));
        }
        if faults.is_empty() {
            Ok(columns)
        } else {
            Err(faults)
        }
    }
}

fn unknown_fault(unknown: &[&str], example: &str) -> String {
    let shown: Vec<String> = unknown
        .iter()
        .take(SHOWN_COLUMNS)
        .map(|name| printable(name, SHOWN_CHARS))
        .collect();
    let more = match unknown.len().saturating_sub(SHOWN_COLUMNS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let first = shown.first().map_or("", String::as_str);
    format!(
        "are not known: {}{more}. Say what they mean, and the others are left out: --columns \"{first}={example}\", or --columns \
         \"{first}=\" to leave it out (over HTTP ?columns=)",
        shown.join(", ")
    )
}

/// A name of a column, without blanks around it. Octets that are no UTF-8 are another's to name.
fn text(field: &Field) -> String {
    String::from_utf8_lossy(field).trim().to_owned()
}

fn known(name: &str) -> Option<Column> {
    let read = MEANINGS.into_iter().find(|known| is_same(known, name));
    let left_out = || OF_RESULTS.into_iter().any(|known| is_same(known, name));
    read.map(Column::Read)
        .or_else(|| left_out().then_some(Column::LeftOut))
}

/// Whether two names of columns are the same but for case, blanks and `_`.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    telling(one).eq(telling(other))
}

fn telling(name: &str) -> impl Iterator<Item = char> {
    let telling = name.chars().filter(|c| !c.is_whitespace() && *c != '_');
    telling.flat_map(char::to_lowercase)
}
