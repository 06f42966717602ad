//! Page numbers and running headers. They are removed from the text, and give the page of each line.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::booklet::facts::fact_line;
use crate::booklet::layout::body::has_label;
use crate::booklet::layout::headings;
use crate::booklet::layout::lines::Line;
use crate::booklet::layout::titles::is_kicker;
use rex_corpus::name_key;

/// The printed page numbers of a text.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// Line index, page.
    printed: Vec<(usize, u32)>,
    /// Whether the number precedes the text of its page.
    is_on_top: bool,
    /// Sheet of each line. Empty if the text has no form feeds.
    sheets: Vec<usize>,
    /// Numbers of the removed lines.
    pub(crate) taken: Vec<usize>,
}

impl Pages {
    /// Removes page numbers and running headers from the text, except in the table of contents.
    pub(crate) fn take_out(lines: &mut [Line], contents: &Range<usize>) -> Self {
        let has_sheets = lines.last().is_some_and(|line| line.sheet > 0);
        let edges = edges(lines);
        let mut running: BTreeMap<String, Vec<(usize, u32)>> = BTreeMap::new();
        let mut repeated: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let indexes = (0..lines.len()).filter(|index| !contents.contains(index) && !lines[*index].is_blank());
        for index in indexes {
            if let Some((key, number)) = numbered(&lines[index]) {
                running.entry(key).or_default().push((index, number));
            } else if edges[index] {
                repeated.entry(name_key(&lines[index].text)).or_default().push(index);
            }
        }
        let mut printed = Vec::new();
        for (key, found) in running {
            printed.extend(page_numbers(lines, &key, &found, &edges));
        }
        printed.sort_unstable();
        let mut taken: Vec<usize> = printed.iter().map(|(index, _)| *index).collect();
        let is_running =
            |indexes: &&Vec<usize>| indexes.len() > 1 && headings::role_of(&lines[indexes[0]].text).is_none();
        if has_sheets {
            taken.extend(repeated.values().filter(is_running).flatten());
        }
        taken.sort_unstable();
        let text_before = |index: usize| lines[..index].iter().filter(|line| !line.is_blank()).count();
        let pages = Self {
            is_on_top: printed.first().is_some_and(|(index, _)| text_before(*index) < 2),
            sheets: if has_sheets {
                lines.iter().map(|line| line.sheet).collect()
            } else {
                Vec::new()
            },
            taken: taken.iter().map(|index| lines[*index].number).collect(),
            printed,
        };
        for index in taken {
            lines[index].text.clear();
            lines[index].is_page_break = true;
        }
        pages
    }

    /// The page of a line index.
    pub(crate) fn of(&self, index: usize) -> Option<u32> {
        if let Some(sheet) = self.sheets.get(index) {
            let near = self
                .printed
                .iter()
                .min_by_key(|(at, _)| self.sheets[*at].abs_diff(*sheet))?;
            let page = i64::from(near.1) + *sheet as i64 - self.sheets[near.0] as i64;
            return u32::try_from(page).ok().filter(|page| *page > 0);
        }
        let after = self.printed.iter().find(|(at, _)| *at >= index);
        let before = self.printed.iter().rev().find(|(at, _)| *at <= index);
        match (self.is_on_top, before, after) {
            (true, Some((_, page)), _) | (false, _, Some((_, page))) => Some(*page),
            (false, Some((_, page)), None) => Some(page + 1),
            _ => None,
        }
    }

    /// Whether the sheets are known, so that page numbers are reliable.
    pub(crate) fn is_sure(&self) -> bool {
        !self.sheets.is_empty() && !self.printed.is_empty()
    }
}

/// Which lines are the first or the last of a sheet.
fn edges(lines: &[Line]) -> Vec<bool> {
    let mut edges = vec![false; lines.len()];
    let filled: Vec<usize> = (0..lines.len()).filter(|index| !lines[*index].is_blank()).collect();
    for pair in filled.windows(2) {
        if lines[pair[0]].sheet != lines[pair[1]].sheet {
            edges[pair[0]] = true;
            edges[pair[1]] = true;
        }
    }
    for end in [filled.first(), filled.last()].into_iter().flatten() {
        edges[*end] = true;
    }
    edges
}

/// The key of explicit page numbers: « Page 12 ».
const PAGE: &str = "page";

