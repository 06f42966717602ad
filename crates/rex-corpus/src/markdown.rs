//! A case as its author writes it: YAML front matter, then sections of Markdown.

mod comments;
mod hidden;
mod notes;

use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::check::{Checker, Origin};
use crate::nfc::nfc;
use crate::problem::Problem;
use crate::record::{Record, Section};
use crate::yaml;

pub(crate) use comments::without_comments;
pub(crate) use hidden::{in_file as hidden_in_file, in_text as hidden_in_text};
use notes::Notes;

const FENCE: &str = "---";
/// Between the cells of a row in a plain text.
const CELLS_APART: &str = " | ";

/// Reads one Markdown file. Every problem is added to `problems`; `None` when there was one.
pub(crate) fn read(path: &Path, text: &str, problems: &mut Vec<Problem>) -> Option<Record> {
    let before = problems.len();
    let (front_matter, body) = split(text)
        .map_err(|message| problems.push(Problem::at(path, 1, message)))
        .ok()?;
    let root = match yaml::parse(front_matter) {
        Ok(mut root) => {
            root.shift(1);
            root
        }
        Err(error) => {
            problems.push(Problem::at(path, error.line + 1, error.message));
            return None;
        }
    };
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut record = Checker::new(path, problems).record(
        &root,
        Origin::File {
            stem: stem.unwrap_or_default(),
        },
    )?;
    record.sections = sections(body);
    (problems.len() == before).then_some(record)
}

/// The front matter and what follows it.
///
/// # Errors
/// Why there is none.
fn split(text: &str) -> Result<(&str, &str), &'static str> {
    if text.trim().is_empty() {
        return Err("the file is empty, expected front matter between two lines \"---\", then the text");
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(rest) = strip_fence(text) else {
        return Err("no front matter, expected a first line \"---\", the fields, and a closing line \"---\"");
    };
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if let Some(body) = strip_fence(&rest[end..]) {
            return Ok((&rest[..end], body));
        }
        end += line.len();
    }
    Err("the front matter is not closed, expected a second line \"---\" after the fields")
}

fn strip_fence(text: &str) -> Option<&str> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end() == FENCE).then_some(rest)
}

/// The events of a text in the Markdown of Rex: CommonMark, with the tables and the footnotes of GitHub.
pub fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES)
}

/// Cuts a body at its headings of the first two levels, its comments taken out. Text before any heading is a section with an empty
/// title; a footnote goes with the sections that refer to it.
fn sections(body: &str) -> Vec<Section> {
    let body = without_comments(body);
    let Outline { headings, notes } = outline(&body);
    let mut sections = Vec::new();
    let mut copied = 0;
    let mut title = String::new();
    let mut start = 0;
    let end = body.len();
    for (range, heading) in headings.into_iter().chain([(end..end, String::new())]) {
        push_section(
            &mut sections,
            &title,
            &notes.section(&body, start..range.start, &mut copied),
        );
        title = heading;
        start = range.end;
    }
    sections
}

fn push_section(sections: &mut Vec<Section>, title: &str, text: &str) {
    let (title, text) = (title.trim(), text.trim());
    if !(title.is_empty() && text.is_empty()) {
        sections.push(Section {
            // As the fields and JSON lines are read: accents joined to their letters.
            titre: nfc(title),
            texte: nfc(text),
        });
    }
}

/// What a body is cut by.
struct Outline {
    /// The headings of the first two levels that stand in no list, no quotation and no footnote, with what they say.
    headings: Vec<(Range<usize>, String)>,
    /// The footnotes that stand in none of them either.
    notes: Notes,
}

fn outline(body: &str) -> Outline {
    let mut headings: Vec<(Range<usize>, String)> = Vec::new();
    let mut notes = Notes::default();
    let mut is_inside = false;
    let mut nesting = 0;
    for (event, range) in parser(body).into_offset_iter() {
        match event {
            Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => nesting += 1,
            Event::Start(Tag::FootnoteDefinition(label)) => {
                if nesting == 0 {
                    notes.define(&label, range);
                }
                nesting += 1;
            }
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition) => nesting -= 1,
            Event::FootnoteReference(label) => notes.refer(&label, range.start),
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1 | HeadingLevel::H2,
                ..
            }) if nesting == 0 => {
                is_inside = true;
                headings.push((range, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => is_inside = false,
            event => {
                if let Some((_, title)) = headings.last_mut().filter(|_| is_inside) {
                    push_words(&event, title);
                }
            }
        }
    }
    Outline { headings, notes }
}

/// The words an event brings, HTML as it is typed.
fn push_words(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(part),
        // A word cut at the end of a line is told from two words by the line break.
        Event::SoftBreak => text.push(if text.ends_with(['-', '\u{ad}', '\u{2010}']) {
            '\n'
        } else {
            ' '
        }),
        _ => {}
    }
}

