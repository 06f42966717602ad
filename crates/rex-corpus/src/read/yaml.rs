//! Front matter: the subset of YAML that a record needs, with the line of every value.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::node::{Field, MAX_KEYS, Node, Value};

/// Deeper than any record. Hostile nesting cannot overflow the stack.
pub(crate) const MAX_DEPTH: usize = 8;

/// Why a text is not front matter, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ParseError {
    /// From 1, in the text given.
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// Reads one YAML document. An empty one is `Null`.
///
/// # Errors
/// Invalid YAML, a second document, anchors and aliases (a few bytes of them can expand to gigabytes), a key that is not a scalar
/// or is a duplicate, and nesting deeper than eight levels.
pub(crate) fn parse(text: &str) -> Result<Node, ParseError> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
    };
    let mut root = Node {
        line: 1,
        value: Value::Null,
    };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok(root),
            Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
            Event::DocumentStart(explicit) => {
                if explicit && root.value != Value::Null {
                    return Err(error(span, "a second YAML document, expected one"));
                }
            }
            event => root = reader.node(event, span, 0)?,
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), ParseError> {
        self.parser
            .next_event()
            .unwrap_or_else(|| Ok((Event::StreamEnd, Span::default())))
            .map_err(|scan| not_yaml(&scan))
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, ParseError> {
        if depth > MAX_DEPTH {
            return Err(error(span, "values nested too deeply, expected at most eight levels"));
        }
        let value = match event {
            Event::Scalar(text, style, anchor, _) => {
                refuse_anchor(anchor, span)?;
                scalar(text.into_owned(), style)
            }
            Event::SequenceStart(anchor, _) => {
                refuse_anchor(anchor, span)?;
                self.list(depth)?
            }
            Event::MappingStart(anchor, _) => {
                refuse_anchor(anchor, span)?;
                self.map(depth)?
            }
            _ => return Err(error(span, "a YAML alias (*name), expected the value itself")),
        };
        Ok(Node {
            line: span.start.line(),
            value,
        })
    }

    fn list(&mut self, depth: usize) -> Result<Value, ParseError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::List(items)),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, ParseError> {
        let mut entries: Vec<Field> = Vec::new();
        loop {
            let (key, span) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Value::Map(entries)),
                (Event::Scalar(key, ..), span) => (key.into_owned(), span),
                (_, span) => return Err(error(span, "a key that is not a word, expected `name: value`")),
            };
            if entries.len() == MAX_KEYS {
                return Err(error(
                    span,
                    "over a hundred keys in one place, expected the fields of a record",
                ));
            }
            if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                let message = format!("key \"{key}\" comes twice, first on line {}, expected once", first.line);
                return Err(ParseError {
                    line: span.start.line(),
                    message,
                });
            }
            let (event, value_span) = self.next()?;
            let node = self.node(event, value_span, depth + 1)?;
            entries.push(Field {
                key,
                line: span.start.line(),
                node,
            });
        }
    }
}

fn scalar(text: String, style: ScalarStyle) -> Value {
    let is_null = style == ScalarStyle::Plain && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
    if is_null { Value::Null } else { Value::Scalar(text) }
}

fn refuse_anchor(anchor: usize, span: Span) -> Result<(), ParseError> {
    match anchor {
        0 => Ok(()),
        _ => Err(error(span, "a YAML anchor (&name), expected the value itself")),
    }
}

fn error(span: Span, message: &str) -> ParseError {
    ParseError {
        line: span.start.line(),
        message: message.to_owned(),
    }
}

fn not_yaml(scan: &ScanError) -> ParseError {
    ParseError {
        line: scan.marker().line(),
        message: format!(
            "the front matter is not valid YAML ({}), expected `field: value` lines; a value with a colon needs quotes",
            scan.info()
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line_of(text: &str, key: &str) -> usize {
        let Value::Map(entries) = parse(text).unwrap().value else {
            panic!("not a map");
        };
        entries.into_iter().find(|entry| entry.key == key).unwrap().node.line
    }

    #[test]
    fn keeps_the_line_of_each_value() {
        let text = "titre: a\n\n# a comment\nacheteur:\n  nom: b\ncpv: 1\n";
        assert_eq!(line_of(text, "titre"), 1);
        assert_eq!(line_of(text, "cpv"), 6);
    }

    #[test]
    fn refuses_yaml_that_no_record_needs() {
        for (text, line, expected) in [
            ("a: &x 1\nb: *x", 1, "anchor"),
            ("a: 1\nb: *x", 2, ""),
            ("a: 1\nb: 2\na: 3", 3, "key \"a\" comes twice, first on line 1"),
            ("a: b: c", 1, "not valid YAML"),
            ("a: 'b", 1, "not valid YAML"),
            ("? [a]\n: b", 1, "not a word"),
            ("a: [[[[[[[[[[[[1]]]]]]]]]]]]", 1, "too deeply"),
            ("a: 1\n---\nb: 2", 2, "second YAML document"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.message.contains(expected), "{text}: {error:?}");
            assert!(error.line >= line, "{text}: {error:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[a-z:\\-\\[\\]{}&*!|>'\"#%@`, \n\t?~0-9é]{0,80}") {
            let _ = parse(&text);
        }
    }
}
