//! What it means not to know what became of a call about a job, and what to do then.

use super::Operation;
use crate::client::call::Effect;

/// The beginning of a sentence that says what is not known.
pub fn not_known(operation: Operation) -> &'static str {
    match operation {
        Operation::Create => "It is not known whether the job was made",
        Operation::Start => "It is not known what became of the start",
        Operation::Approve => "It is not known what became of the approval",
        Operation::Decline => "It is not known what became of the decline",
        Operation::Resume => "It is not known what became of the resumption",
        Operation::Pause => "It is not known what became of the pause",
        Operation::Cancel => "It is not known what became of the cancellation",
        Operation::PauseAll => "It is not known whether all jobs were paused",
        _ => "No answer that can be believed",
    }
}

/// What that means, and what to do now.
pub fn advice(operation: Operation, effect: Effect) -> &'static str {
    match (operation, effect) {
        (_, Effect::Revokes) => {
            " The job may be revoking, or not: do not assume either. Ask the edge for the job."
        }
        (_, Effect::Tests) => {
            " The job is a drill: whatever became of it, nothing is revoked. Ask the edge for the job."
        }
        (Operation::Create, _) => {
            " Nothing is revoked by it: a job does nothing until it is started. Look into the list of jobs before you \
             make it again."
        }
        (Operation::Decline, _) => {
            " It may still be approved, and go on: do not assume that it was declined. Ask the edge for the job."
        }
        (Operation::PauseAll, _) => {
            " Jobs may go on revoking: do not assume that they have stopped. Ask the edge for the list of jobs."
        }
        (_, Effect::Plans) => {
            " The job may go on revoking: do not assume that it has stopped. Ask the edge for the job."
        }
        _ => " Nothing was changed, since this call only reads.",
    }
}
