//! Cuts a text into cases by their lines of facts (« Acheteur : … », « Montant : … »), where no headings recur.

use crate::booklet::facts::fact_line::{self, FactKind};
use crate::booklet::layout::cases::{CaseOutline, SectionOutline, is_back};
use crate::booklet::layout::contents::Contents;
use crate::booklet::layout::headings::{self, Heading, Role};
use crate::booklet::layout::lines::{KnownWords, Line};
use crate::booklet::layout::own_cases::{close, drop_buyer};
use crate::booklet::layout::recurring::is_bold;
use crate::booklet::layout::titles::{self, Title, is_kicker};

/// The lines of facts of a case.
struct Card {
    /// Index of the first.
    first: usize,
    /// Index of the line after the facts of the card before.
    floor: usize,
    kinds: Vec<FactKind>,
}

/// The cases that lines of facts make: two facts or more, below a title. `None` if most have fewer.
pub(crate) fn cut(lines: &[Line], contents: &Contents, words: &KnownWords) -> Option<Vec<CaseOutline>> {
    let facts: Vec<(usize, FactKind)> = (contents.range.end..lines.len())
        .filter_map(|index| Some((index, kind(&lines[index])?)))
        .collect();
    let cards = cards(lines, &facts, contents.range.end, words);
    // Minutes have a date and a place, too.
    let is_of_contract = |kind: &FactKind| {
        !matches!(
            kind,
            FactKind::Date | FactKind::Place | FactKind::Object | FactKind::Theme
        )
    };
    let is_whole = |card: &&Card| card.kinds.len() > 1 && card.kinds.iter().any(is_of_contract);
    let whole = cards.iter().filter(is_whole).count();
    if whole == 0 || whole * 2 <= cards.len() {
        return None;
    }
    let level = title_level(lines, &cards);
    let found: Vec<Vec<Title>> = cards
        .iter()
        .map(|card| card_titles(lines, card, level, words))
        .collect();
    let depth = found.iter().skip(1).map(Vec::len).min().unwrap_or(3);
    let titles: Vec<Option<Title>> = found
        .iter()
        .map(|found| titles::of_case(found, depth, contents))
        .collect();
    let start = |rank: usize| match &titles[rank] {
        Some(title) => title.lines.start,
        None => kicker_above(lines, &cards[rank]).unwrap_or(cards[rank].first),
    };
    let mut cases = Vec::with_capacity(cards.len());
    for (rank, title) in titles.iter().enumerate() {
        let from = title.as_ref().map_or(start(rank), |title| title.lines.end);
        let end = if rank + 1 < cards.len() {
            start(rank + 1)
        } else {
            end_of_cases(lines, from)
        };
        let sections = sections(lines, from..end, title.as_ref());
        let head_end = sections.first().map_or(end, |section| section.heading.first);
        cases.push(CaseOutline {
            title: title.clone(),
            head: from..head_end,
            sections,
        });
    }
    close(lines, &mut cases, &[], contents);
    Some(cases)
}

fn kind(line: &Line) -> Option<FactKind> {
    let bare = line.bare();
    let first = bare.split(['|', '\u{2022}']).next().unwrap_or_default();
    let (kind, _) = fact_line::labelled(first.trim())?;
    (kind != FactKind::Contact).then_some(kind)
}

/// The facts, card by card. A card begins with a fact that the one before has, below a title or with the same fact as that one.
fn cards(lines: &[Line], facts: &[(usize, FactKind)], start: usize, words: &KnownWords) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    let mut floor = start;
    for (index, kind) in facts {
        let begins = cards.last().is_none_or(|card| {
            let between = &lines[floor..*index];
            let is_titled = || {
                between
                    .iter()
                    .any(|line| line.level.is_some() || (!line.is_blank() && is_kicker(&line.text)))
                    || !titles::candidates(lines, *index, floor, words, &|_| false).is_empty()
            };
            let is_opening = card.kinds.first() == Some(kind) && between.iter().any(Line::is_blank);
            card.kinds.contains(kind) && (is_opening || is_titled())
        });
        match cards.last_mut().filter(|_| !begins) {
            Some(card) if card.kinds.contains(kind) => {}
            Some(card) => card.kinds.push(*kind),
            None => cards.push(Card {
                first: *index,
                floor,
                kinds: vec![*kind],
            }),
        }
        floor = index + 1;
    }
    cards
}

/// The level of the Markdown headings that are titles: the highest above the second card and later ones, or above the only one.
fn title_level(lines: &[Line], cards: &[Card]) -> Option<usize> {
    let of_cards = if cards.len() > 1 { &cards[1..] } else { cards };
    let above = of_cards.iter().flat_map(|card| &lines[card.floor..card.first]);
    above.filter_map(|line| line.level).min()
}

fn card_titles(lines: &[Line], card: &Card, level: Option<usize>, words: &KnownWords) -> Vec<Title> {
    if let Some(level) = level {
        let marked = (card.floor..card.first)
            .rev()
            .find(|index| lines[*index].level == Some(level));
        return marked
            .map(|marked| titles::title(lines, marked..marked + 1, words))
            .into_iter()
            .collect();
    }
    let mut found = titles::candidates(lines, card.first, card.floor, words, &|_| false);
    while found.len() > 1 && headings::role_of(&found[0].text).is_some() {
        found.remove(0);
    }
    drop_buyer(lines, &mut found, words);
    found
}

/// The line that numbers a card without a title: « Fiche n° 3 ».
fn kicker_above(lines: &[Line], card: &Card) -> Option<usize> {
    (card.floor..card.first)
        .rev()
        .find(|index| !lines[*index].is_blank() && is_kicker(&lines[*index].text))
}

/// The first heading after the cases, such as « Remerciements ».
fn end_of_cases(lines: &[Line], from: usize) -> usize {
    let is_end = |index: &usize| {
        headings::at(lines, *index).is_some_and(|heading| heading.role == Role::Back) && is_back(&lines[*index])
    };
    (from..lines.len()).find(is_end).unwrap_or(lines.len())
}

/// The sections of a case: Markdown headings below its title, lines in bold, and headings that are known.
fn sections(lines: &[Line], range: std::ops::Range<usize>, title: Option<&Title>) -> Vec<SectionOutline> {
    let level = title.and_then(|title| lines[title.lines.start].level).unwrap_or(0);
    let is_section = |index: &usize| {
        let line = &lines[*index];
        let is_free = index.checked_sub(1).is_none_or(|above| lines[above].is_blank());
        line.level.is_some_and(|own| own > level)
            || (line.level.is_none() && is_free && is_bold(&line.text) && kind(line).is_none())
            || headings::at(lines, *index).is_some_and(|heading| heading.role < Role::End)
    };
    let mut sections: Vec<SectionOutline> = Vec::new();
    for index in range.clone().filter(is_section) {
        sections.push(SectionOutline {
            heading: Heading {
                role: Role::Own(sections.len()),
                first: index,
                last: index,
                text: lines[index].bare(),
            },
            body: index + 1..range.end,
            buttons: Vec::new(),
        });
    }
    sections
}
