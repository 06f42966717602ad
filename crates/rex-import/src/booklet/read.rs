//! Reads a booklet: cuts its text into cases, then reads each case.

use super::assemble::CaseReader;
use super::evidence::Evidence;
use super::layout::cases::{self, CaseOutline};
use super::layout::contents::Contents;
use super::layout::extent::{is_cut_short, of_booklet, page, unfound_cases, whole_cases};
use super::layout::lines::KnownWords;
use super::layout::lines::Line;
use super::layout::pages::Pages;
use super::layout::recurring::RecurringLines;
use super::layout::{cards, cover, lines, own_cases};
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
        "no case found, expected headings such as « Présentation du marché », « Informations sur le marché », « La réponse au marché », \
         other headings that recur from case to case, or lines such as « Acheteur : … » and « Montant : … »"
    )]
    NoCase,
    /// Lines recur, but no facts of contracts stand with them.
    #[error(
        "no case found: {0} recur, but what stands with them does not say enough about contracts; expected lines such as \
         « Acheteur : … », « Titulaire : … », « Montant : … » in most cases"
    )]
    NoFacts(RecurringHeadings),
    /// Lines of facts were found, and no title.
    #[error(
        "no case found: lines of facts stand in {cases} places, the first at line {line}, but none has a title; expected a line with the \
         title above the facts of each case, or a line « Objet : … »"
    )]
    NoTitle {
        /// The number of places.
        cases: usize,
        /// The first line.
        line: usize,
    },
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

/// Lines of a text that recur, each with its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecurringHeadings(Vec<(String, usize)>);

impl std::fmt::Display for RecurringHeadings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (rank, (text, count)) in self.0.iter().enumerate() {
            let comma = if rank > 0 { ", " } else { "the lines " };
            write!(f, "{comma}« {text} » ({count} times)")?;
        }
        Ok(())
    }
}

/// Maximum size of a text in bytes; forty pages have a tenth of a megabyte.
pub(crate) const MAX_TEXT_BYTES: usize = 8 << 20;
const MAX_LINES: usize = 50_000;
const MAX_LINE: usize = 64 << 10;
const MAX_CASES: usize = 1_000;

impl Booklet {
    /// Reads the text of a booklet.
    ///
    /// Its cases are found by headings that are known, else by headings that recur in this text, else by lines of facts.
    ///
    /// # Errors
    /// The cases of [`BookletError`].
    pub fn read(text: &str, labels: &CpvLabels) -> Result<Self, BookletError> {
        check_size(text)?;
        let mut lines = lines::read(text);
        let contents = Contents::find(&lines);
        let pages = Pages::take_out(&mut lines, &contents.range);
        let words = KnownWords::of(&lines);
        let known = whole_cases(cases::cut(&lines, &contents, &words));
        let read = Reading {
            text,
            lines: &lines,
            contents: &contents,
            pages: &pages,
            words: &words,
            labels,
        };
        if has_known_headings(&known) {
            return read.known(&known)?.ok_or_else(|| read.no_case());
        }
        if let Some(booklet) = read.own()? {
            return Ok(booklet);
        }
        let booklet = if known.is_empty() { None } else { read.known(&known)? };
        booklet.ok_or_else(|| read.no_case())
    }
}

/// Whether most cases have at least three sections with known headings.
fn has_known_headings(known: &[CaseOutline]) -> bool {
    let whole = known.iter().filter(|cut| cut.sections.len() >= 3).count();
    whole > 0 && whole * 2 >= known.len()
}

/// A text that is read, with what was found on all of it.
struct Reading<'a> {
    text: &'a str,
    lines: &'a [Line],
    contents: &'a Contents,
    pages: &'a Pages,
    words: &'a KnownWords,
    labels: &'a CpvLabels,
}

/// How the cases of a text were told apart.
enum Way {
    /// By headings that are known.
    Known,
    /// By these headings, which recur in this text.
    Own(Vec<String>),
    /// By lines of facts.
    Facts,
}

