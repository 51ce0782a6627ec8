//! A value of JavaScript, read once where it comes in: what it is, and never coerced to anything else.

use js_sys::{Function, Object};

use crate::protocol::{MAX_JS_INTEGER, Member};

/// A value, as far as its kind matters.
#[derive(Debug)]
pub enum Value {
    /// Not given.
    Undefined,
    /// A well-formed string.
    Text(String),
    /// A string with a lone surrogate, this many UTF-16 units long: sending it would change it.
    MalformedText(u32),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// A function.
    Function(Function),
    /// An array with so many elements.
    Array(u32),
    /// Any other object.
    Object(Object),
    /// Null, a symbol, a BigInt.
    Other,
}

impl Value {
    /// A well-formed string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An integer that a number carries exactly.
    pub fn integer(&self) -> Option<i64> {
        const MAX: f64 = MAX_JS_INTEGER as f64;
        match self {
            Value::Number(number) if number.trunc() == *number && (-MAX..=MAX).contains(number) => {
                Some(*number as i64)
            }
            _ => None,
        }
    }

    /// A boolean.
    pub fn bool(&self) -> Option<bool> {
        match self {
            Value::Bool(it) => Some(*it),
            _ => None,
        }
    }
}

impl From<Value> for Member {
    fn from(value: Value) -> Member {
        match value {
            Value::Text(text) => Member::Text(text),
            Value::MalformedText(_) => Member::MalformedText,
            Value::Number(number) => Member::Number(number),
            Value::Bool(it) => Member::Bool(it),
            _ => Member::Other,
        }
    }
}

/// The members of an object that are given: its own, and not `undefined`.
#[derive(Debug, Default)]
pub struct Members(pub Vec<(String, Value)>);

impl Members {
    /// One of them; undefined where there is none.
    pub fn get(&self, name: &str) -> &Value {
        let found = self.0.iter().find(|(its, _)| its == name);
        found.map_or(&Value::Undefined, |(_, value)| value)
    }
}

/// What a caller passed where an object is expected.
#[derive(Debug)]
pub enum Argument {
    /// Nothing.
    Missing,
    /// An object with these members.
    Members(Members),
    /// Anything else.
    Wrong,
}
