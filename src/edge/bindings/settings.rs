//! The environment of a deployment: which variables there are, and what is wrong with them.

use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::edge::config::{self, NAMES, Vars};

/// The names that JavaScript looks up in its environment.
#[wasm_bindgen(js_name = configurationNames)]
pub fn configuration_names() -> Vec<String> {
    NAMES.map(str::to_owned).to_vec()
}

/// A JSON array of sentences: everything that is wrong with these variables.
#[wasm_bindgen(js_name = configurationFaults)]
pub fn configuration_faults(variables: &str) -> String {
    Value::from(config::faults(&vars_of(variables))).to_string()
}

/// A JSON array of sentences: what an operator should know about variables that are not wrong.
#[wasm_bindgen(js_name = configurationNotices)]
pub fn configuration_notices(variables: &str) -> String {
    Value::from(config::notices(&vars_of(variables))).to_string()
}

fn vars_of(variables: &str) -> Vars {
    let mut vars = Vars::default();
    if let Ok(Value::Object(members)) = serde_json::from_str(variables) {
        for (name, value) in members {
            if let Value::String(text) = value {
                vars.set(&name, text);
            }
        }
    }
    vars
}

/// The environment's variables, wiped when this is freed.
#[wasm_bindgen]
#[derive(Default)]
pub struct Settings(pub(super) Vars);

#[wasm_bindgen]
impl Settings {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Settings {
        Settings::default()
    }

    pub fn set(&mut self, name: &str, value: String) {
        self.0.set(name, value);
    }

    /// A JSON array of everything that is wrong.
    pub fn faults(&self) -> String {
        Value::from(config::faults(&self.0)).to_string()
    }
}
