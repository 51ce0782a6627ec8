//! What can be done with jobs, and what each operation puts at stake.

use wasm_bindgen::prelude::*;

use crate::client::call::Effect;
use crate::client::page::MAX_PAGE_BYTES;

/// An operation on a job, or on all of them, as `pkg/` calls it.
#[wasm_bindgen]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Create = "create",
    List = "list",
    Get = "get",
    Start = "start",
    Approve = "approve",
    Decline = "decline",
    Pause = "pause",
    Resume = "resume",
    Cancel = "cancel",
    PauseAll = "pause-all",
    Orders = "orders",
    /// All rows, as CSV.
    Csv = "csv",
    Report = "report",
    /// The report for people.
    Markdown = "markdown",
    Watch = "watch",
}

impl Operation {
    /// Whether it is about one job.
    pub fn is_about_one(self) -> bool {
        !matches!(self, Operation::Create | Operation::List | Operation::PauseAll)
    }

    /// What it may come to. Only what sets a job going can lead to a revocation, and not if the job is a drill.
    pub fn effect(self, is_drill: bool) -> Effect {
        match self {
            Operation::Start | Operation::Approve | Operation::Resume if is_drill => Effect::Tests,
            Operation::Start | Operation::Approve | Operation::Resume => Effect::Revokes,
            Operation::Create
            | Operation::Decline
            | Operation::Pause
            | Operation::Cancel
            | Operation::PauseAll => Effect::Plans,
            _ => Effect::Reads,
        }
    }

    /// The one HTTP status that says that it is done.
    pub fn success_status(self) -> u16 {
        match self {
            Operation::Create => 201,
            Operation::Start
            | Operation::Approve
            | Operation::Decline
            | Operation::Pause
            | Operation::Resume
            | Operation::Cancel
            | Operation::PauseAll => 202,
            _ => 200,
        }
    }

    /// How long an answer may be, in bytes. What is wrong with a plan is listed row by row.
    pub fn answer_limit(self) -> usize {
        match self {
            Operation::Create | Operation::List | Operation::Orders => MAX_PAGE_BYTES,
            _ => 1024 * 1024,
        }
    }
}
