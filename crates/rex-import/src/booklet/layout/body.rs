//! The text of a section: lines joined into paragraphs and lists, without debris.

use std::ops::{Range, RangeInclusive};

use crate::booklet::layout::cases::SectionOutline;
use crate::booklet::layout::headings::Role;
use crate::booklet::layout::lines::{KnownWords, Line, ends_sentence, item};
use rex_corpus::Territories;

/// A paragraph, a list item or a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    /// Without bold marks.
    pub(crate) text: String,
    pub(crate) bold: Vec<Range<usize>>,
    /// Offset in the text and line number of each line of the booklet.
    marks: Vec<(usize, usize)>,
}

/// The kind of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum BlockKind {
    #[default]
    Paragraph,
    Item,
    Heading,
}

/// The text of a section.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) blocks: Vec<Block>,
    /// Lines that are not part of the text, such as logos.
    pub(crate) debris: Vec<Debris>,
}

/// Lines that are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Debris {
    /// The numbers of the first and the last line.
    pub(crate) lines: RangeInclusive<usize>,
    pub(crate) text: String,
}

/// A block under construction.
#[derive(Debug, Default)]
struct Draft {
    kind: BlockKind,
    text: String,
    marks: Vec<(usize, usize)>,
    lines: usize,
    longest: usize,
    /// Whether it is below a button of the page.
    is_after_button: bool,
    /// Whether a page break is right above it.
    is_after_break: bool,
}

impl Block {
    /// A block of one line.
    pub(crate) fn of_line(text: &str, line: usize) -> Self {
        Self {
            text: text.to_owned(),
            marks: vec![(0, line)],
            ..Self::default()
        }
    }

    /// The text as Markdown, with bold marks. Escapes a start that Markdown would read as syntax.
    pub(crate) fn to_markdown(&self) -> String {
        let mut text = String::with_capacity(self.text.len() + 4 * self.bold.len());
        // A paragraph may begin like a list, a heading or a quotation.
        let digits = self.text.bytes().take_while(u8::is_ascii_digit).count();
        let is_numbered = digits > 0 && self.text[digits..].starts_with(['.', ')']);
        let start = if is_numbered { digits } else { 0 };
        let mut from = start;
        if is_numbered {
            text.push_str(&self.text[..digits]);
            text.push('\\');
        } else if self.text.starts_with(['#', '>', '+', '-', '=', '|', '*', '~', '`']) {
            text.push('\\');
        }
        for bold in self
            .bold
            .iter()
            .filter(|bold| bold.start >= start && !self.text[(*bold).clone()].trim().is_empty())
        {
            text.push_str(&self.text[from..bold.start]);
            // Markdown ignores a mark next to a space.
            let inner = &self.text[bold.clone()];
            let (left, right) = (
                inner.len() - inner.trim_start().len(),
                inner.len() - inner.trim_end().len(),
            );
            text.push_str(&inner[..left]);
            text.push_str("**");
            text.push_str(inner.trim());
            text.push_str("**");
            text.push_str(&inner[inner.len() - right..]);
            from = bold.end;
        }
        text.push_str(&self.text[from..]);
        text
    }

    /// The line of the booklet at a byte offset of the text.
    pub(crate) fn line(&self, offset: usize) -> usize {
        let mark = self.marks.iter().rev().find(|(start, _)| *start <= offset);
        mark.or(self.marks.first()).map_or(0, |(_, line)| *line)
    }
}

impl Body {
    /// The text of a section under a heading of its own, in which a few words may be the whole text. In a section that is marked in
    /// Markdown, nothing is debris.
    pub(crate) fn read_own(lines: &[Line], section: &SectionOutline, words: &KnownWords) -> Self {
        let is_marked = lines[section.heading.first].level.is_some();
        let drafts = merge(drafts(lines, section, words), words);
        let is_debris = |draft: &Draft| draft.kind == BlockKind::Paragraph && draft.is_short() && !draft.is_phrase();
        let keeps_all = is_marked || (drafts.len() == 1 && !drafts[0].has_address());
        let mut body = Self::default();
        for mut draft in drafts {
            if is_debris(&draft) && !keeps_all {
                body.debris.push(draft.debris());
                continue;
            }
            if draft.kind == BlockKind::Paragraph && draft.is_short() && draft.text.contains(" : ") {
                draft.kind = BlockKind::Item;
            }
            body.blocks.push(draft.finish());
        }
        body
    }

