//! The end of a log, against a head that was kept elsewhere.

use autorevoke::audit::{chain, signed_text, verify};
use serde_json::{Value, json};

use crate::log::{LEDGER, Log, fault, found, hash_of, members, revocation};

fn with(mut head: Value, name: &str, value: Value) -> Value {
    head[name] = value;
    head
}

#[test]
fn a_log_that_has_grown_since_is_whole() {
    let log = Log::of(9);
    for seq in 1..=9 {
        assert_eq!(fault(&log.text(), Some(&log.head(seq))), None);
    }
    let report = verify(log.text().as_bytes(), Some(log.head(9).to_string().as_bytes()));
    let head = report.head.unwrap();
    assert_eq!((report.entries, head.seq, head.kid.as_str()), (9, 9, "k1"));
    assert_eq!(
        head.signed,
        format!(
            r#"{{"hash":"{}","kid":"k1","ledger":"{LEDGER}","seq":9,"time":"2026-11-22T00:00:00.000Z"}}"#,
            hash_of(&log.0[8])
        )
    );
}

#[test]
fn a_shorter_log_was_cut() {
    let log = Log::of(9);
    for left in 1..9 {
        let cut = Log(log.0[..left].to_vec());
        assert_eq!(fault(&cut.text(), None), None, "nobody can see it without a head");
        let (bad, reason) = found(&cut.text(), Some(&log.head(9)));
        assert_eq!(bad, Some(left as u64 + 1));
        assert_eq!(
            reason,
            format!(
                "The log ends at entry {left}, before entry 9 of the head: it was cut, or the ledger was restored from an \
                 older backup."
            )
        );
    }
}

#[test]
fn a_rewritten_tail_is_found_however_well_it_is_made() {
    let log = Log::of(9);
    for from in 1..9 {
        let mut forged = Log(log.0[..from].to_vec());
        while forged.0.len() < 12 {
            forged.push(revocation(forged.0.len(), "Rewritten"));
        }
        assert_eq!(
            fault(&forged.text(), None),
            None,
            "nobody can see it without a head"
        );
        let (bad, reason) = found(&forged.text(), Some(&log.head(9)));
        assert_eq!(bad, Some(9));
        assert!(
            reason.contains("not the one that the head was made of"),
            "{reason}"
        );
        // A head kept from before it was rewritten does not tell.
        assert_eq!(fault(&forged.text(), Some(&log.head(from))), None);
    }
}

#[test]
fn another_ledgers_head_is_told_apart() {
    let log = Log::of(3);
    let (bad, reason) = found(&log.text(), Some(&with(log.head(3), "ledger", json!("other"))));
    assert_eq!(bad, Some(1));
    assert!(reason.contains("another ledger"), "{reason}");
    // Though it is shorter: a ledger that was emptied is not one that was cut.
    assert!(
        found(&Log::of(1).text(), Some(&with(log.head(3), "ledger", json!("x"))))
            .1
            .contains("another ledger")
    );
    // A log that does not say whose it is: then the hash alone decides.
    let mut unnamed = members(&log.0[0]);
    unnamed.remove("ledger");
    unnamed.remove("hash");
    let line = chain(unnamed, 1, autorevoke::audit::NO_HASH).text;
    let head = with(log.head(1), "hash", json!(hash_of(&line)));
    assert_eq!(fault(&line, Some(&head)), None);
    assert_eq!(found(&line, Some(&log.head(1))).0, Some(1));
}

#[test]
fn an_unreadable_head_is_no_head() {
    let log = Log::of(3);
    let right = log.head(3);
    for wrong in [
        json!({}),
        json!([]),
        json!(null),
        json!("head"),
        with(right.clone(), "seq", json!("3")),
        with(right.clone(), "seq", json!(0)),
        with(right.clone(), "seq", json!(-3)),
        with(right.clone(), "seq", json!(3.5)),
        with(right.clone(), "hash", json!(7)),
        with(right.clone(), "ledger", json!(null)),
        with(right.clone(), "kid", json!(7)),
        with(right.clone(), "signature", json!(null)),
        with(right.clone(), "é", json!(1)),
    ] {
        let (bad, reason) = found(&log.text(), Some(&wrong));
        assert_eq!(bad, None, "{wrong}");
        assert!(reason.starts_with("The head cannot be read: "), "{reason}");
    }
    let twice = right.to_string().replacen('{', r#"{"seq":3,"#, 1);
    assert!(
        verify(log.text().as_bytes(), Some(twice.as_bytes()))
            .fault
            .is_some()
    );
    let long = with(right, "x", json!("x".repeat(70_000)));
    assert!(fault(&log.text(), Some(&long)).is_some());
}

#[test]
fn a_hash_must_be_spelt_as_it_was() {
    let log = Log::of(3);
    let upper = hash_of(&log.0[2]).to_uppercase();
    assert!(fault(&log.text(), Some(&with(log.head(3), "hash", json!(upper)))).is_some());
}

#[test]
fn what_is_signed_is_all_but_the_signature() {
    let text = signed_text(members(r#"{"b":"é\n","signature":"s","a":{"signature":1}}"#));
    assert_eq!(text, r#"{"a":{"signature":1},"b":"é\n"}"#);
}