/// The words of a Markdown text, without its marks: paragraphs, list items, footnotes and rows of tables are separated by line
/// breaks, the cells of a row by bars.
///
/// HTML in the source stays as it is typed, for whoever shows the text to escape.
pub fn plain_text(markdown: &str) -> String {
    if paragraphs(markdown).all(has_no_mark) {
        let lines: Vec<_> = paragraphs(markdown).map(|text| text.trim_end_matches(' ')).collect();
        return lines.join("\n");
    }
    parsed_text(markdown)
}

fn parsed_text(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in parser(markdown) {
        let ends_line = matches!(
            event,
            Event::HardBreak
                | Event::Rule
                | Event::End(
                    TagEnd::Paragraph
                        | TagEnd::Item
                        | TagEnd::Heading(_)
                        | TagEnd::TableHead
                        | TagEnd::TableRow
                        | TagEnd::FootnoteDefinition
                )
        );
        if matches!(event, Event::End(TagEnd::TableHead | TagEnd::TableRow)) {
            // Rows that lack cells are filled up with empty ones.
            while text.ends_with(CELLS_APART) {
                text.truncate(text.len() - CELLS_APART.len());
            }
        }
        let is_within_line = !text.is_empty() && !text.ends_with('\n');
        if ends_line && is_within_line {
            text.push('\n');
        }
        if matches!(event, Event::Start(Tag::TableCell)) && is_within_line {
            text.push_str(CELLS_APART);
        }
        push_words(&event, &mut text);
    }
    text.truncate(text.trim_end().len());
    text
}

fn paragraphs(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.split("\n\n")
}

