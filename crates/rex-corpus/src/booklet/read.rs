use super::body::{Block, Body, Kind};
use super::buyer::{self, Buyer};
use super::cases::{self, Cut};
use super::contents::Contents;
use super::extent::{is_cut_short, left_between, of_booklet, page, unfound_cases, whole_cases};
use super::facts::{Facts, natures};
use super::finding::{Finding, FindingKind, Findings};
use super::headings::Role;
use super::lines::{KnownWords, Line};
use super::pages::Pages;
use super::{cover, holder, information, lines, names, render, slug};
use crate::vocabulary::name_key;
use crate::{CaseType, CpvLabels, Nature, Party, Procedure, Record, Section, Source};

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

/// What is at hand while the cases are read.
struct Reading<'a> {
    lines: &'a [Line],
    words: KnownWords,
    labels: &'a CpvLabels,
    source: Source,
}

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

impl Reading<'_> {
    fn case(
        &self,
        cut: &Cut,
        end: Option<usize>,
        page: Option<u32>,
        listed: Option<String>,
        mut findings: Findings,
    ) -> BookletCase {
        let line = self.lines[cut.start()].number;
        let section = |role: Role| cut.sections.iter().find(|section| section.role() == role);
        let body = |role| {
            section(role)
                .map(|section| Body::read(self.lines, section, &self.words))
                .unwrap_or_default()
        };
        let (presentation, response, outcome) = (body(Role::Presentation), body(Role::Response), body(Role::Outcome));
        let (mut facts, unread) = information::read(
            self.lines,
            section(Role::Information),
            &self.words,
            self.labels,
            &mut findings,
        );
        facts_of_text(&mut facts, &presentation.blocks, &mut findings);
        let title = cut.title.as_ref().map(|title| title.text.clone());
        let debris: Vec<&(usize, String)> = [&presentation, &response, &outcome]
            .into_iter()
            .flat_map(|body| &body.debris)
            .chain(&unread)
            .collect();
        let title_block = title
            .clone()
            .map(|title| Block::of_line(&title, line))
            .unwrap_or_default();
        let buyer = buyer::find(
            &buyer::Sources {
                texts: vec![
                    &presentation.blocks,
                    std::slice::from_ref(&title_block),
                    &response.blocks,
                    &outcome.blocks,
                ],
                labelled: facts.buyer.as_ref(),
                logos: debris.iter().map(|(_, text)| name_key(text)).collect(),
                context: buyer::context(context_texts(
                    &title_block,
                    &facts,
                    &[&presentation, &response, &outcome],
                )),
            },
            &mut findings,
        );
        let heading = section(Role::Outcome).map(|section| {
            (
                self.lines[section.heading.first].number,
                after_permis(&section.heading.text),
            )
        });
        let holder = holder::find(
            &holder::Sources {
                response: &response.blocks,
                outcome: &outcome.blocks,
                outcome_heading: heading
                    .as_ref()
                    .and_then(|(line, text)| Some((*line, text.as_deref()?))),
                labelled: facts.holder.as_ref(),
                buyer: buyer.as_ref().map(|buyer| buyer.name.as_str()),
            },
            &mut findings,
        );
        for (line, text) in &debris {
            findings.left_out(*line, text);
        }
        self.left_out(cut, end, &mut findings);
        let titre = self.title(title.or(listed), line, &mut findings);
        let sections = sections(&[
            (Role::Presentation, &presentation),
            (Role::Response, &response),
            (Role::Outcome, &outcome),
        ]);
        let source = Source {
            page,
            ..self.source.clone()
        };
        let record = record(
            titre,
            &facts,
            buyer.as_ref(),
            holder.as_ref().map(|(party, _)| party.clone()),
            source,
            sections,
        );
        parties(&mut findings, buyer.as_ref(), holder.as_ref());
        missing(&record, cut, self.lines, &mut findings);
        BookletCase {
            record,
            line,
            findings: findings.sorted(),
        }
    }

    fn title(&self, title: Option<String>, line: usize, findings: &mut Findings) -> String {
        if let Some(title) = title {
            findings.found(line, "titre", &title);
            return title;
        }
        findings.doubtful(
            line,
            "titre",
            "",
            "titre: no title above the first section, give it one".to_owned(),
        );
        format!("Cas sans titre (ligne {line})")
    }

    /// Says which buttons and which lines of other matter are in no section.
    fn left_out(&self, cut: &Cut, end: Option<usize>, findings: &mut Findings) {
        if let (Some(title), Some(first)) = (&cut.title, cut.sections.first()) {
            left_between(
                self.lines,
                title.lines.end,
                first.heading.first,
                "below the title",
                findings,
            );
        }
        for (rank, section) in cut.sections.iter().enumerate() {
            for button in &section.buttons {
                let text: Vec<&str> = self.lines[button.clone()]
                    .iter()
                    .map(|line| line.text.as_str())
                    .collect();
                findings.left_out(self.lines[button.start].number, &text.join(" "));
            }
            let next = cut.sections.get(rank + 1).map(|next| next.heading.first).or(end);
            if let Some(next) = next {
                left_between(self.lines, section.body.end, next, "between two sections", findings);
            }
        }
    }
}

/// All that can name a département or a région: the block of facts first, then the text.
fn context_texts<'a>(title: &'a Block, facts: &'a Facts, bodies: &[&'a Body]) -> impl Iterator<Item = &'a str> {
    let blocks: Vec<&'a Block> = bodies.iter().flat_map(|body| &body.blocks).collect();
    let facts = facts
        .place
        .as_deref()
        .into_iter()
        .chain(facts.buyer.as_ref().map(|(_, text)| text.as_str()));
    facts
        .chain(std::iter::once(title.text.as_str()))
        .chain(blocks.into_iter().map(|block| block.text.as_str()))
}

