//! Members of what JavaScript gets, as a map.
//!
//! By hand, and by one function for all: of structs serde-wasm-bindgen keeps the names in a table of its own, and code for each
//! member of each struct is a tenth of what a page loads.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A member's value; one that is absent is left out.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    Text(Option<&'a str>),
    Number(Option<f64>),
    Bool(bool),
    /// Names, each with a text: `pkg/` makes an object of them.
    Pairs(&'a [(String, String)]),
}

/// Names and values, in this order.
pub struct Members<'a>(pub &'a [(&'static str, Item<'a>)]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for (name, item) in self.0 {
            match item {
                Item::Text(Some(text)) => map.serialize_entry(name, text)?,
                Item::Number(Some(number)) => map.serialize_entry(name, number)?,
                Item::Bool(value) => map.serialize_entry(name, value)?,
                Item::Pairs(pairs) if !pairs.is_empty() => map.serialize_entry(name, pairs)?,
                Item::Text(None) | Item::Number(None) | Item::Pairs(_) => {}
            }
        }
        map.end()
    }
}
