//! JavaScript's values and the runtime around a call: whatever they are, reading them neither throws nor coerces.

use js_sys::{Array, Function, JSON, JsString, Object, Reflect, RegExp};
#[cfg(feature = "full")]
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;

use super::belief::Document;
use super::failure::Thrown;
use super::options::{Runtime, Signal, Url};
use super::value::{Argument, Members, Value};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
    // js-sys's own way tries three more names, for browsers that have no WebAssembly.
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: JsValue;
}

/// The runtime as it is at this moment: its `fetch` may be replaced at any time.
pub fn current() -> Runtime {
    let global = GLOBAL.with(JsValue::clone);
    Runtime {
        fetch: property(&global, "fetch").dyn_into().ok(),
        in_page: is_page(&global),
        url,
        href,
        signal,
    }
}

/// Whether scripts of others may run beside this one. workerd has the classes of a web worker, but not its
/// `importScripts`; Node's worker threads have neither.
fn is_page(global: &JsValue) -> bool {
    property(global, "document").is_object()
        || property(global, "WorkerGlobalScope").is_function()
            && property(global, "importScripts").is_function()
}

fn url(given: &str) -> Option<Url> {
    let url = web_sys::Url::new(given).ok()?;
    let part = |name| text(&property(&url, name)).unwrap_or_default();
    Some(Url {
        href: part("href"),
        protocol: part("protocol"),
        hostname: part("hostname"),
        has_login: !part("username").is_empty() || !part("password").is_empty(),
    })
}

fn href(value: &Value) -> Option<String> {
    match value {
        Value::Object(object) => text(&property(object, "href")),
        _ => None,
    }
}

fn signal(value: &Value) -> Option<Signal> {
    let Value::Object(object) = value else { return None };
    let is_signal = property(object, "aborted").as_bool().is_some()
        && property(object, "addEventListener").is_function()
        && property(object, "removeEventListener").is_function();
    is_signal.then(|| Signal(object.into()))
}

/// 128 random bits as hex digits.
pub fn random_key() -> Option<String> {
    let mut bytes = [0; 16];
    get_random_values(&mut bytes).ok()?;
    let mut key = String::with_capacity(32);
    for digit in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        key.push(char::from_digit(digit.into(), 16)?);
    }
    Some(key)
}

/// What a value is.
pub fn value(value: JsValue) -> Value {
    if let Some(text) = value.dyn_ref::<JsString>() {
        return match well_formed(text) {
            Some(text) => Value::Text(text),
            None => Value::MalformedText(text.length()),
        };
    }
    if let Some(number) = value.as_f64() {
        return Value::Number(number);
    }
    if let Some(it) = value.as_bool() {
        return Value::Bool(it);
    }
    if value.is_undefined() {
        return Value::Undefined;
    }
    if value.is_function() {
        return Value::Function(value.unchecked_into());
    }
    if Array::is_array(&value) {
        return Value::Array(value.unchecked_ref::<Array>().length());
    }
    if value.is_object() {
        return Value::Object(value.unchecked_into());
    }
    Value::Other
}

/// What was passed where an object is expected.
pub fn argument(given: Value) -> Argument {
    match given {
        Value::Undefined => Argument::Missing,
        Value::Object(object) => Argument::Members(members(&object)),
        _ => Argument::Wrong,
    }
}

/// The members of an object that are given: its own, and not `undefined`.
pub fn members(object: &Object) -> Members {
    let mut members = Vec::new();
    for name in Object::keys(object).iter() {
        // A getter that throws has no value that could be used.
        let its = Reflect::get(object, &name).unwrap_or(JsValue::NULL);
        if !its.is_undefined() {
            members.push((name.as_string().unwrap_or_default(), value(its)));
        }
    }
    Members(members)
}

/// Any property, of any value; `undefined` where there is none or reading it throws.
pub fn property(value: &JsValue, name: &str) -> JsValue {
    if !value.is_object() && !value.is_function() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or_default()
}

/// A method, by shape.
pub fn method(value: &JsValue, name: &str) -> Option<Function> {
    property(value, name).dyn_into().ok()
}

/// A string, if it is one and well-formed Unicode.
pub fn text(value: &JsValue) -> Option<String> {
    value.dyn_ref::<JsString>().and_then(well_formed)
}

fn well_formed(text: &JsString) -> Option<String> {
    is_well_formed(text).then(|| text.into())
}

/// Whether a string has no lone surrogate.
pub fn is_well_formed(text: &JsString) -> bool {
    // By the runtime: js-sys's own way asks it for each unit.
    text.search(&RegExp::new(r"\p{Surrogate}", "u")) < 0
}

/// The bytes of an array of them, which `pkg/` has made.
#[cfg(feature = "full")]
pub fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Object(object) if ArrayBuffer::is_view(object) => {
            Some(object.unchecked_ref::<Uint8Array>().to_vec())
        }
        _ => None,
    }
}

/// An integer that a number carries exactly.
pub fn integer(given: &JsValue) -> Option<i64> {
    given.as_f64().map(Value::Number)?.integer()
}

/// A body as JSON, if it is an object: its members are its own whatever they are called, `__proto__` too.
pub fn document(body: &[u8]) -> Option<Document> {
    let parsed = JSON::parse(str::from_utf8(body).ok()?).ok()?;
    let Value::Object(object) = value(parsed) else {
        return None;
    };
    let members = members(&object);
    let fields = match members.get("fields") {
        Value::Object(fields) => Some(self::members(fields)),
        _ => None,
    };
    Some(Document {
        members,
        fields,
        value: object.into(),
    })
}

/// The texts of what was thrown.
pub fn thrown(thrown: &JsValue) -> Thrown {
    let name = |value: &JsValue, name| text(&property(value, name));
    Thrown {
        message: name(thrown, "message").or_else(|| text(thrown)),
        name: name(thrown, "name"),
        deeper: name(&property(thrown, "cause"), "message"),
    }
}
