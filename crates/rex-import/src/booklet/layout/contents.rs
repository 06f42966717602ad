//! The table of contents, and the match of its entries with the cases.

use std::ops::Range;

use crate::booklet::layout::headings;
use crate::booklet::layout::lines::{Line, ends_sentence, item};
use rex_corpus::name_key;

/// The table of contents of a booklet.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// Its lines, from its heading on.
    pub(crate) range: Range<usize>,
    pub(crate) entries: Vec<ContentsEntry>,
}

/// An entry of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContentsEntry {
    /// Line number, from 1.
    pub(crate) line: usize,
    pub(crate) title: String,
    pub(crate) page: u32,
    /// Whether it is a list item, which belongs to the section above it.
    pub(crate) is_item: bool,
    /// The page of its section.
    pub(crate) section: Option<u32>,
}

impl ContentsEntry {
    /// Its page, but not before the page of its section.
    pub(crate) fn sure_page(&self) -> u32 {
        self.page.max(self.section.unwrap_or(0))
    }
}

impl Contents {
    /// The first table of contents of a text. Empty if it has none.
    pub(crate) fn find(lines: &[Line]) -> Self {
        const HEADINGS: &[&str] = &[
            "sommaire",
            "table des matieres",
            "au sommaire",
            "contenu",
            "table des contenus",
            "dans ce livret",
        ];
        let is_heading = |line: &Line| line.text.len() < 40 && HEADINGS.contains(&name_key(&line.text).as_str());
        let Some(start) = lines.iter().position(is_heading) else {
            return Self::default();
        };
        let mut contents = Self {
            range: start..start + 1,
            entries: Vec::new(),
        };
        contents.read(lines, start + 1);
        let mut section = None;
        for entry in &mut contents.entries {
            if entry.is_item {
                entry.section = section;
            } else {
                section = Some(entry.page);
            }
        }
        contents
    }

    fn read(&mut self, lines: &[Line], from: usize) {
        const LONGEST: usize = 160;
        /// Bounds the matching, which takes quadratic time.
        const MOST_ENTRIES: usize = 500;
        // A title, or its first lines, whose page comes on a later line.
        let mut open: Option<(usize, String, bool)> = None;
        let mut waiting = 0;
        let mut typed: Vec<String> = Vec::new();
        for (index, line) in lines.iter().enumerate().skip(from) {
            if line.is_blank() {
                continue;
            }
            let text = line.text.replace("**", "");
            let is_item = item(&text).is_some();
            let text = item(&text).unwrap_or(&text);
            if text.len() > LONGEST
                || self.entries.len() == MOST_ENTRIES
                || (self.entries.is_empty() && waiting > 3)
                || waiting > 4
                || typed.iter().any(|typed| comes_again(text, typed))
            {
                return;
            }
            if let Some((title, page)) = entry(text) {
                typed.push(name_key(text));
                let (line, title, is_item) = match open.take() {
                    Some((first, start, was_item)) if title.is_empty() || !starts_with_number(text) => {
                        (first, format!("{start} {title}"), was_item)
                    }
                    _ => (line.number, title, is_item),
                };
                let title = title.trim().to_owned();
                if !title.is_empty() {
                    self.entries.push(ContentsEntry {
                        line,
                        title,
                        page,
                        is_item,
                        section: None,
                    });
                }
                self.range.end = index + 1;
                waiting = 0;
                continue;
            }
            let goes_on = index > 0 && !lines[index - 1].is_blank() && text.starts_with(char::is_lowercase);
            if let Some(last) = self.entries.last_mut().filter(|_| goes_on && open.is_none()) {
                last.title = format!("{} {text}", last.title);
                self.range.end = index + 1;
                continue;
            }
            if ends_sentence(text) {
                return;
            }
            waiting += 1;
            open = Some(match open.take() {
                Some((first, start, was_item)) => (first, format!("{start} {text}"), was_item),
                None => (line.number, text.to_owned(), is_item),
            });
        }
    }

