//! Serial numbers, one a line, as tools print them: `0a:1b`, `0x0A1B`, `0A 1B`, `serial=0A1B`.

use crate::protocol::{MAX_SERIAL_DIGITS, Member};

use super::kind::lines;
use super::{Place, Reading, Row, cells};

/// Hands over the serial numbers of a text.
pub(super) fn read(text: &[u8], reading: &mut Reading) {
    if let Some(line) = ambiguous_line(text) {
        let fault = format!(
            "has lines of nothing but decimal digits (line {line}), which may be order numbers or serial numbers: write \
             orderNumber or serialNumber as the first line above them"
        );
        return reading.faults.note_list(&fault);
    }
    for (at, line) in lines(text).enumerate() {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let Some(number) = reading.next_row() else {
            return;
        };
        reading.hand_over(row(number, at + 1, line));
    }
}

fn row(number: usize, line: usize, text: &str) -> Row {
    let mut row = Row::at(number, Place::Line(line));
    let digits = text.strip_prefix("serial=").unwrap_or(text);
    if let Some(fault) = cells::number_fault(SERIAL_NUMBER, digits) {
        row.faults.note(SERIAL_NUMBER, &fault);
    }
    row.push(SERIAL_NUMBER, Member::Text(digits.to_owned()));
    row
}

const SERIAL_NUMBER: &str = "serialNumber";

/// The first line that may be something else than a serial number in hexadecimal: an order number wherever it stands, since a
/// slip of the pen in one of them must not make serial numbers of all others; or a serial number in decimal, if all are.
pub(super) fn ambiguous_line(text: &[u8]) -> Option<usize> {
    let mut first = None;
    let mut are_all_decimal = true;
    for (at, line) in lines(text).enumerate() {
        // Without all that Unicode calls a blank, as the row is read.
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        let is_decimal = line.bytes().all(|byte| byte.is_ascii_digit());
        if is_decimal && (1..=MAX_ORDER_DIGITS).contains(&line.len()) {
            return Some(at + 1);
        }
        if !line.is_empty() {
            first = first.or(Some(at + 1));
            are_all_decimal &= is_decimal && line.len() <= MAX_SERIAL_DIGITS;
        }
    }
    first.filter(|_| are_all_decimal)
}

/// Digits of an order number, at most.
const MAX_ORDER_DIGITS: usize = 19;
