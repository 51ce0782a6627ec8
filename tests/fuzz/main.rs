//! A short run of every fuzz target: its seeds, and changes of them. `npm run fuzz` is led by what it reaches, and does far more.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    // Each target is a program of its own as well, so each has its oracle.
    clippy::duplicate_mod
)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::Index;
use proptest::test_runner::TestCaseError;

#[path = "../../fuzz/properties/answer.rs"]
mod answer;
#[path = "../../fuzz/properties/audit.rs"]
mod audit;
#[path = "../../fuzz/properties/csv.rs"]
mod csv;
#[path = "../../fuzz/properties/events.rs"]
mod events;
#[path = "../../fuzz/properties/list.rs"]
mod list;
#[path = "../../fuzz/properties/order.rs"]
mod order;
#[path = "../../fuzz/properties/pem.rs"]
mod pem;
#[path = "../protocol/runner.rs"]
mod runner;
#[path = "../../fuzz/properties/serials.rs"]
mod serials;

const LONGEST: usize = 2_048;

/// One change of a text.
#[derive(Debug, Clone)]
enum Change {
    /// Another byte at this place.
    Overwrite(Index, u8),
    /// These bytes more.
    Insert(Index, Vec<u8>),
    /// What stands between two places is left out.
    Delete(Index, Index),
    /// What stands between two places comes twice.
    Repeat(Index, Index),
    /// What stands between two places of another seed comes here.
    Splice(Index, Index, Index, Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = any::<Index>;
    let telling = prop_oneof![
        any::<u8>(),
        Just(b'0'),
        Just(b'='),
        Just(b'&'),
        Just(b'"'),
        Just(b'\n'),
        Just(b','),
        Just(b'%')
    ];
    let change = prop_oneof![
        (at(), telling).prop_map(|(at, byte)| Change::Overwrite(at, byte)),
        (at(), vec(any::<u8>(), 1..8)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), at()).prop_map(|(from, to)| Change::Delete(from, to)),
        (at(), at()).prop_map(|(from, to)| Change::Repeat(from, to)),
        (at(), at(), at(), at()).prop_map(|(at, seed, from, to)| Change::Splice(at, seed, from, to)),
    ];
    vec(change, 0..6)
}

fn changed(seed: &[u8], changes: &[Change], seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut text = seed.to_vec();
    for change in changes {
        let place = |at: &Index| at.index(text.len() + 1);
        let between = |from: &Index, to: &Index| {
            let (from, to) = (place(from), place(to));
            from.min(to)..from.max(to)
        };
        match change {
            Change::Overwrite(at, byte) => {
                let at = place(at);
                if let Some(there) = text.get_mut(at) {
                    *there = *byte;
                }
            }
            Change::Insert(at, bytes) => {
                let at = place(at);
                text.splice(at..at, bytes.iter().copied());
            }
            Change::Delete(from, to) => {
                text.drain(between(from, to));
            }
            Change::Repeat(from, to) => {
                let range = between(from, to);
                let (end, twice) = (range.end, text[range].to_vec());
                text.splice(end..end, twice);
            }
            Change::Splice(at, seed, from, to) => {
                let other = seed.get(seeds);
                let (from, to) = (from.index(other.len() + 1), to.index(other.len() + 1));
                let (at, piece) = (place(at), other[from.min(to)..from.max(to)].to_vec());
                text.splice(at..at, piece);
            }
        }
        text.truncate(LONGEST);
    }
    text
}

/// The seeds that are kept for this target; and an empty one. Of lists there are those of all the world.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = match target {
        "list" => root.join("tests/files"),
        _ => root.join("fuzz/corpus").join(target),
    };
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("seeds")
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has no seeds");
    let read = files.iter().map(|file| fs::read(file).unwrap());
    read.chain([Vec::new()]).collect()
}

fn short_run(target: &str, cases: u32, check: fn(&[u8])) {
    let seeds = seeds(target);
    seeds.iter().for_each(|seed| check(seed));
    let values = (any::<Index>(), changes());
    runner::holds(cases, values, |(seed, changes)| {
        let seed: &Vec<u8> = seed.get(&seeds);
        let text = changed(seed, &changes, &seeds);
        catch_unwind(AssertUnwindSafe(|| check(&text))).map_err(|_| {
            TestCaseError::fail(format!("found something: {:?}", text.escape_ascii().to_string()))
        })
    });
}

#[test]
fn answers() {
    short_run("answer", 50_000, answer::check);
}

#[test]
fn audit_logs() {
    short_run("audit", 5_000, audit::check);
}

#[test]
fn plans_as_csv() {
    short_run("csv", 20_000, csv::check);
}

#[test]
fn events_of_a_job() {
    short_run("events", 5_000, events::check);
}

#[test]
fn lists() {
    short_run("list", 20_000, list::check);
}

#[test]
fn orders() {
    short_run("order", 50_000, order::check);
}

#[test]
fn bundles_of_certificates() {
    short_run("pem", 5_000, pem::check);
}

#[test]
fn serial_numbers() {
    short_run("serials", 20_000, serials::check);
}