/// « permis à … », of the heading of an outcome.
fn after_permis(heading: &str) -> Option<String> {
    let lower = heading.to_lowercase();
    let at = lower.find("permis").filter(|_| lower.len() == heading.len())?;
    Some(format!("permis{}", heading.get(at + "permis".len()..)?))
}

/// Nature and procedure, where only the text gives them.
fn facts_of_text(facts: &mut Facts, blocks: &[Block], findings: &mut Findings) {
    for block in blocks {
        for range in names::sentences(&block.text) {
            let line = block.line(range.start);
            let sentence = &block.text[range];
            if facts.nature.is_none()
                && let [nature] = natures(sentence, false).as_slice()
            {
                take_nature(facts, *nature, line, findings);
            }
            let procedure = Procedure::named_in(sentence).filter(|_| facts.procedure.is_none());
            if let Some(procedure) = procedure.filter(|procedure| procedure.label() != "Marché réservé") {
                facts.procedure = Some(procedure);
                findings.found(line, "procedure", procedure.label());
                findings.doubtful(
                    line,
                    "procedure",
                    procedure.label(),
                    "procedure: read in the text, not in a block of facts".to_owned(),
                );
            }
        }
    }
}

fn take_nature(facts: &mut Facts, nature: Nature, line: usize, findings: &mut Findings) {
    facts.nature = Some(nature);
    findings.found(line, "nature", nature.label());
    findings.doubtful(
        line,
        "nature",
        nature.label(),
        "nature: read in the text, not in a block of facts".to_owned(),
    );
}

fn record(
    titre: String,
    facts: &Facts,
    buyer: Option<&Buyer>,
    holder: Option<Party>,
    source: Source,
    sections: Vec<Section>,
) -> Record {
    Record {
        id: slug::slug(&titre),
        titre,
        case_type: CaseType::Case,
        acheteur: buyer.map(|buyer| Party {
            nom: buyer.name.clone(),
            siret: None,
            structure: None,
        }),
        titulaires: holder.into_iter().collect(),
        nature: facts.nature,
        procedure: facts.procedure,
        reserve: facts.reserve.clone(),
        considerations: Vec::new(),
        lots: facts.lots,
        cpv: facts.cpv,
        montant_ht: facts.amount,
        duree_mois: facts.months,
        territoire: buyer.map(|buyer| buyer.territory.clone()).unwrap_or_default(),
        themes: Vec::new(),
        date: facts.date,
        source: (source != Source::default()).then_some(source),
        anomalies: Vec::new(),
        sections,
    }
}

fn parties(findings: &mut Findings, buyer: Option<&Buyer>, holder: Option<&(Party, usize)>) {
    if let Some(buyer) = buyer {
        findings.found(buyer.line, "acheteur", &buyer.name);
        if !buyer.territory.is_empty() {
            findings.found(buyer.line, "territoire", &buyer.territory.join(" > "));
        }
    }
    if let Some((party, line)) = holder {
        let structure = party
            .structure
            .as_deref()
            .map(|structure| format!(" ({structure})"))
            .unwrap_or_default();
        findings.found(*line, "titulaires", &format!("{}{structure}", party.nom));
    }
}

/// Fields and sections that most cases have and this one does not.
fn missing(record: &Record, cut: &Cut, lines: &[Line], findings: &mut Findings) {
    let start = lines[cut.start()].number;
    let line = |role: Role| {
        let section = cut.sections.iter().find(|section| section.role() == role);
        section.map_or(start, |section| lines[section.heading.first].number)
    };
    let holder = record.titulaires.first();
    for (field, is_missing, role) in [
        ("acheteur", record.acheteur.is_none(), Role::Presentation),
        ("territoire", record.territoire.is_empty(), Role::Presentation),
        ("titulaires", holder.is_none(), Role::Response),
        (
            "structure",
            holder.is_some_and(|holder| holder.structure.is_none()),
            Role::Response,
        ),
        ("nature", record.nature.is_none(), Role::Information),
        ("procedure", record.procedure.is_none(), Role::Information),
        ("cpv", record.cpv.is_none(), Role::Information),
        ("montant_ht", record.montant_ht.is_none(), Role::Information),
        ("duree_mois", record.duree_mois.is_none(), Role::Information),
    ] {
        if is_missing {
            findings.missing(line(role), field);
        }
    }
    for (role, name) in [
        (Role::Presentation, "the section « Présentation du marché »"),
        (Role::Information, "the block of facts"),
        (Role::Response, "the section « La réponse au marché »"),
        (Role::Outcome, "the section « Ce que le marché a permis »"),
    ] {
        if !cut.has(role) {
            findings.missing(start, name);
        }
    }
}

/// The sections of the file, under the headings that all cases have.
fn sections(bodies: &[(Role, &Body)]) -> Vec<Section> {
    let title = |role: Role| match role {
        Role::Presentation => "Présentation du marché",
        Role::Response => "La réponse au marché",
        _ => "Ce que le marché a permis",
    };
    let filled = bodies.iter().filter(|(_, body)| !body.blocks.is_empty());
    filled
        .map(|(role, body)| Section {
            titre: title(*role).to_owned(),
            texte: markdown(&body.blocks),
        })
        .collect()
}

fn markdown(blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut last = None;
    for block in blocks {
        if let Some(last) = last {
            text.push_str(if last == Kind::Item && block.kind == Kind::Item {
                "\n"
            } else {
                "\n\n"
            });
        }
        text.push_str(match block.kind {
            Kind::Paragraph => "",
            Kind::Item => "- ",
            Kind::Heading => "### ",
        });
        text.push_str(&block.to_markdown());
        last = Some(block.kind);
    }
    text
}
