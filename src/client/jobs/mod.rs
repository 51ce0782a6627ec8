//! Jobs: what is sent, what is believed of the answers, and how they are watched.
//!
//! | module | what lives there |
//! |---|---|
//! | `exports` | what the wasm module offers to `pkg/` |
//! | `operation` | what can be done, and what is at stake in it |
//! | `request`, `plan` | what is sent, and every fault in what was given for it |
//! | `document` | what is believed of an answer |
//! | `words` | what it means not to know |
//! | `stream` | what is read as it comes: the events of a job, and all its rows |
//! | `event_stream` | the format of events (HTML, "server-sent events") |

mod document;
mod event_stream;
mod exports;
mod operation;
mod plan;
mod request;
mod stream;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod words;

pub use operation::Operation;
pub use request::{take, with_query};
pub use words::{advice, not_known};
