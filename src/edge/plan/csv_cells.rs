//! The rows of a job as CSV that no spreadsheet takes for formulas.

use crate::list::formula::guarded;

/// The columns of a job's rows.
pub const COLUMNS: [&str; 18] = [
    "orderNumber",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
    "outcome",
    "errorCode",
    "errorMessage",
    "attempts",
    "settled",
    "updatedAt",
    "auditSeq",
    "waitsForPerson",
    "unknownSinceRestore",
    "serialNumber",
    "certificateID",
    "label",
];

/// A line of these cells, with its end.
///
/// ```
/// use autorevoke::edge::plan::csv_line;
/// assert_eq!(csv_line(&["1", "say \"so\"", "=1+1"]), "1,\"say \"\"so\"\"\",'=1+1\r\n");
/// ```
pub fn csv_line(cells: &[&str]) -> String {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        push_cell(&mut line, cell);
    }
    line.push_str("\r\n");
    line
}

fn push_cell(line: &mut String, cell: &str) {
    let cell = guarded(cell);
    if cell.contains(['"', ',', ';', '\t', '\r', '\n']) {
        line.push('"');
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(&cell);
    }
}
