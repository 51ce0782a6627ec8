//! Any members: refused with texts that quote nothing, or sent as a form that decodes to what was given.

use autorevoke::certificate::order_from_members;
use autorevoke::protocol::{Credentials, Member, Via, form};

/// What names a certificate; one of them is sent.
const NAMING: [&str; 3] = ["orderNumber", "serialNumber", "certificateID"];

const NAMES: [&str; 13] = [
    "orderNumber",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
    "accountID",
    "responseFormat",
    "loginName",
    "comment",
    "serialNumber",
    "certificateID",
    "certificate",
];

/// So many bytes of a value, and not a word or a number only, are in a text of ours only if it quotes them.
const TELLING: usize = 12;

/// How often a text is repeated when it is: so that few bytes go beyond every limit.
const REPEATED: usize = 21;

/// Takes what a fuzzer wrote apart: a name, a type and a value, until nothing is left.
fn members(mut input: &[u8]) -> Vec<(&'static str, Member)> {
    let mut members = Vec::new();
    while let [name, kind, length, rest @ ..] = input {
        let (value, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        let mut eight = [0; 8];
        eight.iter_mut().zip(value).for_each(|(to, from)| *to = *from);
        let member = match kind % 8 {
            0..=2 => {
                let text = String::from_utf8_lossy(value);
                Member::Text(text.repeat(if kind >> 6 == 3 { REPEATED } else { 1 }))
            }
            3 => Member::Number(f64::from_le_bytes(eight)),
            4 => Member::Number(u64::from_le_bytes(eight) as f64),
            5 => Member::Bool(eight[0] & 1 == 1),
            6 => Member::MalformedText,
            _ => Member::Other,
        };
        members.push((NAMES[usize::from(*name) % NAMES.len()], member));
        input = rest;
    }
    members
}

fn decoded(encoded: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|it| char::from(it.expect("two digits")));
                u8::from_str_radix(&String::from_iter(digits), 16).expect("hex")
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}

pub fn check(input: &[u8]) {
    let [via, input @ ..] = input else { return };
    let via = if via & 1 == 0 { Via::Edge } else { Via::Direct };
    let given = members(input);
    let order = match order_from_members(given.clone(), via) {
        Ok(order) => order,
        Err(faults) => {
            assert!(!faults.fields().is_empty());
            assert!(
                faults
                    .fields()
                    .iter()
                    .all(|(name, _)| NAMES.contains(&name.as_str()))
            );
            for (_, member) in &given {
                let Member::Text(value) = member else { continue };
                let bare = value.trim();
                let tells = bare.len() >= TELLING && bare.contains(|it: char| !it.is_ascii_alphanumeric());
                let quoted = |text: &str| tells && text.contains(value.as_str());
                assert!(!faults.fields().iter().any(|(_, text)| quoted(text)));
            }
            return;
        }
    };
    let credentials = Credentials::new("demo-reseller", "p&w=0+%41 ü").expect("within the limits");
    let form = form(&order, &credentials);
    let pairs: Vec<(String, String)> = form
        .as_str()
        .split('&')
        .map(|pair| pair.split_once('=').expect("key and value"))
        .map(|(key, value)| (decoded(key), decoded(value)))
        .collect();
    let sent = |name: &str| {
        let mut values = pairs
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str());
        let value = values.next();
        assert!(values.next().is_none(), "{name} is there twice");
        value
    };
    let was = |name: &str| {
        given
            .iter()
            .find(|(given, _)| *given == name)
            .map(|(_, member)| member)
    };
    assert_eq!(sent("loginName"), Some("demo-reseller"));
    assert_eq!(sent("loginPassword"), Some("p&w=0+%41 ü"));
    let named: Vec<&str> = NAMING.into_iter().filter(|name| sent(name).is_some()).collect();
    assert_eq!(named.len(), 1, "{named:?}");
    match (was("serialNumber"), was("certificate")) {
        (None, None) => {}
        (Some(Member::Text(text)), None) => {
            let digits = text.trim().strip_prefix("0x").unwrap_or(text.trim());
            let digits = digits.replace([':', ' '], "").to_uppercase();
            let sent = sent("serialNumber").expect("it is the name");
            assert_eq!(sent.trim_start_matches('0'), digits.trim_start_matches('0'));
            assert!(sent.len().is_multiple_of(2) && !sent.starts_with("00"), "{sent}");
        }
        (None, Some(Member::Text(pem))) => {
            assert!(pem.contains("-----BEGIN ") && sent("serialNumber").is_some());
        }
        both => panic!("{both:?}"),
    }
    for name in ["orderNumber", "certificateID", "revocationReason", "productCode"] {
        match was(name) {
            Some(Member::Text(text)) => assert_eq!(sent(name).unwrap_or_default(), text),
            Some(Member::Number(number)) => assert_eq!(sent(name), Some(format!("{number:.0}").as_str())),
            _ => assert_eq!(sent(name), None),
        }
    }
    for name in ["product", "accountID", "responseFormat"] {
        if let Some(Member::Number(number)) = was(name) {
            assert_eq!(sent(name), Some(format!("{:.0}", number.abs()).as_str()));
        }
    }
    let test =
        matches!(was("test"), Some(Member::Bool(true))) || was("test") == Some(&Member::Text("Y".into()));
    assert_eq!(sent("test"), test.then_some("Y"));
    assert!(["0", "1", "3", "4", "5"].contains(&sent("codeReason").expect("always there")));
    assert!(["0", "1"].contains(&sent("responseFormat").expect("always there")));
    let known = NAMES.iter().chain(&["loginPassword"]);
    assert_eq!(pairs.len(), known.filter(|name| sent(name).is_some()).count());
}
