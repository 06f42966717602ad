//! A booklet as a whole: which of its cuts are cases, whether it is cut short, what of it is in no case, the pages.

use super::cases::Cut;
use super::contents::{Contents, Entry};
use super::finding::{Finding, Findings};
use super::headings::{Role, role_of};
use super::lines::{Line, ends_sentence};
use super::pages::Pages;
use crate::Source;
use crate::vocabulary::name_key;

/// Cases, without a heading that stands alone before or after them: « Présentation » of a preface, « Bilan ».
pub(super) fn whole_cases(mut cuts: Vec<Cut>) -> Vec<Cut> {
    let is_whole = |cut: &Cut| cut.sections.len() > 1;
    if cuts.iter().any(is_whole) {
        let first = cuts.iter().position(is_whole).unwrap_or(0);
        cuts.drain(..first);
        cuts.retain(|cut| is_whole(cut) || cut.has(Role::Presentation) || cut.has(Role::Information));
    }
    cuts
}

/// Whether the text stops before its end: the last case lacks what the others have, or the contents list cases that are not
/// there; and the text breaks off, or the contents go on.
pub(super) fn is_cut_short(
    text: &str,
    lines: &[Line],
    cuts: &[Cut],
    contents: &Contents,
    entries: &[Option<usize>],
) -> bool {
    let Some((last, others)) = cuts.split_last() else {
        return false;
    };
    let with_outcome = others.iter().filter(|cut| cut.has(Role::Outcome)).count();
    let is_complete = last.has(Role::Outcome) || with_outcome * 2 < others.len();
    let is_last_text = last
        .sections
        .last()
        .is_some_and(|section| lines[section.body.end..].iter().all(Line::is_blank));
    let end = lines.iter().rev().find(|line| !line.is_blank());
    let breaks_off = !text.ends_with(['\n', '\u{c}']) && end.is_some_and(|line| !ends_sentence(&line.text));
    // Entries that come after that of the last case and are nowhere in the text.
    let listed = entries
        .last()
        .copied()
        .flatten()
        .map_or(&[][..], |entry| &contents.entries[entry..]);
    let keys: Vec<String> = lines[contents.range.end..]
        .iter()
        .map(|line| name_key(&line.text))
        .collect();
    let is_absent =
        |entry: &&Entry| !keys.contains(&name_key(&entry.title)) && role_of(&entry.title) != Some(Role::Back);
    let absent: Vec<&Entry> = listed.iter().skip(1).filter(is_absent).collect();
    let lacks_cases = absent.iter().any(|entry| entry.is_item == listed[0].is_item);
    let lacks_items = absent.iter().any(|entry| entry.is_item);
    if is_complete {
        lacks_items || (breaks_off && is_last_text && !absent.is_empty())
    } else {
        breaks_off || lacks_cases
    }
}

/// What is found of the booklet itself, and what of its text is in no case.
pub(super) fn of_booklet(lines: &[Line], first: &Cut, last: &Cut, source: &Source, pages: &Pages) -> Vec<Finding> {
    let mut findings = Findings::default();
    let line_of = |text: &str| {
        lines
            .iter()
            .find(|line| line.text.contains(text))
            .map_or(1, |line| line.number)
    };
    let start = lines.iter().find(|line| !line.is_blank()).map_or(1, |line| line.number);
    let host = |url: &str| line_of(url.trim_start_matches("https://").trim_start_matches("http://"));
    let fields = [
        ("source.titre", source.titre.as_deref(), start),
        (
            "source.editeur",
            source.editeur.as_deref(),
            source.editeur.as_deref().map_or(1, line_of),
        ),
        (
            "source.url",
            source.url.as_deref(),
            source.url.as_deref().map_or(1, host),
        ),
    ];
    for (field, value, line) in fields {
        match value {
            Some(value) => findings.found(line, field, value),
            None => findings.missing(line, field),
        }
    }
    left_between(lines, 0, first.start(), "before the first case", &mut findings);
    let end = last.sections.last().map_or(0, |section| section.body.end);
    left_between(lines, end, lines.len(), "after the last case", &mut findings);
    if let (Some(line), count) = (pages.taken.first(), pages.taken.len()) {
        findings.left_out_lines(
            *line,
            format!("{count} page numbers and running lines, the first on this line"),
        );
    }
    findings.sorted()
}

pub(super) fn left_between(lines: &[Line], from: usize, to: usize, place: &str, findings: &mut Findings) {
    let filled: Vec<usize> = lines[from.min(to)..to]
        .iter()
        .filter(|line| !line.is_blank())
        .map(|line| line.number)
        .collect();
    let text = lines[from.min(to)..to].iter().find(|line| !line.is_blank());
    match (filled.as_slice(), text) {
        ([only], Some(line)) => findings.left_out(*only, &line.text),
        ([first, .., last], _) => findings.left_out_lines(*first, format!("lines {first} to {last}, {place}")),
        _ => {}
    }
}

/// The page of a case: that of the contents, put right where the section it stands in or the page itself says otherwise.
pub(super) fn page(
    cut: &Cut,
    entry: Option<usize>,
    contents: &Contents,
    pages: &Pages,
    lines: &[Line],
    findings: &mut Findings,
) -> Option<u32> {
    let rank = cut.start();
    let line = lines[rank].number;
    let printed = pages.of(rank);
    let Some(entry) = entry.map(|entry| &contents.entries[entry]) else {
        match printed {
            Some(page) => findings.found(line, "source.page", &page.to_string()),
            None => findings.missing(line, "source.page"),
        }
        return printed;
    };
    let page = printed.filter(|_| pages.is_sure()).unwrap_or_else(|| entry.sure_page());
    findings.found(entry.line, "source.page", &page.to_string());
    if page != entry.page {
        let why = match entry.section.filter(|section| *section == page) {
            Some(section) => format!("the section it stands in begins on page {section}"),
            None => "as the page itself is numbered".to_owned(),
        };
        findings.corrected(
            entry.line,
            "source",
            &entry.page.to_string(),
            format!("source.page: {} → {page}, {why}", entry.page),
        );
    }
    Some(page)
}