    /// The matching entry of each case title. Maximises the total similarity; matches keep the order.
    pub(crate) fn match_titles(&self, titles: &[String]) -> Vec<Option<usize>> {
        let entries = &self.entries;
        let alike: Vec<Vec<f64>> = titles
            .iter()
            .map(|title| entries.iter().map(|entry| likeness(title, &entry.title)).collect())
            .collect();
        // best[i][j]: maximum total similarity of titles from i with entries from j.
        let mut best = vec![vec![0.0_f64; entries.len() + 1]; titles.len() + 1];
        for i in (0..titles.len()).rev() {
            for j in (0..entries.len()).rev() {
                let pair = if alike[i][j] > 0.0 {
                    alike[i][j] + best[i + 1][j + 1]
                } else {
                    0.0
                };
                best[i][j] = pair.max(best[i + 1][j]).max(best[i][j + 1]);
            }
        }
        let mut matched = vec![None; titles.len()];
        let (mut i, mut j) = (0, 0);
        while i < titles.len() && j < entries.len() {
            let pair = alike[i][j] + best[i + 1][j + 1];
            if alike[i][j] > 0.0 && pair >= best[i][j] - 1e-9 {
                matched[i] = Some(j);
                i += 1;
                j += 1;
            } else if best[i][j + 1] >= best[i + 1][j] {
                j += 1;
            } else {
                i += 1;
            }
        }
        self.fill_gaps(&mut matched);
        matched
    }

    /// Between two matches, as many titles as entries are matched in order.
    fn fill_gaps(&self, matched: &mut [Option<usize>]) {
        let mut at = 0;
        while at < matched.len() {
            let end = (at..matched.len())
                .find(|index| matched[*index].is_some())
                .unwrap_or(matched.len());
            let (before, after) = (
                at.checked_sub(1).and_then(|before| matched[before]),
                matched.get(end).copied().flatten(),
            );
            if let (Some(before), Some(after)) = (before, after)
                && after - before - 1 == end - at
            {
                (at..end)
                    .zip(before + 1..after)
                    .for_each(|(index, entry)| matched[index] = Some(entry));
            }
            at = end + 1;
        }
    }
}

/// The title and the page of an entry: `6_Titre`, `6 Titre`, `Titre ..... 6`, `Titre, p. 6`, `6`.
fn entry(text: &str) -> Option<(String, u32)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let page = |text: &str| text.parse::<u32>().ok().filter(|page| *page > 0 && text.len() <= 3);
    let last = text.trim_end_matches(')');
    let end = last.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (title, number) = last.split_at(last.len() - end);
    let apart = title.is_empty() || title.ends_with([' ', '.', '_', '…', '\t', '(']);
    // « Lot 3 » ends a title that begins with its page.
    let is_said = title.trim_end().ends_with(" p.") || title.trim_end().ends_with(" page");
    let is_ordinal = text[digits(text)..].starts_with(['.', ')']) && title.ends_with([' ', '.', '_']);
    let leads =
        starts_with_number(text) && !is_said && !is_ordinal && !title.ends_with(['.', '…']) && !text.contains("..");
    if let Some(page) = page(number).filter(|_| apart && (!leads || title.is_empty())) {
        let title = title.trim_end_matches(['.', '…', '_', ' ', '(', '-', '–', '—', ',']);
        let title = title
            .strip_suffix(" page")
            .or_else(|| title.strip_suffix(" p"))
            .unwrap_or(title);
        let title = title.trim_end_matches([',', ' ', '.', '-', '–', '—']);
        let numbered = title[digits(title)..].strip_prefix(['.', ')']).filter(|_| is_ordinal);
        return Some((numbered.unwrap_or(title).trim().to_owned(), page));
    }
    let text = text
        .strip_prefix("p. ")
        .or_else(|| text.strip_prefix("Page "))
        .or_else(|| text.strip_prefix("p."))
        .unwrap_or(text);
    let length = digits(text);
    let rest = text[length..].trim_start_matches([' ', '_', '.', '-', '–', '—', '|', ':', ')']);
    let apart = rest.len() < text.len() - length;
    let page = page(&text[..length]).filter(|_| apart && rest.starts_with(char::is_alphabetic))?;
    Some((rest.to_owned(), page))
}

