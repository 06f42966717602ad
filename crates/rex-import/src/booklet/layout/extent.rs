//! Checks on the booklet as a whole: false cases, truncation, text outside the cases, page numbers of cases.

use crate::booklet::layout::cases::CaseOutline;
use crate::booklet::layout::contents::Contents;
use crate::booklet::layout::headings::Role;
use crate::booklet::layout::lines::{Line, ends_sentence};
use crate::booklet::layout::pages::Pages;
use crate::imported::{Finding, Findings};
use rex_corpus::Source;

/// Drops lone headings before and after the cases: « Présentation » of a preface, « Bilan ».
pub(crate) fn whole_cases(mut cuts: Vec<CaseOutline>) -> Vec<CaseOutline> {
    let is_whole = |cut: &CaseOutline| cut.sections.len() > 1;
    if cuts.iter().any(is_whole) {
        let first = cuts.iter().position(is_whole).unwrap_or(0);
        cuts.drain(..first);
        cuts.retain(|cut| is_whole(cut) || cut.has(Role::Presentation) || cut.has(Role::Information));
    }
    cuts
}

/// Whether the text is truncated inside its last case: the case has no outcome although others do, and the last line breaks off.
pub(crate) fn is_cut_short(text: &str, lines: &[Line], cuts: &[CaseOutline]) -> bool {
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
    !is_complete && is_last_text && breaks_off
}

/// Reports entries of the contents that match no case but are listed among the cases: the text may be incomplete, or a case may
/// begin unlike the others.
pub(crate) fn unfound_cases(contents: &Contents, entries: &[Option<usize>]) -> Vec<Finding> {
    let mut findings = Findings::default();
    let is_case = |index: usize| entries.contains(&Some(index));
    let sections = entries.iter().flatten().map(|index| contents.entries[*index].section);
    let sections: Vec<Option<u32>> = sections.collect();
    for (index, entry) in contents.entries.iter().enumerate() {
        if entry.is_item && !is_case(index) && sections.contains(&entry.section) {
            let message = format!("the contents list « {} », and no case has that title", entry.title);
            findings.doubtful(entry.line, "titre", &entry.title, message);
        }
    }
    findings.sorted()
}

/// Findings about the source fields of the booklet, and about text outside the cases.
pub(crate) fn of_booklet(
    lines: &[Line],
    first: &CaseOutline,
    last: &CaseOutline,
    source: &Source,
    pages: &Pages,
) -> Vec<Finding> {
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
    let end = last.end();
    left_between(lines, end, lines.len(), "after the last case", &mut findings);
    if let (Some(line), count) = (pages.taken.first(), pages.taken.len()) {
        findings.left_out_lines(
            *line,
            format!("{count} page numbers and running lines, the first on this line"),
        );
    }
    findings.sorted()
}

pub(crate) fn left_between(lines: &[Line], from: usize, to: usize, place: &str, findings: &mut Findings) {
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

/// The page of a case, from the contents. Corrected by the section of the entry, or by the printed page number.
pub(crate) fn page(
    cut: &CaseOutline,
    entry: Option<usize>,
    contents: &Contents,
    pages: &Pages,
    lines: &[Line],
    findings: &mut Findings,
) -> Option<u32> {
    let index = cut.start();
    let line = lines[index].number;
    let printed = pages.of(index);
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
