//! The block of facts of a case, line by line.

use super::fact_line::{FactLine, label};
use crate::booklet::layout::cases::SectionOutline;
use crate::booklet::layout::lines::{KnownWords, Line};

/// The lines of a block, with continuation lines joined.
pub(crate) fn entries(lines: &[Line], section: &SectionOutline, words: &KnownWords) -> Vec<FactLine> {
    let mut entries: Vec<FactLine> = Vec::new();
    let mut is_adjacent = false;
    for index in section.body.clone() {
        let line = &lines[index];
        let is_button = section.buttons.iter().any(|button| button.contains(&index));
        if line.is_blank() || is_button {
            is_adjacent = false;
            continue;
        }
        for text in line
            .bare()
            .split(['|', '\u{2022}'])
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            match entries.last_mut().filter(|last| last.takes(text, is_adjacent)) {
                Some(last) => {
                    words.join(&mut last.text, text);
                    (last.about, last.value) = label(&last.text);
                    last.last = line.number;
                }
                None => entries.push(FactLine::new(line.number, text)),
            }
            is_adjacent = true;
        }
    }
    entries
}
