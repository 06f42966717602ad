//! Reads a booklet: cuts its text into cases, then reads each case.

use super::assemble::CaseReader;
use super::layout::cases::{self, CaseOutline};
use super::layout::contents::Contents;
use super::layout::extent::{is_cut_short, of_booklet, page, unfound_cases, whole_cases};
use super::layout::lines::KnownWords;
use super::layout::pages::Pages;
use super::layout::{cover, lines};
use crate::imported::{Finding, Findings, ImportedCase};
use rex_corpus::CpvLabels;

/// The cases of a booklet. A person reviews each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booklet {
    /// In the order of the booklet; at least one.
    pub cases: Vec<ImportedCase>,
    /// Findings about the booklet as a whole.
    pub findings: Vec<Finding>,
}

/// Why a text cannot be imported as a booklet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookletError {
    /// The text is too large.
    #[error("a text of over {} MB, expected that of one booklet", MAX_TEXT_BYTES >> 20)]
    TooLarge,
    /// The text has too many lines.
    #[error("over {MAX_LINES} lines, expected the text of one booklet")]
    TooManyLines,
    /// A line is too long.
    #[error("line {0} has over {MAX_LINE} bytes, expected a text cut into lines")]
    LongLine(usize),
    /// No section heading was found.
    #[error(
        "no case found, expected headings such as « Présentation du marché », « Informations sur le marché », « La réponse au marché »"
    )]
    NoCase,
    /// There are too many cases.
    #[error("over {MAX_CASES} cases, expected those of one booklet")]
    TooManyCases,
    /// The text stops inside a case.
    #[error("the text stops at line {line}, in the middle of « {title} »; expected the whole booklet")]
    CutShort {
        /// The last line of the text.
        line: usize,
        /// The title of the last case.
        title: String,
    },
}

/// Maximum size of a text in bytes; forty pages have a tenth of a megabyte.
pub(crate) const MAX_TEXT_BYTES: usize = 8 << 20;
const MAX_LINES: usize = 50_000;
const MAX_LINE: usize = 64 << 10;
const MAX_CASES: usize = 1_000;

impl Booklet {
    /// Reads the text of a booklet.
    ///
    /// # Errors
    /// The cases of [`BookletError`].
    pub fn read(text: &str, labels: &CpvLabels) -> Result<Self, BookletError> {
        check_size(text)?;
        let mut lines = lines::read(text);
        let contents = Contents::find(&lines);
        let pages = Pages::take_out(&mut lines, &contents.range);
        let words = KnownWords::of(&lines);
        let cuts = whole_cases(cases::cut(&lines, &contents, &words));
        let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
            return Err(BookletError::NoCase);
        };
        if cuts.len() > MAX_CASES {
            return Err(BookletError::TooManyCases);
        }
        let titles: Vec<String> = cuts
            .iter()
            .map(|cut| cut.title.as_ref().map_or_else(String::new, |title| title.text.clone()))
            .collect();
        let entries = contents.match_titles(&titles);
        if is_cut_short(text, &lines, &cuts) {
            return Err(BookletError::CutShort {
                line: lines
                    .iter()
                    .rev()
                    .find(|line| !line.is_blank())
                    .map_or(1, |line| line.number),
                title: titles.last().cloned().unwrap_or_default(),
            });
        }
        let cover_end = if contents.entries.is_empty() {
            first.start()
        } else {
            contents.range.start.min(first.start())
        };
        let source = cover::source(&lines, cover_end);
        let mut findings = of_booklet(&lines, first, last, &source, &pages);
        findings.extend(unfound_cases(&contents, &entries));
        let reader = CaseReader {
            words,
            lines: &lines,
            labels,
            source,
        };
        let mut cases: Vec<ImportedCase> = Vec::with_capacity(cuts.len());
        for (index, cut) in cuts.iter().enumerate() {
            let mut said = Findings::default();
            let page = page(cut, entries[index], &contents, &pages, &lines, &mut said);
            let end = cuts.get(index + 1).map(CaseOutline::start);
            let fallback = entries[index].map(|entry| contents.entries[entry].title.clone());
            let mut case = reader.case(cut, end, page, fallback, said);
            case.record.id = unique(&case.record.id, &cases);
            cases.push(case);
        }
        Ok(Self { cases, findings })
    }
}

fn check_size(text: &str) -> Result<(), BookletError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(BookletError::TooLarge);
    }
    if text.bytes().filter(|byte| *byte == b'\n').count() > MAX_LINES {
        return Err(BookletError::TooManyLines);
    }
    let long = text.split(['\n', '\r']).position(|line| line.len() > MAX_LINE);
    long.map_or(Ok(()), |index| Err(BookletError::LongLine(index + 1)))
}

/// `id`, with a number after it if a case before has it.
fn unique(id: &str, cases: &[ImportedCase]) -> String {
    let is_taken = |id: &str| cases.iter().any(|case| case.record.id == id);
    if !is_taken(id) {
        return id.to_owned();
    }
    (2..)
        .map(|number| format!("{id}-{number}"))
        .find(|id| !is_taken(id))
        .unwrap_or_else(|| id.to_owned())
}
