//! Certificates in PEM or DER: each is known by its serial number, and called by the names that it is for.

use crate::api::about::About;
use crate::certificate::{Certificate, InvalidCertificate};
use crate::protocol::Member;

use super::{Place, Reading, Row, kind};

/// Hands over the certificates of a PEM text.
pub(super) fn read_pem(text: &[u8], reading: &mut Reading) {
    // What stands between certificates may have any encoding.
    let text = String::from_utf8_lossy(text);
    for (at, found) in Certificate::each_in_pem(&text).enumerate() {
        let place = Place::Certificate(at + 1);
        if found.as_ref().is_ok_and(|certificate| certificate.is_ca) {
            reading.left_out += 1;
            continue;
        }
        let Some(number) = reading.next_row() else {
            return;
        };
        match found {
            Ok(certificate) => reading.hand_over(row(number, place, &certificate)),
            Err(InvalidCertificate { line, fault }) => {
                let fault = format!("{fault} (it begins in line {line})");
                reading.faults.note_fault(place, number, &fault);
            }
        }
    }
    note_if_all_are_left_out(reading);
}

/// Hands over the certificate in DER.
pub(super) fn read_der(der: &[u8], reading: &mut Reading) {
    match Certificate::from_der(der) {
        Ok(certificate) if certificate.is_ca => reading.left_out = 1,
        Ok(certificate) => {
            if let Some(number) = reading.next_row() {
                reading.hand_over(row(number, Place::Certificate(1), &certificate));
            }
        }
        Err(_) => reading.faults.note_list(kind::der_fault(der)),
    }
    note_if_all_are_left_out(reading);
}

fn note_if_all_are_left_out(reading: &mut Reading) {
    if reading.rows == 0 && reading.left_out > 0 {
        let fault = "has only certificates of CAs themselves, which this endpoint does not revoke";
        reading.faults.note_list(fault);
    }
}

fn row(number: usize, place: Place, certificate: &Certificate) -> Row {
    let mut row = Row::at(number, place);
    name_by(&mut row, certificate);
    row
}

/// Names a row by its certificate, and calls it as that says unless it is called otherwise.
pub(super) fn name_by(row: &mut Row, certificate: &Certificate) {
    row.push("serialNumber", Member::Text(certificate.serial_number.clone()));
    let about = About::from(certificate);
    row.about.label = row.about.label.take().or(about.label);
    row.about.certificate = about.certificate;
}
