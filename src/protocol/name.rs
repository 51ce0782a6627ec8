//! How a certificate is named: by exactly one of three parameters of the endpoint.

use super::decimal::read_decimal;

/// The largest order number: it fits the signed 64-bit integer that such numbers are kept in.
pub const MAX_ORDER_NUMBER: u64 = i64::MAX as u64;
/// Limit of `serialNumber` in hexadecimal digits (the vendor's newer page of this endpoint).
pub const MAX_SERIAL_DIGITS: usize = 34;
/// The largest `certificateID`: 16 digits (the vendor's newer page of this endpoint).
pub const MAX_CERTIFICATE_ID: u64 = 9_999_999_999_999_999;

/// Which parameter names the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// `orderNumber`: the CA's number of the order.
    OrderNumber,
    /// `serialNumber`: the certificate's own (RFC 5280, section 4.1.2.2), in hexadecimal.
    SerialNumber,
    /// `certificateID`: the CA's number of the certificate.
    CertificateId,
}

impl NameKind {
    /// All of them, the usual one first.
    pub const ALL: [NameKind; 3] = [
        NameKind::OrderNumber,
        NameKind::SerialNumber,
        NameKind::CertificateId,
    ];

    /// The vendor's name of the parameter.
    pub const fn parameter(self) -> &'static str {
        match self {
            NameKind::OrderNumber => "orderNumber",
            NameKind::SerialNumber => "serialNumber",
            NameKind::CertificateId => "certificateID",
        }
    }

    /// What it is called in a sentence, before the value.
    pub const fn noun(self) -> &'static str {
        match self {
            NameKind::OrderNumber => "order",
            NameKind::SerialNumber => "serial number",
            NameKind::CertificateId => "certificate",
        }
    }

    /// What stands before the value where a single text names a certificate: in a path, an identity, a log line.
    pub const fn prefix(self) -> &'static str {
        match self {
            NameKind::OrderNumber => "",
            NameKind::SerialNumber => "serial:",
            NameKind::CertificateId => "certificate:",
        }
    }

    /// Which kind a text for kind and value is of, and the value: see [`Name::text`].
    ///
    /// ```
    /// use autorevoke::protocol::NameKind;
    /// assert_eq!(NameKind::split("serial:0A1B"), (NameKind::SerialNumber, "0A1B"));
    /// assert_eq!(NameKind::split("12"), (NameKind::OrderNumber, "12"));
    /// ```
    pub fn split(text: &str) -> (NameKind, &str) {
        let prefixed = [NameKind::SerialNumber, NameKind::CertificateId];
        let found = prefixed
            .into_iter()
            .find_map(|kind| Some((kind, text.strip_prefix(kind.prefix())?)));
        found.unwrap_or((NameKind::OrderNumber, text))
    }

    /// The value as it is sent, or what is wrong with it.
    pub(super) fn normalised(self, text: &str) -> Result<String, &'static str> {
        match self {
            NameKind::OrderNumber => decimal_number(
                text,
                MAX_ORDER_NUMBER,
                "must be decimal digits without leading zeros, from 1 to 9223372036854775807 (2^63-1)",
            ),
            NameKind::SerialNumber => serial_number(text),
            NameKind::CertificateId => decimal_number(
                text,
                MAX_CERTIFICATE_ID,
                "must be decimal digits without leading zeros, at most 16",
            ),
        }
    }
}

/// A name that is well formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'a> {
    pub(super) kind: NameKind,
    pub(super) value: &'a str,
}

