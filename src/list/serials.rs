//! Serial numbers, one a line, as tools print them: `0a:1b`, `0x0A1B`, `0A 1B`, `serial=0A1B`.

use crate::protocol::{MAX_SERIAL_DIGITS, Member};

use super::kind::lines;
use super::{Place, Reading, Row, cells};

/// Hands over the serial numbers of a text.
pub(super) fn read(text: &[u8], reading: &mut Reading) {
    if could_be_order_numbers(text) {
        let fault = "has nothing but decimal digits, which may be order numbers or serial numbers: write orderNumber or \
                     serialNumber above them as the first line";
        return reading.faults.note_list(fault);
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

/// Whether each line is a decimal number, and one that is not too long for either.
fn could_be_order_numbers(text: &[u8]) -> bool {
    let mut lines = lines(text)
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    lines.all(|line| line.len() <= MAX_SERIAL_DIGITS && line.iter().all(u8::is_ascii_digit))
}
