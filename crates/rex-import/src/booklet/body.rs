//! The text of a section: lines joined to paragraphs and lists, debris set aside.

use std::ops::Range;

use super::cases::CutSection;
use super::headings::Role;
use super::lines::{KnownWords, Line, ends_sentence, item};
use rex_corpus::Territories;

/// A paragraph or an item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// Without bold marks.
    pub(super) text: String,
    pub(super) bold: Vec<Range<usize>>,
    /// Where each line of the booklet begins in it.
    marks: Vec<(usize, usize)>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Paragraph,
    Item,
    Heading,
}

/// The text of a section and what was set aside: line, text.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) blocks: Vec<Block>,
    pub(super) debris: Vec<(usize, String)>,
}

/// A block being gathered.
#[derive(Debug, Default)]
struct Draft {
    kind: Kind,
    text: String,
    marks: Vec<(usize, usize)>,
    lines: usize,
    longest: usize,
    /// Whether it stands below a button of the page.
    is_after_button: bool,
    /// Whether a page ends right above it.
    is_after_break: bool,
}

impl Block {
    /// A line that stands on its own.
    pub(super) fn of_line(text: &str, line: usize) -> Self {
        Self {
            text: text.to_owned(),
            marks: vec![(0, line)],
            ..Self::default()
        }
    }

