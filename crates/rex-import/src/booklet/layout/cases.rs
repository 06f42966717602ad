//! Cuts a booklet into cases and each case into sections, by the headings that repeat.

use std::ops::Range;

use crate::booklet::facts::fact_line;
use crate::booklet::facts::labelled;
use crate::booklet::layout::contents::Contents;
use crate::booklet::layout::headings::{self, Heading, Role};
use crate::booklet::layout::lines::{KnownWords, Line, item};
use crate::booklet::layout::titles::{self, Title};
use rex_corpus::name_key;

/// A case, as line indexes.
#[derive(Debug, Default)]
pub(crate) struct CaseOutline {
    pub(crate) title: Option<Title>,
    /// The lines below the title and above the first section.
    pub(crate) head: Range<usize>,
    pub(crate) sections: Vec<SectionOutline>,
}

/// A section of a case.
#[derive(Debug)]
pub(crate) struct SectionOutline {
    pub(crate) heading: Heading,
    /// The lines below the heading.
    pub(crate) body: Range<usize>,
    /// The lines of buttons in it (« Toutes les infos »).
    pub(crate) buttons: Vec<Range<usize>>,
}

impl SectionOutline {
    pub(crate) fn role(&self) -> Role {
        self.heading.role
    }
}

impl CaseOutline {
    pub(crate) fn has(&self, role: Role) -> bool {
        self.sections.iter().any(|section| section.role() == role)
    }

    /// Index of its first line.
    pub(crate) fn start(&self) -> usize {
        self.title.as_ref().map_or(self.head.start, |title| title.lines.start)
    }

    /// Index of the line after its last.
    pub(crate) fn end(&self) -> usize {
        self.sections.last().map_or(self.head.end, |section| section.body.end)
    }
}

/// The cases of a text, in order.
///
/// Headings beyond ten thousand are ignored; they would exceed the maximum number of cases anyway.
pub(crate) fn cut(lines: &[Line], contents: &Contents, words: &KnownWords) -> Vec<CaseOutline> {
    const MOST_HEADINGS: usize = 10_000;
    let mut headings = find_headings(lines, contents);
    headings.truncate(MOST_HEADINGS);
    let order = SectionOrder::of(&headings);
    let mut cases: Vec<CaseOutline> = Vec::new();
    let mut floor = contents.range.end;
    let mut is_closed = true;
    for heading in headings {
        match heading.role {
            Role::End | Role::Back => {
                if let Some(section) = open_section(&mut cases).filter(|_| !is_closed) {
                    if heading.role == Role::Back {
                        section.body.end = heading.first;
                        is_closed = true;
                    } else {
                        section.buttons.push(heading.first..heading.last + 1);
                    }
                }
                floor = heading.last + 1;
                continue;
            }
            _ => {}
        }
        let title = titles::above(lines, heading.first, floor, contents, words);
        let begins = cases
            .last()
            .is_none_or(|case| order.begins_case(lines, case, &heading, title.is_some()));
        floor = heading.last + 1;
        let start = title
            .as_ref()
            .filter(|_| begins)
            .map_or(heading.first, |title| title.lines.start);
        if let Some(section) = open_section(&mut cases).filter(|_| !is_closed) {
            section.body.end = start;
        }
        is_closed = false;
        if begins {
            let head = title.as_ref().map_or(heading.first, |title| title.lines.end)..heading.first;
            cases.push(CaseOutline {
                title,
                head,
                sections: Vec::new(),
            });
        }
        if let Some(case) = cases.last_mut() {
            push_section(case, heading, lines.len());
        }
    }
    for section in cases.iter_mut().flat_map(|case| &mut case.sections) {
        let is_last = section.role() == Role::Outcome;
        section.body.end = section_end(lines, section, contents, is_last);
        // Those in a block of facts are not read.
        if section.role() != Role::Information {
            let contacts = labelled::contacts(lines, section.body.clone());
            section.buttons.extend(contacts);
        }
    }
    cases
}

/// Whether a line with the heading of a part behind the cases begins that part: « Contact : M. Un Nom » is of a case.
pub(crate) fn is_back(line: &Line) -> bool {
    fact_line::labelled(&line.bare()).is_none()
}

fn find_headings(lines: &[Line], contents: &Contents) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let found = (!contents.range.contains(&index))
            .then(|| headings::at(lines, index))
            .flatten()
            .filter(|heading| heading.role != Role::Back || is_back(&lines[index]));
        index = found.as_ref().map_or(index + 1, |heading| heading.last + 1);
        headings.extend(found);
    }
    headings
}

fn open_section(cases: &mut [CaseOutline]) -> Option<&mut SectionOutline> {
    cases.last_mut()?.sections.last_mut()
}

/// Adds a section. A heading of the same role as the last one (« Le contexte », « Le besoin ») extends that section.
fn push_section(case: &mut CaseOutline, heading: Heading, end: usize) {
    let body = heading.last + 1..end;
    match case.sections.last_mut().filter(|last| last.role() == heading.role) {
        Some(last) => {
            last.body.end = end;
            last.buttons.push(heading.first..heading.last + 1);
        }
        None => case.sections.push(SectionOutline {
            heading,
            body,
            buttons: Vec::new(),
        }),
    }
}

/// The order of the sections in this booklet.
struct SectionOrder {
    /// Each pair of consecutive roles.
    pairs: Vec<(Role, Role)>,
    opening: Role,
}

