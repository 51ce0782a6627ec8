//! A log in the encodings of Windows programs is the log that it is; in any other one that is said, and never that it was changed.

use autorevoke::audit::{Report, Verifier, verify};
use proptest::prelude::*;

use crate::log::{Log, revocation};

/// An encoding by name.
type Encoding = (&'static str, fn(&str) -> Vec<u8>);

const TAKEN: [Encoding; 3] = [
    ("UTF-8 with mark", |text| {
        [b"\xEF\xBB\xBF", text.as_bytes()].concat()
    }),
    ("UTF-16LE", |text| {
        utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes)
    }),
    ("UTF-16BE", |text| {
        utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes)
    }),
];
const OTHERS: [Encoding; 6] = [
    ("UTF-16LE without mark", |text| utf_16(text, u16::to_le_bytes)),
    ("UTF-16BE without mark", |text| utf_16(text, u16::to_be_bytes)),
    ("UTF-32LE", |text| utf_32(text, u32::to_le_bytes)),
    ("UTF-32BE", |text| utf_32(text, u32::to_be_bytes)),
    ("UTF-16 as text in UTF-8", |text| {
        String::from_utf8_lossy(&utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes))
            .into_owned()
            .into_bytes()
    }),
    // Of Windows-1252 only what Latin-1 has as well.
    ("Windows-1252", |text| {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap_or(0xA4))
            .collect()
    }),
];

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

fn utf_32(text: &str, to_bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
    let marked = "\u{feff}".chars().chain(text.chars());
    marked.map(u32::from).flat_map(to_bytes).collect()
}

fn in_pieces(log: &[u8], size: usize, head: Option<&[u8]>) -> Report {
    let mut verifier = Verifier::new(head);
    for piece in log.chunks(size) {
        verifier.read(piece);
    }
    verifier.end()
}

/// Whether the first line that is not what it was, if there is one, is text in UTF-8.
fn is_first_misread_as_text(text: &str, encoded: &[u8]) -> bool {
    let lines = text.as_bytes().split(|byte| *byte == b'\n');
    let mut both = lines.zip(encoded.split(|byte| *byte == b'\n'));
    both.find(|(line, read)| line != read)
        .is_none_or(|(_, read)| std::str::from_utf8(read).is_ok())
}

/// A log of some entries with these comments, of which a line may be changed.
fn logs() -> impl Strategy<Value = (Log, String)> {
    let comments = prop::collection::vec(any::<String>(), 1..6);
    (comments, prop::option::of(any::<prop::sample::Index>())).prop_map(|(comments, changed)| {
        let mut log = Log::of(1);
        for (at, comment) in comments.iter().enumerate() {
            log.push(revocation(at, comment));
        }
        let mut lines = log.0.clone();
        if let Some(changed) = changed {
            let at = changed.index(lines.len());
            lines[at] = lines[at].replacen("\"phase\":\"", "\"phase\":\"x", 1);
        }
        (log, lines.iter().map(|line| format!("{line}\n")).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_log_that_powershell_wrote_anew_gives_the_verdict_of_the_log(
        (log, text) in logs(),
        crlf in any::<bool>(),
        size in 1..64_usize,
        with_head in any::<bool>(),
    ) {
        let head = log.head(log.0.len()).to_string();
        let expected = verify(text.as_bytes(), with_head.then_some(head.as_bytes()));
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        for (name, encode) in TAKEN {
            let head = encode(&format!("{head}\r\n"));
            let head = with_head.then_some(head.as_slice());
            prop_assert_eq!(&in_pieces(&encode(&text), size, head), &expected, "{}", name);
        }
    }

    #[test]
    fn in_another_encoding_it_is_not_called_changed((log, text) in logs(), size in 1..64_usize) {
        let sound = log.text() == text;
        for (name, encode) in OTHERS {
            let encoded = encode(&text);
            // What a code page writes may be text in UTF-8, another one; and a change before it comes first.
            if name == "Windows-1252" && (!sound || is_first_misread_as_text(&text, &encoded)) {
                continue;
            }
            let report = in_pieces(&encoded, size, None);
            prop_assert!(report.is_unreadable, "{}: {:?}", name, report);
            let reason = report.fault.expect("it is not believed").reason;
            prop_assert!(reason.contains("neither UTF-8 nor UTF-16 with a byte order mark"), "{}", reason);
            prop_assert!(!reason.contains("changed") && !reason.contains("replaced"), "{}", reason);
        }
    }
}

#[test]
fn a_head_in_another_encoding_is_named_as_such() {
    let log = Log::of(3);
    let head = log.head(3).to_string();
    for (name, encode) in OTHERS.into_iter().filter(|(name, _)| *name != "Windows-1252") {
        let report = verify(log.text().as_bytes(), Some(&encode(&head)));
        assert!(report.is_unreadable, "{name}");
        let fault = report.fault.expect("it is not believed");
        assert_eq!(fault.first_bad, None, "{name}");
        assert!(
            fault
                .reason
                .starts_with("The head cannot be read: it is neither UTF-8"),
            "{name}"
        );
    }
    // What is changed besides is.
    let changed = log.text().replace("revoke", "invoke");
    let report = verify(changed.as_bytes(), Some(&utf_16(&head, u16::to_le_bytes)));
    assert!(!report.is_unreadable);
    assert!(
        report
            .fault
            .expect("it was changed")
            .reason
            .contains("was changed")
    );
}

#[test]
fn what_was_cut_inside_of_a_character_is_not_believed() {
    let log = Log::of(3);
    let (_, encode) = TAKEN[1];
    let whole = encode(log.text().trim_end());
    assert_eq!(verify(&whole, None).fault, None);
    for cut in [1, 3] {
        let report = verify(&whole[..whole.len() - cut], None);
        assert!(report.is_unreadable);
        assert_eq!(report.fault.expect("it was cut").first_bad, Some(3));
    }
    // Half of a pair of surrogates is no character.
    let place = whole
        .windows(2)
        .position(|unit| unit == [0x3D, 0xD8])
        .expect("an emoji");
    let halved = [&whole[..place], &whole[place + 2..]].concat();
    assert_eq!(
        verify(&halved, None).fault.expect("it was damaged").first_bad,
        Some(2)
    );
}
