//! A call that is done, as JavaScript gets it.

use wasm_bindgen::prelude::*;

use super::given::record;
use crate::protocol::Order;
use crate::verdict::Outcome;

/// The members of a `Revocation`.
pub struct Revocation<'a> {
    pub order: &'a Order,
    pub outcome: Outcome,
    pub error_message: Option<String>,
    pub audit_seq: Option<i64>,
}

impl Revocation<'_> {
    pub fn into_js(self) -> JsValue {
        let members = [
            ("orderNumber", Some(self.order.order_number().into())),
            ("outcome", Some(self.outcome.name().into())),
            ("errorCode", Some(self.outcome.code().into())),
            ("errorMessage", self.error_message.map(JsValue::from)),
            ("test", Some(self.order.test().into())),
            ("auditSeq", self.audit_seq.map(|seq| JsValue::from(seq as f64))),
        ];
        record(
            members
                .into_iter()
                .filter_map(|(name, value)| value.map(|value| (name, value))),
        )
    }
}