impl SectionOrder {
    fn of(headings: &[Heading]) -> Self {
        let roles: Vec<Role> = headings
            .iter()
            .map(|heading| heading.role)
            .filter(|role| *role < Role::End)
            .collect();
        let order = Self {
            pairs: roles.windows(2).map(|pair| (pair[0], pair[1])).collect(),
            opening: Role::Presentation,
        };
        let starts_with_facts = roles.first() == Some(&Role::Information)
            && order.count(Role::Information, Role::Presentation) > order.count(Role::Presentation, Role::Information);
        Self {
            opening: if starts_with_facts {
                Role::Information
            } else {
                Role::Presentation
            },
            ..order
        }
    }

    fn count(&self, first: Role, second: Role) -> usize {
        self.pairs.iter().filter(|pair| **pair == (first, second)).count()
    }

    /// Whether a heading begins a new case.
    fn begins_case(&self, lines: &[Line], case: &CaseOutline, heading: &Heading, has_title: bool) -> bool {
        let Some(last) = case.sections.last() else { return false };
        if last.role() == heading.role {
            return has_title;
        }
        // « # Titre » between two « ## Section ».
        let level = lines[heading.first].level;
        let between = &lines[last.heading.last + 1..heading.first];
        if level.is_some_and(|level| between.iter().any(|line| line.level.is_some_and(|above| above < level))) {
            return true;
        }
        let (before, after) = (
            self.count(last.role(), heading.role),
            self.count(heading.role, last.role()),
        );
        let is_backwards = match before.cmp(&after) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => heading.role < last.role(),
            std::cmp::Ordering::Greater => false,
        };
        heading.role == self.opening || case.has(heading.role) || is_backwards
    }
}

/// The end of a section: the next heading, or an earlier line that begins something else. Text in no case may follow the last
/// section of a case.
pub(crate) fn section_end(lines: &[Line], section: &SectionOutline, contents: &Contents, is_last: bool) -> usize {
    let level = lines[section.heading.first].level;
    let entries: Vec<String> = contents.entries.iter().map(|entry| name_key(&entry.title)).collect();
    let mut has_text = false;
    for index in section.body.clone() {
        let line = &lines[index];
        if line.is_blank() {
            continue;
        }
        let key = name_key(&line.text);
        let is_above = matches!((line.level, level), (Some(above), Some(level)) if above <= level);
        let is_entry = key.contains(' ') && entries.contains(&key);
        if is_above || is_entry || (has_text && is_last && opens_more(lines, index)) {
            return index;
        }
        has_text = true;
    }
    section.body.end
}

/// Whether a line is in capitals and a paragraph follows: text after the last case.
fn opens_more(lines: &[Line], index: usize) -> bool {
    let text = &lines[index].text;
    let is_capital = text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase);
    let next = lines[index + 1..].iter().find(|line| !line.is_blank());
    is_capital
        && text.split(' ').count() >= 3
        && next.is_some_and(|next| item(&next.text).is_none() && next.text.len() > 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booklet::layout::lines::read;

    /// Each case as its title and the first letters of its sections.
    fn cases(text: &str) -> Vec<String> {
        let lines = read(text);
        let letter = |section: &SectionOutline| match section.role() {
            Role::Presentation => 'P',
            Role::Information => 'I',
            Role::Response => 'R',
            _ => 'O',
        };
        let show = |case: &CaseOutline| {
            let title = case.title.as_ref().map_or("", |title| title.text.as_str());
            format!("{title}: {}", case.sections.iter().map(letter).collect::<String>())
        };
        cut(&lines, &Contents::find(&lines), &KnownWords::of(&lines))
            .iter()
            .map(show)
            .collect()
    }

    #[test]
    fn a_case_begins_at_the_title_above_its_first_section() {
        let text = "Livret\n\nUn premier\ntitre sur deux lignes\n\nLe besoin\nTexte.\n\nLes informations clés\nMontant 3 €\n\nLa réponse\nTexte.\n\nLes résultats\n- De un\n- De deux\nqui continue\nLe second titre\nLe besoin\nTexte.\nLes résultats\nTexte.\n";
        assert_eq!(
            cases(text),
            ["Un premier titre sur deux lignes: PIRO", "Le second titre: PO"]
        );
    }

    #[test]
    fn sections_may_come_in_another_order() {
        let one =
            "Titre du cas\n\nFiche d'identité du marché\nMontant 3 €\n\nLe besoin\nTexte.\n\nLa réponse\nTexte.\n\n";
        assert_eq!(cases(&one.repeat(3)), ["Titre du cas: IPR"; 3]);
        let one = "Titre du cas\n\nLe besoin\nTexte.\n\nLa réponse\nTexte.\n\nFiche d'identité\nMontant 3 €\n\nLes résultats\nTexte.\n\n";
        assert_eq!(cases(&one.repeat(3)), ["Titre du cas: PRIO"; 3]);
    }

    #[test]
    fn two_headings_of_one_part_are_one_section() {
        let text = "Titre du cas\n\nLe contexte\nUne phrase.\n\nLe besoin\nUne phrase.\n\nLa réponse\nTexte.\n";
        assert_eq!(cases(text), ["Titre du cas: PR"]);
    }

    #[test]
    fn markdown_headings_begin_cases() {
        let text =
            "# Livret\n\n# Premier cas\n## Le besoin\nTexte.\n# Second cas\n## La réponse\nTexte.\n# Merci\nA tous.\n";
        assert_eq!(cases(text), ["Premier cas: P", "Second cas: R"]);
    }

    #[test]
    fn drops_the_number_of_a_case() {
        for text in [
            "Cas n° 3\nEntretien des parcs",
            "3. Entretien des parcs",
            "Fiche 3 – Entretien des parcs",
            "ENTRETIEN DES PARCS",
        ] {
            assert_eq!(
                cases(&format!("{text}\n\nLe besoin\nTexte.\n")),
                ["Entretien des parcs: P"],
                "{text}"
            );
        }
    }
}