    /// The text with its bold marks, so written that nothing else in it is a mark.
    pub(super) fn to_markdown(&self) -> String {
        let mut text = String::with_capacity(self.text.len() + 4 * self.bold.len());
        // A paragraph that begins like a list, a heading or a quotation is none.
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
            // A mark beside a space marks nothing.
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

    /// The line of the booklet where a byte of the text stands.
    pub(super) fn line(&self, offset: usize) -> usize {
        let mark = self.marks.iter().rev().find(|(start, _)| *start <= offset);
        mark.or(self.marks.first()).map_or(0, |(_, line)| *line)
    }
}

impl Body {
    /// The text of a narrative section.
    pub(super) fn read(lines: &[Line], section: &CutSection, words: &KnownWords) -> Self {
        let mut drafts = merge(drafts(lines, section, words), words);
        if section.role() == Role::Outcome {
            drafts
                .iter_mut()
                .filter(|draft| starts_like_item(&draft.text))
                .for_each(|draft| draft.kind = Kind::Item);
        }
        let is_phrase = |draft: &&mut Draft| section.role() == Role::Outcome && draft.is_short() && draft.is_phrase();
        drafts
            .iter_mut()
            .filter(|draft| draft.kind == Kind::Paragraph && !draft.is_after_button)
            .filter(is_phrase)
            .for_each(|draft| draft.kind = Kind::Item);
        let mut body = Self::default();
        for at in 0..drafts.len() {
            let is_followed = drafts
                .get(at + 1)
                .is_some_and(|next| next.kind != Kind::Heading && next.text.len() > 60);
            let draft = &mut drafts[at];
            let is_left = draft.is_after_button && (section.role() == Role::Outcome || !draft.is_long_sentence());
            if draft.kind == Kind::Paragraph && (is_left || draft.is_short()) {
                if is_left || !(is_followed && draft.is_subheading()) {
                    let line = draft.marks.first().map_or(0, |(_, line)| *line);
                    body.debris.push((line, draft.text.replace("**", "")));
                    continue;
                }
                draft.kind = Kind::Heading;
            }
            body.blocks.push(draft.finish());
        }
        body
    }
}

/// Items whose bullets were lost begin as those of a list of results do: « De recruter… », « D'investir… ».
fn starts_like_item(text: &str) -> bool {
    let text = text.trim_start_matches('*');
    text.starts_with("De ") || text.starts_with("D'")
}

fn drafts(lines: &[Line], section: &CutSection, words: &KnownWords) -> Vec<Draft> {
    let widest = lines[section.body.clone()]
        .iter()
        .map(|line| line.text.chars().count())
        .max()
        .unwrap_or(0);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut is_open = false;
    let mut is_after_button = false;
    let mut is_after_break = false;
    for rank in section.body.clone() {
        let line = &lines[rank];
        if section.buttons.iter().any(|button| button.contains(&rank)) {
            is_after_button = section.buttons.iter().any(|button| {
                button.contains(&rank)
                    && super::headings::at(lines, button.start).is_some_and(|heading| heading.role == Role::End)
            });
            is_open = false;
            continue;
        }
        if line.is_blank() {
            is_open = false;
            is_after_break |= line.is_page_break || lines.get(rank + 1).is_some_and(|next| next.sheet != line.sheet);
            continue;
        }
        let listed = item(&line.text).or_else(|| numbered_item(&line.text));
        let text = listed.unwrap_or(&line.text);
        let goes_on = is_open && listed.is_none() && line.level.is_none() && {
            let above = drafts.last().map(|draft| draft.text.as_str()).unwrap_or_default();
            let above_width = lines[rank - 1].text.chars().count();
            // A sentence that ends on a short line ends a paragraph; an item goes on in lower case.
            let is_paragraph_end = ends_sentence(above) && widest >= 50 && above_width * 10 < widest * 7;
            let ends_item = drafts.last().is_some_and(|draft| draft.kind == Kind::Item) && ends_sentence(above);
            let is_new_item = section.role() == Role::Outcome && starts_like_item(text);
            !((is_paragraph_end || ends_item || is_new_item)
                && text.trim_start_matches('*').starts_with(char::is_uppercase))
        };
        if !goes_on {
            drafts.push(Draft {
                kind: match (listed, line.level) {
                    (Some(_), _) => Kind::Item,
                    (None, Some(_)) => Kind::Heading,
                    (None, None) => Kind::Paragraph,
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

/// Puts together what blank lines or the end of a page took apart: a sentence that goes on in lower case.
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
            let is_page_end =
                draft.is_after_break && last.text.len() > 60 && super::headings::ends_with_link(&last.text);
            draft.kind == Kind::Paragraph
                && last.kind != Kind::Heading
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

    fn is_long_sentence(&self) -> bool {
        self.text.chars().count() > 80 && ends_sentence(&self.text)
    }

    /// A few words that are no sentence: what is left of a logo, or a heading.
    fn is_short(&self) -> bool {
        let holds_sentence = self.text.contains(". ");
        self.longest <= 60 && self.text.split(' ').count() <= 10 && !ends_sentence(&self.text) && !holds_sentence
    }

    /// A result told in a few words: « Quatre emplois créés ».
    fn is_phrase(&self) -> bool {
        let first = self.text.split(' ').next().unwrap_or_default();
        let is_capital = first.chars().filter(|c| c.is_uppercase()).count() > 1;
        let starts = self.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let common = |word: &str| word.chars().count() >= 4 && word.chars().all(char::is_lowercase);
        let is_address = ["www.", "://", "@"].iter().any(|mark| self.text.contains(mark));
        self.lines == 1
            && !is_address
            && starts
            && !is_capital
            && self.text.split(' ').count() >= 3
            && self.text.split([' ', '\'']).any(common)
    }

    /// A heading inside a section reads as words of a sentence do; a logo does not.
    fn is_subheading(&self) -> bool {
        let text = self.text.replace("**", "");
        let common = |word: &str| word.chars().count() >= 4 && word.chars().all(char::is_lowercase);
        self.lines == 1
            && text.starts_with(char::is_uppercase)
            && text.split([' ', '\'']).any(common)
            && Territories::shipped().named(&text).is_empty()
    }

    /// Takes the bold marks out, remembering where they were; marks that are not in pairs are dropped.
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
    use crate::booklet::cases::cut;
    use crate::booklet::contents::Contents;
    use crate::booklet::lines::read;

    fn body(text: &str) -> Body {
        let lines = read(text);
        let cases = cut(&lines, &Contents::default(), &KnownWords::of(&lines));
        Body::read(&lines, &cases[0].sections[0], &KnownWords::of(&lines))
    }

    fn texts(body: &Body) -> Vec<&str> {
        body.blocks.iter().map(|block| block.text.as_str()).collect()
    }

    #[test]
    fn joins_lines_to_paragraphs_and_items() {
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
    fn a_page_that_ends_cuts_no_sentence() {
        let body =
            body("Titre\n\nLe besoin\nLa collectivité voulait des\n\n\u{c}équipes formées.\n\nUne **marque seule.\n");
        assert_eq!(
            texts(&body),
            ["La collectivité voulait des équipes formées.", "Une marque seule."]
        );
        assert!(body.blocks[1].bold.is_empty());
    }

    #[test]
    fn tells_a_heading_from_a_logo() {
        let long = "Une phrase assez longue pour être un paragraphe, et qui finit comme une phrase finit.";
        let body = body(&format!(
            "Titre\n\nLe besoin\n\nUn sourcing réussi\n\n{long}\n\nRennes Métropole\n\n{long}\n"
        ));
        assert_eq!(body.blocks[0].kind, Kind::Heading);
        assert_eq!(body.debris, [(9, "Rennes Métropole".to_owned())]);
    }
}
