//! A case as its author writes it: YAML front matter, then sections of Markdown.

pub(crate) mod comments;
mod footnotes;
pub(crate) mod front_matter;
pub(crate) mod hidden;
pub(crate) mod parser;
mod plain_text;
mod sections;

use std::path::Path;

pub use parser::parser;
pub use plain_text::plain_text;

use self::front_matter::{Language, split};
use self::sections::sections;
use crate::check::problem::Findings;
use crate::check::{Checker, Origin};
use crate::foreign::adapt::{Adapted, adapt};
use crate::foreign::names::FileName;
use crate::read::node::{Node, Value};
use crate::read::yaml::ParseError;
use crate::read::{mend, toml, yaml};
use crate::record::Record;

/// Reads one Markdown file. `None` if it has a problem, which is added to `findings`, or is a draft.
pub(crate) fn read(path: &Path, text: &str, findings: &mut Findings) -> Option<Record> {
    let before = findings.problems.len();
    let split = split(text).map_err(|message| findings.problem(path, 1, message)).ok()?;
    let parsed = match split.language {
        Language::Yaml => parsed_yaml(split.front_matter),
        Language::Toml => toml::parse(split.front_matter).map(|root| (root, false)),
        Language::None => Ok((empty(), false)),
    };
    let (mut root, is_mended) = parsed
        .map_err(|error| findings.problem(path, error.line + split.lines_before, error.message))
        .ok()?;
    root.shift(split.lines_before);
    let body_line = (split.language == Language::None).then_some(split.lines_before + 1);
    let Adapted {
        body,
        id,
        mut said,
        problems,
        is_list,
        draft,
    } = adapt(&mut root, split.body, &FileName::of(path), body_line);
    if let Some(draft) = draft {
        findings.note(path, 1, format!("a draft ({draft}), it is not published"));
        findings.is_draft = true;
        return None;
    }
    if is_list {
        findings.note(path, 1, "a page of Hugo that lists others, it is no case");
        findings.is_draft = true;
        return None;
    }
    if is_mended {
        said.push("tabs are read as spaces and values with \" : \" as texts, expected spaces and quotes".to_owned());
    }
    if !said.is_empty() {
        findings.note(path, 1, said.join("; "));
    }
    for (line, message) in problems {
        findings.problem(path, line, message);
    }
    let mut record = Checker::new(path, findings).record(&root, Origin::File { id })?;
    record.sections = sections(&body);
    (findings.problems.len() == before).then_some(record)
}

fn empty() -> Node {
    Node {
        line: 1,
        value: Value::Null,
    }
}

/// YAML, and whether it had to be mended.
fn parsed_yaml(text: &str) -> Result<(Node, bool), ParseError> {
    let error = match yaml::parse(text) {
        Ok(root) => return Ok((root, false)),
        Err(error) => error,
    };
    let Some(mended) = mend::mended(text) else {
        return Err(error);
    };
    match yaml::parse(&mended) {
        Ok(root) => Ok((root, true)),
        // The first error that cannot be mended.
        Err(later) if later.line > error.line => Err(later),
        Err(_) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::plain_text::plain_text;
    use super::*;

    fn read_one(text: &str) -> Result<Record, Vec<String>> {
        let mut findings = Findings::default();
        let record = read(Path::new("c/un-cas.md"), text, &mut findings);
        record.ok_or_else(|| findings.problems.iter().map(ToString::to_string).collect())
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

    proptest::proptest! {
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
                    let mut findings = Findings::default();
                    let again = crate::read::jsonl::read(Path::new("x.jsonl"), 1, line.as_bytes(), &mut findings);
                    proptest::prop_assert_eq!(findings.problems, []);
                    proptest::prop_assert_eq!(again.map(|again| again.territoire), Some(record.territoire));
                }
                Err(problems) => proptest::prop_assert!(!problems.is_empty()),
            }
        }
    }
}