    /// The text of a narrative section.
    pub(crate) fn read(lines: &[Line], section: &SectionOutline, words: &KnownWords) -> Self {
        let mut drafts = merge(drafts(lines, section, words), words);
        if section.role() == Role::Outcome {
            drafts
                .iter_mut()
                .filter(|draft| starts_like_item(&draft.text))
                .for_each(|draft| draft.kind = BlockKind::Item);
        }
        let is_phrase = |draft: &&mut Draft| section.role() == Role::Outcome && draft.is_short() && draft.is_phrase();
        drafts
            .iter_mut()
            .filter(|draft| draft.kind == BlockKind::Paragraph && !draft.is_after_button)
            .filter(is_phrase)
            .for_each(|draft| draft.kind = BlockKind::Item);
        let mut body = Self::default();
        for at in 0..drafts.len() {
            let is_followed = drafts
                .get(at + 1)
                .is_some_and(|next| next.kind != BlockKind::Heading && next.text.len() > 60);
            let draft = &mut drafts[at];
            let is_left = draft.is_after_button && (section.role() == Role::Outcome || !draft.is_long_sentence());
            if draft.kind == BlockKind::Paragraph && (is_left || draft.is_short()) {
                if is_left || !(is_followed && draft.is_subheading()) {
                    body.debris.push(draft.debris());
                    continue;
                }
                draft.kind = BlockKind::Heading;
            }
            body.blocks.push(draft.finish());
        }
        body
    }
}

/// Maximum length in characters of a line with a label that is an item of a list.
const LONGEST_LABELLED: usize = 120;

/// Whether a text begins with a label and a value: « Critères : prix 60 % ».
pub(crate) fn has_label(text: &str) -> bool {
    const LONGEST: usize = 60;
    const MOST_WORDS: usize = 6;
    let text = text.replace("**", "");
    text.split_once(':').is_some_and(|(label, value)| {
        let label = label.trim();
        // « https://… » and « 12:30 » have no space after the colon.
        value.starts_with([' ', '\u{a0}'])
            && !value.trim().is_empty()
            && label.starts_with(char::is_uppercase)
            && label.chars().count() <= LONGEST
            && label.split(' ').count() <= MOST_WORDS
            && !label.contains(['.', ';', ',', '«'])
    })
}

/// Whether a text begins like an item of a list of results whose bullet was lost: « De recruter… », « D'investir… ».
fn starts_like_item(text: &str) -> bool {
    let text = text.trim_start_matches('*');
    text.starts_with("De ") || text.starts_with("D'")
}

fn drafts(lines: &[Line], section: &SectionOutline, words: &KnownWords) -> Vec<Draft> {
    let widest = lines[section.body.clone()]
        .iter()
        .map(|line| line.text.chars().count())
        .max()
        .unwrap_or(0);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut is_open = false;
    let mut is_after_button = false;
    let mut is_after_break = false;
    for index in section.body.clone() {
        let line = &lines[index];
        if section.buttons.iter().any(|button| button.contains(&index)) {
            is_after_button = section.buttons.iter().any(|button| {
                button.contains(&index)
                    && crate::booklet::layout::headings::at(lines, button.start)
                        .is_some_and(|heading| heading.role == Role::End)
            });
            is_open = false;
            continue;
        }
        if line.is_blank() {
            is_open = false;
            is_after_break |= line.is_page_break || lines.get(index + 1).is_some_and(|next| next.sheet != line.sheet);
            continue;
        }
        let listed = item(&line.text).or_else(|| numbered_item(&line.text));
        let text = listed.unwrap_or(&line.text);
        let is_own = matches!(section.role(), Role::Own(_));
        let is_label = is_own && listed.is_none() && line.level.is_none() && has_label(&line.text);
        let goes_on = is_open && listed.is_none() && line.level.is_none() && !is_label && {
            let above = drafts.last().map(|draft| draft.text.as_str()).unwrap_or_default();
            let above_width = lines[index - 1].text.chars().count();
            // A sentence that ends on a short line ends a paragraph. An item continues in lower case.
            let is_paragraph_end = ends_sentence(above) && widest >= 50 && above_width * 10 < widest * 7;
            let ends_item = drafts.last().is_some_and(|draft| draft.kind == BlockKind::Item) && ends_sentence(above);
            let is_new_item = section.role() == Role::Outcome && starts_like_item(text);
            !((is_paragraph_end || ends_item || is_new_item)
                && text.trim_start_matches('*').starts_with(char::is_uppercase))
        };
        if !goes_on {
            drafts.push(Draft {
                kind: match (listed, line.level) {
                    (Some(_), _) => BlockKind::Item,
                    (None, Some(_)) => BlockKind::Heading,
                    (None, None) if is_label && line.text.chars().count() <= LONGEST_LABELLED => BlockKind::Item,
                    (None, None) => BlockKind::Paragraph,
                },
                is_after_button,
                is_after_break,
                ..Draft::default()
            });
        }
        if let Some(draft) = drafts.last_mut() {
            draft.add(line, text, words);
        }
        is_open = line.level.is_none();
        is_after_break = false;
    }
    drafts
}

