//! Parses the values of single fields and reports their problems.

use std::fmt::Display;
use std::path::Path;

use super::problem::Findings;
use crate::nfc::nfc;
use crate::read::node::{Node, Value};
use crate::vocabulary::{VocabularyError, nearest};

// Limits of one field, in characters or values. Real cases stay far below.
pub(super) const MAX_NAME: usize = 300;
pub(super) const MAX_TITLE: usize = 1_000;
pub(super) const MAX_SECTION: usize = 500_000;
pub(super) const MAX_LIST: usize = 100;

/// The filter value that selects records without a value (`theme=non-renseigne`). No field may hold it.
pub const NO_VALUE: &str = "non-renseigne";

/// Checks the values of one record and collects the problems and notes.
pub(crate) struct Checker<'a> {
    path: &'a Path,
    pub(super) findings: &'a mut Findings,
}

/// The known fields of a map, by name.
pub(super) struct Fields<'a> {
    pub(super) line: usize,
    entries: Vec<(&'static str, &'a Node)>,
}

impl<'a> Fields<'a> {
    /// The value of a field, if it is given.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, node)| *node)
    }
}

impl<'a> Checker<'a> {
    pub(crate) fn new(path: &'a Path, findings: &'a mut Findings) -> Self {
        Self { path, findings }
    }

    /// The known fields of a map; reports the unknown ones.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, known: &[&'static str]) -> Option<Fields<'n>> {
        let Value::Map(entries) = &node.value else {
            self.report(
                node.line,
                format!("{}, expected the fields {}", node.kind(), known.join(", ")),
            );
            return None;
        };
        let mut found = Vec::with_capacity(entries.len());
        for entry in entries {
            match known.iter().find(|name| **name == entry.key) {
                Some(_) if entry.node.value == Value::Null => {}
                Some(name) => found.push((*name, &entry.node)),
                None => self.unknown_key(&entry.key, entry.line, known),
            }
        }
        Some(Fields {
            line: node.line,
            entries: found,
        })
    }

    /// Like [`Self::fields`], but a missing map has no fields.
    pub(super) fn fields_or_none<'n>(&mut self, node: &'n Node, known: &[&'static str]) -> Option<Fields<'n>> {
        if node.value == Value::Null {
            return Some(Fields {
                line: node.line.max(1),
                entries: Vec::new(),
            });
        }
        self.fields(node, known)
    }

    fn unknown_key(&mut self, key: &str, line: usize, known: &[&'static str]) {
        let expected = match nearest(key, known.iter().copied()) {
            Some(near) => format!("the nearest is \"{near}\""),
            None => format!("expected one of: {}", known.join(", ")),
        };
        self.report(line, format!("unknown key \"{key}\", {expected}"));
    }

    pub(super) fn required(&mut self, fields: &Fields<'_>, name: &str, max: usize) -> Option<String> {
        let Some(node) = fields.get(name) else {
            self.report(fields.line, format!("no field \"{name}\", expected a text"));
            return None;
        };
        self.text(node, max)
    }

    /// A list of values. A single value is a list of one.
    pub(super) fn list<T>(
        &mut self,
        node: Option<&Node>,
        mut read: impl FnMut(&mut Self, &Node) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = node else { return Vec::new() };
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        if items.len() > MAX_LIST {
            self.report(
                node.line,
                format!("{} values, expected at most {MAX_LIST}", items.len()),
            );
        }
        items
            .iter()
            .take(MAX_LIST)
            .filter_map(|item| read(self, item))
            .collect()
    }

    /// A list of texts. A single text is split at its commas, or at its semicolons and line ends if it has any.
    pub(super) fn split_names(&mut self, node: Option<&Node>) -> Vec<String> {
        match node.and_then(split) {
            Some(list) => self.names(Some(&list)),
            None => self.names(node),
        }
    }

    /// A list of texts.
    pub(super) fn names(&mut self, node: Option<&Node>) -> Vec<String> {
        self.list(node, |check, node| check.text(node, MAX_NAME))
    }

    /// A text that a facet may hold.
    pub(super) fn text(&mut self, node: &Node, max: usize) -> Option<String> {
        let text = self.words(node, max)?;
        if text == NO_VALUE {
            let message = format!("\"{NO_VALUE}\" stands for no value in a search, leave the field out");
            self.report(node.line, message);
            return None;
        }
        Some(text)
    }

    /// Any text that is not empty, in NFC.
    pub(super) fn words(&mut self, node: &Node, max: usize) -> Option<String> {
        self.scalar(node, |text| {
            // The same value in NFC and NFD would be two facet values.
            let text = nfc(text.trim());
            match text.chars().count() {
                0 => Err("an empty text, expected some words".to_owned()),
                length if length > max => Err(format!("a text of {length} characters, expected at most {max}")),
                _ => Ok(text),
            }
        })
    }

    /// A whole number from 1 to `max`.
    pub(super) fn integer(&mut self, node: &Node, max: u32, what: &str) -> Option<u32> {
        self.scalar(node, |text| whole(text, 1, max, what))
    }

    pub(super) fn labelled<T>(
        &mut self,
        node: Option<&Node>,
        what: &'static str,
        labels: &'static [&'static str],
        read: fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.scalar(node?, |text| {
            read(text).ok_or_else(|| VocabularyError::unknown(what, text, labels.to_vec()))
        })
    }

    /// A scalar, read by `parse`. Reports the error of `parse`.
    pub(super) fn scalar<T, E: Display>(&mut self, node: &Node, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let Value::Scalar(text) = &node.value else {
            self.report(node.line, format!("{}, expected a single value", node.kind()));
            return None;
        };
        parse(text)
            .map_err(|error| self.report(node.line, error.to_string()))
            .ok()
    }

    pub(super) fn report(&mut self, line: usize, message: impl Into<String>) {
        self.findings.problem(self.path, line, message);
    }

    pub(super) fn note(&mut self, line: usize, message: impl Into<String>) {
        self.findings.note(self.path, line, message);
    }
}

/// The list that a single text stands for. `None` for any other value, and for a text without a separator.
pub(crate) fn split(node: &Node) -> Option<Node> {
    let Value::Scalar(text) = &node.value else { return None };
    let separators: &[char] = match text.contains([';', '\n']) {
        true => &[';', '\n'],
        false => &[','],
    };
    let parts = text.split(separators).map(str::trim).filter(|part| !part.is_empty());
    let scalar = |part: &str| Node {
        line: node.line,
        value: Value::Scalar(part.to_owned()),
    };
    let parts: Vec<Node> = parts.map(scalar).collect();
    (text.contains(separators) && !parts.is_empty()).then_some(Node {
        line: node.line,
        value: Value::List(parts),
    })
}

/// The values without repeats, in their order.
pub(super) fn distinct<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(values.len());
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

pub(super) fn siret(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(digits)
    } else {
        Err(format!("\"{text}\" is not a SIRET, expected fourteen digits"))
    }
}

pub(super) fn whole(text: &str, min: u32, max: u32, what: &str) -> Result<u32, String> {
    text.trim()
        .parse()
        .ok()
        .filter(|number| (min..=max).contains(number))
        .ok_or_else(|| format!("\"{text}\" is not right here, expected {what}, {min} to {max}"))
}

/// Only `http` and `https` addresses: a `javascript:` link would run in the reader's page.
pub(super) fn web_address(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_web = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
    if is_web && text.len() <= MAX_TITLE && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "\"{text}\" is not a web address, expected one that begins with https:// or http://"
        ))
    }
}
