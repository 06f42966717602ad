//! Reads one case with headings of its own, or none: its facts may stand in any line or sentence, and its sections keep their
//! headings.

use std::ops::Range;

use super::assemble::{CaseReader, context_texts, markdown, missing_fields, parties, record};
use super::evidence::Evidence;
use super::facts::contract_facts::Facts;
use super::facts::fact_line::{self, FactKind, FactLine};
use super::facts::labelled::{self, LabelledLine};
use super::facts::sentences;
use super::layout::body::{Block, Body};
use super::layout::cases::{CaseOutline, SectionOutline};
use super::layout::cover::sentence_case_of;
use super::layout::extent::left_between;
use super::layout::headings::{self, Heading, Role};
use super::layout::lines::Line;
use super::layout::titles::is_kicker;
use super::parties::buyer::{self, Buyer};
use super::parties::{holder, place};
use crate::imported::{Findings, ImportedCase};
use rex_corpus::{Party, Section, Source, name_key};

/// The text of a section under its heading.
struct OwnSection {
    title: String,
    role: Option<Role>,
    line: usize,
    body: Body,
    /// Whether no line stands below the heading.
    is_bare: bool,
}

impl CaseReader<'_> {
    /// The case of an outline whose headings are its own. It ends at line index `end`, where the next one begins.
    pub(super) fn own_case(
        &self,
        cut: &CaseOutline,
        end: Option<usize>,
        page: Option<u32>,
        listed: Option<String>,
        mut findings: Findings,
    ) -> (ImportedCase, Evidence) {
        let line = self.lines[cut.start()].number;
        let outlines = self.outlines(cut, &mut findings);
        let (contacts, labelled): (Vec<_>, Vec<_>) = self
            .labelled(&outlines)
            .into_iter()
            .partition(|line| line.fact.about == Some(FactKind::Contact));
        let ranges: Vec<Range<usize>> = labelled.iter().map(|line| line.lines.clone()).collect();
        let mut entries: Vec<FactLine> = labelled.into_iter().map(|line| line.fact).collect();
        let mut facts = Facts::read(&mut entries, self.labels, &mut findings);
        let objects: Vec<(usize, String)> = entries
            .iter()
            .filter(|entry| entry.about == Some(FactKind::Object) && !entry.value.is_empty())
            .map(|entry| (entry.line, entry.value.clone()))
            .collect();
        let mut used: Vec<Range<usize>> = entries
            .iter()
            .zip(ranges)
            .filter(|(entry, _)| entry.is_used || entry.about == Some(FactKind::Object))
            .map(|(_, range)| range)
            .collect();
        for contact in contacts {
            let last = self.lines[contact.lines.end - 1].number;
            findings.left_out_text(contact.fact.line..=last, &contact.fact.text);
            used.push(contact.lines);
        }
        let mut evidence = Evidence {
            points: facts.points(),
            has_contract: facts.terms() > 0,
            ..Evidence::default()
        };
        let mut sections = keep_bare_headings(self.sections(outlines, &used), &mut findings);
        let head_buyer = take_buyer(&mut sections[0].body);
        let head_buyer = head_buyer.filter(|_| facts.buyer.is_none());
        let is_of_head = head_buyer.is_some();
        if is_of_head {
            facts.buyer = head_buyer;
            evidence.points += 2;
        }
        let blocks: Vec<Block> = sections
            .iter()
            .flat_map(|section| section.body.blocks.clone())
            .collect();
        let said = sentences::fill(&mut facts, &blocks, self.labels, &mut findings);
        evidence.points += 2 * u32::from(said.has_holder || said.has_both) + u32::from(said.has_amount);
        let title = cut.title.as_ref().map(|title| title.text.clone());
        let title = title.filter(|title| !is_kicker(title)).or(listed);
        let of_object = objects
            .first()
            .filter(|_| title.is_none())
            .map(|(_, object)| object.clone());
        let title_block = title
            .as_deref()
            .map(|title| Block::of_line(title, line))
            .unwrap_or_default();
        let buyer = self.own_buyer(&title_block, &facts, !is_of_head, &sections, &mut findings);
        if let Some(buyer) = buyer.as_ref().filter(|_| facts.buyer.is_none()) {
            evidence.named_buyer = Some(buyer.name.clone());
        }
        let holders = own_holder(&facts, &sections, buyer.as_ref(), &mut findings);
        evidence.points += u32::from(!holders.is_empty() && facts.holders.is_empty());
        if of_object.is_none() {
            let texts = objects.iter().map(|(line, object)| Block::of_line(object, *line));
            sections[0].body.blocks.splice(0..0, texts);
        }
        let title = title.or(of_object);
        evidence.has_title = title.is_some();
        let titre = self.title(title, line, &mut findings);
        self.left_of_sections(cut, end, &mut findings);
        for debris in sections.iter().flat_map(|section| &section.body.debris) {
            findings.left_out_text(debris.lines.clone(), &debris.text);
        }
        let source = Source {
            page,
            ..self.source.clone()
        };
        let bodies: Vec<&Body> = sections.iter().map(|section| &section.body).collect();
        let context = buyer::context(context_texts(&title_block, &facts, &bodies));
        let territory = place::of_lines(&facts.places, &context, &mut findings);
        let texts = written(&sections);
        let record = record(titre, &facts, buyer.as_ref(), &holders, territory, source, texts);
        parties(&mut findings, buyer.as_ref(), &holders, &record);
        let of = |role: Role| sections.iter().find(|section| section.role == Some(role));
        missing_fields(
            &record,
            |role| of(role).map_or(line, |section| section.line),
            &mut findings,
        );
        let case = ImportedCase {
            record,
            line,
            findings: findings.sorted(),
        };
        (case, evidence)
    }

    /// The lines below the title and the sections, without those about contacts.
    fn outlines(&self, cut: &CaseOutline, findings: &mut Findings) -> Vec<SectionOutline> {
        let mut outlines = vec![self.head(cut)];
        for section in &cut.sections {
            if fact_line::label(&section.heading.text).0 == Some(FactKind::Contact) {
                let place = "a contact";
                left_between(self.lines, section.heading.first, section.body.end, place, findings);
                continue;
            }
            outlines.push(SectionOutline {
                heading: section.heading.clone(),
                body: section.body.clone(),
                buttons: section.buttons.clone(),
            });
        }
        outlines
    }

    /// The lines between the title and the first section, as a section.
    fn head(&self, cut: &CaseOutline) -> SectionOutline {
        let start = cut.start();
        let kickers = cut
            .head
            .clone()
            .filter(|index| !self.lines[*index].is_blank() && is_kicker(&self.lines[*index].text));
        SectionOutline {
            heading: Heading {
                role: Role::Own(usize::MAX),
                first: start,
                last: start,
                text: "Présentation du marché".to_owned(),
            },
            body: cut.head.clone(),
            buttons: kickers.map(|index| index..index + 1).collect(),
        }
    }

    /// The lines of facts of all sections.
    fn labelled(&self, sections: &[SectionOutline]) -> Vec<LabelledLine> {
        let of_section = |section: &SectionOutline| {
            if let Some(line) = self.value_of(section) {
                return vec![line];
            }
            let is_block = headings::role_of(&section.heading.text) == Some(Role::Information);
            let mut found = labelled::lines(self.lines, section.body.clone(), is_block);
            found.retain(|line| section.buttons.iter().all(|button| !button.contains(&line.lines.start)));
            found
        };
        sections.iter().flat_map(of_section).collect()
    }

    /// The fact in a section of one short line under a label: « Montant », « 48 000 € HT ».
    fn value_of(&self, section: &SectionOutline) -> Option<LabelledLine> {
        const LONGEST: usize = 120;
        let mut filled = section.body.clone().filter(|index| !self.lines[*index].is_blank());
        let (index, None) = (filled.next()?, filled.next()) else {
            return None;
        };
        let value = self.lines[index].bare();
        let text = format!("{} : {value}", section.heading.text.trim_end_matches([':', ' ']));
        let is_label = fact_line::label(&section.heading.text).1.is_empty() && fact_line::labelled(&text).is_some();
        (is_label && value.len() <= LONGEST).then(|| LabelledLine {
            fact: FactLine::new(self.lines[index].number, &text),
            lines: index..index + 1,
        })
    }

    /// The text of the sections, without the lines of facts that were used.
    fn sections(&self, outlines: Vec<SectionOutline>, used: &[Range<usize>]) -> Vec<OwnSection> {
        let read = |mut outline: SectionOutline| {
            let of_section = used.iter().filter(|range| outline.body.contains(&range.start));
            outline.buttons.extend(of_section.cloned());
            OwnSection {
                title: heading_text(&outline.heading.text),
                role: headings::role_of(&outline.heading.text).filter(|role| *role < Role::Own(0)),
                line: self.lines[outline.heading.first].number,
                is_bare: self.lines[outline.body.clone()].iter().all(Line::is_blank),
                body: Body::read_own(self.lines, &outline, self.words),
            }
        };
        outlines.into_iter().map(read).collect()
    }

    fn own_buyer(
        &self,
        title: &Block,
        facts: &Facts,
        keeps_name: bool,
        sections: &[OwnSection],
        findings: &mut Findings,
    ) -> Option<Buyer> {
        let bodies: Vec<&Body> = sections.iter().map(|section| &section.body).collect();
        let mut texts: Vec<&[Block]> = bodies.iter().map(|body| body.blocks.as_slice()).collect();
        texts.retain(|text| !text.is_empty());
        // The first text is the one that should name the buyer.
        texts.insert(texts.len().min(1), std::slice::from_ref(title));
        let sources = buyer::BuyerSources {
            texts,
            labelled: facts.buyer.as_ref(),
            keeps_name,
            logos: bodies
                .iter()
                .flat_map(|body| &body.debris)
                .map(|debris| name_key(&debris.text))
                .collect(),
            context: buyer::context(context_texts(title, facts, &bodies)),
        };
        buyer::find(&sources, findings)
    }
}

