//! A log of ten thousand entries of which any one is changed, deleted, swapped, inserted, repeated or cut.

use autorevoke::audit::{Fault, NO_HASH, Verifier, chain};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::log::{Log, hash_of, members, revocation};

const ENTRIES: usize = 10_000;
/// Of each kind of tampering.
const CHOICES: u32 = 400;
/// Between two states of the verifier that are kept: what comes before the tampering is not verified again each time.
const STEP: usize = 100;

struct Original {
    log: Log,
    /// The verifier after every so many lines; and the same with the last head.
    states: Vec<[Verifier; 2]>,
}

impl Original {
    fn new() -> Original {
        let log = Log::of(ENTRIES);
        let head = log.head(ENTRIES).to_string();
        let mut both = [None, Some(head.as_bytes())].map(Verifier::new);
        let mut states = Vec::new();
        for (at, line) in log.0.iter().enumerate() {
            if at % STEP == 0 {
                states.push(both.clone());
            }
            for verifier in &mut both {
                verifier.read(line.as_bytes());
                verifier.read(b"\n");
            }
        }
        assert_eq!(both.map(|verifier| verifier.end().fault), [None, None]);
        Original { log, states }
    }

    fn lines(&self) -> Vec<&str> {
        self.log.0.iter().map(String::as_str).collect()
    }

    /// What is found of these lines, without the head and with it; those before the one before `place` are the
    /// original's.
    fn faults(&self, lines: &[&str], place: usize) -> [Option<Fault>; 2] {
        let state = (place.saturating_sub(2) / STEP).min(self.states.len() - 1);
        self.states[state].clone().map(|mut verifier| {
            for line in &lines[state * STEP..] {
                verifier.read(line.as_bytes());
                verifier.read(b"\n");
            }
            verifier.end().fault
        })
    }

    /// It is found at this place, head or none.
    fn assert_found(&self, lines: &[&str], place: usize, words: &str) {
        for fault in self.faults(lines, place.min(lines.len())) {
            let Fault { first_bad, reason } = fault.expect("it is found");
            assert_eq!(first_bad, Some(place as u64), "{reason}");
            assert!(reason.contains(words), "{reason}");
        }
    }

    /// It is found by the head alone.
    fn assert_found_by_head(&self, lines: &[&str], from: usize, place: usize, words: &str) {
        let [without, with] = self.faults(lines, from);
        assert_eq!(without, None);
        let Fault { first_bad, reason } = with.expect("it is found");
        assert_eq!(first_bad, Some(place as u64), "{reason}");
        assert!(reason.contains(words), "{reason}");
    }
}

/// Tries a kind of tampering, chosen at random many times.
fn tamper<S: Strategy>(choices: S, check: impl Fn(&Original, S::Value)) {
    let original = Original::new();
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(CHOICES)
    };
    let check = |choice| {
        check(&original, choice);
        Ok(())
    };
    TestRunner::new(config).run(&choices, check).unwrap();
}

/// The ends are where an error by one shows.
fn place() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 1..=ENTRIES, 1 => Just(1), 1 => Just(2), 1 => Just(ENTRIES - 1), 1 => Just(ENTRIES)]
}

/// The places one by one, each with a verifier that has just read what comes before; what is found of the lines from
/// there on, without the head and with it.
#[test]
fn each_single_entry_is_missed_whatever_is_done_to_it() {
    let log = Log::of(ENTRIES);
    let head = log.head(ENTRIES).to_string();
    let mut both = [None, Some(head.as_bytes())].map(Verifier::new);
    for place in 1..=ENTRIES {
        let line = log.0[place - 1].as_str();
        let next = log.0.get(place).map(String::as_str);
        let found = |lines: &[Option<&str>]| {
            both.clone().map(|mut verifier| {
                for line in lines.iter().flatten() {
                    verifier.read(line.as_bytes());
                    verifier.read(b"\n");
                }
                verifier.end().fault.and_then(|fault| fault.first_bad)
            })
        };
        let (at, after) = (Some(place as u64), Some(place as u64 + 1));
        let prev_hash = if place == 1 {
            NO_HASH.to_owned()
        } else {
            hash_of(&log.0[place - 2])
        };
        let forged = chain(
            members(&revocation(1, "Forged").to_string()),
            place as u64,
            &prev_hash,
        )
        .text;
        let changed = line.replacen("\"phase\":\"", "\"phase\":\"x", 1);
        assert_ne!(changed, line);

        // Changed, with its own hash as it was, and with a right one; that of the last entry shows by the head alone.
        assert_eq!(found(&[Some(&changed), next]), [at, at]);
        let last = place == ENTRIES;
        assert_eq!(
            found(&[Some(&forged), next]),
            if last { [None, at] } else { [after, after] }
        );
        // Inserted before it: as it is, and as good as a forger can make it.
        assert_eq!(found(&[Some(line), Some(line), next]), [after, after]);
        assert_eq!(found(&[Some(&forged), Some(line), next]), [after, after]);
        if place == 1 {
            assert_eq!(found(&[]), [None, None], "an empty log has no bad entry");
            assert!(
                both.clone()
                    .map(|verifier| verifier.end().fault)
                    .iter()
                    .all(Option::is_some)
            );
        } else {
            // Cut here.
            assert_eq!(found(&[]), [None, at]);
        }
        if let Some(next) = next {
            // Deleted; and swapped with the one behind it.
            assert_eq!(found(&[Some(next)]), [at, at]);
            assert_eq!(found(&[Some(next), Some(line)]), [at, at]);
        }
        for verifier in &mut both {
            verifier.read(line.as_bytes());
            verifier.read(b"\n");
        }
    }
    assert_eq!(both.map(|verifier| verifier.end().fault), [None, None]);
}

