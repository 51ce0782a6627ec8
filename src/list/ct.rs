//! What a search of certificate transparency logs found: the JSON of crt.sh, which says each certificate's serial number, and of
//! Cert Spotter, which has the certificate itself where it is asked for it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::api::value::Label;
use crate::certificate::Certificate;
use crate::protocol::Member;
use crate::strict_json::read_items;

use super::{Reading, Row, certificates};

/// Of a row that is no entry: it is named once, since all of them are alike.
type NoEntry = &'static str;

const NO_CERTIFICATE: NoEntry = "has entries of Cert Spotter without cert_der, which alone names a certificate: ask for it by expand=cert_der";
const UNKNOWN: NoEntry = "is an array, and no answer of crt.sh (entries with serial_number) or Cert Spotter (with cert_der): a plan is an \
                          object, {\"orders\": [...]}";

/// Hands over the certificates of an array of entries.
pub(super) fn read(text: &[u8], reading: &mut Reading) {
    let mut faults: Vec<(NoEntry, usize)> = Vec::new();
    let mut item = |value| {
        let read = entry(reading.rows + 1, value);
        if let Ok(None) = read {
            reading.left_out += 1;
            return true;
        }
        let Some(number) = reading.next_row() else {
            return false;
        };
        match read {
            Ok(row) => row.into_iter().for_each(|row| reading.hand_over(row)),
            Err(fault) => {
                reading.faults.note_row(number);
                if !faults.iter().any(|(known, _)| *known == fault) {
                    faults.push((fault, number));
                }
            }
        }
        true
    };
    if let Err(fault) = read_items(text, &mut item) {
        let fault = format!("is no JSON. {}", fault.trim_end_matches('.'));
        reading.faults.note_list(&fault);
    }
    for (fault, row) in faults {
        reading.faults.note_list(&format!("{fault} (first in row {row})"));
    }
}

/// The row of an entry; none for a CA's own certificate.
fn entry(number: usize, value: Value) -> Result<Option<Row>, NoEntry> {
    let Value::Object(entry) = value else {
        return Err(UNKNOWN);
    };
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let mut row = Row::new(number);
    if let Some(serial_number) = text("serial_number") {
        row.push("serialNumber", Member::Text(serial_number.to_owned()));
        if let Some(names) = text("name_value").or_else(|| text("common_name")) {
            label(&mut row, &mut names.lines());
        }
        return Ok(Some(row));
    }
    let Some(der) = text("cert_der") else {
        let is_issuance = entry.contains_key("tbs_sha256") || entry.contains_key("cert_sha256");
        return Err(if is_issuance { NO_CERTIFICATE } else { UNKNOWN });
    };
    label(&mut row, &mut dns_names(&entry));
    let der = STANDARD.decode(der).unwrap_or_default();
    match Certificate::from_der(&der) {
        Ok(certificate) if certificate.is_ca => return Ok(None),
        Ok(certificate) => certificates::name_by(&mut row, &certificate),
        Err(invalid) => row.note_unread_name("cert_der", invalid.fault),
    }
    Ok(Some(row))
}

fn dns_names(entry: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let names = entry.get("dns_names").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

/// Calls the row by as many names as a label holds.
fn label(row: &mut Row, names: &mut dyn Iterator<Item = &str>) {
    let names: Vec<&str> = names.take(MAX_NAMES).collect();
    row.about.label = Label::of(&names.join(", "));
}

/// Names that a label is made of, at most.
const MAX_NAMES: usize = 16;
