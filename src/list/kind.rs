//! What a file is, by its bytes: its name says what somebody believed.

use crate::printable::is_unprintable;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// JSON.
    Json,
    /// Certificates in PEM, text between them.
    Pem,
    /// Serial numbers, one a line.
    Serials,
    /// Everything else: a header row and rows.
    Csv,
}

/// What begins with these bytes is no list, and what to do about it.
const BINARY: [(&[u8], &str); 12] = [
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "is a workbook of an older Excel (.xls), or another file of an office program: save it as CSV UTF-8",
    ),
    (b"\x1F\x8B", "is compressed (gzip): unpack it first"),
    (b"BZh", "is compressed (bzip2): unpack it first"),
    (b"\xFD7zXZ\0", "is compressed (xz): unpack it first"),
    (b"\x28\xB5\x2F\xFD", "is compressed (Zstandard): unpack it first"),
    (b"7z\xBC\xAF\x27\x1C", "is an archive (7z): unpack it first"),
    (b"Rar!", "is an archive (RAR): unpack it first"),
    (b"%PDF-", "is a PDF document: export the list as CSV UTF-8"),
    (
        b"\xFE\xED\xFE\xED",
        "is a Java keystore, which has keys in it as a rule: take the certificates out by keytool -exportcert -rfc",
    ),
    (b"\x89PNG", "is a picture"),
    (b"\xFF\xD8\xFF", "is a picture"),
    (b"\x7FELF", "is a program"),
];

/// What a workbook (.xlsx, .xlsb, .ods, .numbers) has in it beside other ZIP archives.
const OF_WORKBOOKS: [&[u8]; 3] = [b"xl/workbook", b"opendocument.spreadsheet", b".iwa"];
/// Every document of an office program has one of these.
const OF_DOCUMENTS: [&[u8]; 2] = [b"[Content_Types].xml", b"application/vnd.oasis.opendocument"];

/// Why these bytes are no list, unless they may be one.
pub(super) fn binary_fault(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(if has_any(bytes, &OF_WORKBOOKS) {
            "is a workbook (.xlsx, .ods): save it as CSV UTF-8"
        } else if has_any(bytes, &OF_DOCUMENTS) {
            "is a document of an office program: save the list as CSV UTF-8"
        } else {
            "is a ZIP archive (zip): unpack it first"
        });
    }
    let known = BINARY.into_iter().find(|(start, _)| bytes.starts_with(start));
    known.map(|(_, fault)| fault)
}

fn has_any(bytes: &[u8], parts: &[&[u8]]) -> bool {
    // Names in an archive are not compressed.
    parts.iter().any(|part| {
        bytes
            .windows(part.len())
            .any(|window| window.first() == part.first() && window == *part)
    })
}

/// Whether this is DER, as far as its first octets tell: a sequence of more than 127 octets. In a text the second is none.
pub(super) fn is_der(bytes: &[u8]) -> bool {
    matches!(bytes, [0x30, 0x80..=0x84, ..])
}

/// What DER is that is no certificate.
pub(super) fn der_fault(der: &[u8]) -> &'static str {
    const SIGNED_DATA: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
    match der_content(der) {
        content if content.starts_with(SIGNED_DATA) => {
            "is a PKCS#7 bundle (.p7b): convert it by openssl pkcs7 -inform DER -print_certs"
        }
        [0x02, 0x01, 0x03, 0x30, ..] => {
            "is a PKCS#12 file (.p12, .pfx), which has keys in it as a rule: take the certificates out by openssl pkcs12 \
             -nokeys"
        }
        [0x02, 0x01, 0x00 | 0x01, ..] => {
            "is a private key: it does not belong here, and must be sent to nobody"
        }
        _ => "is DER, and no X.509 certificate",
    }
}

/// What follows the tag and the length (X.690, section 8.1.3).
fn der_content(der: &[u8]) -> &[u8] {
    let length = der.get(1).map_or(0, |first| usize::from(first & 0x7F));
    der.get(2 + length..).unwrap_or_default()
}

