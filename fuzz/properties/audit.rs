//! Any bytes as an audit log: believed only if every entry follows the one before it, as a second reading of the
//! contract has it, and the same however they come in pieces. The second reading shares two libraries with the first, which
//! read JSON and take digests, and no line of the crate.

use autorevoke::audit::{Verifier, verify};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// A longer line is not read.
const MAX_LINE_BYTES: usize = 64 * 1024;

// The first byte tells how the log is made of the rest: taken as it is, or with the hashes made right, so that what
// comes after them is reached as well, and in one of the encodings. A line that begins with "head " is the head.
pub fn check(input: &[u8]) {
    let [how, rest @ ..] = input else {
        return;
    };
    let (log, head) = if how & 1 == 0 {
        (rest.to_vec(), None)
    } else {
        let (log, head) = with_hashes(rest);
        (encoded(log, how >> 1), head)
    };
    let report = verify(&log, head.as_deref());

    let mut verifier = Verifier::new(head.as_deref());
    for piece in log.chunks(usize::from(how >> 3) + 1) {
        verifier.read(piece);
    }
    assert_eq!(verifier.end(), report);

    let log = text(&log);
    let lines = lines(&log);
    assert_eq!(report.entries, lines.len() as u64);
    let believed = believed(&lines);
    match &report.fault {
        None => {
            assert_eq!(believed, lines.len());
            assert!(believed > 0);
            assert_eq!(report.head.is_some(), head.is_some());
            if let Some(head) = &report.head {
                let at_head = parse(lines[head.seq as usize - 1]).expect("it is believed");
                assert_eq!(at_head["hash"], head.hash.as_str());
                let ledger = parse(lines[0]).expect("it is believed").get("ledger").cloned();
                assert!(ledger.is_none_or(|ledger| !ledger.is_string() || ledger == head.ledger.as_str()));
            }
        }
        Some(fault) => {
            assert!(report.head.is_none());
            assert!(!fault.reason.is_empty());
            // Without a head it is the first one that the second reading does not believe either.
            if head.is_none() && !lines.is_empty() {
                assert_eq!(fault.first_bad, Some(believed as u64 + 1));
                let bad = lines[believed];
                let is_text = String::from_utf8(bad.to_vec()).is_ok_and(|text| !text.contains('\0'));
                assert_eq!(report.is_unreadable, !is_text && bad.len() <= MAX_LINE_BYTES);
            }
        }
    }
}

/// The lines made into a chain where they are objects, and the head.
fn with_hashes(text: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    let (mut log, mut head) = (Vec::new(), None);
    let (mut seq, mut prev_hash) = (1_u64, no_hash());
    for line in lines(text) {
        if let Some(line) = line.strip_prefix(b"head ") {
            // So that some of them fit.
            head = Some(match parse(line) {
                Some(mut members) if !members.contains_key("hash") => {
                    members.insert("hash".into(), prev_hash.as_str().into());
                    Value::from(members).to_string().into_bytes()
                }
                _ => line.to_vec(),
            });
            continue;
        }
        match parse(line) {
            Some(mut members) => {
                members.remove("hash");
                members.insert("seq".into(), seq.into());
                members.insert("prevHash".into(), prev_hash.into());
                prev_hash = sha256(&canonical(&Value::from(members.clone())));
                members.insert("hash".into(), prev_hash.as_str().into());
                log.extend(canonical(&Value::from(members)).as_bytes());
                seq += 1;
            }
            None => log.extend(line),
        }
        log.push(b'\n');
    }
    (log, head)
}

/// Text as Windows programs write it, where it is text.
fn encoded(log: Vec<u8>, how: u8) -> Vec<u8> {
    let units = |to_bytes: fn(u16) -> [u8; 2]| {
        let text = format!("\u{feff}{}", std::str::from_utf8(&log).ok()?);
        Some(text.encode_utf16().flat_map(to_bytes).collect())
    };
    let encoded = match how % 4 {
        0 => None,
        1 => Some([b"\xEF\xBB\xBF", log.as_slice()].concat()),
        2 => units(u16::to_le_bytes),
        _ => units(u16::to_be_bytes),
    };
    encoded.unwrap_or(log)
}

