//! What JavaScript does for the ledger: SQL, and the clock. And what it is thrown when that has failed.

use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::edge::ledger::{Host, HostError};

#[wasm_bindgen]
extern "C" {
    /// `{ sql(statement, valuesAsJson): rowsAsJson, execute(statement, valuesAsJson), now(): ms }`.
    pub type JsHost;

    #[wasm_bindgen(method, catch)]
    fn sql(this: &JsHost, statement: &str, values: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn execute(this: &JsHost, statement: &str, values: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn now(this: &JsHost) -> f64;
}

impl Host for JsHost {
    fn sql(&self, statement: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, HostError> {
        let values = serde_json::to_string(values).map_err(|_| HostError)?;
        let rows = JsHost::sql(self, statement, &values).map_err(|_| HostError)?;
        serde_json::from_str(&rows).map_err(|_| HostError)
    }

    fn execute(&self, statement: &str, values: &[Value]) -> Result<(), HostError> {
        let values = serde_json::to_string(values).map_err(|_| HostError)?;
        JsHost::execute(self, statement, &values).map_err(|_| HostError)
    }

    fn now(&self) -> i64 {
        JsHost::now(self) as i64
    }
}

pub(super) fn failed() -> JsValue {
    JsValue::from_str("the ledger failed")
}
