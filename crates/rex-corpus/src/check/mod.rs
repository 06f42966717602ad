//! Checks a tree of values and makes a [`Record`] of it; reports every problem in one pass.

mod fields;
pub(crate) mod problem;
mod values;

use crate::markdown::comments::without_comments;
use crate::nfc::nfc;
use crate::read::node::{Node, Value};
use crate::record::id::is_record_id;
use crate::record::{CaseType, Nature, Record, Section};
use crate::{Cpv, Euros};

pub use values::NO_VALUE;
pub(crate) use values::{Checker, split};
use values::{Fields, MAX_NAME, MAX_SECTION, MAX_TITLE, distinct};

/// The fields of a record. Only JSON lines have the last one.
pub(crate) const FIELDS: &[&str] = &[
    "id",
    "titre",
    "type",
    "acheteur",
    "titulaires",
    "nature",
    "procedure",
    "reserve",
    "considerations",
    "lots",
    "cpv",
    "montant_ht",
    "duree_mois",
    "territoire",
    "themes",
    "date",
    "source",
    "anomalies",
    "sections",
];

/// Where a record comes from. It decides the id of a record that gives none.
pub(crate) enum Origin {
    /// A file of its own, with its default id.
    File { id: String },
    /// A line of a bulk file. It must give its id, and holds its sections.
    Line,
}

