//! What is read as a log, and what is not.

use autorevoke::audit::{MAX_LINE_BYTES, NO_HASH, Verifier, chain, sha256_hex, verify};
use serde_json::json;

use crate::log::{Log, fault, found, members};

#[test]
fn a_log_is_whole_however_its_lines_are_written() {
    let log = Log::of(5);
    assert_eq!(fault(&log.text(), None), None);
    assert_eq!(
        fault(log.text().trim_end(), None),
        None,
        "the last newline may be missing"
    );
    assert_eq!(fault(&log.text().replace('\n', "\r\n"), None), None);
    // Values are hashed, not their spelling.
    let spelt = log
        .text()
        .replace("\"phase\":", " \"phase\" :\t")
        .replace("é", "\\u00E9");
    assert_ne!(spelt, log.text());
    assert_eq!(fault(&spelt, None), None);
    assert_eq!(verify(log.text().as_bytes(), None).entries, 5);
}

#[test]
fn nothing_is_nothing_to_believe() {
    for head in [None, Some(&Log::of(2).head(2))] {
        let (bad, reason) = found("", head);
        assert_eq!(
            (bad, reason.as_str()),
            (None, "The log is empty: there is nothing to believe.")
        );
    }
}

#[test]
fn a_line_that_is_no_entry_is_not_believed() {
    let log = Log::of(5);
    let right = &log.0[2];
    let twice = right.replacen('{', r#"{"action":"none","#, 1);
    for bad in [
        "",
        " ",
        "{}",
        "null",
        "[]",
        "7",
        "\u{feff}",
        "{\"a\":",
        &twice,
        &right.replace("}", "},"),
        &right.replace("false", "False"),
        &right.replace("-21", "-21.0"),
        &right.replace("-21", "-2.1e1"),
        &right.replace("-21", "-0"),
        &right.replace("9007199254740991", "9007199254740992"),
        &right.replace("9007199254740991", "18446744073709551616"),
        &right.replace("two", "\\ud800"),
        &right.replace("two", "\u{0}"),
        &right.replace("test", "tést"),
        &right.replace("deep", "__proto__"),
        &format!("{right}{right}"),
    ] {
        let mut lines = log.0.clone();
        lines[2] = bad.to_owned();
        let (place, reason) = found(&lines.join("\n"), None);
        assert_eq!(place, Some(3), "{bad}");
        assert!(reason.starts_with("Entry 3 cannot be read: "), "{reason}");
    }
    // Half of a character.
    let mut broken = log.text().into_bytes();
    let at = broken.iter().position(|byte| *byte == 0xc3).unwrap();
    broken.remove(at);
    assert_eq!(verify(&broken, None).fault.unwrap().first_bad, Some(2));
}

#[test]
fn a_line_has_a_limit() {
    let long = |size: usize| {
        let entry = |text: String| {
            let members = members(&json!({ "action": "x", "text": text }).to_string());
            chain(members, 1, NO_HASH).text
        };
        let rest = entry(String::new()).len();
        entry("x".repeat(size - rest))
    };
    assert_eq!(long(MAX_LINE_BYTES).len(), MAX_LINE_BYTES);
    assert_eq!(fault(&long(MAX_LINE_BYTES), None), None);
    let (place, reason) = found(&format!("{}\n{{}}\n", long(MAX_LINE_BYTES + 1)), None);
    assert_eq!(
        (place, reason.as_str()),
        (Some(1), "Entry 1 cannot be read: it is longer than 65536 bytes.")
    );
}

#[test]
fn a_hash_over_something_else_is_none() {
    let entry = chain(members(r#"{"action":"x"}"#), 1, NO_HASH);
    for hash in [
        String::new(),
        NO_HASH.to_owned(),
        entry.hash.to_uppercase(),
        sha256_hex(entry.text.as_bytes()),
    ] {
        let forged = entry.text.replace(&entry.hash, &hash);
        assert!(found(&forged, None).1.contains("was changed"));
    }
    for forged in [
        entry.text.replace("hash", "hush"),
        entry.text.replace(&format!("\"{}\"", entry.hash), "7"),
    ] {
        assert!(found(&forged, None).1.contains("its hash is not a string"));
    }
}

#[test]
fn pieces_may_be_cut_anywhere() {
    let text = Log::of(4).text();
    let head = Log::of(4).head(4).to_string();
    let whole = verify(text.as_bytes(), Some(head.as_bytes()));
    for size in [1, 2, 3, 7, 64, 500, text.len()] {
        let mut verifier = Verifier::new(Some(head.as_bytes()));
        for piece in text.as_bytes().chunks(size) {
            verifier.read(piece);
        }
        assert_eq!(verifier.end(), whole);
    }
    assert!(whole.fault.is_none() && whole.head.is_some());
}
