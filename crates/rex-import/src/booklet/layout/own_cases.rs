//! Cuts a text into cases by its own recurring headings.

use std::collections::HashMap;
use std::ops::Range;

use crate::booklet::layout::cases::{CaseOutline, SectionOutline, is_back, section_end};
use crate::booklet::layout::contents::Contents;
use crate::booklet::layout::headings::{self, Heading, Role};
use crate::booklet::layout::lines::{KnownWords, Line};
use crate::booklet::layout::recurring::OwnHeadings;
use crate::booklet::layout::titles::{self, Title};
use crate::booklet::parties::buyer::is_name;

/// A heading, with the blocks above it that may be a title.
struct Anchor {
    heading: Heading,
    rank: usize,
    titles: Vec<Title>,
    /// Whether a Markdown heading of a higher level stands above it.
    is_marked: bool,
}

/// The cases that recurring headings make. `None` if they do not come in the same order from case to case, or stand above no text.
pub(crate) fn cut(
    lines: &[Line],
    own: &mut OwnHeadings,
    contents: &Contents,
    words: &KnownWords,
) -> Option<Vec<CaseOutline>> {
    take_out_kickers(lines, own, words);
    let anchors = anchors(lines, own, contents, words);
    let order = Order::of(&anchors, own.names.len());
    let groups = groups(&anchors, &order);
    if groups.len() < 2 || !is_regular(lines, &anchors, &groups, &order) {
        return None;
    }
    let depth = groups[1..]
        .iter()
        .map(|group| anchors[group.start].titles.len())
        .min()
        .unwrap_or(0);
    let mut cases: Vec<CaseOutline> = Vec::new();
    for group in &groups {
        let first = &anchors[group.start];
        let title = titles::of_case(&first.titles, depth, contents);
        let above = first
            .titles
            .last()
            .map_or(first.heading.first, |title| title.lines.start);
        let head = title.as_ref().map_or(above, |title| title.lines.end)..first.heading.first;
        let sections = anchors[group.clone()].iter().map(|anchor| SectionOutline {
            heading: anchor.heading.clone(),
            body: anchor.heading.last + 1..lines.len(),
            buttons: Vec::new(),
        });
        cases.push(CaseOutline {
            title,
            head,
            sections: sections.collect(),
        });
    }
    close(lines, &mut cases, &own.kickers, contents);
    Some(cases)
}

/// Moves the heading that stands above the titles of the cases to the kickers: « BONNE PRATIQUE ».
fn take_out_kickers(lines: &[Line], own: &mut OwnHeadings, words: &KnownWords) {
    let Some(first) = own.headings.first().map(|heading| heading.role) else {
        return;
    };
    let mut texts: HashMap<String, usize> = HashMap::new();
    let (mut count, mut above) = (0, 0);
    let mut floor = 0;
    for (index, heading) in own.headings.iter().enumerate() {
        if heading.role == first {
            count += 1;
            let end = own.headings.get(index + 1).map_or(lines.len(), |next| next.first);
            let below = titles::candidates(lines, end, heading.last + 1, words, &|_| false);
            let begins = below
                .last()
                .is_some_and(|title| lines[heading.last + 1..title.lines.start].iter().all(Line::is_blank));
            if let Some(title) = below.last().filter(|_| begins) {
                *texts.entry(title.text.clone()).or_default() += 1;
            }
            let over = titles::candidates(lines, heading.first, floor, words, &|_| false);
            above += usize::from(!over.is_empty());
        }
        floor = heading.last + 1;
    }
    // Titles differ, while values recur: « Thème » above « Insertion ».
    if count > 1 && texts.len() * 4 > count * 3 && above * 2 <= count {
        let of_first = own.headings.iter().filter(|heading| heading.role == first);
        own.kickers.extend(of_first.map(|heading| heading.first));
        own.headings.retain(|heading| heading.role != first);
    }
}

fn anchors(lines: &[Line], own: &OwnHeadings, contents: &Contents, words: &KnownWords) -> Vec<Anchor> {
    let is_kicker = |index: usize| own.kickers.binary_search(&index).is_ok();
    let mut floor = contents.range.end;
    let mut anchors: Vec<Anchor> = Vec::new();
    for heading in &own.headings {
        let Role::Own(rank) = heading.role else { continue };
        // A running head begins a case: its title stands below.
        let before = own.kickers.partition_point(|kicker| *kicker < heading.first);
        let kicker = before
            .checked_sub(1)
            .map(|last| own.kickers[last])
            .filter(|kicker| *kicker >= floor);
        let from = kicker.map_or(floor, |kicker| kicker + 1).min(heading.first);
        let mut titles = titles::candidates(lines, heading.first, from, words, &is_kicker);
        drop_buyer(lines, &mut titles, words);
        let is_marked = titles.iter().any(|title| lines[title.lines.start].level.is_some()) || kicker.is_some();
        anchors.push(Anchor {
            heading: heading.clone(),
            rank,
            titles,
            is_marked,
        });
        floor = heading.last + 1;
    }
    anchors
}

