//! A job as CSV (RFC 4180, UTF-8 with or without BOM): a header row, then one order a row.

use csv::{ByteRecord, ReaderBuilder};

use super::{Given, Row, rfc4180};
use crate::protocol::{Member, printable_name};

/// The columns that there can be.
const COLUMNS: [&str; 6] = [
    "orderNumber",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
];

/// The byte order mark, in UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Reads the rows into `given`. More than `max_orders` are not read.
pub fn from_csv(body: &[u8], max_orders: usize, given: &mut Given) {
    let body = body.strip_prefix(BOM).unwrap_or(body);
    // The reader takes another one away, and what is left would be read otherwise than it is written.
    if body.starts_with(BOM) {
        given.faults.note("csv", "has more than one byte order mark");
        return;
    }
    if let Some((line, what)) = rfc4180::fault(body) {
        given.note("csv", &format!("is not as in RFC 4180: line {line} {what}"));
        return;
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(body);
    let mut record = ByteRecord::new();
    let mut next = |record: &mut ByteRecord| reader.read_byte_record(record).unwrap_or(false);
    if !next(&mut record) {
        given.note("csv", "has no header row");
        return;
    }
    let Some(header) = header(&record, given) else {
        return;
    };
    while given.rows.len() <= max_orders && next(&mut record) {
        let number = given.rows.len() + 1;
        given.rows.push(row(number, &record, &header));
    }
}

/// The column at each place, unless something is wrong with them.
fn header(record: &ByteRecord, given: &mut Given) -> Option<Vec<&'static str>> {
    // Not as many as the header may have: a line of commas has millions.
    let mut columns = Vec::new();
    let mut fault = |name: &str, fault: &str| given.note(&format!("column {name}"), fault);
    for (at, name) in record.iter().enumerate() {
        let name = std::str::from_utf8(name).unwrap_or_default();
        match COLUMNS.into_iter().find(|known| *known == name) {
            Some(known) if columns.contains(&known) => fault(known, "is there twice"),
            Some(known) => columns.push(known),
            None if name.is_empty() => fault(&(at + 1).to_string(), "has no name"),
            None => fault(
                &printable_name(name),
                "is not known: there are orderNumber, codeReason, revocationReason, productCode, product and test",
            ),
        }
    }
    if !columns.contains(&"orderNumber") {
        fault("orderNumber", "is missing");
    }
    let sound = columns.len() == record.len() && columns.contains(&"orderNumber");
    sound.then_some(columns)
}

fn row(number: usize, record: &ByteRecord, header: &[&'static str]) -> Row {
    let mut row = Row {
        number,
        members: Vec::new(),
        fault: None,
    };
    if record.len() != header.len() {
        row.fault = Some("has not as many fields as the header row");
        return row;
    }
    for (name, cell) in header.iter().zip(record.iter()) {
        let Ok(text) = std::str::from_utf8(cell) else {
            row.fault = Some("is not UTF-8");
            return row;
        };
        // An empty cell says nothing.
        if !text.is_empty() {
            row.members.push(((*name).to_owned(), cell_member(name, text)));
        }
    }
    row
}

/// A cell is text; numbers and booleans are read from their one spelling.
fn cell_member(name: &str, text: &str) -> Member {
    let digits = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    match (name, text) {
        ("test", "true") => Member::Bool(true),
        ("test", "false") => Member::Bool(false),
        ("codeReason" | "product", _) if digits && text.len() <= 17 => {
            Member::Number(text.parse().unwrap_or(f64::NAN))
        }
        _ => Member::Text(text.to_owned()),
    }
}