impl Checker<'_> {
    /// The record of a tree. `None` if anything in it is wrong.
    pub(crate) fn record(mut self, root: &Node, origin: Origin) -> Option<Record> {
        let known = match origin {
            Origin::File { .. } => &FIELDS[..FIELDS.len() - 1],
            Origin::Line => FIELDS,
        };
        let (before, notes_before) = (self.findings.problems.len(), self.findings.notes.len());
        let fields = self.fields_or_none(root, known)?;
        let default_id = match origin {
            Origin::File { id } => Some(id),
            Origin::Line => None,
        };
        let id = self.id(&fields, default_id);
        let titre = self.required(&fields, "titre", MAX_TITLE);
        let record = Record {
            id: id.unwrap_or_default(),
            titre: titre.unwrap_or_default(),
            case_type: self
                .labelled(fields.get("type"), "type", CaseType::LABELS, CaseType::from_label)
                .unwrap_or_default(),
            acheteur: fields.get("acheteur").and_then(|node| self.party(node)),
            titulaires: self.list(fields.get("titulaires"), Self::party),
            nature: self.labelled(fields.get("nature"), "nature", Nature::LABELS, Nature::from_label),
            procedure: fields.get("procedure").and_then(|node| self.procedure(node)),
            reserve: self.reserve(fields.get("reserve")),
            considerations: distinct(self.split_names(fields.get("considerations"))),
            lots: fields.get("lots").and_then(|node| self.lots(node)),
            cpv: fields.get("cpv").and_then(|node| self.scalar(node, Cpv::parse)),
            montant_ht: fields
                .get("montant_ht")
                .and_then(|node| self.scalar(node, Euros::from_typed)),
            duree_mois: fields.get("duree_mois").and_then(|node| self.months(node)),
            territoire: self.territory(fields.get("territoire")),
            themes: distinct(self.split_names(fields.get("themes"))),
            date: fields.get("date").and_then(|node| self.date(node)),
            source: fields.get("source").and_then(|node| self.source(node)),
            anomalies: distinct(self.names(fields.get("anomalies"))),
            sections: self.list(fields.get("sections"), Self::section),
        };
        self.findings.problems[before..].sort_by_key(|problem| problem.line);
        self.findings.notes[notes_before..].sort_by_key(|note| note.line);
        (self.findings.problems.len() == before).then_some(record)
    }

    fn id(&mut self, fields: &Fields<'_>, default: Option<String>) -> Option<String> {
        let (id, line, remedy) = match (fields.get("id"), default) {
            (Some(node), _) => (self.text(node, MAX_NAME)?, node.line, ""),
            (None, Some(id)) => (nfc(&id), fields.line, "; rename the file, or set the field \"id\""),
            (None, None) => {
                self.report(fields.line, "no field \"id\", expected one that no other record has");
                return None;
            }
        };
        if is_record_id(&id) {
            return Some(id);
        }
        // Within 300 characters, of several bytes each, the length may be what is wrong.
        let expected = "expected at most 300 bytes of letters, digits, dashes and underscores, as it is part of the address of the case";
        self.report(line, format!("\"{id}\" cannot be an id, {expected}{remedy}"));
        None
    }

    /// A heading, a text, or both: a heading may have no text below it, and text may precede the first heading.
    fn section(&mut self, node: &Node) -> Option<Section> {
        let fields = self.fields(node, &["titre", "texte"])?;
        let given = |name: &str| {
            fields
                .get(name)
                .filter(|node| node.value != Value::Scalar(String::new()))
        };
        let titre = given("titre").and_then(|node| self.words(node, MAX_TITLE));
        let texte = given("texte").and_then(|node| self.words(node, MAX_SECTION));
        if titre.is_none() && texte.is_none() {
            self.report(node.line, "a section without titre or texte, expected one of them");
            return None;
        }
        let texte = texte.unwrap_or_default();
        let texte = without_comments(&texte).trim().to_owned();
        let titre = titre.unwrap_or_default();
        // A section of comments only is dropped.
        (!(titre.is_empty() && texte.is_empty())).then_some(Section { titre, texte })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::values::MAX_LIST;
    use super::*;
    use crate::read::yaml;

    fn check(yaml: &str) -> Result<Record, Vec<String>> {
        let mut findings = problem::Findings::default();
        let root = yaml::parse(yaml).unwrap();
        let id = "un-cas".to_owned();
        let record = Checker::new(Path::new("a.md"), &mut findings).record(&root, Origin::File { id });
        record.ok_or_else(|| findings.problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn reads_every_field() {
        let record = check(
            "titre: T\ntype: marche\nacheteur: {nom: A, siret: 213 105 554 00017}\ntitulaires:\n  - {nom: H, structure: SCOP}\n  - {nom: I, structure: [Association, SIAE, SIAE]}\nnature: Services\nprocedure: procedure adaptee\nreserve: siae\nconsiderations: [clause sociale]\nlots: {nombre: 3, reserves: 1}\ncpv: 75231240\nmontant_ht: 350000\nduree_mois: 12\nterritoire: [Occitanie]\nthemes: [a, b, a]\ndate: 2023\nsource: {titre: S, url: https://x.fr, page: 6}\nanomalies: [durée de 0 mois]\n",
        )
        .unwrap();
        let json = serde_json::to_value(&record).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "id": "un-cas", "titre": "T", "type": "marche",
                "acheteur": {"nom": "A", "siret": "21310555400017"},
                "titulaires": [{"nom": "H", "structure": "SCOP"}, {"nom": "I", "structure": ["Association", "SIAE"]}],
                "nature": "services", "procedure": "Procédure adaptée", "reserve": ["SIAE"],
                "considerations": ["clause sociale"], "lots": {"nombre": 3, "reserves": 1},
                "cpv": "75231240-8", "montant_ht": 350_000, "duree_mois": 12, "territoire": ["Occitanie"],
                "themes": ["a", "b"], "date": "2023", "source": {"titre": "S", "url": "https://x.fr", "page": 6},
                "anomalies": ["durée de 0 mois"]
            })
        );
        assert_eq!(serde_json::from_value::<Record>(json).unwrap(), record);
    }

    #[test]
    fn reports_every_problem_at_once() {
        let problems = check(
            "titre: T\nprocedure: MAPPA\ncpv: 75231240-9\nmontant_ht: -5\nduree_mois: 0\nmontent: 3\nlots: {nombre: 2, reserves: 3}\nsource: {url: 'javascript:alert(1)'}\nterritoire: [a, b, c, d]\nacheteur: [Toulouse]\nnature: service\ndate: 2023-02-30\nacheteurs: x\n",
        )
        .unwrap_err();
        let expected = [
            "a.md:2: unknown procedure \"MAPPA\", expected one of: ",
            "a.md:3: bad CPV check digit in \"75231240-9\"",
            "a.md:4: negative amount -5, expected 0 or more euros before tax",
            "a.md:5: \"0\" is not right here, expected a whole number of months, 1 to 1188",
            "a.md:6: unknown key \"montent\", the nearest is \"montant_ht\"",
            "a.md:7: \"3\" is not right here, expected as many reserved lots",
            "a.md:8: \"javascript:alert(1)\" is not a web address",
            "a.md:9: 4 levels of territory",
            "a.md:10: a list, expected the fields nom, siret, structure",
            "a.md:11: unknown nature \"service\", expected one of the 3 known ones; the nearest is \"services\"",
            "a.md:12: \"2023-02-30\" is not a date",
            "a.md:13: unknown key \"acheteurs\", the nearest is \"acheteur\"",
        ];
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        for (problem, start) in problems.iter().zip(expected) {
            assert!(problem.starts_with(start), "{problem}\n  should start with\n{start}");
        }
    }

    #[test]
    fn accents_apart_from_their_letters_join_them() {
        let record = check("titre: De\u{301}chets\nterritoire: I\u{302}le-de-France").unwrap();
        assert_eq!(
            (record.titre.as_str(), record.territoire[0].as_str()),
            ("Déchets", "Île-de-France")
        );
    }

    #[test]
    fn bounds_what_a_field_holds() {
        let long = "x".repeat(MAX_TITLE + 1);
        let themes = "t, ".repeat(MAX_LIST + 1);
        for (yaml, expected) in [
            (
                format!("titre: {long}"),
                "a text of 1001 characters, expected at most 1000",
            ),
            (format!("titre: T\nthemes: [{themes}]"), "values, expected at most 100"),
            ("titre: ''".to_owned(), "an empty text"),
            ("titre: T\nid: ../x".to_owned(), "\"../x\" cannot be an id, expected"),
            ("titre: [a]".to_owned(), "a list, expected a single value"),
        ] {
            let problems = check(&yaml).unwrap_err();
            assert!(problems[0].contains(expected), "{problems:?}");
        }
    }
}