/// Whether a line repeats an entry, given by its key, without its page: the heading of the first case, below the table.
fn comes_again(text: &str, entry: &str) -> bool {
    const SHORTEST: usize = 4;
    let key = name_key(text);
    let Some(rest) = entry.strip_prefix(key.as_str()).and_then(|rest| rest.strip_prefix(' ')) else {
        return false;
    };
    let is_page = |word: &str| matches!(word, "p" | "page") || word.bytes().all(|byte| byte.is_ascii_digit());
    // A long title may continue on the next line.
    let is_begun = starts_with_number(text) && key.split(' ').count() >= SHORTEST;
    key.contains(|c: char| c.is_alphabetic()) && (rest.split(' ').all(is_page) || is_begun)
}

fn starts_with_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Similarity of two titles, from 0 to 1: the share of words in common.
pub(crate) fn likeness(one: &str, other: &str) -> f64 {
    const SHORTEST: usize = 4;
    let significant = |text: &str| {
        let mut words = headings::words(text);
        words.retain(|word| word.len() >= SHORTEST || word.chars().all(|c| c.is_ascii_digit()));
        words.sort_unstable();
        words.dedup();
        words
    };
    let (one, other) = (significant(one), significant(other));
    let shared = one.iter().filter(|word| other.contains(word)).count();
    match one.len().min(other.len()) {
        0 => 0.0,
        shortest => shared as f64 / shortest as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booklet::layout::lines::read;

    fn entries(text: &str) -> Vec<(String, u32)> {
        let contents = Contents::find(&read(text));
        contents
            .entries
            .iter()
            .map(|entry| (entry.title.clone(), entry.sure_page()))
            .collect()
    }

    #[test]
    fn reads_entries_in_every_layout() {
        for text in [
            "SOMMAIRE\n\n2_Édito\n\n4_Retours\n- 3 Un titre long\n- 6 Un autre",
            "Sommaire\nÉdito ....... 2\nRetours …… 4\n• Un titre long . . . . 4\n• Un autre    6\n\nUne phrase du texte qui suit.",
            "Table des matières\nÉdito 2\nRetours 4\n- Un titre\nlong 4\n- Un autre, p. 6",
            "Sommaire\nÉdito 2\nRetours 4\n- 1. Un titre long  p. 4\n- 2. Un autre  p. 6\n",
            "Sommaire\nÉdito\n2\nRetours\n4\nUn titre long\n4\nUn autre\n6\n",
        ] {
            let expected = [("Édito", 2), ("Retours", 4), ("Un titre long", 4), ("Un autre", 6)];
            let found = entries(text);
            let found: Vec<_> = found.iter().map(|(title, page)| (title.as_str(), *page)).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(entries("Sommaire\n\nUn texte qui n'est pas une table."), []);
    }

    #[test]
    fn ends_where_an_entry_repeats_without_its_page() {
        for heading in [
            "1. Réfection d'une école",
            "1. Réfection d'une\nécole",
            "## 1. Réfection d'une école",
        ] {
            let text = format!(
                "Sommaire\n\n1. Réfection d'une école — p. 5\n2. Repas du soir — p. 7\n3. Linge — p. 9\n\n{heading}\n\nLe contexte\nTexte.\n"
            );
            let contents = Contents::find(&read(&text));
            let titles: Vec<_> = contents.entries.iter().map(|entry| entry.title.as_str()).collect();
            assert_eq!(titles, ["Réfection d'une école", "Repas du soir", "Linge"], "{heading}");
            assert_eq!(contents.range.end, 5, "{heading}");
        }
    }

    #[test]
    fn matches_titles_by_order_and_similarity() {
        let contents = Contents::find(&read(
            "Sommaire\n2 Édito\n4 Collecte des cartons\n6 Autre chose\n8 Espaces verts\n10 Merci",
        ));
        let titles = [
            "Ramassage de cartons",
            "Sans un mot de commun",
            "Entretien d'espaces verts",
        ]
        .map(str::to_owned);
        assert_eq!(contents.match_titles(&titles), [Some(1), Some(2), Some(3)]);
        assert_eq!(contents.match_titles(&["Rien de tel".to_owned()]), [None]);
    }
}
