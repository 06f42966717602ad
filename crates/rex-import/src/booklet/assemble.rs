//! Reads one case: puts its record together from its sections, facts and parties.

use super::evidence::Evidence;
use super::facts::block;
use super::facts::contract_facts::Facts;
use super::facts::fact_line::FactLine;
use super::facts::labelled;
use super::facts::nature::natures;
use super::layout::body::{Block, BlockKind, Body, Debris};
use super::layout::cases::{CaseOutline, SectionOutline};
use super::layout::extent::left_between;
use super::layout::headings::Role;
use super::layout::lines::{KnownWords, Line};
use super::parties::buyer::{self, Buyer};
use super::parties::{holder, names, place};
use crate::imported::{FindingKind, Findings, ImportedCase, slug};
use rex_corpus::{CaseType, CpvLabels, Nature, Party, Procedure, Record, Section, Source, name_key};

/// Reads the cases of one booklet.
pub(super) struct CaseReader<'a> {
    pub(super) lines: &'a [Line],
    pub(super) words: &'a KnownWords,
    pub(super) labels: &'a CpvLabels,
    pub(super) source: Source,
}

fn section(cut: &CaseOutline, role: Role) -> Option<&SectionOutline> {
    cut.sections.iter().find(|section| section.role() == role)
}

/// The narrative sections of a case.
struct Bodies {
    presentation: Body,
    response: Body,
    outcome: Body,
}

impl Bodies {
    fn read(lines: &[Line], cut: &CaseOutline, words: &KnownWords) -> Self {
        let body = |role| {
            let section = section(cut, role).map(|section| Body::read(lines, section, words));
            section.unwrap_or_default()
        };
        Self {
            presentation: body(Role::Presentation),
            response: body(Role::Response),
            outcome: body(Role::Outcome),
        }
    }

    fn all(&self) -> [&Body; 3] {
        [&self.presentation, &self.response, &self.outcome]
    }

    fn buyer(&self, title: &Block, facts: &Facts, debris: &[&Debris], findings: &mut Findings) -> Option<Buyer> {
        let [presentation, response, outcome] = self.all().map(|body| body.blocks.as_slice());
        let sources = buyer::BuyerSources {
            texts: vec![presentation, std::slice::from_ref(title), response, outcome],
            labelled: facts.buyer.as_ref(),
            keeps_name: false,
            logos: debris.iter().map(|debris| name_key(&debris.text)).collect(),
            context: buyer::context(context_texts(title, facts, &self.all())),
        };
        buyer::find(&sources, findings)
    }

    fn holder(
        &self,
        heading: Option<&(usize, String)>,
        facts: &Facts,
        buyer: Option<&Buyer>,
        findings: &mut Findings,
    ) -> Vec<(Party, usize)> {
        let sources = holder::HolderSources {
            response: &self.response.blocks,
            outcome: &self.outcome.blocks,
            outcome_heading: heading.map(|(line, text)| (*line, text.as_str())),
            labelled: &facts.holders,
            buyer: buyer.map(|buyer| buyer.name.as_str()),
        };
        holder::find(&sources, findings)
    }

    fn sections(&self) -> Vec<Section> {
        sections(&[
            (Role::Presentation, &self.presentation),
            (Role::Response, &self.response),
            (Role::Outcome, &self.outcome),
        ])
    }
}

