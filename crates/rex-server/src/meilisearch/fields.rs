//! Request fields, each read and validated once. Fields left over are unknown.

use rex_corpus::nearest;
use serde_json::{Map, Value};

use super::error::{ErrorCode, MeilisearchError, short};
use rex_api::query_string::Query;

/// Maximum number of names in a list.
const MAX_NAMES: usize = 100;

/// The name of a field and the error code for it.
pub(super) type Field = (&'static str, ErrorCode);

/// The fields of a JSON object or a query string.
#[derive(Debug, Default)]
pub(super) struct Fields {
    sent: Map<String, Value>,
    /// Names read so far: the known fields.
    known: Vec<&'static str>,
}

impl Fields {
    pub(super) fn new(sent: Map<String, Value>) -> Self {
        Self {
            sent,
            known: Vec::new(),
        }
    }

    /// Query parameters as JSON fields: `limit=5&facets=a,b` becomes `{"limit": 5, "facets": ["a", "b"]}`.
    ///
    /// # Errors
    /// A repeated name; bytes that are not UTF-8.
    pub(super) fn from_query_string(raw: &str, lists: &[&str]) -> Result<Self, MeilisearchError> {
        let query =
            Query::decode(raw).map_err(|problem| MeilisearchError::new(ErrorCode::BadRequest, problem.to_string()))?;
        let mut sent = Map::new();
        for (name, value) in query.into_pairs() {
            let value = parameter(&name, &value, lists);
            if sent.insert(name.clone(), value).is_some() {
                let message = format!("`{}`: given twice, expected once", short(&name));
                return Err(MeilisearchError::new(ErrorCode::BadRequest, message));
            }
        }
        Ok(Self::new(sent))
    }

    /// Takes a field; `null` counts as absent.
    pub(super) fn take(&mut self, (name, _): Field) -> Option<Value> {
        self.known.push(name);
        self.sent.remove(name).filter(|value| !value.is_null())
    }

    /// Takes a string.
    pub(super) fn text(&mut self, field: Field) -> Result<Option<String>, MeilisearchError> {
        match self.take(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(field, "a string", &other)),
        }
    }

    /// Takes a whole number, 0 or more; saturates at `usize::MAX`.
    pub(super) fn number(&mut self, field: Field) -> Result<Option<usize>, MeilisearchError> {
        let Some(value) = self.take(field) else {
            return Ok(None);
        };
        match value.as_u64() {
            Some(number) => Ok(Some(usize::try_from(number).unwrap_or(usize::MAX))),
            None => Err(wrong(field, "a whole number, 0 or more", &value)),
        }
    }

    /// Takes a boolean; false where absent.
    pub(super) fn flag(&mut self, field: Field) -> Result<bool, MeilisearchError> {
        match self.take(field) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(wrong(field, "true or false", &other)),
        }
    }

    /// Takes a list of strings.
    pub(super) fn names(&mut self, field: Field) -> Result<Option<Vec<String>>, MeilisearchError> {
        let expected = "an array of strings";
        let entries = match self.take(field) {
            None => return Ok(None),
            Some(Value::Array(entries)) => entries,
            Some(other) => return Err(wrong(field, expected, &other)),
        };
        if entries.len() > MAX_NAMES {
            let message = format!("`{}`: {} entries, expected at most {MAX_NAMES}", field.0, entries.len());
            return Err(MeilisearchError::new(field.1, message));
        }
        let name = |(rank, entry)| match entry {
            Value::String(name) => Ok(name),
            other => {
                let message = format!("`{}[{rank}]`: expected a string, found {}", field.0, kind_of(&other));
                Err(MeilisearchError::new(field.1, message))
            }
        };
        let names = entries.into_iter().enumerate().map(name);
        names.collect::<Result<_, _>>().map(Some)
    }

    /// Rejects a field that Rex does not support, unless it has its default value.
    pub(super) fn refuse(&mut self, field: Field, default: &Value, why: &str) -> Result<(), MeilisearchError> {
        match self.take(field) {
            Some(value) if value != *default => {
                let message = format!("`{}` is not supported: {why}; leave it out", field.0);
                Err(MeilisearchError::new(field.1, message))
            }
            _ => Ok(()),
        }
    }

    /// Rejects fields left over, such as misspelt ones.
    pub(super) fn finish(self) -> Result<(), MeilisearchError> {
        let Some((name, _)) = self.sent.into_iter().next() else {
            return Ok(());
        };
        let near = nearest(&name, self.known.iter().copied());
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        let known: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "Unknown field `{}`: {near}expected one of {}",
            short(&name),
            known.join(", ")
        );
        Err(MeilisearchError::new(ErrorCode::BadRequest, message))
    }
}

