//! Front matter in TOML, as Hugo has it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::node::{Field, MAX_KEYS, Node, Value};
use super::yaml::{MAX_DEPTH, ParseError};

/// Reads one TOML document.
///
/// # Errors
/// Invalid TOML, over a hundred keys in one table, and nesting deeper than eight levels.
pub(crate) fn parse(text: &str) -> Result<Node, ParseError> {
    let lines = Lines::of(text);
    let table = DeTable::parse(text).map_err(|error| ParseError {
        line: error.span().map_or(1, |span| lines.at(span.start)),
        message: format!(
            "the front matter is not valid TOML ({}), expected `field = \"value\"` lines",
            error.message().replace('\n', ", ")
        ),
    })?;
    let value = map(table.get_ref(), &lines, 0)?;
    Ok(Node { line: 1, value })
}

/// The offsets of the line starts.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at + 1).collect())
    }

    /// The line of an offset, from 1.
    fn at(&self, offset: usize) -> usize {
        1 + self.0.partition_point(|start| *start <= offset)
    }
}

fn map(table: &DeTable<'_>, lines: &Lines, depth: usize) -> Result<Value, ParseError> {
    let mut fields = Vec::with_capacity(table.len().min(MAX_KEYS));
    for (key, value) in table {
        let line = lines.at(key.span().start);
        if fields.len() == MAX_KEYS {
            return Err(ParseError {
                line,
                message: "over a hundred keys in one place, expected the fields of a record".to_owned(),
            });
        }
        fields.push(Field {
            key: key.get_ref().to_string(),
            line,
            node: node(value, lines, depth + 1)?,
        });
    }
    // The table is sorted by key.
    fields.sort_by_key(|field| field.line);
    Ok(Value::Map(fields))
}

fn node(value: &Spanned<DeValue<'_>>, lines: &Lines, depth: usize) -> Result<Node, ParseError> {
    let line = lines.at(value.span().start);
    if depth > MAX_DEPTH {
        return Err(ParseError {
            line,
            message: "values nested too deeply, expected at most eight levels".to_owned(),
        });
    }
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Scalar(text.to_string()),
        DeValue::Integer(number) => Value::Scalar(number.to_string()),
        DeValue::Float(number) => Value::Scalar(number.to_string()),
        DeValue::Boolean(value) => Value::Scalar(value.to_string()),
        DeValue::Datetime(date) => Value::Scalar(date.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| node(item, lines, depth + 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => map(table, lines, depth)?,
    };
    Ok(Node { line, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(String, usize, Value)> {
        let Value::Map(fields) = parse(text).unwrap().value else {
            panic!("not a map");
        };
        fields
            .into_iter()
            .map(|field| (field.key, field.line, field.node.value))
            .collect()
    }

    #[test]
    fn reads_values_with_their_lines() {
        let read = fields("titre = \"A\"\nmontant_ht = 48_000.5\n\ndate = 2024-03-15\n[lots]\nnombre = 2\n");
        let scalar = |text: &str| Value::Scalar(text.to_owned());
        assert_eq!(read[0], ("titre".to_owned(), 1, scalar("A")));
        assert_eq!(read[1], ("montant_ht".to_owned(), 2, scalar("48000.5")));
        assert_eq!(read[2], ("date".to_owned(), 4, scalar("2024-03-15")));
        assert_eq!((read[3].0.as_str(), read[3].1), ("lots", 5));
    }

    #[test]
    fn says_what_is_not_toml_and_where() {
        for (text, line, expected) in [
            ("titre = \"A\"\ncpv: 3\n", 2, "is not valid TOML"),
            ("a = 1\na = 2", 2, "is not valid TOML"),
            ("a = [[[[[[[[[[[1]]]]]]]]]]]", 1, "nested too deeply"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(
                error.message.contains(expected) && error.line == line,
                "{text}: {error:?}"
            );
        }
        let many: String = (0..=MAX_KEYS).map(|key| format!("k{key} = 1\n")).collect();
        assert!(parse(&many).unwrap_err().message.starts_with("over a hundred keys"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "([a-z=.\\[\\]{}\"'#,\n 0-9é:-]|\\[\\[a\\]\\]|\"\"\"|2024-03-15){0,60}") {
            let _ = parse(&text);
        }
    }
}
