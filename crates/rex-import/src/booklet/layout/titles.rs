//! Titles of cases: the lines above the first section, without what stands between them and the section.

use std::ops::Range;

use crate::booklet::facts::fact_line;
use crate::booklet::layout::contents::{Contents, likeness};
use crate::booklet::layout::cover::sentence_case_of;
use crate::booklet::layout::lines::{KnownWords, Line, ends_sentence, item};
use rex_corpus::name_key;

/// The title above the first section of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Title {
    pub(crate) lines: Range<usize>,
    pub(crate) text: String,
}

/// The title above the first section of a case: a Markdown heading, or the nearest block of lines that looks like a title.
pub(crate) fn above(
    lines: &[Line],
    heading: usize,
    floor: usize,
    contents: &Contents,
    words: &KnownWords,
) -> Option<Title> {
    let found = candidates(lines, heading, floor, words, &|_| false);
    let count = |title: &Title| title.text.split(' ').count();
    let first = found.first().cloned()?;
    let longer = found
        .iter()
        .find(|title| count(title) > 3)
        .cloned()
        .filter(|_| count(&first) < 3);
    listed(&found, contents).cloned().or(longer).or(Some(first))
}

/// The title that the table of contents lists.
pub(crate) fn listed<'t>(titles: &'t [Title], contents: &Contents) -> Option<&'t Title> {
    let is_listed = |title: &&Title| {
        let mut entries = contents.entries.iter();
        entries.any(|entry| likeness(&title.text, &entry.title) > 0.5)
    };
    titles.iter().find(is_listed)
}

/// The title among the blocks above a case, the nearest first. Of the blocks that belong to the case, as many as other cases have at
/// least, the first is the title.
pub(crate) fn of_case(found: &[Title], depth: usize, contents: &Contents) -> Option<Title> {
    let own = &found[..found.len().min(depth.max(1))];
    listed(found, contents).or(own.last()).cloned()
}

/// The blocks of lines above line index `below` that may be the title, the nearest first: a Markdown heading alone, if there is one.
/// Lines of facts below the title and lines that are `skipped` are none.
pub(crate) fn candidates(
    lines: &[Line],
    below: usize,
    floor: usize,
    words: &KnownWords,
    skipped: &dyn Fn(usize) -> bool,
) -> Vec<Title> {
    const BLOCKS: usize = 3;
    let level = lines.get(below).and_then(|line| line.level);
    let is_above = |index: &usize| {
        let above = lines[*index].level;
        above.is_some_and(|above| level.is_none_or(|level| above < level)) && !skipped(*index)
    };
    if let Some(marked) = (floor..below).rev().find(is_above) {
        return vec![title(lines, marked..marked + 1, words)];
    }
    let is_fact = |index: usize| skipped(index) || fact_line::labelled(&lines[index].bare()).is_some();
    let mut found: Vec<Title> = Vec::new();
    let mut end = below;
    while found.len() < BLOCKS {
        while end > floor && (lines[end - 1].is_blank() || (found.is_empty() && is_fact(end - 1))) {
            end -= 1;
        }
        if end <= floor || is_fact(end - 1) {
            break;
        }
        let start = (floor..end)
            .rev()
            .take_while(|index| !lines[*index].is_blank() && !is_fact(*index))
            .last()
            .unwrap_or(end);
        let Some(lines_of_title) = title_lines(lines, start..end) else {
            break;
        };
        let is_part = lines_of_title.start > start;
        found.push(title(lines, lines_of_title, words));
        if is_part {
            break;
        }
        end = start;
    }
    found
}

pub(crate) fn title(lines: &[Line], range: Range<usize>, words: &KnownWords) -> Title {
    let joined: Vec<String> = lines[range.clone()].iter().map(Line::bare).collect();
    Title {
        text: title_text(&joined, words),
        lines: range,
    }
}

/// The lines of a block that can be a title: the whole block, or the lines below the end of a list or a paragraph.
fn title_lines(lines: &[Line], block: Range<usize>) -> Option<Range<usize>> {
    const MOST_LINES: usize = 4;
    const LONGEST: usize = 250;
    if let Some(marked) = block.clone().rev().find(|index| lines[*index].level.is_some()) {
        return (marked + 1 == block.end).then_some(marked..marked + 1);
    }
    let is_text = |index: &usize| {
        let text = &lines[*index].text;
        let asks = text.ends_with(['?', '!']) && text.chars().count() < 120;
        (ends_sentence(text) && !asks) || item(text).is_some()
    };
    let text_end = block.clone().rev().find(is_text).map_or(block.start, |index| index + 1);
    // A continuation line of a list or a paragraph begins in lower case.
    let starts = |index: &usize| !lines[*index].text.starts_with(char::is_lowercase);
    let start = if text_end > block.start {
        (text_end..block.end).find(starts)?
    } else {
        block.start
    };
    let start = (start..block.end).find(|index| !is_kicker(&lines[*index].text))?;
    let length: usize = lines[start..block.end]
        .iter()
        .map(|line| line.text.chars().count())
        .sum();
    let is_title = start < block.end && block.end - start <= MOST_LINES && (3..=LONGEST).contains(&length);
    is_title.then_some(start..block.end)
}

/// Whether a line only numbers a case: « Cas n° 3 », « Retour d'expérience 2 », « Fiche action 4 », « 03 ».
pub(crate) fn is_kicker(text: &str) -> bool {
    const KINDS: &[&str] = &[
        "cas",
        "fiche",
        "exemple",
        "retour",
        "experience",
        "temoignage",
        "rex",
        "n",
        "no",
        "numero",
        "d",
    ];
    /// Words that are of a title, too, unless a number follows.
    const NUMBERED_KINDS: &[&str] = &[
        "action",
        "attribution",
        "avis",
        "bonne",
        "diapo",
        "diapositive",
        "histoire",
        "initiative",
        "marche",
        "portrait",
        "pratique",
        "projet",
        "slide",
    ];
    let key = name_key(text);
    let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_numbered = words.last().is_some_and(|last| last.len() <= 3 && is_number(last));
    let is_kind = |word: &str| KINDS.contains(&word) || (is_numbered && NUMBERED_KINDS.contains(&word));
    words.iter().all(|word| is_kind(word) || is_number(word))
}

/// The lines of a title as one text, without the number of the case, in sentence case.
fn title_text(lines: &[String], words: &KnownWords) -> String {
    let mut text = String::new();
    lines.iter().for_each(|line| words.join(&mut text, line));
    let text = without_number(&text);
    sentence_case_of(text.trim())
}

/// « Cas n° 3 : Titre », « 3. Titre », « Fiche 3 – Titre ».
fn without_number(text: &str) -> &str {
    const MARKS: [char; 6] = [':', '.', '–', '—', '-', ')'];
    let Some((number, title)) = text.split_once(MARKS) else {
        return text;
    };
    let digits = number.chars().any(|c| c.is_ascii_digit());
    if digits && is_kicker(number) && title.trim().chars().count() > 3 {
        title.trim()
    } else {
        text
    }
}