/// A query parameter as a JSON value.
fn parameter(name: &str, value: &str, lists: &[&str]) -> Value {
    if lists.contains(&name) {
        let names = value.split(',').filter(|name| !name.is_empty());
        return Value::Array(names.map(Value::from).collect());
    }
    match name {
        // Always strings, whatever they look like.
        "q" | "highlightPreTag" | "highlightPostTag" | "cropMarker" | "matchingStrategy" | "distinct" => {
            Value::from(value)
        }
        "filter" if value.trim_start().starts_with('[') => {
            serde_json::from_str(value).unwrap_or_else(|_| Value::from(value))
        }
        "filter" => Value::from(value),
        _ => match (value, value.parse::<u64>()) {
            ("", _) => Value::Null,
            ("true", _) => Value::Bool(true),
            ("false", _) => Value::Bool(false),
            (_, Ok(number)) => Value::from(number),
            (text, Err(_)) => Value::from(text),
        },
    }
}

/// The error for a field of the wrong type.
fn wrong((name, code): Field, expected: &str, found: &Value) -> MeilisearchError {
    let quoted = match found {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => format!(": {}", short(&found.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    };
    let message = format!("`{name}`: expected {expected}, found {}{quoted}", kind_of(found));
    MeilisearchError::new(code, message)
}

/// The JSON type of a value, for error messages.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LIMIT: Field = ("limit", ErrorCode::Limit);
    const FACETS: Field = ("facets", ErrorCode::Facets);

    fn fields(sent: Value) -> Fields {
        let Value::Object(sent) = sent else {
            unreachable!("tests send objects")
        };
        Fields::new(sent)
    }

    #[test]
    fn reads_what_has_the_right_type() {
        assert_eq!(fields(json!({"limit": 3})).number(LIMIT), Ok(Some(3)));
        assert_eq!(fields(json!({"limit": null})).number(LIMIT), Ok(None));
        assert_eq!(
            fields(json!({"facets": ["a"]})).names(FACETS),
            Ok(Some(vec!["a".to_owned()]))
        );
        for (sent, expected) in [
            (json!("3"), "expected a whole number, 0 or more, found a string: \"3\""),
            (json!(-1), "expected a whole number, 0 or more, found a number: -1"),
            (json!(1.5), "expected a whole number, 0 or more, found a number: 1.5"),
            (json!([1]), "expected a whole number, 0 or more, found an array"),
        ] {
            let refusal = fields(json!({"limit": sent})).number(LIMIT).unwrap_err();
            assert_eq!(
                refusal.to_string(),
                format!("invalid_search_limit: `limit`: {expected}")
            );
        }
        for sent in [json!("a"), json!(["a", 3]), json!(vec!["a"; 101])] {
            assert!(fields(json!({"facets": sent})).names(FACETS).is_err());
        }
    }

    #[test]
    fn names_the_field_that_was_meant() {
        let mut sent = fields(json!({"limt": 3}));
        sent.number(LIMIT).unwrap();
        sent.names(FACETS).unwrap();
        assert_eq!(
            sent.finish().unwrap_err().to_string(),
            "bad_request: Unknown field `limt`: did you mean `limit`? expected one of `limit`, `facets`"
        );
    }

    #[test]
    fn an_address_says_what_a_body_would() {
        let fields =
            Fields::from_query_string("q=5&limit=5&facets=a,b&x=true&filter=%5B%22a%22%5D", &["facets"]).unwrap();
        assert_eq!(
            Value::Object(fields.sent),
            json!({"q": "5", "limit": 5, "facets": ["a", "b"], "x": true, "filter": ["a"]})
        );
        assert!(Fields::from_query_string("q=a&q=b", &[]).is_err());
        assert!(Fields::from_query_string("q=%ff", &[]).is_err());
    }
}
