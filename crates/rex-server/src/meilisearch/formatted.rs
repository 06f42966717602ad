//! `_formatted` and `_matchesPosition`: highlighted and cropped texts.

use std::ops::Range;

use rex_query::Highlighter;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::crop::best_window;
use super::document::path_below;
use super::facet_distribution::OrderedMap;
use super::projection::{Projection, Tags};
use rex_api::html_escape::escape_into;

/// Bytes of a text that are searched for matches. The rest is shown unmarked.
const MAX_READ: usize = 32 << 10;
/// Identifiers and addresses: highlight tags would break them.
const UNMARKED: [&str; 3] = ["id", "url", "source.url"];

/// The position of a match in a text, in bytes.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Position {
    start: usize,
    length: usize,
    /// The array index of the text, where the attribute is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    indices: Option<[usize; 1]>,
}

/// Highlights and crops the texts of documents.
pub(super) struct Formatter<'a> {
    pub(super) projection: &'a Projection,
    pub(super) highlighter: &'a dyn Highlighter,
}

impl Formatter<'_> {
    /// The attributes of a document as display texts: numbers as strings, matches within tags, long texts cropped.
    pub(super) fn formatted(&self, document: &Map<String, Value>) -> Map<String, Value> {
        self.object(document, "")
    }

    fn object(&self, object: &Map<String, Value>, above: &str) -> Map<String, Value> {
        let entries = object.iter().map(|(name, value)| {
            let path = path_below(above, name);
            (name.clone(), self.value(value, &path))
        });
        entries.collect()
    }

    fn value(&self, value: &Value, path: &str) -> Value {
        match value {
            Value::Object(fields) => Value::Object(self.object(fields, path)),
            Value::Array(entries) => entries.iter().map(|entry| self.value(entry, path)).collect(),
            Value::String(text) => json!(self.text(text, path)),
            Value::Number(number) => json!(number.to_string()),
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }

    fn text(&self, text: &str, path: &str) -> String {
        let crop = self.projection.crop_of(path);
        let is_highlighted = self.projection.highlight.contains(path);
        if crop.is_none() && !is_highlighted {
            return self.html(&[(text, false)]);
        }
        let mut marks = self.marks(text, path);
        let window = crop.map_or(0..text.len(), |words| best_window(text, &marks, words));
        if !is_highlighted {
            marks.clear();
        }
        let mut parts: Vec<(&str, bool)> = Vec::new();
        let marker = self.projection.crop_marker.as_str();
        if window.start > 0 {
            parts.push((marker, false));
        }
        let mut at = window.start;
        for mark in marks
            .iter()
            .filter(|mark| window.start <= mark.start && mark.end <= window.end)
        {
            parts.push((&text[at..mark.start], false));
            parts.push((&text[mark.clone()], true));
            at = mark.end;
        }
        parts.push((&text[at..window.end], false));
        if window.end < text.len() {
            parts.push((marker, false));
        }
        self.html(&parts)
    }

    fn html(&self, parts: &[(&str, bool)]) -> String {
        let Tags { before, after } = &self.projection.tags;
        let escape = escaping(&self.projection.tags);
        let mut html = String::with_capacity(parts.iter().map(|(text, _)| text.len() + 16).sum());
        for (text, is_marked) in parts {
            if *is_marked {
                html.push_str(before);
                escape(text, &mut html);
                html.push_str(after);
            } else {
                escape(text, &mut html);
            }
        }
        html
    }

    /// The byte ranges of the matches in a text.
    fn marks(&self, text: &str, path: &str) -> Vec<Range<usize>> {
        if UNMARKED.contains(&path) {
            return Vec::new();
        }
        self.highlighter
            .highlight(&text[..text.floor_char_boundary(MAX_READ)])
            .marks
    }

    /// The match positions by attribute; attributes without a match are left out.
    pub(super) fn positions(&self, document: &Map<String, Value>) -> OrderedMap<Vec<Position>> {
        let mut found = Vec::new();
        self.find(document, "", &mut found);
        OrderedMap(found)
    }

    fn find(&self, object: &Map<String, Value>, above: &str, found: &mut Vec<(String, Vec<Position>)>) {
        for (name, value) in object {
            let path = path_below(above, name);
            let positions = match value {
                Value::Object(fields) => {
                    self.find(fields, &path, found);
                    continue;
                }
                Value::String(text) => self.positions_in(text, &path, None),
                Value::Array(entries) => {
                    let texts = entries
                        .iter()
                        .enumerate()
                        .filter_map(|(rank, entry)| Some((rank, entry.as_str()?)));
                    texts
                        .flat_map(|(rank, text)| self.positions_in(text, &path, Some([rank])))
                        .collect()
                }
                Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
            };
            if !positions.is_empty() {
                found.push((path, positions));
            }
        }
    }

    fn positions_in(&self, text: &str, path: &str, indices: Option<[usize; 1]>) -> Vec<Position> {
        let position = |mark: Range<usize>| Position {
            start: mark.start,
            length: mark.len(),
            indices,
        };
        self.marks(text, path).into_iter().map(position).collect()
    }
}

/// The escaping function for a pair of highlight tags.
///
/// HTML tags make the text HTML, so that all else is escaped. Other tags are placeholders for a client that escapes by
/// itself, such as InstantSearch: full escaping would show `&#39;` there. Only `<` is escaped then, without which there is
/// no markup.
fn escaping(tags: &Tags) -> fn(&str, &mut String) {
    if tags.before.contains('<') || tags.after.contains('<') {
        escape_into
    } else {
        |text, html| html.push_str(&text.replace('<', "&lt;"))
    }
}
