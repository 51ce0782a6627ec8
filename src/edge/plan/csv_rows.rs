//! A job as CSV (RFC 4180, UTF-8 with or without BOM): a header row, then one order a row.

use super::rfc4180::{Fault, Field, Records};
use super::{PlanRequest, Row};
use crate::protocol::{Member, NameKind, printable_name};

/// The columns of a plan.
const COLUMNS: [&str; 8] = [
    "orderNumber",
    "serialNumber",
    "certificateID",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
];

/// The byte order mark, in UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Reads the rows into `request`: none unless all of the text is CSV, and at most one more than `max_orders`.
pub fn from_csv(body: &[u8], max_orders: usize, request: &mut PlanRequest) {
    let body = body.strip_prefix(BOM).unwrap_or(body);
    if body.starts_with(BOM) {
        request.faults.note("csv", "has more than one byte order mark");
        return;
    }
    match rows(body, max_orders, request) {
        Ok(rows) => request.rows = rows,
        Err(Fault(line, what)) => request.note("csv", &format!("is not as in RFC 4180: line {line} {what}")),
    }
}

fn rows(body: &[u8], max_orders: usize, request: &mut PlanRequest) -> Result<Vec<Row>, Fault> {
    let mut records = Records::of(body);
    let mut rows = Vec::new();
    let Some(names) = records.next()? else {
        request.note("csv", "has no header row");
        return Ok(rows);
    };
    let header = header(&names, request);
    while let Some(fields) = records.next()? {
        match &header {
            Some(header) if rows.len() <= max_orders => rows.push(row(rows.len() + 1, &fields, header)),
            _ => {}
        }
    }
    Ok(rows)
}

/// The columns in their order, unless something is wrong with them.
fn header(record: &[Field], request: &mut PlanRequest) -> Option<Vec<&'static str>> {
    let mut columns = Vec::new();
    let mut fault = |name: &str, fault: &str| request.note(&format!("column {name}"), fault);
    for (at, name) in record.iter().enumerate() {
        let name = std::str::from_utf8(name).unwrap_or_default();
        match COLUMNS.into_iter().find(|known| *known == name) {
            Some(known) if columns.contains(&known) => fault(known, "is there twice"),
            Some(known) => columns.push(known),
            None if name.is_empty() => fault(&(at + 1).to_string(), "has no name"),
            None => fault(
                &printable_name(name),
                "is not known: there are orderNumber, serialNumber, certificateID, codeReason, revocationReason, productCode, product \
                 and test",
            ),
        }
    }
    let has_name = NameKind::ALL
        .into_iter()
        .any(|kind| columns.contains(&kind.parameter()));
    if !has_name {
        fault(
            "orderNumber",
            "is missing, and so are serialNumber and certificateID",
        );
    }
    let sound = columns.len() == record.len() && has_name;
    sound.then_some(columns)
}

fn row(number: usize, record: &[Field], header: &[&'static str]) -> Row {
    let mut row = Row {
        number,
        members: Vec::new(),
        fault: None,
    };
    if record.len() != header.len() {
        row.fault = Some("has not as many fields as the header row");
        return row;
    }
    for (name, cell) in header.iter().zip(record) {
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
pub(super) fn cell_member(name: &str, text: &str) -> Member {
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
