//! Jobs: what is sent, what is believed of the answers, and how they are watched.
//!
//! | module | what lives there |
//! |---|---|
//! | `operation` | what can be done, and what is at stake in it |
//! | `request` | what is sent, and every fault in what was given for it |
//! | `document` | what is believed of an answer |
//! | `words` | what it means not to know |
//! | `stream` | what is read as it comes: the events of a job, and all its rows |
//! | `event_stream` | the format of events (HTML, "server-sent events") |

mod document;
mod event_stream;
mod operation;
mod request;
mod stream;
mod words;

pub use document::{fits, without_document};
pub use operation::Operation;
pub use request::{knows, plan, take};
pub use stream::{again, opened, piece};
pub use words::{doubt, not_known};