/// Drops the name of the buyer below the title: « Ville de Rennes ».
pub(crate) fn drop_buyer(lines: &[Line], found: &mut Vec<Title>, words: &KnownWords) {
    while found.len() > 1 && is_name(&found[0].text) {
        found.remove(0);
    }
    if let Some(nearest) = found.first_mut() {
        let range = nearest.lines.clone();
        if range.len() > 1 && is_name(&lines[range.end - 1].bare()) {
            *nearest = titles::title(lines, range.start..range.end - 1, words);
        }
    }
}

/// The position of each heading in a case.
struct Order(Vec<usize>);

impl Order {
    /// The order in the fullest run of headings without repetition, with the other headings after those that they follow.
    fn of(anchors: &[Anchor], count: usize) -> Self {
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for anchor in anchors {
            match runs.last_mut().filter(|run| !run.contains(&anchor.rank)) {
                Some(run) => run.push(anchor.rank),
                None => runs.push(vec![anchor.rank]),
            }
        }
        let fullest = runs
            .iter()
            .rev()
            .max_by_key(|run| run.len())
            .cloned()
            .unwrap_or_default();
        let mut order = fullest;
        for run in &runs {
            for (at, rank) in run.iter().enumerate() {
                if !order.contains(rank) {
                    let before = at
                        .checked_sub(1)
                        .and_then(|before| order.iter().position(|known| *known == run[before]));
                    order.insert(before.map_or(0, |before| before + 1), *rank);
                }
            }
        }
        let mut positions = vec![0; count];
        for (position, rank) in order.iter().enumerate() {
            positions[*rank] = position;
        }
        Self(positions)
    }
}

/// The anchors of each case.
fn groups(anchors: &[Anchor], order: &Order) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (index, anchor) in anchors.iter().enumerate() {
        let begins = groups.last().is_none_or(|group| {
            let last = anchors[index - 1].rank;
            let has = anchors[group.clone()].iter().any(|other| other.rank == anchor.rank);
            let is_backwards = order.0[anchor.rank] < order.0[last];
            let is_opening = anchors[group.start].rank == anchor.rank && anchor.rank != last;
            anchor.is_marked || is_opening || (!anchor.titles.is_empty() && (has || is_backwards))
        });
        match groups.last_mut().filter(|_| !begins) {
            Some(group) => group.end = index + 1,
            None => groups.push(index..index + 1),
        }
    }
    groups
}

/// Whether most cases have three headings or more, in the same order, and most headings stand above text.
fn is_regular(lines: &[Line], anchors: &[Anchor], groups: &[Range<usize>], order: &Order) -> bool {
    let whole = groups.iter().filter(|group| group.len() >= 3).count();
    let pairs = || groups.iter().flat_map(|group| anchors[group.clone()].windows(2));
    let ordered = pairs()
        .filter(|pair| order.0[pair[0].rank] < order.0[pair[1].rank])
        .count();
    let has_text = |index: &usize| {
        let start = anchors[*index].heading.last + 1;
        let end = anchors.get(index + 1).map_or(lines.len(), |next| next.heading.first);
        lines[start..end].iter().any(|line| !line.is_blank())
    };
    let above_text = (0..anchors.len()).filter(has_text).count();
    whole >= 2 && whole * 2 >= groups.len() && ordered * 5 >= pairs().count() * 4 && above_text * 3 >= anchors.len() * 2
}

/// Ends the sections at the next one, at the next case, at buttons and at text that is no case. The lines of `kickers` are buttons.
pub(crate) fn close(lines: &[Line], cases: &mut [CaseOutline], kickers: &[usize], contents: &Contents) {
    let ends: Vec<usize> = cases
        .iter()
        .skip(1)
        .map(CaseOutline::start)
        .chain([lines.len()])
        .collect();
    let count = cases.len();
    for (rank, (case, end)) in cases.iter_mut().zip(ends).enumerate() {
        let is_last_case = rank + 1 == count;
        let next = case.sections.iter().skip(1).map(|next| next.heading.first);
        let next: Vec<usize> = next.chain([end]).collect();
        for (section, end) in case.sections.iter_mut().zip(next) {
            section.body.end = end;
            for index in section.body.clone() {
                match headings::at(lines, index).map(|heading| (heading.role, heading.last)) {
                    Some((Role::Back, _)) if is_last_case && is_back(&lines[index]) => {
                        section.body.end = index;
                        break;
                    }
                    Some((Role::End, last)) => section.buttons.push(index..last + 1),
                    _ if kickers.binary_search(&index).is_ok() => section.buttons.push(index..index + 1),
                    _ => {}
                }
            }
            section.body.end = section_end(lines, section, contents, is_last_case && end == lines.len());
        }
    }
}
