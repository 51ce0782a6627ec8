//! Orders as JSON: read from a request or a command, and written in one normal form.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::certificate::order_from_members;
use crate::list::member;
use crate::protocol::{InvalidOrder, Order, Via};

/// The order that a JSON object describes, or every fault at once.
pub(super) fn order_from_json(members: Map<String, Value>) -> Result<Order, InvalidOrder> {
    let members = members.into_iter().map(|(name, value)| (name, member(value)));
    order_from_members(members.collect(), Via::Edge)
}

/// The order with the members it has, `codeReason` and `test` always, so that equal orders have equal texts.
pub(super) fn normalised(order: &Order) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    };
    let name = order.name();
    put(name.parameter(), Some(name.value().into()));
    put("codeReason", Some(order.code_reason().number().into()));
    put("revocationReason", order.revocation_reason().map(Into::into));
    put("productCode", order.product_code().map(Into::into));
    put("product", order.product().map(Into::into));
    put("test", Some(order.test().into()));
    Value::Object(members)
}

/// For a member of a type that serde writes.
pub(super) fn serialize<S: Serializer>(order: &Order, to: S) -> Result<S::Ok, S::Error> {
    normalised(order).serialize(to)
}

/// For a member of a type that serde reads.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Order, D::Error> {
    order_from_json(Map::deserialize(from)?).map_err(|_| D::Error::custom("not an order"))
}