/// What a log says as UTF-8, with an octet that is none for what is no character.
fn text(log: &[u8]) -> Vec<u8> {
    let (units, to_unit): (_, fn([u8; 2]) -> u16) = match log {
        [0xEF, 0xBB, 0xBF, rest @ ..] => return rest.to_vec(),
        [0xFF, 0xFE, rest @ ..] => (rest.chunks_exact(2), u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => (rest.chunks_exact(2), u16::from_be_bytes),
        _ => return log.to_vec(),
    };
    let half = units.remainder().iter().map(|_| vec![0xFF]);
    let decoded = char::decode_utf16(units.map(|unit| to_unit([unit[0], unit[1]])));
    let characters = decoded.map(|c| c.map_or(vec![0xFF], |c| c.to_string().into_bytes()));
    characters.chain(half).collect::<Vec<_>>().concat()
}

/// What stands between newlines; the last one may be missing.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    if lines.last() == Some(&b"".as_slice()) {
        lines.pop();
    }
    lines
}

fn parse(line: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(line).ok()
}

/// How many lines from the first on are a chain, as the contract has it.
fn believed(lines: &[&[u8]]) -> usize {
    let mut prev_hash = no_hash();
    for (at, line) in lines.iter().enumerate() {
        let follows = parse(line)
            .filter(|_| line.len() <= MAX_LINE_BYTES)
            .and_then(|mut members| {
                let hash = members.remove("hash")?;
                let text = canonical(&Value::from(members.clone()));
                // Whatever else it is: written out again it must be as plain as it was read.
                let once = count_members(line) == count_members(text.as_bytes()) + 1;
                let plain = is_plain(&Value::from(members.clone()));
                let right = members.get("seq")?.as_u64()? == at as u64 + 1
                    && members.get("prevHash")?.as_str()? == prev_hash
                    && hash.as_str()? == sha256(&text);
                (right && once && plain).then_some(hash)
            });
        match follows {
            Some(Value::String(hash)) => prev_hash = hash,
            _ => return at,
        }
    }
    lines.len()
}

/// The hash before the first entry's.
fn no_hash() -> String {
    "0".repeat(64)
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// RFC 8785, for numbers that are integers; the names are ASCII, or `is_plain` refuses them.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut names: Vec<_> = members.keys().collect();
            names.sort();
            let members = names
                .iter()
                .map(|name| format!("{}:{}", string(name), canonical(&members[*name])));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::String(text) => string(text),
        plain => plain.to_string(),
    }
}

/// RFC 8785, 3.2.2.2: what must be escaped, in its one spelling, and nothing else.
fn string(text: &str) -> String {
    let escaped = text.chars().map(|letter| match letter {
        '"' => "\\\"".into(),
        '\\' => "\\\\".into(),
        '\u{8}' => "\\b".into(),
        '\t' => "\\t".into(),
        '\n' => "\\n".into(),
        '\u{c}' => "\\f".into(),
        '\r' => "\\r".into(),
        control if control < ' ' => format!("\\u{:04x}", control as u32),
        plain => plain.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// Colons outside of strings: a member given twice is written once.
fn count_members(json: &[u8]) -> usize {
    let (mut in_string, mut escaped, mut colons) = (false, false, 0);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b':' if !in_string => colons += 1,
            _ => {}
        }
    }
    colons
}

/// Integers that every reader takes for the same, and names that none takes for something else.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            number.is_i64() && number.as_i64().is_some_and(|it| it.unsigned_abs() < 1 << 53)
        }
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(members) => members
            .iter()
            .all(|(name, value)| name.is_ascii() && name != "__proto__" && is_plain(value)),
        _ => true,
    }
}
