//! JSON that means only one thing: no duplicate members, no `__proto__`, no deep nesting.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Value};

/// Deeper nesting is refused.
pub const MAX_DEPTH: usize = 8;

/// Reads a JSON object; the error is a sentence for the caller and quotes nothing of the text.
///
/// ```
/// use autorevoke::strict_json::read_object;
/// assert!(read_object(br#"{"test": true}"#).is_ok());
/// assert!(read_object(br#"{"test": true, "test": false}"#).unwrap_err().contains("twice"));
/// ```
pub fn read_object(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    match read(bytes)? {
        Value::Object(members) => Ok(members),
        _ => Err("The body must be a JSON object.".to_owned()),
    }
}

/// Reads any JSON value under the same rules.
pub fn read(bytes: &[u8]) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }
        .deserialize(&mut deserializer)
        .and_then(|value| {
            deserializer.end()?;
            Ok(value)
        });
    value.map_err(|error| fault(&error))
}

fn fault(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        // Only our own errors below are of this category, and they quote nothing.
        Category::Data => format!("The JSON is not accepted: {error}."),
        Category::Eof => format!("The JSON ends too early ({place})."),
        Category::Syntax | Category::Io => format!("The body is not JSON ({place})."),
    }
}

/// Reads a JSON object of which one member is a long array: its items are handed over one by one, and not kept. `false`
/// from `item` ends the reading early, with `None`. Of that member the object has an empty array, if it was an array.
pub fn read_object_with_items(
    bytes: &[u8],
    name: &'static str,
    item: &mut dyn FnMut(Value) -> bool,
) -> Result<Option<Map<String, Value>>, String> {
    let mut stopped = false;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let visitor = WithItems {
        name,
        item,
        stopped: &mut stopped,
    };
    let members = deserializer.deserialize_any(visitor).and_then(|members| {
        deserializer.end()?;
        Ok(members)
    });
    if stopped {
        return Ok(None);
    }
    members.map(Some).map_err(|error| fault(&error))
}

/// Reads a JSON array, whose items are handed over one by one, and not kept. `false` from `item` ends the reading early.
pub fn read_items(bytes: &[u8], item: &mut dyn FnMut(Value) -> bool) -> Result<(), String> {
    let mut stopped = false;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let items = Items {
        item,
        stopped: &mut stopped,
    };
    let read = deserializer.deserialize_any(items).and_then(|value| {
        deserializer.end()?;
        Ok(value)
    });
    match read {
        _ if stopped => Ok(()),
        Ok(Value::Array(_)) => Ok(()),
        Ok(_) => Err("The body must be a JSON array.".to_owned()),
        Err(error) => Err(fault(&error)),
    }
}

/// The outermost object, whose items of one member are handed over.
struct WithItems<'a> {
    name: &'static str,
    item: &'a mut dyn FnMut(Value) -> bool,
    stopped: &'a mut bool,
}

impl<'de> Visitor<'de> for WithItems<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom("a member is given twice"));
            }
            let value = if name == self.name {
                members.next_value_seed(Items {
                    item: &mut *self.item,
                    stopped: &mut *self.stopped,
                })?
            } else if name == "__proto__" {
                return Err(A::Error::custom("a member is called __proto__"));
            } else {
                members.next_value_seed(OUTER)?
            };
            object.insert(name, value);
        }
        Ok(object)
    }
}

/// Items that are handed over; whatever is no array is read as usual.
struct Items<'a> {
    item: &'a mut dyn FnMut(Value) -> bool,
    stopped: &'a mut bool,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while let Some(value) = items.next_element_seed(OUTER.deeper()?)? {
            if !(self.item)(value) {
                *self.stopped = true;
                return Err(A::Error::custom("enough was read"));
            }
        }
        Ok(Value::Array(Vec::new()))
    }

    // Whatever is no array is the reader's to refuse.

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Value, A::Error> {
        OUTER.visit_map(members)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        OUTER.visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        OUTER.visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        OUTER.visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        OUTER.visit_f64(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        OUTER.visit_str(value)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        OUTER.visit_unit()
    }
}

/// Inside of the outermost object.
const OUTER: Strict = Strict { depth: 1 };

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Strict, E> {
        let depth = self.depth + 1;
        if depth > MAX_DEPTH {
            Err(E::custom("nested deeper than 8 levels"))
        } else {
            Ok(Strict { depth })
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if name == "__proto__" {
                return Err(A::Error::custom("a member is called __proto__"));
            }
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is given twice"));
            }
        }
        Ok(Value::Object(object))
    }
}
