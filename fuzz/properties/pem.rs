//! Any text as a bundle of certificates: each block is found where it stands, and taken for what it is, as a second reading of
//! RFC 7468, of base64 and of DER has it, which shares no line with the first.

use std::sync::LazyLock;

use autorevoke::certificate::Certificate;
use autorevoke::list::Columns;
use autorevoke::list::plan_rules::{Options, plan};
use autorevoke::protocol::CodeReason;

/// A leaf, its issuer, and the root.
const CHAIN: &str = include_str!("../../tests/files/fullchain.pem");
/// What is certain of these three.
const FACTS: [(&str, &str, bool); 3] = [
    (
        "B71E0C5D4A9F3E2168D0C7B5A4938271",
        "www.example.com, example.com",
        false,
    ),
    ("3C9AE0", "Example Trust Issuing CA 7", true),
    ("01", "Example Trust Root", true),
];
/// Certificates that an input stands for, at most: more of them tell no more.
const MOST_CERTIFICATES: usize = 3;
const MAX_DER_BYTES: usize = 64 * 1024;
const MAX_SERIAL_DIGITS: usize = 34;

/// The base64 of the three, without line ends.
static ENCODED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let blocks = CHAIN.split("-----BEGIN CERTIFICATE-----").skip(1);
    let inner = blocks.map(|block| block.split("-----END").next().unwrap_or_default());
    inner.map(|text| text.split_whitespace().collect()).collect()
});
static DER: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let decoded = ENCODED.iter().map(|text| base64(text.bytes()).expect("sound"));
    decoded.collect()
});

/// What a block is by the second reading.
#[derive(Debug)]
enum Block {
    /// One of the three.
    Known(usize),
    /// It may be a certificate: these are its octets.
    Der(Vec<u8>),
    /// It can be none.
    Bad,
}

pub fn check(input: &[u8]) {
    let text = written(input);
    let expected = blocks(&text);
    let found: Vec<_> = Certificate::each_in_pem(&text).collect();
    assert_eq!(found.len(), expected.len(), "{text:?}");
    let mut rows = Vec::new();
    let mut left_out = 0;
    let mut faults = 0;
    for ((line, block), found) in expected.iter().zip(&found) {
        let certificate = match (block, found) {
            (Block::Known(at), Ok(certificate)) => {
                let (serial_number, names, is_ca) = FACTS[*at];
                assert_eq!(certificate.serial_number, serial_number);
                assert_eq!(certificate.names.join(", "), names);
                assert_eq!(certificate.is_ca, is_ca);
                certificate
            }
            (Block::Der(der), Ok(certificate)) => {
                fits(certificate, der);
                certificate
            }
            (Block::Der(_) | Block::Bad, Err(invalid)) => {
                assert_eq!(invalid.line, *line, "{text:?}");
                faults += 1;
                continue;
            }
            other => panic!("{other:?} in {text:?}"),
        };
        if certificate.is_ca {
            left_out += 1;
        } else {
            rows.push((certificate.serial_number.as_str(), certificate.names.join(", ")));
        }
    }
    if found.is_empty() || faults > 0 {
        let first_fault = found.iter().find_map(|found| found.as_ref().err());
        let first = Certificate::from_pem(&text).expect_err("nothing, or a fault");
        assert_eq!(first_fault.map_or(1, |fault| fault.line), first.line);
    }
    if !expected.is_empty() {
        as_list(&text, &rows, left_out, faults);
    }
}

/// What the certificates of a list are planned as, whatever it begins with.
fn as_list(text: &str, rows: &[(&str, String)], left_out: usize, faults: usize) {
    let options = Options {
        columns: Columns::default(),
        code_reason: Some(CodeReason::KeyCompromise),
        max_rows: 10_000,
    };
    let found = plan(format!("#\n{text}").as_bytes(), &options);
    let are_sound = rows.iter().all(|(number, _)| number.len() <= MAX_SERIAL_DIGITS);
    if faults > 0 || rows.is_empty() || !are_sound || text.contains('\0') {
        assert!(found.is_err(), "{text:?}");
        return;
    }
    let plan = found.expect("each block is a certificate");
    assert_eq!(plan.left_out, left_out);
    let mut once: Vec<&str> = Vec::new();
    for (number, _) in rows {
        if !once.contains(number) {
            once.push(number);
        }
    }
    let numbers = plan.orders.iter().map(|planned| planned.order.name().value());
    assert!(numbers.eq(once.iter().copied()), "{text:?}");
    assert_eq!(plan.duplicates, rows.len() - once.len());
    for planned in &plan.orders {
        let (_, names) = &rows[planned.row - 1];
        assert!(names.trim().is_empty() || planned.label() == Some(names.trim()));
    }
}

