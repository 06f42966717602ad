//! Footnotes: each moves to the sections that refer to it, wherever it is defined.

use std::collections::BTreeMap;
use std::ops::Range;

/// Maximum bytes of footnotes copied into the sections of one case: many sections may refer to one footnote.
const MAX_COPIED: usize = 64 << 10;

/// Maximum footnotes, or references to them, of a case. With more, all footnotes stay where they are.
const MAX_FOOTNOTES: usize = 1_000;

/// The footnotes of a text, by their labels in lower case.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    definitions: BTreeMap<String, Range<usize>>,
    /// The references in text order: offset and label.
    references: Vec<(usize, String)>,
}

impl Footnotes {
    /// Adds a footnote by the range of its definition. The first definition of a label counts.
    pub(super) fn define(&mut self, label: &str, range: Range<usize>) {
        self.definitions.entry(label.to_lowercase()).or_insert(range);
    }

    pub(super) fn refer(&mut self, label: &str, at: usize) {
        self.references.push((at, label.to_lowercase()));
    }

    /// The text of a section with the footnotes it refers to, and without those that only other sections refer to.
    pub(super) fn section(&self, body: &str, section: Range<usize>, copied: &mut usize) -> String {
        if self.definitions.is_empty() || self.definitions.len().max(self.references.len()) > MAX_FOOTNOTES {
            return body[section].to_owned();
        }
        let used = self.used_by(&section);
        let is_foreign =
            |label: &str| !used.contains(&label) && self.references.iter().any(|(_, other)| other == label);
        let mut own: Vec<(&str, &Range<usize>)> = self
            .definitions
            .iter()
            .map(|(label, range)| (label.as_str(), range))
            .filter(|(_, range)| contains(&section, range))
            .collect();
        own.sort_by_key(|(_, range)| range.start);
        let mut text = String::with_capacity(section.len());
        let mut end = section.start;
        for (_, range) in own.iter().filter(|(label, _)| is_foreign(label)) {
            text.push_str(&body[end..range.start]);
            end = range.end;
        }
        text.push_str(&body[end..section.end]);
        for label in used {
            let Some(range) = self.definitions.get(label).filter(|range| !contains(&section, range)) else {
                continue;
            };
            *copied += range.len();
            if *copied > MAX_COPIED {
                break;
            }
            text.truncate(text.trim_end().len());
            text.push_str("\n\n");
            text.push_str(body[range.clone()].trim_end());
            text.push('\n');
        }
        text
    }

    /// The labels that a section refers to, then those that its footnotes refer to.
    fn used_by(&self, section: &Range<usize>) -> Vec<&str> {
        let is_definition = |at: usize| self.definitions.values().any(|range| range.contains(&at));
        let mut used: Vec<&str> = Vec::new();
        for (at, label) in self.within(section) {
            if !is_definition(*at) && !used.contains(&label.as_str()) {
                used.push(label);
            }
        }
        let mut index = 0;
        while let Some(label) = used.get(index) {
            let inner = self.definitions.get(*label).map(|range| self.within(range));
            for (_, label) in inner.into_iter().flatten() {
                if !used.contains(&label.as_str()) {
                    used.push(label);
                }
            }
            index += 1;
        }
        used
    }

    fn within(&self, range: &Range<usize>) -> &[(usize, String)] {
        let from = self.references.partition_point(|(at, _)| *at < range.start);
        let to = self.references.partition_point(|(at, _)| *at < range.end);
        &self.references[from..to]
    }
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
