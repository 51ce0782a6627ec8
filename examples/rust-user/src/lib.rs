//! A Rust program on wasm that revokes through an edge, by the `fetch` of whatever runs it.

use autorevoke::client::{Failure, Options, revoke};
use autorevoke::problem::Kind;
use autorevoke::protocol::{CodeReason, Draft, InvalidOrder};
use wasm_bindgen::prelude::wasm_bindgen;

/// Reports a key as compromised, and says in a sentence what has happened.
#[wasm_bindgen]
pub async fn report_compromise(edge: String, token: String, order_number: String) -> String {
    match attempt(&edge, token, order_number).await {
        Ok(outcome) => ["The certificate is ", outcome, "."].concat(),
        Err(Trouble::Order(faults)) => faults.to_string(),
        // The one question that matters: whether anybody may assume that nothing has happened.
        Err(Trouble::Call(failure)) if failure.may_have_revoked => format!("Not known! {failure}"),
        Err(Trouble::Call(failure)) if failure.kind == Kind::Forbidden => "You may not do this.".to_owned(),
        Err(Trouble::Call(failure)) => format!("Not revoked. {failure}"),
    }
}

enum Trouble {
    Order(InvalidOrder),
    Call(Failure),
}

async fn attempt(edge: &str, token: String, order_number: String) -> Result<&'static str, Trouble> {
    let order = Draft {
        order_number,
        code_reason: CodeReason::KeyCompromise,
        ..Draft::default()
    }
    .check()
    .map_err(Trouble::Order)?;
    let options = Options::edge(edge).map_err(Trouble::Call)?;
    let options = options.token(token).map_err(Trouble::Call)?;
    let done = revoke(&order, &options).await.map_err(Trouble::Call)?;
    Ok(done.outcome.name())
}
