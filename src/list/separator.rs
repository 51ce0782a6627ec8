//! What separates the fields of a CSV: seen by its header row, and held against what the file says of itself.

use super::columns::Columns;
use super::kind::lines;
use super::records::{Field, NotCsv, Records, Separator};

/// Skips what programs write above the header, and gives the separator by which the header is understood. The fault is a
/// sentence about the list.
pub(super) fn found(records: &mut Records, columns: &Columns) -> Result<Separator, String> {
    let declared = skip_preamble(records)?;
    let best = best(records, columns).map_err(|not_csv| not_csv.to_string())?;
    let Some(declared) = declared else {
        return Ok(best);
    };
    if understood(records, columns, declared) < understood(records, columns, best) {
        return Err(format!(
            "has a sep= line that says {}, above a header row with {}: correct it, or take it out",
            declared.plural(),
            best.plural()
        ));
    }
    Ok(declared)
}

/// Skips the `sep=` line for Excel, which says the separator, and the `#TYPE` line of PowerShell.
fn skip_preamble(records: &mut Records) -> Result<Option<Separator>, String> {
    let mut declared = None;
    loop {
        records.skip_empty_lines();
        let line = lines(records.rest()).next().unwrap_or_default();
        if let Some(said) = sep_line(line) {
            declared = Separator::ALL.into_iter().find(|it| said == [it.byte()]);
            if declared.is_none() {
                return Err("has a sep= line that says neither comma nor semicolon nor tab".to_owned());
            }
        } else if !line.starts_with(b"#TYPE ") {
            return Ok(declared);
        }
        records.skip_line();
    }
}

fn sep_line(line: &[u8]) -> Option<&[u8]> {
    let quoted = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
    let (name, said) = quoted.unwrap_or(line).split_at_checked(4)?;
    name.eq_ignore_ascii_case(b"sep=").then_some(said)
}

/// The separator by which most of the header is understood.
fn best(records: &Records, columns: &Columns) -> Result<Separator, NotCsv> {
    let mut best = (None, Separator::Comma);
    for separator in Separator::ALL {
        let understood = understood(records, columns, separator);
        if understood > best.0 {
            best = (understood, separator);
        }
    }
    match best {
        (Some(_), separator) => Ok(separator),
        // It is CSV by none of them: by the usual one, to say why.
        (None, usual) => records.with(usual).next(&mut Vec::new()).map(|_| usual),
    }
}

/// How well the header is understood by this separator: known columns, a naming one among them, columns at all.
fn understood(records: &Records, columns: &Columns, separator: Separator) -> Option<(usize, bool, usize)> {
    let mut header = Vec::new();
    records.with(separator).next(&mut header).ok()?;
    let (known, has_name) = columns.understood(&header);
    Some((known, has_name, header.len()))
}

/// Another separator by which one of the columns that are not known has known ones in it.
pub(super) fn second_in_header(
    separator: Separator,
    header: &[Field],
    columns: &Columns,
) -> Option<Separator> {
    let has_known_parts = |name: &Field, other| {
        let is_unknown = columns.understood(std::slice::from_ref(name)).0 == 0;
        let mut parts = Vec::new();
        let is_read = is_unknown && matches!(Records::of(name, other).next(&mut parts), Ok(true));
        is_read && parts.len() > 1 && columns.understood(&parts).0 > 0
    };
    let mut others = separator.others();
    others.find(|other| header.iter().any(|name| has_known_parts(name, *other)))
}

/// Another separator by which this record has so many fields.
pub(super) fn second_in_row(separator: Separator, record: &[u8], columns: usize) -> Option<Separator> {
    separator.others().find(|other| {
        let mut fields = Vec::new();
        let read = Records::of(record, *other).next(&mut fields);
        matches!(read, Ok(true)) && fields.len() == columns
    })
}

/// What is wrong with a list that has both.
pub(super) fn two_of_them(first: Separator, second: Separator, line: usize) -> String {
    format!(
        "uses {} and a second separator, {} (first in line {line}): write it with one of them",
        first.plural(),
        second.plural()
    )
}