impl Reading<'_> {
    /// The booklet by known headings. `None` if no case has a fact.
    fn known(&self, cuts: &[CaseOutline]) -> Result<Option<Booklet>, BookletError> {
        let (booklet, evidence) = self.booklet(cuts, &Way::Known, None)?;
        Ok(Some(booklet).filter(|_| Evidence::credible(&evidence) > 0))
    }

    /// The booklet by headings of its own, or by lines of facts. `None` if most cases have too few facts.
    fn own(&self) -> Result<Option<Booklet>, BookletError> {
        let recurring = RecurringLines::of(self.lines, &self.contents.range);
        if recurring.is_of_another_text() {
            return Ok(None);
        }
        let mut untitled = None;
        for mut set in recurring.sets(self.lines) {
            if let Some(cuts) = own_cases::cut(self.lines, &mut set, self.contents, self.words) {
                let (booklet, evidence) = self.booklet(&cuts, &Way::Own(set.used()), set.kickers.first().copied())?;
                if Evidence::credible(&evidence) * 2 > cuts.len() {
                    match with_titles(booklet, &evidence) {
                        Ok(booklet) => return Ok(Some(booklet)),
                        Err(error) => untitled = untitled.or(Some(error)),
                    }
                }
            }
        }
        if let Some(cuts) = cards::cut(self.lines, self.contents, self.words) {
            let (booklet, evidence) = self.booklet(&cuts, &Way::Facts, None)?;
            // A list of contacts has names of buyers and holders, too.
            let of_contracts = evidence.iter().filter(|case| case.has_contract).count();
            let is_list = recurring.contacts >= cuts.len() && of_contracts * 2 <= cuts.len();
            if Evidence::credible(&evidence) * 2 > cuts.len() && !is_list {
                return with_titles(booklet, &evidence).map(Some);
            }
        }
        untitled.map_or(Ok(None), Err)
    }

    fn no_case(&self) -> BookletError {
        let recurring = RecurringLines::of(self.lines, &self.contents.range).named(self.lines);
        if recurring.is_empty() {
            return BookletError::NoCase;
        }
        BookletError::NoFacts(RecurringHeadings(recurring))
    }

    /// Reads the cases, with what shows that they are about contracts. A running head may stand above the first title.
    fn booklet(
        &self,
        cuts: &[CaseOutline],
        way: &Way,
        running_head: Option<usize>,
    ) -> Result<(Booklet, Vec<Evidence>), BookletError> {
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
        let entries = self.contents.match_titles(&titles);
        if matches!(way, Way::Known) && is_cut_short(self.text, self.lines, cuts) {
            return Err(BookletError::CutShort {
                line: self.last_line(),
                title: titles.last().cloned().unwrap_or_default(),
            });
        }
        let begin = first.start().min(running_head.unwrap_or(usize::MAX));
        let cover_end = if self.contents.entries.is_empty() {
            begin
        } else {
            self.contents.range.start.min(begin)
        };
        let source = cover::source(self.lines, cover_end);
        let mut findings = of_booklet(self.lines, first, last, &source, self.pages);
        findings.extend(unfound_cases(self.contents, &entries));
        findings.extend(said(way, self.lines[first.start()].number));
        let reader = CaseReader {
            words: self.words,
            lines: self.lines,
            labels: self.labels,
            source,
        };
        let mut cases: Vec<ImportedCase> = Vec::with_capacity(cuts.len());
        let mut evidence: Vec<Evidence> = Vec::with_capacity(cuts.len());
        for (index, cut) in cuts.iter().enumerate() {
            let mut said = Findings::default();
            let page = page(cut, entries[index], self.contents, self.pages, self.lines, &mut said);
            let end = cuts.get(index + 1).map(CaseOutline::start);
            let fallback = entries[index].map(|entry| self.contents.entries[entry].title.clone());
            let (mut case, shown) = match way {
                Way::Known => reader.case(cut, end, page, fallback, said),
                Way::Own(_) | Way::Facts => reader.own_case(cut, end, page, fallback, said),
            };
            case.record.id = unique(&case.record.id, &cases);
            cases.push(case);
            evidence.push(shown);
        }
        Ok((Booklet { cases, findings }, evidence))
    }

    fn last_line(&self) -> usize {
        let last = self.lines.iter().rev().find(|line| !line.is_blank());
        last.map_or(1, |line| line.number)
    }
}

/// The booklet, unless none of its cases has a title.
fn with_titles(booklet: Booklet, evidence: &[Evidence]) -> Result<Booklet, BookletError> {
    if evidence.iter().any(|case| case.has_title) {
        return Ok(booklet);
    }
    Err(BookletError::NoTitle {
        cases: booklet.cases.len(),
        line: booklet.cases.first().map_or(1, |case| case.line),
    })
}

/// Says how the cases were told apart, unless the headings are known.
fn said(way: &Way, line: usize) -> Vec<Finding> {
    let message = match way {
        Way::Known => return Vec::new(),
        Way::Own(names) => format!(
            "the headings {} were found in this text and are not known to Rex; they are taken as those of its cases",
            quoted(names)
        ),
        Way::Facts => "no headings recur in this text; its cases are told apart by their lines of facts".to_owned(),
    };
    let mut findings = Findings::default();
    findings.doubtful(line, "sections", "", message);
    findings.sorted()
}

/// « One », « Another »; at most a dozen.
fn quoted(names: &[String]) -> String {
    const MOST: usize = 12;
    let mut shown: Vec<String> = names.iter().take(MOST).map(|name| format!("« {name} »")).collect();
    if names.len() > MOST {
        shown.push("…".to_owned());
    }
    shown.join(", ")
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