/// « 1. Recruter », « 2) Former ».
fn numbered_item(text: &str) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].strip_prefix(['.', ')'])?.strip_prefix(' ')?;
    ((1..=2).contains(&digits) && rest.starts_with(|c: char| c.is_alphabetic() || c == '*')).then_some(rest)
}

/// Rejoins sentences split by blank lines or page breaks: the second part begins in lower case.
fn merge(drafts: Vec<Draft>, words: &KnownWords) -> Vec<Draft> {
    const SHORTEST: usize = 25;
    let mut merged: Vec<Draft> = Vec::new();
    for draft in drafts {
        let length = draft.text.chars().count();
        let goes_on = merged.last().is_some_and(|last| {
            let text = draft.text.trim_start_matches('*');
            let is_cut = last.text.ends_with(['-', ',']) && text.starts_with(char::is_lowercase);
            let is_same = text.starts_with(char::is_lowercase)
                && (length >= SHORTEST || draft.is_after_break || ends_sentence(text));
            let is_page_end = draft.is_after_break
                && last.text.len() > 60
                && crate::booklet::layout::headings::ends_with_link(&last.text);
            draft.kind == BlockKind::Paragraph
                && last.kind != BlockKind::Heading
                && !ends_sentence(&last.text)
                && (is_cut || is_same || is_page_end)
        });
        match merged.last_mut().filter(|_| goes_on) {
            Some(last) => last.append(&draft, words),
            None => merged.push(draft),
        }
    }
    merged
}

impl Draft {
    fn add(&mut self, line: &Line, text: &str, words: &KnownWords) {
        words.join(&mut self.text, text);
        self.marks.push((self.text.len() - text.len(), line.number));
        self.lines += 1;
        self.longest = self.longest.max(text.chars().count());
    }

    fn append(&mut self, other: &Self, words: &KnownWords) {
        words.join(&mut self.text, &other.text);
        let start = self.text.len() - other.text.len();
        self.marks
            .extend(other.marks.iter().map(|(offset, line)| (start + offset, *line)));
        self.lines += other.lines;
        self.longest = self.longest.max(other.longest);
    }

    fn debris(&self) -> Debris {
        let line = |mark: Option<&(usize, usize)>| mark.map_or(0, |(_, line)| *line);
        Debris {
            lines: line(self.marks.first())..=line(self.marks.last()),
            text: self.text.replace("**", ""),
        }
    }

    fn is_long_sentence(&self) -> bool {
        self.text.chars().count() > 80 && ends_sentence(&self.text)
    }

    /// A few words that are not a sentence: the text of a logo, or a heading.
    fn is_short(&self) -> bool {
        let holds_sentence = self.text.contains(". ");
        self.longest <= 60 && self.text.split(' ').count() <= 10 && !ends_sentence(&self.text) && !holds_sentence
    }

    /// Whether it gives the address of a page or a mailbox.
    fn has_address(&self) -> bool {
        ["www.", "://", "@"].iter().any(|mark| self.text.contains(mark))
    }