impl CaseReader<'_> {
    /// The case of an outline. It ends at line index `end`, where the next one begins.
    pub(super) fn case(
        &self,
        cut: &CaseOutline,
        end: Option<usize>,
        page: Option<u32>,
        listed: Option<String>,
        mut findings: Findings,
    ) -> (ImportedCase, Evidence) {
        let line = self.lines[cut.start()].number;
        let bodies = Bodies::read(self.lines, cut, self.words);
        let information = section(cut, Role::Information);
        let below = labelled::lines(self.lines, cut.head.clone(), false).into_iter();
        let mut entries: Vec<FactLine> = below.map(|line| line.fact).collect();
        entries.extend(
            information
                .map(|section| block::entries(self.lines, section, self.words))
                .unwrap_or_default(),
        );
        let mut facts = Facts::read(&mut entries, self.labels, &mut findings);
        let (points, has_contract) = (facts.points(), facts.terms() > 0);
        let unread: Vec<Debris> = entries
            .into_iter()
            .filter(|entry| !entry.is_used)
            .map(|entry| Debris {
                lines: entry.line..=entry.last,
                text: entry.text,
            })
            .collect();
        facts_of_text(&mut facts, &bodies.presentation.blocks, &mut findings);
        let debris: Vec<&Debris> = bodies
            .all()
            .into_iter()
            .flat_map(|body| &body.debris)
            .chain(&unread)
            .collect();
        let title = cut.title.as_ref().map(|title| title.text.clone());
        let title_block = title
            .as_deref()
            .map(|title| Block::of_line(title, line))
            .unwrap_or_default();
        let buyer = bodies.buyer(&title_block, &facts, &debris, &mut findings);
        let heading = self.outcome_heading(cut);
        let holders = bodies.holder(heading.as_ref(), &facts, buyer.as_ref(), &mut findings);
        for debris in &debris {
            findings.left_out_text(debris.lines.clone(), &debris.text);
        }
        self.left_out(cut, end, &mut findings);
        let titre = self.title(title.or(listed), line, &mut findings);
        let source = Source {
            page,
            ..self.source.clone()
        };
        let context = buyer::context(context_texts(&title_block, &facts, &bodies.all()));
        let territory = place::of_lines(&facts.places, &context, &mut findings);
        let sections = bodies.sections();
        let record = record(titre, &facts, buyer.as_ref(), &holders, territory, source, sections);
        parties(&mut findings, buyer.as_ref(), &holders, &record);
        missing(&record, cut, self.lines, &mut findings);
        let is_whole = u32::from(cut.sections.len() >= 3);
        let evidence = Evidence {
            points: points + is_whole + u32::from(!holders.is_empty() && facts.holders.is_empty()),
            named_buyer: buyer.map(|buyer| buyer.name).filter(|_| facts.buyer.is_none()),
            has_contract,
            has_title: cut.title.is_some(),
        };
        let case = ImportedCase {
            record,
            line,
            findings: findings.sorted(),
        };
        (case, evidence)
    }

    /// The heading of the outcome from « permis » on, with its line.
    fn outcome_heading(&self, cut: &CaseOutline) -> Option<(usize, String)> {
        let heading = &section(cut, Role::Outcome)?.heading;
        Some((self.lines[heading.first].number, after_permis(&heading.text)?))
    }

    pub(super) fn title(&self, title: Option<String>, line: usize, findings: &mut Findings) -> String {
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

    /// Reports the buttons and the lines that are in no section.
    fn left_out(&self, cut: &CaseOutline, end: Option<usize>, findings: &mut Findings) {
        let mut from = cut.head.start;
        for fact in labelled::lines(self.lines, cut.head.clone(), false) {
            left_between(self.lines, from, fact.lines.start, "below the title", findings);
            // What a contact goes on with is in no case, either.
            from = fact.lines.start + 1;
        }
        left_between(self.lines, from, cut.head.end, "below the title", findings);
        self.left_of_sections(cut, end, findings);
    }

    /// Reports the buttons, and the lines between the sections and the next case, which begins at line index `end`.
    pub(super) fn left_of_sections(&self, cut: &CaseOutline, end: Option<usize>, findings: &mut Findings) {
        for (index, section) in cut.sections.iter().enumerate() {
            for button in &section.buttons {
                let text: Vec<&str> = self.lines[button.clone()]
                    .iter()
                    .map(|line| line.text.as_str())
                    .collect();
                let last = self.lines[button.end - 1].number;
                findings.left_out_text(self.lines[button.start].number..=last, &text.join(" "));
            }
            let next = cut.sections.get(index + 1).map(|next| next.heading.first).or(end);
            if let Some(next) = next {
                left_between(self.lines, section.body.end, next, "between two sections", findings);
            }
        }
    }
}