/// Headings without text that follow another one are its text: « Résultats », « 15 emplois créés ». Any other heading without text is
/// left out, unless facts were read below it.
fn keep_bare_headings(sections: Vec<OwnSection>, findings: &mut Findings) -> Vec<OwnSection> {
    let mut kept: Vec<OwnSection> = Vec::with_capacity(sections.len());
    let mut is_below_bare = false;
    for (rank, section) in sections.into_iter().enumerate() {
        let is_bare = section.is_bare && rank > 0;
        match kept.last_mut().filter(|_| is_bare && is_below_bare) {
            Some(above) => above.body.blocks.push(Block::of_line(&section.title, section.line)),
            None => kept.push(section),
        }
        is_below_bare = is_bare;
    }
    let is_fact =
        |section: &OwnSection| section.role == Some(Role::Information) || fact_line::label(&section.title).0.is_some();
    let is_left = |section: &OwnSection| section.body.blocks.is_empty() && !is_fact(section);
    for section in kept.iter().skip(1).filter(|section| is_left(section)) {
        findings.left_out(section.line, &section.title);
    }
    kept
}

/// Takes the name of the buyer from the lines below the title, where it stands alone.
fn take_buyer(head: &mut Body) -> Option<(usize, String)> {
    let at = head.debris.iter().position(|debris| buyer::is_name(&debris.text));
    if let Some(at) = at {
        let debris = head.debris.remove(at);
        return Some((*debris.lines.start(), debris.text));
    }
    let at = head.blocks.iter().position(|block| buyer::is_name(&block.text))?;
    let block = head.blocks.remove(at);
    Some((block.line(0), block.text))
}

