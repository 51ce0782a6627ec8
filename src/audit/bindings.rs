//! The verifier for JavaScript: pieces of bytes in, what was found as JSON text out.
#![allow(unsafe_code)] // wasm-bindgen's macros expand to it.

use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;

use super::{Report, Verifier};

/// Verifies one log; it is gone when it has said what was found.
#[wasm_bindgen]
#[derive(Debug)]
pub struct AuditVerifier(Verifier);

#[wasm_bindgen]
impl AuditVerifier {
    /// Begins; `head` is JSON text.
    #[wasm_bindgen(constructor)]
    pub fn new(head: Option<String>) -> AuditVerifier {
        AuditVerifier(Verifier::new(head.as_deref().map(str::as_bytes)))
    }

    /// Takes the next piece, which may begin and end within a line.
    pub fn read(&mut self, piece: &[u8]) {
        self.0.read(piece);
    }

    /// `{ok, entries, firstBad?, reason?, head?: {kid, signature, signed}}`, the head's signature still to be checked.
    pub fn end(self) -> String {
        let Report { entries, fault, head } = self.0.end();
        let mut members = Map::new();
        members.insert("ok".into(), fault.is_none().into());
        members.insert("entries".into(), entries.into());
        if let Some(fault) = fault {
            if let Some(place) = fault.first_bad {
                members.insert("firstBad".into(), place.into());
            }
            members.insert("reason".into(), fault.reason.into());
        }
        if let Some(head) = head {
            let head = json!({ "kid": head.kid, "signature": head.signature, "signed": head.signed });
            members.insert("head".into(), head);
        }
        Value::Object(members).to_string()
    }
}
