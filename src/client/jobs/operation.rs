//! What can be done with jobs, and what each operation puts at stake.

use crate::client::call::Effect;
use crate::client::page::MAX_PAGE_BYTES;

/// An operation on a job, or on all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Create,
    List,
    Get,
    Start,
    Approve,
    Pause,
    Resume,
    Cancel,
    PauseAll,
    Orders,
    /// All rows, as CSV.
    Csv,
    Report,
    /// The report for people.
    Markdown,
    Watch,
}

/// Each with its letter in a memo, and as JavaScript calls it.
const ALL: [(Operation, &str, &str); 14] = [
    (Operation::Create, "C", "job-create"),
    (Operation::List, "L", "job-list"),
    (Operation::Get, "G", "job-get"),
    (Operation::Start, "S", "job-start"),
    (Operation::Approve, "A", "job-approve"),
    (Operation::Pause, "P", "job-pause"),
    (Operation::Resume, "R", "job-resume"),
    (Operation::Cancel, "X", "job-cancel"),
    (Operation::PauseAll, "K", "job-pause-all"),
    (Operation::Orders, "O", "job-orders"),
    (Operation::Csv, "V", "job-csv"),
    (Operation::Report, "Q", "job-report"),
    (Operation::Markdown, "M", "job-markdown"),
    (Operation::Watch, "W", "job-watch"),
];

impl Operation {
    /// The one with this name.
    pub fn of_name(name: &str) -> Option<Operation> {
        ALL.iter().find(|(_, _, its)| *its == name).map(|found| found.0)
    }

    /// The one with this letter.
    pub fn of_letter(letter: u8) -> Option<Operation> {
        ALL.iter()
            .find(|(_, its, _)| its.as_bytes() == [letter])
            .map(|found| found.0)
    }

    /// Its letter.
    pub fn letter(self) -> &'static str {
        ALL.iter()
            .find(|found| found.0 == self)
            .map_or("", |found| found.1)
    }

    /// Whether it is about one job.
    pub fn is_about_one(self) -> bool {
        !matches!(self, Operation::Create | Operation::List | Operation::PauseAll)
    }

    /// What it may come to. Only what sets a job going can lead to a revocation, and not if the job is a drill.
    pub fn effect(self, is_drill: bool) -> Effect {
        match self {
            Operation::Start | Operation::Approve | Operation::Resume if is_drill => Effect::Tests,
            Operation::Start | Operation::Approve | Operation::Resume => Effect::Revokes,
            Operation::Create | Operation::Pause | Operation::Cancel | Operation::PauseAll => Effect::Plans,
            _ => Effect::Reads,
        }
    }

    /// The one HTTP status that says that it is done.
    pub fn success_status(self) -> i64 {
        match self {
            Operation::Create => 201,
            Operation::Start
            | Operation::Approve
            | Operation::Pause
            | Operation::Resume
            | Operation::Cancel
            | Operation::PauseAll => 202,
            _ => 200,
        }
    }

    /// How long an answer may be, in bytes. What is wrong with a plan is told row by row.
    pub fn answer_limit(self) -> i64 {
        match self {
            Operation::Create | Operation::List | Operation::Orders => MAX_PAGE_BYTES,
            _ => 1024 * 1024,
        }
    }
}