#[test]
fn any_changed_byte_is_found() {
    tamper(
        (place(), any::<Index>(), 1..=255_u8),
        |original, (place, at, change)| {
            let line = &original.log.0[place - 1];
            let mut bytes = line.clone().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= change;
            // Another spelling of the very same value is no change.
            let same = serde_json::from_slice::<Value>(&bytes).ok() == Some(Value::Object(members(line)));
            let state = (place - 1) / STEP;
            for mut verifier in original.states[state].clone() {
                for line in &original.log.0[state * STEP..place - 1] {
                    verifier.read(format!("{line}\n").as_bytes());
                }
                verifier.read(&bytes);
                verifier.read(format!("\n{}", original.log.0[place..].join("\n")).as_bytes());
                let first_bad = verifier.end().fault.and_then(|fault| fault.first_bad);
                assert_eq!(first_bad, (!same).then_some(place as u64), "byte {at} ^ {change}");
            }
        },
    );
}

#[test]
fn any_changed_value_is_found() {
    let names = select(vec![
        "action",
        "actor",
        "errorCode",
        "hash",
        "nested",
        "orderNumber",
        "phase",
        "prevHash",
        "seq",
        "test",
    ]);
    let values = select(vec![
        Value::Null,
        "x".into(),
        7.into(),
        true.into(),
        "0".repeat(64).into(),
    ]);
    tamper((3..=ENTRIES, names, values), |original, (place, name, value)| {
        let mut entry = members(&original.log.0[place - 1]);
        entry.insert(name.to_owned(), value);
        let changed = Value::Object(entry).to_string();
        let mut lines = original.lines();
        if changed != lines[place - 1] {
            lines[place - 1] = &changed;
            original.assert_found(&lines, place, &format!("Entry {place} "));
        }
    });
}

#[test]
fn any_member_more_or_less_is_found() {
    tamper((place(), any::<Index>()), |original, (place, index)| {
        let line = &original.log.0[place - 1];
        let mut less = members(line);
        let name = less.keys().nth(index.index(less.len())).unwrap().clone();
        less.remove(&name);
        let mut more = members(line);
        more.insert("zeal".into(), false.into());
        for changed in [less, more] {
            let changed = Value::Object(changed).to_string();
            let mut lines = original.lines();
            lines[place - 1] = &changed;
            original.assert_found(&lines, place, &format!("Entry {place} "));
        }
    });
}

#[test]
fn any_deleted_entry_is_found() {
    tamper(1..ENTRIES, |original, place| {
        let mut lines = original.lines();
        lines.remove(place - 1);
        original.assert_found(&lines, place, "missing");
    });
}

#[test]
fn any_two_swapped_entries_are_found() {
    tamper((place(), place()), |original, (one, other)| {
        let mut lines = original.lines();
        lines.swap(one - 1, other - 1);
        if one != other {
            original.assert_found(&lines, one.min(other), "missing");
        }
    });
}

#[test]
fn any_inserted_or_replaced_entry_is_found() {
    tamper(place(), |original, place| {
        // As good as a forger can make it: it follows the one before, and its own hash is right.
        let prev_hash = match place {
            1 => NO_HASH.to_owned(),
            _ => hash_of(&original.log.0[place - 2]),
        };
        let forged = chain(
            members(&revocation(1, "Forged").to_string()),
            place as u64,
            &prev_hash,
        );
        let mut lines = original.lines();
        lines.insert(place - 1, &forged.text);
        let words = format!("Entry {place} stands where entry {} belongs", place + 1);
        original.assert_found(&lines, place + 1, &words);

        let mut lines = original.lines();
        lines[place - 1] = &forged.text;
        if place < ENTRIES {
            original.assert_found(&lines, place + 1, "one of the two was replaced");
        } else {
            original.assert_found_by_head(&lines, place, place, "not the one that the head was made of");
        }
    });
}

#[test]
fn any_repeated_entry_is_found() {
    tamper((place(), place()), |original, (from, to)| {
        let mut lines = original.lines();
        lines.insert(to, lines[from - 1]);
        // Put before itself, it stands where it belongs, and is the one that stands there twice.
        let seen = if from == to + 1 { to + 2 } else { to + 1 };
        original.assert_found(&lines, seen, "");
    });
}

#[test]
fn any_cut_is_found_by_a_head_that_was_kept() {
    tamper(2..=ENTRIES, |original, place| {
        let lines = &original.lines()[..place - 1];
        original.assert_found_by_head(lines, place - 1, place, "it was cut");
    });
}

#[test]
fn a_cut_within_an_entry_is_found() {
    tamper((place(), any::<Index>()), |original, (place, at)| {
        let mut lines = original.lines()[..place].to_vec();
        let line = lines[place - 1];
        let at = 1 + at.index(line.len() - 1);
        let end = (0..=at).rev().find(|end| line.is_char_boundary(*end)).unwrap();
        lines[place - 1] = &line[..end];
        original.assert_found(&lines, place, "cannot be read");
    });
}

#[test]
fn a_tail_with_new_hashes_is_found_by_a_head_that_was_kept() {
    tamper(ENTRIES - 200..ENTRIES, |original, from| {
        let mut forged = Log(original.log.0[..from].to_vec());
        while forged.0.len() < ENTRIES {
            forged.push(revocation(forged.0.len(), "Rewritten"));
        }
        let lines: Vec<&str> = forged.0.iter().map(String::as_str).collect();
        original.assert_found_by_head(&lines, from, ENTRIES, "not the one that the head was made of");
    });
}