/// What a text is, or why it is no list.
pub(super) fn of_text(text: &[u8]) -> Result<Kind, &'static str> {
    let text = text.trim_ascii_start();
    let Some(first) = text.first() else {
        return Err("is empty");
    };
    if text.starts_with(b"{\\rtf") {
        return Err("is RTF, a document of a word processor: save it as plain text");
    }
    if *first == b'<' {
        return Err(
            "is HTML or XML, a page and not a list: export it as CSV. A log-in page comes where the session has ended",
        );
    }
    if lines(text).any(begins_pem) {
        return Ok(Kind::Pem);
    }
    if matches!(first, b'{' | b'[') {
        return Ok(Kind::Json);
    }
    let line = lines(text).next().unwrap_or_default();
    match std::str::from_utf8(line).map(str::trim) {
        Ok(line) if is_heading_of_a_certificate(line) => Err(
            "is a certificate written out for people: take the certificate itself (PEM or DER), or what openssl x509 -noout \
             -serial prints",
        ),
        Ok(line) if is_base64_of_der(line) => Err(
            "is base64 without the lines that make it PEM: put -----BEGIN CERTIFICATE----- above it and -----END \
             CERTIFICATE----- below",
        ),
        Ok(line) if is_serial_line(line) => Ok(Kind::Serials),
        _ => Ok(Kind::Csv),
    }
}

/// Whether a certificate or the like begins here, behind all that Unicode calls blanks.
fn begins_pem(line: &[u8]) -> bool {
    String::from_utf8_lossy(line)
        .trim_start()
        .starts_with("-----BEGIN ")
}

/// The lines of a text; CR, LF and both end one.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut before = 0;
    text.split(move |byte| {
        // A pair ends one line.
        let ends = matches!(byte, b'\n' | b'\r') && (before, *byte) != (b'\r', b'\n');
        before = *byte;
        ends
    })
    .map(|line| line.strip_prefix(b"\n").unwrap_or(line))
}

/// `Certificate:` of openssl, `X509 Certificate:` of certutil, `X.509-Zertifikat:` of a German one.
fn is_heading_of_a_certificate(line: &str) -> bool {
    let line = line.to_lowercase();
    line.len() < 64 && line.ends_with(':') && (line.contains("certificat") || line.contains("zertifikat"))
}

/// Whether a line is how a certificate begins in base64, or a key, of which nothing must be quoted.
fn is_base64_of_der(line: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    line.starts_with("MI") && line.len() >= 40 && line.bytes().all(is_base64)
}

/// Whether a line is a serial number, perhaps with characters that nobody sees: the name of no column is.
pub(super) fn is_serial_line(line: &str) -> bool {
    let digits = line.strip_prefix("serial=").unwrap_or(line);
    let digits = digits.trim().trim_start_matches(is_unprintable);
    let digits = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
        .unwrap_or(digits);
    let sound = |c: char| c.is_ascii_hexdigit() || c == ':' || c == ' ' || c == '\u{a0}' || is_unprintable(c);
    // A tab separates columns.
    !digits.is_empty() && digits.chars().all(|c| c != '\t' && sound(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_cr_lf_or_both() {
        let found: Vec<&[u8]> = lines(b"a\r\nb\rc\n\nd\r\r\n").collect();
        assert_eq!(found, [&b"a"[..], b"b", b"c", b"", b"d", b"", b""]);
    }

    #[test]
    fn a_text_is_known_by_how_it_begins() {
        for (text, kind) in [
            ("\n {\"orders\": []}", Kind::Json),
            ("[]", Kind::Json),
            ("Hello,\n\n  -----BEGIN CERTIFICATE-----\n", Kind::Pem),
            ("0a:1b\n", Kind::Serials),
            ("serial=0A1B", Kind::Serials),
            ("\u{200e}0a 1b", Kind::Serials),
            ("orderNumber\n1\n", Kind::Csv),
            ("0a,1b", Kind::Csv),
            ("12\t13", Kind::Csv),
        ] {
            assert_eq!(of_text(text.as_bytes()), Ok(kind), "{text:?}");
        }
        for text in [
            "",
            " \r\n",
            "<p>",
            "{\\rtf1}",
            "Certificate:\n    Data:\n",
            &"MIIBkDCCATag".repeat(4),
        ] {
            assert!(of_text(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn der_that_is_no_certificate_is_named() {
        for (der, part) in [
            (
                &b"\x30\x82\x01\x00\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"[..],
                "PKCS#7",
            ),
            (b"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", "PKCS#7"),
            (b"\x30\x81\xFF\x02\x01\x03\x30", "PKCS#12"),
            (b"\x30\x82\x01\x00\x02\x01\x00\x30", "private key"),
            (b"\x30\x84", "no X.509"),
        ] {
            assert!(is_der(der));
            assert!(der_fault(der).contains(part), "{der:?}");
        }
        assert!(!is_der(b"0A3F"));
    }
}
