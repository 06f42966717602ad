//! What is printed on every page: numbers and running lines. They are no part of the text, and they say which page it is on.

use std::collections::BTreeMap;
use std::ops::Range;

use super::headings;
use super::lines::Line;
use rex_corpus::name_key;

/// The pages of a text, as far as they are printed.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// Rank of a line, page.
    printed: Vec<(usize, u32)>,
    /// Whether the number comes before the text of its page.
    is_on_top: bool,
    /// Sheets of the lines, where the text has form feeds.
    sheets: Vec<usize>,
    /// Numbers of the lines taken out.
    pub(super) taken: Vec<usize>,
}

impl Pages {
    /// Takes what is printed on every page out of the text, but for the table of contents.
    pub(super) fn take_out(lines: &mut [Line], contents: &Range<usize>) -> Self {
        let has_sheets = lines.last().is_some_and(|line| line.sheet > 0);
        let edges = edges(lines);
        let mut running: BTreeMap<String, Vec<(usize, u32)>> = BTreeMap::new();
        let mut repeated: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let ranks = (0..lines.len()).filter(|rank| !contents.contains(rank) && !lines[*rank].is_blank());
        for rank in ranks {
            if let Some((key, number)) = numbered(&lines[rank].text) {
                running.entry(key).or_default().push((rank, number));
            } else if edges[rank] {
                repeated.entry(name_key(&lines[rank].text)).or_default().push(rank);
            }
        }
        let mut printed = Vec::new();
        for (key, found) in running {
            printed.extend(page_numbers(lines, &key, &found, &edges));
        }
        printed.sort_unstable();
        let mut taken: Vec<usize> = printed.iter().map(|(rank, _)| *rank).collect();
        let is_running = |ranks: &&Vec<usize>| ranks.len() > 1 && headings::role_of(&lines[ranks[0]].text).is_none();
        if has_sheets {
            taken.extend(repeated.values().filter(is_running).flatten());
        }
        taken.sort_unstable();
        let text_before = |rank: usize| lines[..rank].iter().filter(|line| !line.is_blank()).count();
        let pages = Self {
            is_on_top: printed.first().is_some_and(|(rank, _)| text_before(*rank) < 2),
            sheets: if has_sheets {
                lines.iter().map(|line| line.sheet).collect()
            } else {
                Vec::new()
            },
            taken: taken.iter().map(|rank| lines[*rank].number).collect(),
            printed,
        };
        for rank in taken {
            lines[rank].text.clear();
            lines[rank].is_page_break = true;
        }
        pages
    }

    /// The page printed on the sheet of a line.
    pub(super) fn of(&self, rank: usize) -> Option<u32> {
        if let Some(sheet) = self.sheets.get(rank) {
            let near = self
                .printed
                .iter()
                .min_by_key(|(at, _)| self.sheets[*at].abs_diff(*sheet))?;
            let page = i64::from(near.1) + *sheet as i64 - self.sheets[near.0] as i64;
            return u32::try_from(page).ok().filter(|page| *page > 0);
        }
        let after = self.printed.iter().find(|(at, _)| *at >= rank);
        let before = self.printed.iter().rev().find(|(at, _)| *at <= rank);
        match (self.is_on_top, before, after) {
            (true, Some((_, page)), _) | (false, _, Some((_, page))) => Some(*page),
            (false, Some((_, page)), None) => Some(page + 1),
            _ => None,
        }
    }

    /// Whether the sheets themselves are known, so that a printed page is sure.
    pub(super) fn is_sure(&self) -> bool {
        !self.sheets.is_empty() && !self.printed.is_empty()
    }
}

/// Which lines are the first or the last of a sheet.
fn edges(lines: &[Line]) -> Vec<bool> {
    let mut edges = vec![false; lines.len()];
    let filled: Vec<usize> = (0..lines.len()).filter(|rank| !lines[*rank].is_blank()).collect();
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

/// The key of lines that say they number a page: « Page 12 ».
const PAGE: &str = "page";

/// A line that ends or begins with a page number: its words without the number, and the number.
fn numbered(text: &str) -> Option<(String, u32)> {
    const LONGEST: usize = 120;
    if text.len() > LONGEST {
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
        [first, ..] if page(first).is_some() => Some((words[1..].join(" "), page(first)?)),
        _ => None,
    }
}

/// Those of lines of the same words that are page numbers: they grow as the text goes on.
fn page_numbers(lines: &[Line], key: &str, found: &[(usize, u32)], edges: &[bool]) -> Vec<(usize, u32)> {
    /// A page number can be missing on a page full of pictures, not on many in a row.
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
    let stands_alone = |rank: usize| {
        let blank = |rank: Option<usize>| rank.and_then(|rank| lines.get(rank)).is_none_or(Line::is_blank);
        edges[rank] || (blank(rank.checked_sub(1)) && blank(Some(rank + 1)))
    };
    let mut pages: Vec<(usize, u32)> = Vec::new();
    for (rank, number) in found {
        let last = pages.last().map_or(0, |(_, last)| *last);
        let fits = *number > last && *number - last <= WIDEST_GAP.max(if pages.is_empty() { 60 } else { 0 });
        if fits && (!key.is_empty() || stands_alone(*rank)) {
            pages.push((*rank, *number));
        }
    }
    let at_edges = pages.iter().filter(|(rank, _)| edges[*rank]).count();
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
    use crate::booklet::lines::read;

    fn taken(text: &str) -> (Vec<usize>, Pages) {
        let mut lines = read(text);
        let pages = Pages::take_out(&mut lines, &(0..0));
        (pages.taken.clone(), pages)
    }

    #[test]
    fn takes_out_running_lines_with_growing_numbers() {
        let text = "Un titre\nDu texte.\nLivret des achats | 4\nDu texte.\nLivret des achats | 5\nDu texte.\nLivret des achats | 6\nFin.";
        let (taken, pages) = taken(text);
        assert_eq!(taken, [3, 5, 7]);
        assert_eq!((pages.of(0), pages.of(3), pages.of(7)), (Some(4), Some(5), Some(7)));
    }

    #[test]
    fn takes_out_what_stands_at_the_edge_of_sheets() {
        let (taken, pages) = taken("Tête\nUn.\n3\n\u{c}Tête\nDeux.\n\u{c}Tête\nTrois.\n5\n");
        assert_eq!(taken, [1, 3, 4, 6, 8]);
        assert_eq!(pages.of(4), Some(4));
        assert!(pages.is_sure());
    }

    #[test]
    fn leaves_facts_and_figures() {
        assert_eq!(taken("Lot 1\n\nLot 2\n\nLot 3\n\nDurée 12\n").0, [] as [usize; 0]);
        assert_eq!(taken("Texte.\n\n12\nemplois créés\n").0, [] as [usize; 0]);
    }
}
