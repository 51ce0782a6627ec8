//! What is read of a certificate: the serial number that the CA is sent, and what people recognise it by.

use autorevoke::certificate::{Certificate, InvalidCertificate, order_from_members};
use autorevoke::protocol::{Member, Via};
use der::Decode;

const SHOP: &str = include_str!("certificates/shop.pem");
const SHOP_DER: &[u8] = include_bytes!("certificates/shop.der");
const PLAIN: &str = include_str!("certificates/plain.pem");
const LEAF: &str = include_str!("certificates/leaf.pem");

fn only(text: &str) -> Certificate {
    let mut found = Certificate::from_pem(text).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn a_certificate_is_known_by_its_serial_number_and_its_names() {
    let shop = only(SHOP);
    // Made with 0x00C0FF...: in DER a zero octet stands before the high bit, and is no part of the number.
    assert_eq!(shop.serial_number, "C0FFEE00000000000000000000AB12");
    assert_eq!(
        shop.names,
        [
            "shop.example.com",
            "www.shop.example.com",
            "192.0.2.7",
            "2001:db8::7"
        ]
    );
    assert!(shop.issuer.contains("Example Shop"), "{}", shop.issuer);
    assert_eq!(shop.not_after, "2036-11-26T19:42:36Z");
    assert_eq!(Certificate::from_der(SHOP_DER), Ok(shop));
}

#[test]
fn without_other_names_it_is_known_by_its_common_name() {
    let plain = only(PLAIN);
    assert_eq!(plain.serial_number, "0ABC");
    assert_eq!(plain.names, ["plain.example.com"]);
}

#[test]
fn a_bundle_may_have_text_between_its_certificates_and_lines_of_any_length() {
    let one_line = PLAIN
        .replace('\n', "")
        .replace("CERTIFICATE----------", "CERTIFICATE-----\n-----");
    assert!(
        Certificate::from_pem(&one_line).is_err(),
        "boundaries stand on lines of their own"
    );
    let bundle = format!(
        "Bag Attributes\r\n{}\r\nsubject=CN = x\n{PLAIN}",
        SHOP.replace('\n', "\r\n")
    );
    let found = Certificate::from_pem(&bundle).unwrap();
    let serials: Vec<&str> = found.iter().map(|it| it.serial_number.as_str()).collect();
    assert_eq!(serials, ["C0FFEE00000000000000000000AB12", "0ABC"]);
    let body: String = PLAIN.lines().filter(|line| !line.starts_with('-')).collect();
    let wide = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----");
    assert_eq!(only(&wide), only(PLAIN));
}

#[test]
fn what_is_no_certificate_is_named_with_its_line() {
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (text, line, part) in [
        (String::new(), 1, "no certificate in it"),
        ("0A:1B\n".to_owned(), 1, "no certificate in it"),
        (
            format!("{PLAIN}\n{key}"),
            PLAIN.lines().count() + 2,
            "private key",
        ),
        (
            "\n-----BEGIN CERTIFICATE-----\nAAAA\n".to_owned(),
            2,
            "END line is missing",
        ),
        (
            "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----".to_owned(),
            1,
            "not base64",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".to_owned(),
            1,
            "no X.509",
        ),
        (
            "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----".to_owned(),
            1,
            "PKCS#7",
        ),
        ("-----BEGIN CERTIFICATE REQUEST-----\n".to_owned(), 1, "request"),
    ] {
        let InvalidCertificate { line: at, fault } = Certificate::from_pem(&text).unwrap_err();
        assert_eq!(at, line, "{text}");
        assert!(fault.contains(part), "{fault}");
    }
}

#[test]
fn a_certificate_that_is_cut_anywhere_is_none() {
    for length in 0..SHOP_DER.len() {
        assert!(
            Certificate::from_der(&SHOP_DER[..length]).is_err(),
            "{length} octets"
        );
    }
    assert!(
        Certificate::from_der(&[SHOP_DER, b"\0"].concat()).is_err(),
        "one octet more"
    );
}

/// The serial number by which x509-cert knows a certificate, all of which it reads.
fn read_whole(der: &[u8]) -> Option<String> {
    let certificate = x509_cert::Certificate::from_der(der).ok()?;
    let octets = certificate.tbs_certificate().serial_number().as_bytes();
    let digits: String = octets.iter().map(|octet| format!("{octet:02X}")).collect();
    Some(match digits.strip_prefix("00") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => digits,
    })
}

#[test]
fn a_damaged_certificate_is_never_read_as_another_than_the_whole_of_it_says() {
    let mut reads = 0;
    for at in 0..SHOP_DER.len() {
        for bits in [0x01, 0x03, 0x10, 0x20, 0x80, 0xFF] {
            let mut der = SHOP_DER.to_vec();
            der[at] ^= bits;
            let found = Certificate::from_der(&der).map(|it| it.serial_number);
            if let Some(serial_number) = read_whole(&der) {
                reads += 1;
                match found {
                    Ok(found) => assert_eq!(found, serial_number, "octet {at} ^ {bits}"),
                    Err(InvalidCertificate { fault, .. }) => {
                        assert!(fault.contains("serial number"), "octet {at} ^ {bits}: {fault}");
                    }
                }
            } else if let Ok(found) = found {
                // What is looked at is whole: the fault is in the key or in a name of the algorithm.
                assert_eq!(found, "C0FFEE00000000000000000000AB12", "octet {at} ^ {bits}");
            }
        }
    }
    assert!(reads > SHOP_DER.len(), "{reads}");
}

/// The faults of an order with these members, or what it is named by.
fn ordered(members: &[(&'static str, &str)]) -> Result<String, Vec<String>> {
    let members = members
        .iter()
        .map(|(name, text)| (*name, Member::Text((*text).to_owned())));
    let order = order_from_members(members.collect(), Via::Edge);
    let faults = |invalid: autorevoke::protocol::InvalidOrder| {
        let fields = invalid.fields().iter();
        fields.map(|(name, fault)| format!("{name} {fault}")).collect()
    };
    order.map(|order| order.name().text()).map_err(faults)
}

#[test]
fn an_order_that_is_named_by_a_certificate_is_named_by_its_serial_number() {
    assert_eq!(ordered(&[("certificate", LEAF)]), Ok("serial:0D0E".to_owned()));
    let chain = format!("{PLAIN}{LEAF}");
    assert_eq!(ordered(&[("certificate", &chain)]), Ok("serial:0D0E".to_owned()));
}

#[test]
fn a_certificate_that_names_no_order_is_a_fault_beside_all_others() {
    let both = format!("{LEAF}{LEAF}");
    let key = format!("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n{LEAF}");
    for (certificate, fault) in [
        ("", "no certificate"),
        ("0ABC", "no certificate"),
        (PLAIN, "CA's own"),
        (&both, "several"),
        (&key, "private key"),
    ] {
        let faults = ordered(&[
            ("certificate", certificate),
            ("codeReason", "nonsense"),
            ("colour", "red"),
        ]);
        let faults = faults.unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(
            faults[0].starts_with("certificate ") && faults[0].contains(fault),
            "{faults:?}"
        );
    }
}

#[test]
fn a_certificate_beside_another_name_is_a_second_one() {
    for [name, value] in [
        ["orderNumber", "1"],
        ["serialNumber", "0ABC"],
        ["certificateID", "1"],
    ] {
        let faults = ordered(&[(name, value), ("certificate", LEAF)]).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].starts_with("certificate is a second name"),
            "{faults:?}"
        );
    }
}
