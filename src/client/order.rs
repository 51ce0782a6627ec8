//! The order and the login of a call, with every fault in both named at once.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::failure::{Effect, Failure, Stakes};
use super::given::{member, members, secret};
use super::options::Faults;
use crate::protocol::{
    Credentials, Door, InvalidOrder, MAX_LOGIN_PASSWORD_CHARS, Order, order_from_members, printable_name,
};

/// A character is at most two UTF-16 units; anything longer is too long, and is not even copied.
const MAX_SECRET_UNITS: u32 = MAX_LOGIN_PASSWORD_CHARS as u32 * 2;

/// The order, and the login if the call goes straight to the CA.
pub fn read(
    order: &JsValue,
    credentials: Option<&JsValue>,
    others: &Faults,
) -> Result<(Order, Option<Credentials>), Failure> {
    let door = if credentials.is_some() {
        Door::Direct
    } else {
        Door::Edge
    };
    let order = match members(order) {
        Some(members) => from_members(members, door),
        None => Err(fault("order", "must be an object")),
    };
    match (order, credentials.map(login).transpose()) {
        (Ok(order), Ok(login)) => Ok((order, login)),
        (Err(mut faults), Err(more)) => {
            faults.merge(more);
            Err(Failure::invalid_order(&faults, &others.text()))
        }
        (Err(faults), _) | (_, Err(faults)) => Err(Failure::invalid_order(&faults, &others.text())),
    }
}

/// An order's number alone.
pub fn read_number(order_number: JsValue, others: &Faults) -> Result<String, Failure> {
    from_members(vec![("orderNumber".to_owned(), order_number)], Door::Edge)
        .map(|order| order.order_number().to_owned())
        .map_err(|faults| Failure::invalid_order(&faults, &others.text()))
}

fn from_members(members: Vec<(String, JsValue)>, door: Door) -> Result<Order, InvalidOrder> {
    order_from_members(members.iter().map(|(name, value)| (name, member(value))), door)
}

/// What is at stake in a call with this order.
pub fn stakes(order: &Order) -> Stakes {
    let effect = if order.test() {
        Effect::Tests
    } else {
        Effect::Revokes
    };
    Stakes {
        order_number: Some(order.order_number().to_owned()),
        effect,
    }
}

fn login(value: &JsValue) -> Result<Credentials, InvalidOrder> {
    let Some(given) = members(value) else {
        return Err(fault(
            "credentials",
            "must be an object with loginName and loginPassword",
        ));
    };
    let mut faults = InvalidOrder::new();
    let mut login = [const { String::new() }; 2];
    for (name, value) in &given {
        let (slot, too_long) = match name.as_str() {
            "loginName" => (0, "must have at most 64 characters"),
            "loginPassword" => (1, "must have at most 128 characters"),
            _ => {
                faults.note(
                    &["credentials.", &printable_name(name)].concat(),
                    "does not exist",
                );
                continue;
            }
        };
        match (value.dyn_ref::<JsString>(), login.get_mut(slot)) {
            (Some(text), Some(place)) => match secret(text, MAX_SECRET_UNITS) {
                Some(mut secret) => *place = std::mem::take(&mut secret),
                None if text.length() > MAX_SECRET_UNITS => faults.note(name, too_long),
                None => faults.note(name, "is not well-formed Unicode (it has a lone surrogate)"),
            },
            _ => faults.note(name, "must be a string"),
        }
    }
    let [name, password] = login;
    match Credentials::new(name, password) {
        Ok(credentials) => faults.or(|| credentials),
        Err(more) => {
            faults.merge(more);
            Err(faults)
        }
    }
}

fn fault(field: &str, fault: &str) -> InvalidOrder {
    let mut faults = InvalidOrder::new();
    faults.note(field, fault);
    faults
}
