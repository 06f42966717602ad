use super::assemble::Reading;
use super::cases::{self, Cut};
use super::contents::Contents;
use super::extent::{is_cut_short, of_booklet, page, unfound_cases, whole_cases};
use super::finding::{Finding, FindingKind, Findings};
use super::lines::KnownWords;
use super::pages::Pages;
use super::{cover, lines, render};
use rex_corpus::{CpvLabels, Record};

/// The cases of a booklet, each to be reviewed by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booklet {
    /// In the order of the booklet; at least one.
    pub cases: Vec<BookletCase>,
    /// What is said of the booklet as a whole.
    pub findings: Vec<Finding>,
}

/// One case of a booklet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookletCase {
    /// What was read; its id is the stem of its file, made of the title.
    pub record: Record,
    /// The line of its title, from 1.
    pub line: usize,
    /// What was found, is missing, was corrected, is doubtful, was left out.
    pub findings: Vec<Finding>,
}

/// Why a text is no booklet that can be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookletError {
    /// More text than a booklet has.
    #[error("a text of over {MAX_MEGABYTES} MB, expected that of one booklet")]
    TooLarge,
    /// More lines than a booklet has.
    #[error("over {MAX_LINES} lines, expected the text of one booklet")]
    TooManyLines,
    /// A line no booklet has.
    #[error("line {0} has over {MAX_LINE} bytes, expected a text cut into lines")]
    LongLine(usize),
    /// No heading of a section.
    #[error(
        "no case found, expected headings such as « Présentation du marché », « Informations sur le marché », « La réponse au marché »"
    )]
    NoCase,
    /// More cases than a booklet has.
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

const MAX_MEGABYTES: usize = 8;
const MAX_LINES: usize = 50_000;
const MAX_LINE: usize = 64 << 10;
const MAX_CASES: usize = 1_000;

impl Booklet {
    /// Reads the text of a booklet.
    ///
    /// # Errors
    /// What [`BookletError`] lists.
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
        let reading = Reading {
            words,
            lines: &lines,
            labels,
            source,
        };
        let mut cases: Vec<BookletCase> = Vec::with_capacity(cuts.len());
        for (rank, cut) in cuts.iter().enumerate() {
            let mut said = Findings::default();
            let page = page(cut, entries[rank], &contents, &pages, &lines, &mut said);
            let end = cuts.get(rank + 1).map(Cut::start);
            let fallback = entries[rank].map(|entry| contents.entries[entry].title.clone());
            let mut case = reading.case(cut, end, page, fallback, said);
            case.record.id = unique(&case.record.id, &cases);
            cases.push(case);
        }
        Ok(Self { cases, findings })
    }
}

impl BookletCase {
    /// The file of the case: front matter, then its sections.
    pub fn to_markdown(&self) -> String {
        render::markdown(&self.record, &self.findings)
    }

    /// The findings of a kind, by line.
    pub fn of_kind(&self, kind: FindingKind) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.kind == kind)
    }
}

fn check_size(text: &str) -> Result<(), BookletError> {
    if text.len() > MAX_MEGABYTES << 20 {
        return Err(BookletError::TooLarge);
    }
    if text.bytes().filter(|byte| *byte == b'\n').count() > MAX_LINES {
        return Err(BookletError::TooManyLines);
    }
    let long = text.split(['\n', '\r']).position(|line| line.len() > MAX_LINE);
    long.map_or(Ok(()), |rank| Err(BookletError::LongLine(rank + 1)))
}

/// An id that no case before has.
fn unique(id: &str, cases: &[BookletCase]) -> String {
    let is_taken = |id: &str| cases.iter().any(|case| case.record.id == id);
    if !is_taken(id) {
        return id.to_owned();
    }
    (2..)
        .map(|rank| format!("{id}-{rank}"))
        .find(|id| !is_taken(id))
        .unwrap_or_else(|| id.to_owned())
}