/// Whether a paragraph is one line that nothing of Markdown can be in, as most of those in bulk records are.
fn has_no_mark(text: &str) -> bool {
    let is_plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | ';' | '.' | '\'' | '’' | '(' | ')' | '-' | '/' | '°');
    text.starts_with(char::is_alphabetic) && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(text: &str) -> Result<Record, Vec<String>> {
        let mut problems = Vec::new();
        let record = read(Path::new("c/un-cas.md"), text, &mut problems);
        record.ok_or_else(|| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn reads_front_matter_and_sections() {
        let record = read_one(
            "---\r\ntitre: \"Ramassage : cartons\"\r\ncpv: 75231240-8\r\n---\r\nAvant.\r\n\r\n## Le *marché* <b>\r\n\r\n- ## dans une liste\r\n\r\n> ## dans une citation\r\n\r\nTexte.\r\n\r\n```\n## pas un titre\n```\n### Détail\n\n## Suite\n",
        )
        .unwrap();
        assert_eq!(
            (record.id.as_str(), record.titre.as_str()),
            ("un-cas", "Ramassage : cartons")
        );
        let titles: Vec<_> = record.sections.iter().map(|section| section.titre.as_str()).collect();
        assert_eq!(titles, ["", "Le marché <b>", "Suite"]);
        assert!(record.sections[1].texte.contains("## pas un titre"));
    }

    /// Found by fuzzing: a vertical tab that begins a heading is a space to JSON lines, and was none here.
    #[test]
    fn a_heading_has_no_space_around_it() {
        let record = read_one("---\ntitre: A\n---\n## \u{b}Suite\u{b}\n\n## \u{b}\n").unwrap();
        let titles: Vec<_> = record.sections.iter().map(|section| section.titre.as_str()).collect();
        assert_eq!(titles, ["Suite"]);
    }

    /// Found by fuzzing: written as a JSON line, such a case was read as another one.
    #[test]
    fn accents_of_the_text_are_joined_to_their_letters() {
        let record = read_one("---\ntitre: De\u{301}chets\n---\n## Re\u{301}sultat\nUn e\u{301}te\u{301}.\n").unwrap();
        let [section] = &record.sections[..] else {
            panic!("one section");
        };
        assert_eq!(
            (section.titre.as_str(), section.texte.as_str()),
            ("Résultat", "Un été.")
        );
    }

    #[test]
    fn comments_are_in_no_section() {
        let record = read_one(
            "---\ntitre: A\n---\n<!-- à relire\n\n## Caché\n-->\nAvant <!-- non --> après.\n\n## Suite <!-- titre ? -->\n\n<!-- rien -->\n",
        )
        .unwrap();
        let sections: Vec<_> = record
            .sections
            .iter()
            .map(|one| (one.titre.as_str(), one.texte.as_str()))
            .collect();
        assert_eq!(sections, [("", "Avant  après."), ("Suite", "")]);
    }

    #[test]
    fn a_footnote_goes_with_the_section_that_refers_to_it() {
        let record = read_one(
            "---\ntitre: A\n---\n## Un\n\nDit[^a], et dit[^Là].\n\n## Deux\n\nIci[^2].\n\n[^2]: Deuxième.\n\n[^a]: Première,\n    suite.\n\n[^là]: Voir[^2].\n[^z]: Seule.\n",
        )
        .unwrap();
        let [one, two] = &record.sections[..] else {
            panic!("two sections")
        };
        assert_eq!(
            one.texte,
            "Dit[^a], et dit[^Là].\n\n[^a]: Première,\n    suite.\n\n[^là]: Voir[^2].\n\n[^2]: Deuxième."
        );
        assert_eq!(two.texte, "Ici[^2].\n\n[^2]: Deuxième.\n\n[^z]: Seule.");
        assert_eq!(plain_text(&two.texte), "Ici.\nDeuxième.\nSeule.");
    }

    #[test]
    fn a_heading_in_a_footnote_begins_no_section() {
        let record = read_one("---\ntitre: A\n---\n## Un\n\nDit[^a].\n\n[^a]: ## Non\n").unwrap();
        assert_eq!(record.sections.len(), 1);
    }

    #[test]
    fn many_references_to_a_long_footnote_stay_small() {
        let note = "mot ".repeat(20_000);
        let body: String = (0..900).map(|rank| format!("## S{rank}\n\nDit[^a].\n\n")).collect();
        let record = read_one(&format!("---\ntitre: A\n---\n{body}[^a]: {note}\n")).unwrap();
        let bytes: usize = record.sections.iter().map(|section| section.texte.len()).sum();
        assert!(bytes < 300_000, "{bytes}");
    }

    #[test]
    fn says_what_is_missing_and_where() {
        for (text, expected) in [
            ("", "c/un-cas.md:1: the file is empty"),
            ("  \n", "c/un-cas.md:1: the file is empty"),
            ("## Titre\n", "c/un-cas.md:1: no front matter"),
            ("---\ntitre: a\n", "c/un-cas.md:1: the front matter is not closed"),
            ("---\n---\n", "c/un-cas.md:2: no field \"titre\""),
            (
                "---\ntitre: a\nx: b: c\n---\n",
                "c/un-cas.md:3: the front matter is not valid YAML",
            ),
        ] {
            let problems = read_one(text).unwrap_err();
            assert!(
                problems.len() == 1 && problems[0].starts_with(expected),
                "{text:?}: {problems:?}"
            );
        }
    }

    #[test]
    fn keeps_words_and_drops_marks() {
        let text = plain_text("Un **mot** et\nun [lien](https://x.fr).\n\n- un\n- deux\n\n<b>gras</b> `code`");
        assert_eq!(text, "Un mot et un lien.\nun\ndeux\n<b>gras</b> code");
    }

    #[test]
    fn a_table_is_read_row_by_row() {
        let table = "Avant.\n\n| Lot | Montant |\n|:----|--------:|\n| *Tri* | 10 € |\n| a \\| b |\n\nAprès.";
        assert_eq!(plain_text(table), "Avant.\nLot | Montant\nTri | 10 €\na | b\nAprès.");
        assert_eq!(plain_text("a | b, sans plus"), "a | b, sans plus");
    }

    proptest::proptest! {
        #[test]
        fn words_without_marks_are_what_they_say(text in "[a-zé][a-zé0-9 ,;.'’()/°-]{0,30}(\n\n[a-zé][a-z0-9 .-]{0,20}){0,2}") {
            proptest::prop_assert!(paragraphs(&text).all(has_no_mark));
            proptest::prop_assert_eq!(plain_text(&text), parsed_text(&text));
        }

        /// Any front matter is a record or problems that say where, never neither, and a record is one that JSON lines take.
        #[test]
        fn front_matter_is_read_or_refused(
            fields in proptest::collection::vec(
                ("(titre|id|type|acheteur|titulaires|nature|procedure|reserve|lots|cpv|montant_ht|duree_mois|territoire|themes|date|source|x)",
                 "( [a-z0-9éÉ'\"\\[\\]{},.:#&*|>-]{0,30}|\n  - [a-z:]{0,9}|\n  nom: [a-zé ]{1,9})"),
                0..8,
            ),
            body in "(#|##|-|>|`|[a-zé\n ]){0,40}",
        ) {
            let fields: String = fields.iter().map(|(key, value)| format!("{key}:{value}\n")).collect();
            let text = format!("---\ntitre: T\n{fields}---\n{body}");
            match read_one(&text) {
                Ok(record) => {
                    let line = serde_json::to_string(&record).unwrap();
                    let mut problems = Vec::new();
                    crate::jsonl::read(Path::new("x.jsonl"), 1, line.as_bytes(), &mut problems);
                    proptest::prop_assert_eq!(problems, []);
                }
                Err(problems) => proptest::prop_assert!(!problems.is_empty()),
            }
        }
    }
}
