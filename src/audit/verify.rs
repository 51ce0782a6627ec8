//! The verifier of the audit log: the first entry that cannot be believed, and why. Whatever it cannot read, it does not
//! believe; where that is because of the encoding, it does not say that anything was changed.

use serde_json::Value;

use super::head::Head;
use super::readable::{MAX_LINE_BYTES, read_line};
use super::{NO_HASH, canonical, sha256_hex};
use crate::encoding::{Encoding, LONGEST_MARK, NO_TEXT, decoded, is_text};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many entries there are, the bad ones counted as well.
    pub entries: u64,
    /// Why the log cannot be believed; nothing if it can.
    pub fault: Option<Fault>,
    /// The head that the log fits. Its signature is still to be checked.
    pub head: Option<Head>,
    /// Whether the fault is that the log or the head is no text: in UTF-32, in a code page, in UTF-16 without its mark, or damaged.
    /// From there on nothing is known of it.
    pub is_unreadable: bool,
}

/// Why a log cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The first entry that cannot be believed, by its place from 1; nothing when the fault is the head's.
    pub first_bad: Option<u64>,
    /// A sentence that quotes nothing of the log.
    pub reason: String,
}

/// Verifies a whole log, one entry a line, and its end against a head that was kept. Both are UTF-8, or UTF-16 with a byte order
/// mark.
///
/// ```
/// use autorevoke::audit::{NO_HASH, chain, verify};
/// let entry = |seq, prev_hash: &str| {
///     chain(serde_json::Map::from_iter([("action".to_owned(), "revoke".into())]), seq, prev_hash)
/// };
/// let first = entry(1, NO_HASH);
/// let second = entry(2, &first.hash);
/// let log = [first.text.as_str(), second.text.as_str()].join("\n");
/// assert!(verify(log.as_bytes(), None).fault.is_none());
/// assert!(verify(log.replace("revoke", "invoke").as_bytes(), None).fault.is_some());
/// ```
pub fn verify(log: &[u8], head: Option<&[u8]>) -> Report {
    let mut verifier = Verifier::new(head);
    verifier.read(log);
    verifier.end()
}

/// The same for a log that comes piece by piece: it keeps no more of it than a line.
#[derive(Debug, Clone)]
pub struct Verifier {
    head: Option<Result<Head, &'static str>>,
    is_head_text: bool,
    /// Once its first bytes have said it.
    encoding: Option<Encoding>,
    /// What has come of a mark or a character whose end has not.
    held: Vec<u8>,
    /// What has come of a line whose end has not.
    line: Vec<u8>,
    entries: u64,
    last_hash: String,
    /// The ledger's id, as the first entry says it.
    ledger: Option<String>,
    /// The hash of the entry that the head was made of, once it has come.
    hash_at_head: Option<String>,
    fault: Option<Fault>,
    /// Whether the fault is that an entry is no text.
    is_unreadable: bool,
}

impl Verifier {
    /// Begins; `head` is JSON text.
    pub fn new(head: Option<&[u8]>) -> Verifier {
        let head = head.map(decoded);
        Verifier {
            is_head_text: head.as_deref().is_none_or(is_text),
            head: head.as_deref().map(Head::read),
            encoding: None,
            held: Vec::new(),
            line: Vec::new(),
            entries: 0,
            last_hash: NO_HASH.to_owned(),
            ledger: None,
            hash_at_head: None,
            fault: None,
            is_unreadable: false,
        }
    }

    /// Takes the next piece, which may begin and end within a line, and within a character.
    pub fn read(&mut self, piece: &[u8]) {
        if self.encoding == Some(Encoding::Utf8) {
            return self.read_text(piece);
        }
        self.held.extend_from_slice(piece);
        if self.encoding.is_some() || self.held.len() >= LONGEST_MARK {
            self.read_held();
        }
    }

    fn read_held(&mut self) {
        let held = std::mem::take(&mut self.held);
        let (encoding, rest) = match self.encoding {
            Some(encoding) => (encoding, held.as_slice()),
            None => Encoding::of(&held),
        };
        self.encoding = Some(encoding);
        let mut text = Vec::new();
        self.held = encoding.decode(rest, &mut text).to_vec();
        self.read_text(&text);
    }

