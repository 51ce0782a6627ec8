//! What is wrong with a list: every fault counted and every bad row numbered, but only so many faults put in words.

use std::fmt;

use crate::protocol::InvalidOrder;

use super::Place;

/// How many faults are named at most: a body of 8 MiB can have millions.
pub const MAX_NAMED: usize = 1_000;

/// The faults of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults {
    /// The first [`MAX_NAMED`] of them.
    named: Vec<(String, String)>,
    /// How many of these are of the list as a whole. They come first, since they are the cause of many others.
    whole: usize,
    count: usize,
    rows: Vec<usize>,
    malformed: bool,
}

impl Faults {
    /// Where a fault is and what it is: `list`, `row 2: orderNumber`, `certificate 3`. The first [`MAX_NAMED`] of them; several
    /// of one place are one text.
    pub fn named(&self) -> &[(String, String)] {
        &self.named
    }

    /// Those of the list as a whole.
    pub fn of_whole(&self) -> &[(String, String)] {
        self.named.get(..self.whole).unwrap_or_default()
    }

    /// How many faults there are, whether they are named or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The numbers of the bad rows, each once, from the first to the last.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether what begins like JSON is none, or says a member twice: nothing in it can be pointed at.
    pub fn is_malformed(&self) -> bool {
        self.malformed
    }

    /// `Ok` with what `value` gives when there is no fault.
    pub fn or<T>(self, value: impl FnOnce() -> T) -> Result<T, Faults> {
        if self.is_empty() { Ok(value()) } else { Err(self) }
    }

    /// The faults of what is no JSON.
    pub(super) fn of_malformed(fault: &str) -> Faults {
        Faults {
            malformed: true,
            ..Faults::of_list(fault)
        }
    }

    /// The faults of what is no list.
    pub(super) fn of_list(fault: &str) -> Faults {
        let mut faults = Faults::default();
        faults.note_list(fault);
        faults
    }

    /// Notes a fault of the list as a whole.
    pub(super) fn note_list(&mut self, fault: &str) {
        self.note("list", fault);
    }

    /// Notes a fault of a part of the list that is no row.
    pub fn note(&mut self, what: &str, fault: &str) {
        self.count += 1;
        let known = self.named.iter_mut().find(|(known, _)| known == what);
        if let Some((_, faults)) = known {
            faults.push_str("; and ");
            faults.push_str(fault);
        } else {
            self.named.truncate(MAX_NAMED - 1);
            let at = self.whole.min(self.named.len());
            self.named.insert(at, (what.to_owned(), fault.to_owned()));
            self.whole = at + 1;
        }
    }

    /// Notes that a row is bad whose fault is named with the list's.
    pub(super) fn note_row(&mut self, number: usize) {
        match self.rows.binary_search(&number) {
            Ok(_) => {}
            Err(at) => self.rows.insert(at, number),
        }
    }

    /// The same of several.
    pub(super) fn note_rows(&mut self, numbers: Vec<usize>) {
        self.rows.extend(numbers);
        self.rows.sort_unstable();
        self.rows.dedup();
    }

    /// Notes what is wrong with a row as a whole.
    pub(super) fn note_fault(&mut self, place: Place, row: usize, fault: &str) {
        self.note_row(row);
        self.note_member(place, "", fault);
    }

    /// Notes what is wrong with the members of a row.
    pub fn note_order(&mut self, place: Place, row: usize, faults: &InvalidOrder) {
        self.note_row(row);
        for (member, fault) in faults.fields() {
            self.note_member(place, member, fault);
        }
    }

    /// A million names would cost more than the thousand that are kept. Each place has one fault.
    fn note_member(&mut self, place: Place, member: &str, fault: &str) {
        self.count += 1;
        if !self.is_full() {
            self.named.push((place.of(member), fault.to_owned()));
        }
    }

    fn is_full(&self) -> bool {
        self.named.len() >= MAX_NAMED
    }
}

/// One sentence a line.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The list is not planned.")?;
        for (what, fault) in self.named() {
            write!(f, "\n{what} {fault}.")?;
        }
        match self.count - self.named().len() {
            0 => Ok(()),
            more => write!(f, "\nThere are {more} more faults."),
        }
    }
}

impl std::error::Error for Faults {}