impl<'a> Name<'a> {
    /// The order with this number, where a test needs one that is certain to be well formed.
    #[cfg(all(test, feature = "full"))]
    pub(crate) const fn order(number: &'a str) -> Name<'a> {
        Name {
            kind: NameKind::OrderNumber,
            value: number,
        }
    }

    /// The order with this number, if it is one.
    ///
    /// ```
    /// use autorevoke::protocol::Name;
    /// assert_eq!(Name::order_number("123456").map(Name::parameter), Some("orderNumber"));
    /// assert_eq!(Name::order_number("007"), None);
    /// ```
    pub fn order_number(number: &'a str) -> Option<Name<'a>> {
        Name::new(NameKind::OrderNumber, number)
    }

    /// The name of this kind, if the value is written as it is sent.
    ///
    /// ```
    /// use autorevoke::protocol::{Name, NameKind};
    /// assert_eq!(Name::new(NameKind::SerialNumber, "0A1B").map(Name::text).as_deref(), Some("serial:0A1B"));
    /// assert_eq!(Name::new(NameKind::SerialNumber, "0a1b"), None);
    /// ```
    pub fn new(kind: NameKind, value: &'a str) -> Option<Name<'a>> {
        let is_normalised = kind.normalised(value).is_ok_and(|normalised| normalised == value);
        is_normalised.then_some(Name { kind, value })
    }

    /// Which parameter it is.
    pub fn kind(self) -> NameKind {
        self.kind
    }

    /// The vendor's name of the parameter.
    pub fn parameter(self) -> &'static str {
        self.kind.parameter()
    }

    /// The value, as it is sent.
    pub fn value(self) -> &'a str {
        self.value
    }

    /// Kind and value in one text: `12`, `serial:0A1B`, `certificate:345`.
    pub fn text(self) -> String {
        [self.kind.prefix(), self.value].concat()
    }
}

/// Decimal digits without leading zeros, from 1 to this.
fn decimal_number(text: &str, largest: u64, fault: &'static str) -> Result<String, &'static str> {
    let number = read_decimal(text).filter(|number| *number <= largest && !text.starts_with('0'));
    number.map(|_| text.to_owned()).ok_or(fault)
}

/// In capitals, as the octets of the number without a leading zero octet. Colons, blanks and `0x` are dropped, since that is
/// how tools and people write one.
fn serial_number(text: &str) -> Result<String, &'static str> {
    let text = text.trim_ascii();
    let mut digits = String::new();
    for byte in text.strip_prefix("0x").unwrap_or(text).bytes() {
        match byte {
            b':' | b' ' => {}
            b'0' if digits.is_empty() => {}
            _ if byte.is_ascii_hexdigit() => digits.push(char::from(byte.to_ascii_uppercase())),
            _ => return Err(SERIAL_NUMBER_FAULT),
        }
    }
    if digits.is_empty() || digits.len() > MAX_SERIAL_DIGITS {
        return Err(SERIAL_NUMBER_FAULT);
    }
    if digits.len() % 2 == 1 {
        digits.insert(0, '0');
    }
    Ok(digits)
}

const SERIAL_NUMBER_FAULT: &str = "must be a number above 0 in at most 34 hexadecimal digits";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_serial_number_is_sent_as_its_octets_in_capitals() {
        for (written, sent) in [
            ("0a:1b:2c", "0A1B2C"),
            ("00:A1", "A1"),
            ("0xABC", "0ABC"),
            (" 7f 00 ", "7F00"),
            ("000000000000000000000000000000000001", "01"),
            (
                "1234567890ABCDEF1234567890ABCDEF12",
                "1234567890ABCDEF1234567890ABCDEF12",
            ),
        ] {
            assert_eq!(
                NameKind::SerialNumber.normalised(written).as_deref(),
                Ok(sent),
                "{written}"
            );
        }
        for written in [
            "",
            "0",
            "00:00",
            "0x",
            "xyz",
            "1234567890ABCDEF1234567890ABCDEF123",
            "1-2",
            "１",
        ] {
            assert!(NameKind::SerialNumber.normalised(written).is_err(), "{written}");
        }
    }

    #[test]
    fn a_normalised_name_stays_as_it_is() {
        for (kind, written) in [
            (NameKind::OrderNumber, "9223372036854775807"),
            (NameKind::SerialNumber, "0:a"),
            (NameKind::CertificateId, "9999999999999999"),
        ] {
            let once = kind.normalised(written).unwrap();
            assert_eq!(kind.normalised(&once), Ok(once.clone()));
        }
    }

    #[test]
    fn a_certificate_id_has_at_most_sixteen_digits() {
        for text in ["0", "01", "12345678901234567", "1.0", "-1", ""] {
            assert!(NameKind::CertificateId.normalised(text).is_err(), "{text}");
        }
    }
}
