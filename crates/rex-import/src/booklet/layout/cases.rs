//! Cuts a booklet into cases and each case into sections, by the headings that repeat.

use std::ops::Range;

use crate::booklet::layout::contents::{Contents, likeness};
use crate::booklet::layout::headings::{self, Heading, Role};
use crate::booklet::layout::lines::{KnownWords, Line, ends_sentence, item};
use rex_corpus::name_key;

/// A case, as line indexes.
#[derive(Debug, Default)]
pub(crate) struct CaseOutline {
    pub(crate) title: Option<Title>,
    pub(crate) sections: Vec<SectionOutline>,
}

/// The title above the first section of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Title {
    pub(crate) lines: Range<usize>,
    pub(crate) text: String,
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
        let first = self.sections.first().map_or(0, |section| section.heading.first);
        self.title.as_ref().map_or(first, |title| title.lines.start)
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
        let title = title_above(lines, heading.first, floor, contents, words);
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
            cases.push(CaseOutline {
                title,
                sections: Vec::new(),
            });
        }
        if let Some(case) = cases.last_mut() {
            push_section(case, heading, lines.len());
        }
    }
    for section in cases.iter_mut().flat_map(|case| &mut case.sections) {
        section.body.end = section_end(lines, section, contents);
    }
    cases
}

fn find_headings(lines: &[Line], contents: &Contents) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let found = (!contents.range.contains(&index))
            .then(|| headings::at(lines, index))
            .flatten();
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

/// The title above the first section of a case: the nearest block of lines that looks like one.
fn title_above(lines: &[Line], heading: usize, floor: usize, contents: &Contents, words: &KnownWords) -> Option<Title> {
    const BLOCKS: usize = 3;
    let mut found: Vec<Title> = Vec::new();
    let mut end = heading;
    while found.len() < BLOCKS {
        while end > floor && lines[end - 1].is_blank() {
            end -= 1;
        }
        if end <= floor {
            break;
        }
        let start = (floor..end)
            .rev()
            .take_while(|index| !lines[*index].is_blank())
            .last()
            .unwrap_or(end);
        let whole = start..end;
        let lines_of_title = title_lines(lines, whole.clone());
        let Some(title) = lines_of_title else { break };
        let is_part = title.start > whole.start;
        let is_marked = lines[title.clone()].iter().any(|line| line.level.is_some());
        let joined: Vec<String> = lines[title.clone()].iter().map(Line::bare).collect();
        found.push(Title {
            text: title_text(&joined, words),
            lines: title,
        });
        if is_part || is_marked {
            break;
        }
        end = start;
    }
    let known = |title: &&Title| {
        contents
            .entries
            .iter()
            .any(|entry| likeness(&title.text, &entry.title) > 0.5)
    };
    let count = |title: &Title| title.text.split(' ').count();
    let listed = found.iter().find(known).cloned();
    let first = found.first().cloned()?;
    let longer = found
        .iter()
        .find(|title| count(title) > 3)
        .cloned()
        .filter(|_| count(&first) < 3);
    listed.or(longer).or(Some(first))
}

/// The lines of a block that can be a title: the whole block, or the lines below the end of a list or a paragraph.
fn title_lines(lines: &[Line], block: Range<usize>) -> Option<Range<usize>> {
    const MOST_LINES: usize = 4;
    const LONGEST: usize = 250;
    if let Some(marked) = block.clone().rev().find(|index| lines[*index].level.is_some()) {
        return (marked + 1 == block.end).then_some(marked..marked + 1);
    }
    let is_text = |index: &usize| {
        let text = &lines[*index].text;
        let asks = text.ends_with(['?', '!']) && text.chars().count() < 120;
        (ends_sentence(text) && !asks) || item(text).is_some()
    };
    let text_end = block.clone().rev().find(is_text).map_or(block.start, |index| index + 1);
    // A continuation line of a list or a paragraph begins in lower case.
    let starts = |index: &usize| !lines[*index].text.starts_with(char::is_lowercase);
    let start = if text_end > block.start {
        (text_end..block.end).find(starts)?
    } else {
        block.start
    };
    let start = (start..block.end).find(|index| !is_kicker(&lines[*index].text))?;
    let length: usize = lines[start..block.end]
        .iter()
        .map(|line| line.text.chars().count())
        .sum();
    let is_title = start < block.end && block.end - start <= MOST_LINES && (3..=LONGEST).contains(&length);
    is_title.then_some(start..block.end)
}

/// Whether a line only numbers a case: « Cas n° 3 », « Retour d'expérience 2 », « 03 ».
fn is_kicker(text: &str) -> bool {
    const KINDS: &[&str] = &[
        "cas",
        "fiche",
        "exemple",
        "retour",
        "experience",
        "temoignage",
        "rex",
        "n",
        "no",
        "numero",
        "d",
    ];
    let key = name_key(text);
    let mut words = key.split(' ').filter(|word| !word.is_empty());
    words.all(|word| KINDS.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The lines of a title as one text, without the number of the case, in sentence case.
fn title_text(lines: &[String], words: &KnownWords) -> String {
    let mut text = String::new();
    lines.iter().for_each(|line| words.join(&mut text, line));
    let text = without_number(&text);
    crate::booklet::layout::cover::sentence_case_of(text.trim())
}

/// « Cas n° 3 : Titre », « 3. Titre », « Fiche 3 – Titre ».
fn without_number(text: &str) -> &str {
    const MARKS: [char; 6] = [':', '.', '–', '—', '-', ')'];
    let Some((number, title)) = text.split_once(MARKS) else {
        return text;
    };
    let digits = number.chars().any(|c| c.is_ascii_digit());
    if digits && is_kicker(number) && title.trim().chars().count() > 3 {
        title.trim()
    } else {
        text
    }
}

/// The end of a section: the next heading, or an earlier line that begins something else.
fn section_end(lines: &[Line], section: &SectionOutline, contents: &Contents) -> usize {
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
        if is_above || is_entry || (has_text && section.role() == Role::Outcome && opens_more(lines, index)) {
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
