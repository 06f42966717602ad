//! A tree of values with line numbers. YAML and JSON are both parsed into it, so that one check serves both.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Maximum keys of one map. Keeps the search for duplicate keys, which is quadratic, cheap.
pub(crate) const MAX_KEYS: usize = 100;

/// A value read from a source file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// From 1, in the file.
    pub(crate) line: usize,
    pub(crate) value: Value,
}

/// The value of a node. Scalars stay text: the check parses them by field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Scalar(String),
    List(Vec<Node>),
    /// In file order, without duplicate keys: the parser refuses them.
    Map(Vec<Field>),
}

/// A key of a map and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) key: String,
    pub(crate) line: usize,
    pub(crate) node: Node,
}

impl Node {
    /// The kind of the value, as error messages name it.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a group of fields",
        }
    }

    /// Adds a number of lines to the node and to all nodes below it.
    pub(crate) fn shift(&mut self, lines: usize) {
        self.line += lines;
        match &mut self.value {
            Value::Null | Value::Scalar(_) => {}
            Value::List(items) => items.iter_mut().for_each(|item| item.shift(lines)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.line += lines;
                    entry.node.shift(lines);
                }
            }
        }
    }
}

/// From JSON. Every node is on line 0 until `shift` moves it.
impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = deserializer.deserialize_any(ValueVisitor)?;
        Ok(Self { line: 0, value })
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries: Vec<Field> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if entries.len() == MAX_KEYS {
                return Err(de::Error::custom(format_args!("over {MAX_KEYS} keys in one object")));
            }
            if entries.iter().any(|entry| entry.key == key) {
                return Err(de::Error::custom(format_args!("key \"{key}\" comes twice")));
            }
            let node = map.next_value()?;
            entries.push(Field { key, line: 0, node });
        }
        Ok(Value::Map(entries))
    }
}