/// The words and the number of a line that begins or ends with a page number.
fn numbered(line: &Line) -> Option<(String, u32)> {
    const LONGEST: usize = 120;
    let text = line.text.as_str();
    // « Fiche n° 3 » numbers a case.
    let is_kicker = text.contains(char::is_alphabetic) && is_kicker(text);
    if text.len() > LONGEST || line.level.is_some() || is_kicker || is_value(text) {
        return None;
    }
    let key = name_key(text);
    let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return None;
    }
    let page = |word: &str| {
        let number = word.parse::<u32>().ok()?;
        (word.len() <= 3 && number > 0).then_some(number)
    };
    // « Page 12 sur 48 », « 12 / 48 ».
    let short: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !matches!(*word, "page" | "p" | "sur"))
        .collect();
    let is_said = words[0] == "page" || words[0] == "p";
    let key = if is_said { PAGE } else { "" };
    match short.as_slice() {
        [number] => page(number).map(|number| (key.to_owned(), number)),
        [number, total] if page(total).is_some() && (is_said || text.contains('/')) => {
            page(number).map(|number| (key.to_owned(), number))
        }
        [_, .., last] if page(last).is_some() => Some((words[..words.len() - 1].join(" "), page(last)?)),
        [first, ..] if page(first).is_some() && !headings::counts(text) => Some((words[1..].join(" "), page(first)?)),
        _ => None,
    }
}

/// Whether a line is a label and a value: « Acheteur : Ville de Lyon 3 », « Nombre de lots : 3 ».
fn is_value(text: &str) -> bool {
    const MOST_WORDS: usize = 2;
    let value = text.split_once(':').map_or("", |(_, value)| value.trim());
    fact_line::labelled(text).is_some() || (has_label(text) && value.split(' ').count() <= MOST_WORDS)
}

/// The page numbers among lines with the same words: those that increase through the text.
fn page_numbers(lines: &[Line], key: &str, found: &[(usize, u32)], edges: &[bool]) -> Vec<(usize, u32)> {
    /// Maximum number of consecutive pages without a number, such as pages of pictures.
    const WIDEST_GAP: u32 = 12;
    const FACTS: &[&str] = &[
        "montant",
        "duree",
        "lot",
        "code cpv",
        "cpv",
        "lots",
        "budget",
        "procedure",
    ];
    if FACTS.contains(&key) {
        return Vec::new();
    }
    let is_isolated = |index: usize| {
        let blank = |index: Option<usize>| index.and_then(|index| lines.get(index)).is_none_or(Line::is_blank);
        edges[index] || (blank(index.checked_sub(1)) && blank(Some(index + 1)))
    };
    let mut pages: Vec<(usize, u32)> = Vec::new();
    for (index, number) in found {
        let last = pages.last().map_or(0, |(_, last)| *last);
        let fits = *number > last && *number - last <= WIDEST_GAP.max(if pages.is_empty() { 60 } else { 0 });
        if fits && (!key.is_empty() || is_isolated(*index)) {
            pages.push((*index, *number));
        }
    }
    let at_edges = pages.iter().filter(|(index, _)| edges[*index]).count();
    let is_running = match key {
        "" => pages.len() > 1 || at_edges > 0,
        PAGE => true,
        _ => pages.len() == found.len() && (pages.len() > 2 || (pages.len() > 1 && at_edges > 0)),
    };
    if is_running { pages } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booklet::layout::lines::read;

    fn taken(text: &str) -> (Vec<usize>, Pages) {
        let mut lines = read(text);
        let pages = Pages::take_out(&mut lines, &(0..0));
        (pages.taken.clone(), pages)
    }

    #[test]
    fn removes_running_lines_with_increasing_numbers() {
        let text = "Un titre\nDu texte.\nLivret des achats | 4\nDu texte.\nLivret des achats | 5\nDu texte.\nLivret des achats | 6\nFin.";
        let (taken, pages) = taken(text);
        assert_eq!(taken, [3, 5, 7]);
        assert_eq!((pages.of(0), pages.of(3), pages.of(7)), (Some(4), Some(5), Some(7)));
    }

    #[test]
    fn removes_repeated_lines_at_sheet_edges() {
        let (taken, pages) = taken("Tête\nUn.\n3\n\u{c}Tête\nDeux.\n\u{c}Tête\nTrois.\n5\n");
        assert_eq!(taken, [1, 3, 4, 6, 8]);
        assert_eq!(pages.of(4), Some(4));
        assert!(pages.is_sure());
    }

    #[test]
    fn keeps_facts_and_figures() {
        assert_eq!(taken("Lot 1\n\nLot 2\n\nLot 3\n\nDurée 12\n").0, [] as [usize; 0]);
        assert_eq!(taken("Texte.\n\n12\nemplois créés\n").0, [] as [usize; 0]);
    }
}
