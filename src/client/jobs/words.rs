//! What it means not to know what became of a call about a job, and what to do then.

use super::Operation;
use crate::client::call::{self, Call, Effect};

fn operation(call: &Call<'_>) -> Option<Operation> {
    match call.operation {
        call::Operation::Job(operation) => Some(operation),
        _ => None,
    }
}

/// The beginning of a sentence that says what is not known.
pub fn not_known(call: &Call<'_>) -> &'static str {
    match operation(call) {
        Some(Operation::Create) => "It is not known whether the job was made",
        Some(Operation::Start) => "It is not known what became of the start",
        Some(Operation::Approve) => "It is not known what became of the approval",
        Some(Operation::Resume) => "It is not known what became of the resumption",
        Some(Operation::Pause) => "It is not known what became of the pause",
        Some(Operation::Cancel) => "It is not known what became of the cancellation",
        Some(Operation::PauseAll) => "It is not known whether all jobs were paused",
        _ => "No answer that can be believed",
    }
}

/// What that means, and what to do now.
pub fn doubt(call: &Call<'_>) -> &'static str {
    match (operation(call), call.effect) {
        (_, Effect::Revokes) => {
            " The job may be revoking, or not: do not assume either. Ask the edge for the job."
        }
        (_, Effect::Tests) => {
            " The job is a drill: whatever became of it, nothing is revoked. Ask the edge for the job."
        }
        (Some(Operation::Create), _) => {
            " Nothing is revoked by it: a job does nothing until it is started. Look into the list of jobs before you \
             make it again."
        }
        (Some(Operation::PauseAll), _) => {
            " Jobs may go on revoking: do not assume that they have stopped. Ask the edge for the list of jobs."
        }
        (_, Effect::Plans) => {
            " The job may go on revoking: do not assume that it has stopped. Ask the edge for the job."
        }
        _ => " Nothing was changed, since this call only reads.",
    }
}
