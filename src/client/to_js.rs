//! Results, errors and documents as JavaScript gets them.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// The value that `JSON.parse` would make of its JSON.
pub fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = Serializer::json_compatible();
    value.serialize(&serializer).unwrap_or_default()
}