/// The holder: of a line or a sentence that says so, else named in the section about it.
fn own_holder(
    facts: &Facts,
    sections: &[OwnSection],
    buyer: Option<&Buyer>,
    findings: &mut Findings,
) -> Vec<(Party, usize)> {
    let blocks = |role: Role| -> Vec<Block> {
        let of_role = sections.iter().filter(|section| section.role == Some(role));
        of_role.flat_map(|section| section.body.blocks.clone()).collect()
    };
    let (mut response, outcome) = (blocks(Role::Response), blocks(Role::Outcome));
    if response.is_empty() {
        response = sections
            .iter()
            .flat_map(|section| section.body.blocks.clone())
            .collect();
        response.retain(|block| says_who(&block.text));
    }
    let sources = holder::HolderSources {
        response: &response,
        outcome: &outcome,
        outcome_heading: None,
        labelled: &facts.holders,
        buyer: buyer.map(|buyer| buyer.name.as_str()),
    };
    holder::find(&sources, findings)
}

/// Whether a text says who holds a contract: « L'association Un Nom a été retenue ».
fn says_who(text: &str) -> bool {
    const STEMS: &[&str] = &[
        "retenu",
        "remport",
        "attribu",
        "confie",
        "laureat",
        "a repondu",
        "titulaire",
        "prestataire",
    ];
    let key = name_key(text);
    STEMS.iter().any(|stem| key.contains(stem))
}

/// The sections that have text, those before the first heading under a heading of ours.
fn written(sections: &[OwnSection]) -> Vec<Section> {
    let filled = sections.iter().filter(|section| !section.body.blocks.is_empty());
    filled
        .map(|section| Section {
            titre: section.title.clone(),
            texte: markdown(&section.body.blocks),
        })
        .collect()
}

/// A heading as it is written in a file: without number and colon, in sentence case.
fn heading_text(text: &str) -> String {
    let text = text.trim_end_matches([':', ' ']);
    let number = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ')' | ' ' | '-' | '–'))
        .unwrap_or(0);
    let is_numbered = text.starts_with(|c: char| c.is_ascii_digit()) && text[..number].contains(['.', ')', '-', '–']);
    let text = sentence_case_of(if is_numbered { &text[number..] } else { text });
    let mut chars = text.chars();
    let first: String = chars.next().map(char::to_uppercase).into_iter().flatten().collect();
    first + chars.as_str()
}
