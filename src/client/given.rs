//! JavaScript's values, read without trusting them: whatever they are, reading them neither throws nor coerces.

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use crate::protocol::Member;

/// A plain object; its members are its own whatever they are called, `__proto__` too.
pub fn record<'a>(members: impl Iterator<Item = (&'a str, JsValue)>) -> JsValue {
    let entries = Array::new();
    for (name, value) in members {
        entries.push(&Array::of2(&name.into(), &value));
    }
    Object::from_entries(&entries).map_or(JsValue::UNDEFINED, JsValue::from)
}

/// The members of an object that are given: its own, and not `undefined`. Nothing when it is no object.
pub fn members(value: &JsValue) -> Option<Vec<(String, JsValue)>> {
    if !value.is_object() || Array::is_array(value) {
        return None;
    }
    let names = Object::keys(value.unchecked_ref::<Object>());
    let mut members = Vec::with_capacity(names.length() as usize);
    for name in names.iter() {
        let member = Reflect::get(value, &name).unwrap_or(JsValue::NULL);
        if !member.is_undefined() {
            members.push((name.as_string().unwrap_or_default(), member));
        }
    }
    Some(members)
}

/// An object's own member: what a polluted `Object.prototype` has is not what was sent.
pub fn own(value: &JsValue, name: &str) -> Option<JsValue> {
    let name = JsValue::from_str(name);
    if !Object::has_own(value.unchecked_ref::<Object>(), &name) {
        return None;
    }
    Reflect::get(value, &name).ok()
}

/// Any property, of any value; `undefined` where there is none or reading it throws.
pub fn property(value: &JsValue, name: &str) -> JsValue {
    if !value.is_object() && !value.is_function() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or_default()
}

/// A string, if it is one and well-formed Unicode.
pub fn text(value: &JsValue) -> Option<String> {
    value
        .dyn_ref::<JsString>()
        .filter(|text| text.is_valid_utf16())
        .map(String::from)
}

/// A secret string of at most `max` UTF-16 units. Read unit by unit into room that is never moved: the glue's way
/// leaves a copy behind when there is anything beyond ASCII.
pub fn secret(value: &JsString, max: u32) -> Option<Zeroizing<String>> {
    if value.length() > max || !value.is_valid_utf16() {
        return None;
    }
    let mut text = Zeroizing::new(String::with_capacity(value.length() as usize * 3));
    char::decode_utf16(value.iter())
        .flatten()
        .for_each(|c| text.push(c));
    Some(text)
}

/// An integer that a number carries exactly.
pub fn integer(value: &JsValue) -> Option<i64> {
    const MAX: f64 = crate::protocol::MAX_JS_INTEGER as f64;
    value
        .as_f64()
        .filter(|it| it.fract() == 0.0 && (-MAX..=MAX).contains(it))
        .map(|it| it as i64)
}

/// A value as the protocol reads members.
pub fn member(value: &JsValue) -> Member {
    if let Some(text) = value.dyn_ref::<JsString>() {
        return if text.is_valid_utf16() {
            Member::Text(text.into())
        } else {
            Member::MalformedText
        };
    }
    match (value.as_f64(), value.as_bool()) {
        (Some(number), _) => Member::Number(number),
        (_, Some(flag)) => Member::Bool(flag),
        _ => Member::Other,
    }
}