    fn read_text(&mut self, piece: &[u8]) {
        let mut parts = piece.split(|byte| *byte == b'\n');
        let mut part = parts.next();
        while let Some(bytes) = part {
            part = parts.next();
            // One byte more than allowed, so that the excess shows.
            let room = (MAX_LINE_BYTES + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
            if part.is_some() {
                self.end_line();
            }
        }
    }

    /// Says what was found.
    pub fn end(mut self) -> Report {
        self.read_held();
        if !self.held.is_empty() {
            self.line.push(NO_TEXT);
        }
        // The newline after the last entry may be missing.
        if !self.line.is_empty() {
            self.end_line();
        }
        let mut fault = self.fault.take();
        if fault.is_none() {
            fault = self.fault_of_end().err();
            self.is_unreadable = fault.is_some() && !self.is_head_text;
        }
        Report {
            entries: self.entries,
            head: self.head.and_then(Result::ok).filter(|_| fault.is_none()),
            fault,
            is_unreadable: self.is_unreadable,
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.entries += 1;
        if self.fault.is_none() {
            let place = self.entries;
            self.fault = self
                .take(place, &line)
                .err()
                .map(|reason| fault(Some(place), reason));
            self.is_unreadable = self.fault.is_some() && line.len() <= MAX_LINE_BYTES && !is_text(&line);
        }
    }

    /// Believes an entry, or says why not.
    fn take(&mut self, place: u64, line: &[u8]) -> Result<(), String> {
        let unreadable = |why| format!("Entry {place} cannot be read: {why}.");
        let mut members = read_line(line).map_err(unreadable)?;
        let Some(Value::String(hash)) = members.remove("hash") else {
            return Err(unreadable("its hash is not a string"));
        };
        if sha256_hex(canonical(&members).as_bytes()) != hash {
            return Err(format!(
                "Entry {place} was changed: its hash does not fit what it says."
            ));
        }
        let seq = members.get("seq").and_then(Value::as_u64).unwrap_or_default();
        if seq != place {
            return Err(out_of_place(seq, place));
        }
        if members.get("prevHash").and_then(Value::as_str) != Some(&self.last_hash) {
            return Err(match place {
                1 => "Entry 1 names an entry before it: the beginning of the log was replaced.".to_owned(),
                _ => format!(
                    "Entry {place} does not follow entry {}: one of the two was replaced.",
                    place - 1
                ),
            });
        }
        if place == 1 {
            self.ledger = members.get("ledger").and_then(Value::as_str).map(str::to_owned);
        }
        if let Some(Ok(head)) = &self.head
            && head.seq == place
        {
            self.hash_at_head = Some(hash.clone());
        }
        self.last_hash = hash;
        Ok(())
    }

    /// Compares the log, every entry of which follows the one before it, with the head.
    fn fault_of_end(&self) -> Result<(), Fault> {
        if self.entries == 0 {
            let reason = "The log is empty: there is nothing to believe.";
            return Err(fault(None, reason.to_owned()));
        }
        let head = match &self.head {
            None => return Ok(()),
            Some(Err(why)) => return Err(fault(None, format!("The head cannot be read: {why}."))),
            Some(Ok(head)) => head,
        };
        // Where the first entry does not say it, the hash alone tells: it vouches for every entry up to it.
        if self.ledger.as_ref().is_some_and(|ledger| *ledger != head.ledger) {
            let reason = "The head is of another ledger: this log was begun anew, or is somebody else's.";
            return Err(fault(Some(1), reason.to_owned()));
        }
        match &self.hash_at_head {
            Some(hash) if *hash == head.hash => Ok(()),
            Some(_) => Err(fault(
                Some(head.seq),
                format!(
                    "Entry {} is not the one that the head was made of: it or an entry before it was replaced, with all \
                     that follow.",
                    head.seq
                ),
            )),
            None => Err(fault(
                Some(self.entries + 1),
                format!(
                    "The log ends at entry {}, before entry {} of the head: it was cut, or the ledger was restored from \
                     an older backup.",
                    self.entries, head.seq
                ),
            )),
        }
    }
}

fn fault(first_bad: Option<u64>, reason: String) -> Fault {
    Fault { first_bad, reason }
}

/// What it means that the entry at a place is another one, whole as it is.
fn out_of_place(seq: u64, place: u64) -> String {
    if seq < place {
        format!("Entry {seq} stands where entry {place} belongs: it was inserted, repeated or moved.")
    } else if place == 1 {
        format!("The log begins with entry {seq}: those before it are missing.")
    } else {
        format!("Entry {place} is missing: entry {seq} stands in its place.")
    }
}
