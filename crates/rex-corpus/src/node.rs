//! Values with the lines they stand on: what YAML and JSON have in common, so that one check serves both.

/// A value read from a source file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// From 1, in the file.
    pub(crate) line: usize,
    pub(crate) value: Value,
}

/// What a node holds. Scalars stay as written: the check knows what each field should be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Scalar(String),
    List(Vec<Node>),
    /// In the order of the file; the reader refuses a key that comes twice.
    Map(Vec<Entry>),
}

/// One key of a map and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) line: usize,
    pub(crate) node: Node,
}

impl Node {
    /// What the value is, for a sentence that says what was found.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a group of fields",
        }
    }

    /// The node of a JSON value, all of it on `line`.
    pub(crate) fn from_json(value: serde_json::Value, line: usize) -> Self {
        use serde_json::Value as Json;
        let value = match value {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Scalar(flag.to_string()),
            Json::Number(number) => Value::Scalar(number.to_string()),
            Json::String(text) => Value::Scalar(text),
            Json::Array(items) => Value::List(items.into_iter().map(|item| Self::from_json(item, line)).collect()),
            Json::Object(fields) => Value::Map(
                fields
                    .into_iter()
                    .map(|(key, value)| Entry {
                        key,
                        line,
                        node: Self::from_json(value, line),
                    })
                    .collect(),
            ),
        };
        Self { line, value }
    }
}