    /// A result in a few words: « Quatre emplois créés ».
    fn is_phrase(&self) -> bool {
        let first = self.text.split(' ').next().unwrap_or_default();
        let is_capital = first.chars().filter(|c| c.is_uppercase()).count() > 1;
        let starts = self.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let common = |word: &str| word.chars().count() >= 4 && word.chars().all(char::is_lowercase);
        self.lines == 1
            && !self.has_address()
            && starts
            && !is_capital
            && self.text.split(' ').count() >= 3
            && self.text.split([' ', '\'']).any(common)
    }

    /// Whether a short text is a heading: it has ordinary words in lower case, which a logo has not.
    fn is_subheading(&self) -> bool {
        let text = self.text.replace("**", "");
        let common = |word: &str| word.chars().count() >= 4 && word.chars().all(char::is_lowercase);
        self.lines == 1
            && text.starts_with(char::is_uppercase)
            && text.split([' ', '\'']).any(common)
            && Territories::shipped().named(&text).is_empty()
    }

    /// Converts bold marks to ranges. Unpaired marks are dropped.
    fn finish(&self) -> Block {
        let is_paired = self.text.matches("**").count().is_multiple_of(2);
        let mut block = Block {
            kind: self.kind,
            ..Block::default()
        };
        let mut from = 0;
        let mut start = None;
        let mut cuts = Vec::new();
        for (at, _) in self.text.match_indices("**").chain([(self.text.len(), "")]) {
            block.text.push_str(&self.text[from..at]);
            cuts.push(at);
            from = (at + 2).min(self.text.len());
            if at == self.text.len() || !is_paired {
                continue;
            }
            match start.take() {
                None => start = Some(block.text.len()),
                Some(begin) => block.bold.push(begin..block.text.len()),
            }
        }
        let removed = |offset: usize| 2 * cuts.iter().filter(|cut| **cut < offset).count();
        block.marks = self
            .marks
            .iter()
            .map(|(offset, line)| (offset.saturating_sub(removed(*offset)), *line))
            .collect();
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booklet::layout::cases::cut;
    use crate::booklet::layout::contents::Contents;
    use crate::booklet::layout::lines::read;

    fn body(text: &str) -> Body {
        let lines = read(text);
        let cases = cut(&lines, &Contents::default(), &KnownWords::of(&lines));
        Body::read(&lines, &cases[0].sections[0], &KnownWords::of(&lines))
    }

    fn texts(body: &Body) -> Vec<&str> {
        body.blocks.iter().map(|block| block.text.as_str()).collect()
    }

    #[test]
    fn joins_lines_into_paragraphs_and_items() {
        let body = body(
            "Titre\n\nLes résultats\nUne phrase qui\nva à la **li-\ngne**.\n\n- De créer\ndes postes\n- De former\n\nmarque\ndéposée\n\nToutes\nles infos\n\nAutre chose.\n",
        );
        assert_eq!(
            texts(&body),
            ["Une phrase qui va à la ligne.", "De créer des postes", "De former"]
        );
        assert_eq!(body.blocks[0].bold.len(), 1);
        assert_eq!(body.blocks[1].line(10), 9);
        assert_eq!(body.debris.len(), 2, "{:?}", body.debris);
    }

    #[test]
    fn a_page_break_does_not_cut_a_sentence() {
        let body =
            body("Titre\n\nLe besoin\nLa collectivité voulait des\n\n\u{c}équipes formées.\n\nUne **marque seule.\n");
        assert_eq!(
            texts(&body),
            ["La collectivité voulait des équipes formées.", "Une marque seule."]
        );
        assert!(body.blocks[1].bold.is_empty());
    }

    #[test]
    fn distinguishes_a_heading_from_a_logo() {
        let long = "Une phrase assez longue pour être un paragraphe, et qui finit comme une phrase finit.";
        let body = body(&format!(
            "Titre\n\nLe besoin\n\nUn sourcing réussi\n\n{long}\n\nRennes Métropole\n\n{long}\n"
        ));
        assert_eq!(body.blocks[0].kind, BlockKind::Heading);
        let logo = Debris {
            lines: 9..=9,
            text: "Rennes Métropole".to_owned(),
        };
        assert_eq!(body.debris, [logo]);
    }
}
