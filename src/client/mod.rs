//! `revoke()`: through the edge, or straight to the CA, by the `fetch` of the runtime.
//!
//! For JavaScript the npm package offers it (`exports`). A Rust program on wasm calls [`revoke`] itself:
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use autorevoke::client::{Options, revoke};
//! use autorevoke::protocol::{CodeReason, Draft};
//!
//! let order = Draft {
//!     order_number: "123456".into(),
//!     code_reason: CodeReason::KeyCompromise,
//!     ..Draft::default()
//! }
//! .check()?;
//! let options = Options::edge("https://revoke.example.com")?.token("ark_ops_secret")?;
//! match revoke(&order, &options).await {
//!     Ok(done) => println!("{:?}", done.outcome),
//!     Err(failure) if failure.may_have_revoked => println!("Not known: {failure}"),
//!     Err(failure) => println!("Not revoked: {failure}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | module | what lives there |
//! |---|---|
//! | `exports` | what the wasm module offers to `pkg/` |
//! | `task` | calls that wait for promises, carried on by `pkg/`, or by a Rust executor |
//! | `value`, `runtime` | JavaScript's values, and the runtime around a call |
//! | `to_js` | results, errors and documents as JavaScript gets them |
//! | `options`, `builder` | what the caller may choose, with every fault in it; the same for Rust |
//! | `order` | the order and the login, with every fault in both |
//! | `members` | members of what JavaScript gets |
//! | `call` | what a call is, and what is at stake in it |
//! | `request` | what is sent |
//! | `deadline`, `transport` | one request out, one bounded answer in, in time |
//! | `answer`, `belief` | what came, and what is believed of it |
//! | `revocation`, `failure` | how a call ends |
//! | `edge`, `direct` | the calls: through the edge; straight to the CA (feature `full`) |
//! | `page`, `filter`, `audit`, `jobs`, `lists` | the audit log and jobs (feature `full`); the lists that jobs are made of (feature `lists`) |

mod answer;
#[cfg(feature = "full")]
mod audit;
mod belief;
mod builder;
mod call;
mod deadline;
#[cfg(feature = "full")]
mod direct;
mod edge;
mod exports;
mod failure;
#[cfg(feature = "full")]
mod filter;
#[cfg(feature = "full")]
mod jobs;
#[cfg(feature = "lists")]
mod lists;
mod members;
mod options;
mod order;
#[cfg(feature = "full")]
mod page;
mod request;
mod revocation;
mod runtime;
mod task;
#[cfg(all(test, feature = "full", not(target_arch = "wasm32")))]
mod tests;
mod to_js;
mod transport;
mod value;

pub use failure::{Cause, Facts, Failure};
pub use options::Options;
pub use revocation::Revocation;

use crate::protocol::Order;
use task::Waiter;
use transport::Exchange;

/// Revokes an order, or tests whether it could be revoked.
///
/// # Errors
///
/// Whatever is no success is a [`Failure`], whose `may_have_revoked` tells whether the CA may have acted.
pub async fn revoke(order: &Order, options: &Options) -> Result<Revocation, Failure> {
    if options.fetch.is_none() {
        let call = call::Call::revoking(order);
        return Err(Failure::not_sent(&call, "this runtime has no fetch of its own."));
    }
    task::drive(async |waiter| send(order, options, &waiter).await).await
}

async fn send(order: &Order, options: &Options, waiter: &Waiter) -> Result<Revocation, Failure> {
    #[cfg(feature = "full")]
    if let Some(credentials) = &options.credentials {
        return direct::revoke(order, credentials, options, waiter).await;
    }
    let (call, outgoing) = edge::revocation(order, options)?;
    let mut exchange = Exchange::new(call, options, waiter);
    let answer = exchange.run(&outgoing).await?;
    let document = runtime::document(&answer.body);
    belief::revocation(&call, &answer, document, &exchange.secrets())
}