/// The texts that may name a département or a région: the block of facts first, then the sections.
pub(super) fn context_texts<'a>(
    title: &'a Block,
    facts: &'a Facts,
    bodies: &[&'a Body],
) -> impl Iterator<Item = &'a str> {
    let blocks: Vec<&'a Block> = bodies.iter().flat_map(|body| &body.blocks).collect();
    let facts = facts
        .places
        .iter()
        .map(|place| place.value.as_str())
        .chain(facts.buyer.as_ref().map(|(_, text)| text.as_str()));
    facts
        .chain(std::iter::once(title.text.as_str()))
        .chain(blocks.into_iter().map(|block| block.text.as_str()))
}

/// « permis à … », from the heading of an outcome.
fn after_permis(heading: &str) -> Option<String> {
    let lower = heading.to_lowercase();
    let at = lower.find("permis").filter(|_| lower.len() == heading.len())?;
    Some(format!("permis{}", heading.get(at + "permis".len()..)?))
}

/// Nature and procedure from the text, if the block of facts does not give them.
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

pub(super) fn record(
    titre: String,
    facts: &Facts,
    buyer: Option<&Buyer>,
    holders: &[(Party, usize)],
    territory: Vec<String>,
    source: Source,
    sections: Vec<Section>,
) -> Record {
    Record {
        id: slug(&titre),
        titre,
        case_type: CaseType::Case,
        acheteur: buyer.map(|buyer| Party {
            nom: buyer.name.clone(),
            siret: None,
            structure: Vec::new(),
        }),
        titulaires: holders.iter().map(|(party, _)| party.clone()).collect(),
        nature: facts.nature,
        procedure: facts.procedure,
        reserve: facts.reserve.clone(),
        considerations: Vec::new(),
        lots: facts.lots,
        cpv: facts.cpv,
        montant_ht: facts.amount,
        duree_mois: facts.months,
        territoire: match buyer {
            Some(buyer) if territory.is_empty() => buyer.territory.clone(),
            _ => territory,
        },
        themes: facts.themes.clone(),
        date: facts.date,
        source: (source != Source::default()).then_some(source),
        anomalies: Vec::new(),
        sections,
    }
}

/// Reports the buyer, its territory if the record has that one, and the holders.
pub(super) fn parties(findings: &mut Findings, buyer: Option<&Buyer>, holders: &[(Party, usize)], record: &Record) {
    if let Some(buyer) = buyer {
        findings.found(buyer.line, "acheteur", &buyer.name);
        let is_said = findings
            .list()
            .iter()
            .any(|finding| finding.kind == FindingKind::Found && finding.field == Some("territoire"));
        if !buyer.territory.is_empty() && buyer.territory == record.territoire && !is_said {
            findings.found(buyer.line, "territoire", &buyer.territory.join(" > "));
        }
    }
    for (party, line) in holders {
        let structure = party
            .structure
            .first()
            .map(|structure| format!(" ({structure})"))
            .unwrap_or_default();
        findings.found(*line, "titulaires", &format!("{}{structure}", party.nom));
    }
}

/// Reports the usual fields and sections that the case does not have.
fn missing(record: &Record, cut: &CaseOutline, lines: &[Line], findings: &mut Findings) {
    let start = lines[cut.start()].number;
    let line = |role: Role| section(cut, role).map_or(start, |section| lines[section.heading.first].number);
    missing_fields(record, line, findings);
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

/// Reports the usual fields that the case does not have, at the line of the section that should have them.
pub(super) fn missing_fields(record: &Record, line: impl Fn(Role) -> usize, findings: &mut Findings) {
    let holders = &record.titulaires;
    for (field, is_missing, role) in [
        ("acheteur", record.acheteur.is_none(), Role::Presentation),
        ("territoire", record.territoire.is_empty(), Role::Presentation),
        ("titulaires", holders.is_empty(), Role::Response),
        (
            "structure",
            holders.iter().any(|holder| holder.structure.is_empty()),
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
}

/// The sections of the file, under the same headings for all cases.
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

pub(super) fn markdown(blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut last = None;
    for block in blocks {
        if let Some(last) = last {
            text.push_str(if last == BlockKind::Item && block.kind == BlockKind::Item {
                "\n"
            } else {
                "\n\n"
            });
        }
        text.push_str(match block.kind {
            BlockKind::Paragraph => "",
            BlockKind::Item => "- ",
            BlockKind::Heading => "### ",
        });
        text.push_str(&block.to_markdown());
        last = Some(block.kind);
    }
    text
}