/// The text that an input stands for: some control characters stand for parts of a bundle, so that short inputs are bundles.
fn written(input: &[u8]) -> String {
    let mut text = Vec::new();
    let mut bytes = input.iter().copied();
    let mut left = MOST_CERTIFICATES;
    while let Some(byte) = bytes.next() {
        if matches!(byte, 1..=3 | 6 | 15 | 16) {
            if left == 0 {
                continue;
            }
            left -= 1;
        }
        match byte {
            1..=3 => {
                let encoded = &ENCODED[usize::from(byte - 1)];
                text.extend(block(encoded, 64).bytes());
            }
            4 => text.extend(b"-----BEGIN CERTIFICATE-----"),
            5 => text.extend(b"-----END CERTIFICATE-----"),
            6 => text.extend(ENCODED[0].bytes()),
            7 => text.extend(b"-----BEGIN PRIVATE KEY-----\n"),
            8 => text.extend(b"-----BEGIN X509 CERTIFICATE-----\n"),
            14 => text.extend(b"-----END X509 CERTIFICATE-----\n"),
            // A certificate with one octet changed, on lines of some length.
            15 | 16 => {
                let mut der = DER[usize::from(byte - 15)].clone();
                let mut next = || bytes.next().map_or(0, usize::from);
                let (at, changed, width) = (2 * next() + next() % 2, next(), 1 + next());
                if let Some(octet) = der.get_mut(at) {
                    *octet = (changed % 256) as u8;
                }
                text.extend(block(&encoded(&der), width).bytes());
            }
            other => text.push(other),
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn block(encoded: &str, width: usize) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for (at, c) in encoded.chars().enumerate() {
        text.push(c);
        if (at + 1) % width == 0 {
            text.push('\n');
        }
    }
    text + "\n-----END CERTIFICATE-----\n"
}

/// The blocks of a text, each with the line in which it begins.
fn blocks(text: &str) -> Vec<(usize, Block)> {
    let lines: Vec<&str> = text
        .split("\r\n")
        .flat_map(|part| part.split(['\r', '\n']))
        .map(str::trim)
        .collect();
    let label = |line: &str, what: &str| {
        let rest = line.strip_prefix("-----")?.strip_prefix(what)?;
        Some(rest.strip_suffix("-----")?.to_owned())
    };
    let begins: Vec<(usize, String)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| Some((at, label(line, "BEGIN ")?)))
        .collect();
    let ends = begins.iter().skip(1).map(|(at, _)| *at).chain([lines.len()]);
    let found = begins.iter().zip(ends).map(|((begin, name), next)| {
        let inner = &lines[begin + 1..next];
        let end = inner
            .iter()
            .position(|line| label(line, "END ").as_ref() == Some(name));
        let is_certificate =
            ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains(&name.as_str());
        let Some(end) = end.filter(|_| is_certificate) else {
            return (begin + 1, Block::Bad);
        };
        let characters = inner[..end].iter().flat_map(|line| line.chars());
        let written: String = characters.filter(|c| !c.is_whitespace()).collect();
        let block = match base64(written.bytes()) {
            Some(der) if der.len() <= MAX_DER_BYTES => match DER.iter().position(|known| *known == der) {
                Some(known) => Block::Known(known),
                None => Block::Der(der),
            },
            _ => Block::Bad,
        };
        (begin + 1, block)
    });
    found.collect()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, section 4, in its one spelling: padded, and with zeros in the bits that are left over.
fn base64(text: impl DoubleEndedIterator<Item = u8> + ExactSizeIterator + Clone) -> Option<Vec<u8>> {
    let padding = text.clone().rev().take_while(|byte| *byte == b'=').count();
    let digits = text.len() - padding;
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut octets = Vec::with_capacity(digits);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.take(digits) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    (bits == 0).then_some(octets)
}

fn encoded(octets: &[u8]) -> String {
    let mut text = String::new();
    for group in octets.chunks(3) {
        let mut bits = [0; 3];
        bits[..group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes([0, bits[0], bits[1], bits[2]]);
        for at in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// Whether this is what these octets say, whose signature nobody checks.
fn fits(certificate: &Certificate, der: &[u8]) {
    let (tag, content, rest) = element(der).expect("it was read");
    assert_eq!((tag, rest.len()), (0x30, 0));
    let (_, mut body, _) = element(content).expect("it was read");
    let mut parts = Vec::new();
    while let Some((tag, content, rest)) = element(body) {
        parts.push((tag, content));
        body = rest;
    }
    // The version comes first, if it is there.
    let serial_number = parts.iter().find(|(tag, _)| *tag == 0x02).expect("it was read").1;
    assert!(serial_number[0] < 0x80, "negative");
    let zeros = serial_number.iter().take_while(|octet| **octet == 0).count();
    let digits = serial_number[zeros..].iter().map(|octet| format!("{octet:02X}"));
    assert_eq!(certificate.serial_number, digits.collect::<String>());
    assert!(!certificate.serial_number.is_empty());
    assert!(certificate.names.len() <= 16);

    // basicConstraints, 2.5.29.19, of the extensions.
    const BASIC_CONSTRAINTS: &[u8] = &[0x06, 0x03, 0x55, 0x1D, 0x13];
    let extensions = parts
        .iter()
        .find(|(tag, _)| *tag == 0xA3)
        .map_or(&[][..], |part| part.1);
    let places = extensions.windows(BASIC_CONSTRAINTS.len());
    let mut mentioned = (0..)
        .zip(places)
        .filter(|(_, window)| *window == BASIC_CONSTRAINTS);
    match (mentioned.next(), mentioned.next()) {
        (None, _) => assert!(!certificate.is_ca),
        (Some((at, _)), None) => {
            let mut rest = &extensions[at + BASIC_CONSTRAINTS.len()..];
            if let Some((0x01, _, more)) = element(rest) {
                rest = more;
            }
            if let Some((0x04, value, _)) = element(rest)
                && let Some((0x30, value, [])) = element(value)
            {
                match value {
                    [] => assert!(!certificate.is_ca),
                    [0x01, 0x01, 0xFF] => assert!(certificate.is_ca),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// A tag, what it holds, and what follows (X.690, section 8.1).
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [tag, length, rest @ ..] = der else {
        return None;
    };
    let (length, rest) = match length {
        0..=0x7F => (usize::from(*length), rest),
        _ => {
            let (octets, rest) = rest.split_at_checked(usize::from(length & 0x7F))?;
            (
                octets
                    .iter()
                    .fold(0, |length, octet| length << 8 | usize::from(*octet)),
                rest,
            )
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}
