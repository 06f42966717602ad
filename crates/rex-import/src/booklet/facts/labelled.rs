//! Lines of facts anywhere in a case: `Acheteur : Ville de Rennes`, and the lines of its blocks of facts.

use std::ops::Range;

use super::fact_line::{self, FactKind, FactLine};
use super::money;
use crate::booklet::layout::lines::Line;
use rex_corpus::Procedure;

/// A fact, with the indexes of its lines.
#[derive(Debug)]
pub(crate) struct LabelledLine {
    pub(crate) fact: FactLine,
    pub(crate) lines: Range<usize>,
}

/// The facts in a range of lines. In a block of facts (`is_block`), labels may be missing.
pub(crate) fn lines(lines: &[Line], range: Range<usize>, is_block: bool) -> Vec<LabelledLine> {
    let mut found: Vec<LabelledLine> = Vec::new();
    let mut index = range.start;
    while index < range.end {
        let line = &lines[index];
        let mut end = index + 1;
        let bare = line.bare();
        for text in bare
            .split(['|', '\u{2022}'])
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            let text = match value_below(lines, index, range.end, text) {
                Some((whole, last)) if is_block => {
                    end = last + 1;
                    whole
                }
                _ => text.to_owned(),
            };
            let labelled = fact_line::labelled(&text);
            if labelled.is_some_and(|(kind, _)| kind == FactKind::Contact) {
                end = contact_end(lines, index, range.end).max(end);
            }
            if labelled.is_some() || (is_block && is_value(&text)) {
                found.push(LabelledLine {
                    fact: FactLine::new(line.number, &text),
                    lines: index..end,
                });
            }
        }
        index = end;
    }
    found
}

/// The lines of contacts in a range, so that no person is named in a case.
pub(crate) fn contacts(lines: &[Line], range: Range<usize>) -> Vec<Range<usize>> {
    let is_contact = |index: &usize| {
        let bare = lines[*index].bare();
        fact_line::labelled(&bare).is_some_and(|(kind, _)| kind == FactKind::Contact)
    };
    let found = range.clone().filter(is_contact);
    found.map(|index| index..contact_end(lines, index, range.end)).collect()
}

/// The end of a contact that may go on below its line: in lower case, or with a telephone number or an address.
fn contact_end(lines: &[Line], index: usize, end: usize) -> usize {
    let goes_on = |below: &usize| {
        let line = &lines[*below];
        let text = line.text.as_str();
        line.level.is_none()
            && (text.starts_with(|c: char| c.is_lowercase() || matches!(c, '0' | '+')) || text.contains('@'))
    };
    (index + 1..end)
        .take_while(goes_on)
        .last()
        .map_or(index + 1, |last| last + 1)
}

/// A label alone with the value on the next line: « Montant », « 48 000 € HT ».
fn value_below(lines: &[Line], index: usize, end: usize, text: &str) -> Option<(String, usize)> {
    const LONGEST: usize = 120;
    let (about, value) = fact_line::label(text);
    about.filter(|_| value.is_empty())?;
    let below = (index + 1..end).find(|below| !lines[*below].is_blank())?;
    let value = lines[below].bare();
    let is_value = lines[below].level.is_none() && value.len() <= LONGEST && fact_line::label(&value).0.is_none();
    is_value.then(|| (format!("{} : {value}", text.trim_end_matches([':', ' '])), below))
}

/// Whether a line without a label is the value of a fact.
fn is_value(text: &str) -> bool {
    const LONGEST: usize = 90;
    let is_short = text.chars().count() <= LONGEST;
    is_short
        && (fact_line::label(text).0.is_some()
            || !money::amounts(text).is_empty()
            || Procedure::named_in(text).is_some()
            || !super::nature::natures(text, false).is_empty()
            || super::duration::read(text).is_some())
}
