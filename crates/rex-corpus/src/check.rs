//! From a tree of values to a [`Record`], saying everything that is wrong with it at once.

use std::fmt::Display;
use std::path::Path;

use crate::markdown::without_comments;
use crate::nfc::nfc;
use crate::node::{Node, Value};
use crate::problem::Problem;
use crate::record::{CaseType, Lots, Nature, Party, Record, Reserve, Section, Source};
use crate::vocabulary::{VocabularyError, nearest};
use crate::{Cpv, Date, Euros, Procedure};

/// Bounds on what one field may hold, in characters or values: real cases stay far below.
const MAX_NAME: usize = 300;
const MAX_TITLE: usize = 1_000;
const MAX_SECTION: usize = 500_000;
const MAX_LIST: usize = 100;

/// What a search selects the records without a value by (`theme=non-renseigne`): no value can be called so.
pub const NO_VALUE: &str = "non-renseigne";

/// 99 years, the longest lease the law knows (bail emphytéotique, Code général des collectivités territoriales, L1311-2).
const MAX_MONTHS: u32 = 1_188;

/// Where a record comes from, which says what its id is when it names none.
pub(crate) enum Origin {
    /// A file of its own, named by its stem.
    File { stem: String },
    /// A line of a bulk file: it has to name its id, and brings its sections along.
    Line,
}

/// Checks the values of one record, adding what is wrong to a list.
pub(crate) struct Checker<'a> {
    path: &'a Path,
    problems: &'a mut Vec<Problem>,
}

/// The fields of a map that are known, by name.
struct Fields<'a> {
    line: usize,
    entries: Vec<(&'static str, &'a Node)>,
}

impl<'a> Fields<'a> {
    /// The value of a field, where it has one.
    fn get(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, node)| *node)
    }
}

impl<'a> Checker<'a> {
    pub(crate) fn new(path: &'a Path, problems: &'a mut Vec<Problem>) -> Self {
        Self { path, problems }
    }

    /// The record of a tree; `None` when anything in it is wrong.
    pub(crate) fn record(mut self, root: &Node, origin: Origin) -> Option<Record> {
        const FRONT_MATTER: &[&str] = &[
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
        let known = match origin {
            Origin::File { .. } => &FRONT_MATTER[..FRONT_MATTER.len() - 1],
            Origin::Line => FRONT_MATTER,
        };
        let before = self.problems.len();
        let fields = self.fields_or_none(root, known)?;
        let stem = match origin {
            Origin::File { stem } => Some(stem),
            Origin::Line => None,
        };
        let id = self.id(&fields, stem);
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
            procedure: fields
                .get("procedure")
                .and_then(|node| self.scalar(node, Procedure::parse)),
            reserve: distinct(self.list(fields.get("reserve"), |check, node| {
                check.labelled(Some(node), "reserve", Reserve::LABELS, Reserve::from_label)
            })),
            considerations: distinct(self.names(fields.get("considerations"))),
            lots: fields.get("lots").and_then(|node| self.lots(node)),
            cpv: fields.get("cpv").and_then(|node| self.scalar(node, Cpv::parse)),
            montant_ht: fields
                .get("montant_ht")
                .and_then(|node| self.scalar(node, Euros::parse)),
            duree_mois: fields
                .get("duree_mois")
                .and_then(|node| self.integer(node, MAX_MONTHS, "a whole number of months")),
            territoire: self.territory(fields.get("territoire")),
            themes: distinct(self.names(fields.get("themes"))),
            date: fields.get("date").and_then(|node| self.scalar(node, Date::parse)),
            source: fields.get("source").and_then(|node| self.source(node)),
            anomalies: distinct(self.names(fields.get("anomalies"))),
            sections: self.list(fields.get("sections"), Self::section),
        };
        self.problems[before..].sort_by_key(|problem| problem.line);
        (self.problems.len() == before).then_some(record)
    }

    fn id(&mut self, fields: &Fields<'_>, stem: Option<String>) -> Option<String> {
        let (id, line) = match (fields.get("id"), stem) {
            (Some(node), _) => (self.text(node, MAX_NAME)?, node.line),
            (None, Some(stem)) => (nfc(&stem), fields.line),
            (None, None) => {
                self.report(fields.line, "no field \"id\", expected one that no other record has");
                return None;
            }
        };
        let forbidden = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '/' | '\\' | '?' | '#' | '%');
        if id.is_empty() || id.len() > MAX_NAME || id.starts_with('.') || id.chars().any(forbidden) {
            let expected = "expected letters, digits, dashes and underscores, as it is part of the address of the case";
            self.report(line, format!("\"{id}\" cannot be an id, {expected}"));
            return None;
        }
        Some(id)
    }

    fn party(&mut self, node: &Node) -> Option<Party> {
        let fields = self.fields(node, &["nom", "siret", "structure"])?;
        Some(Party {
            nom: self.required(&fields, "nom", MAX_NAME)?,
            siret: fields.get("siret").and_then(|node| self.scalar(node, siret)),
            structure: distinct(self.names(fields.get("structure"))),
        })
    }

    fn lots(&mut self, node: &Node) -> Option<Lots> {
        let fields = self.fields(node, &["nombre", "reserves"])?;
        let Some(nombre) = fields.get("nombre") else {
            self.report(
                node.line,
                "no field \"nombre\" in lots, expected how many lots there are",
            );
            return None;
        };
        let nombre = self.integer(nombre, 10_000, "a number of lots")?;
        let reserves = fields.get("reserves").and_then(|node| {
            self.scalar(node, |text| {
                whole(text, 0, nombre, "as many reserved lots as there are, or fewer")
            })
        });
        Some(Lots { nombre, reserves })
    }

    fn source(&mut self, node: &Node) -> Option<Source> {
        let fields = self.fields(node, &["titre", "editeur", "url", "page"])?;
        Some(Source {
            titre: fields.get("titre").and_then(|node| self.text(node, MAX_TITLE)),
            editeur: fields.get("editeur").and_then(|node| self.text(node, MAX_NAME)),
            url: fields.get("url").and_then(|node| self.scalar(node, web_address)),
            page: fields
                .get("page")
                .and_then(|node| self.integer(node, 100_000, "a page number")),
        })
    }

    /// A heading, a text, or both: a heading may have nothing below it, and text may come before any heading.
    fn section(&mut self, node: &Node) -> Option<Section> {
        let fields = self.fields(node, &["titre", "texte"])?;
        let is_said = |name: &str| {
            fields
                .get(name)
                .filter(|node| node.value != Value::Scalar(String::new()))
        };
        let titre = is_said("titre").and_then(|node| self.words(node, MAX_TITLE));
        let texte = is_said("texte").and_then(|node| self.words(node, MAX_SECTION));
        if titre.is_none() && texte.is_none() {
            self.report(node.line, "a section without titre or texte, expected one of them");
            return None;
        }
        let texte = texte.unwrap_or_default();
        let texte = without_comments(&texte).trim().to_owned();
        let titre = titre.unwrap_or_default();
        // Nothing but comments, and nothing left of it.
        (!(titre.is_empty() && texte.is_empty())).then_some(Section { titre, texte })
    }

    fn territory(&mut self, node: Option<&Node>) -> Vec<String> {
        const LEVELS: usize = 3;
        let names = self.names(node);
        if let Some(node) = node {
            if names.len() > LEVELS {
                let found = names.len();
                self.report(
                    node.line,
                    format!("{found} levels of territory, expected at most three: région, département, collectivité"),
                );
            }
            if let Some(name) = names.iter().find(|name| name.contains('>')) {
                self.report(
                    node.line,
                    format!("\"{name}\" has a \">\", expected one name a level: [Occitanie, Haute-Garonne]"),
                );
            }
        }
        names
    }

    // What follows reads one kind of value each.

    /// The known fields of a map, saying which others it has.
    fn fields<'n>(&mut self, node: &'n Node, known: &[&'static str]) -> Option<Fields<'n>> {
        let Value::Map(entries) = &node.value else {
            self.report(
                node.line,
                format!("{}, expected the fields {}", node.kind(), known.join(", ")),
            );
            return None;
        };
        let mut found = Vec::with_capacity(entries.len());
        for entry in entries {
            match known.iter().find(|name| **name == entry.key) {
                Some(_) if entry.node.value == Value::Null => {}
                Some(name) => found.push((*name, &entry.node)),
                None => self.unknown_key(&entry.key, entry.line, known),
            }
        }
        Some(Fields {
            line: node.line,
            entries: found,
        })
    }

    /// As [`Self::fields`], but nothing at all counts as no field.
    fn fields_or_none<'n>(&mut self, node: &'n Node, known: &[&'static str]) -> Option<Fields<'n>> {
        if node.value == Value::Null {
            return Some(Fields {
                line: node.line.max(1),
                entries: Vec::new(),
            });
        }
        self.fields(node, known)
    }

    fn unknown_key(&mut self, key: &str, line: usize, known: &[&'static str]) {
        let expected = match nearest(key, known.iter().copied()) {
            Some(near) => format!("the nearest is \"{near}\""),
            None => format!("expected one of: {}", known.join(", ")),
        };
        self.report(line, format!("unknown key \"{key}\", {expected}"));
    }

    fn required(&mut self, fields: &Fields<'_>, name: &str, max: usize) -> Option<String> {
        let Some(node) = fields.get(name) else {
            self.report(fields.line, format!("no field \"{name}\", expected a text"));
            return None;
        };
        self.text(node, max)
    }

    /// A list of values; one value alone is a list of one.
    fn list<T>(&mut self, node: Option<&Node>, mut read: impl FnMut(&mut Self, &Node) -> Option<T>) -> Vec<T> {
        let Some(node) = node else { return Vec::new() };
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        if items.len() > MAX_LIST {
            self.report(
                node.line,
                format!("{} values, expected at most {MAX_LIST}", items.len()),
            );
        }
        items
            .iter()
            .take(MAX_LIST)
            .filter_map(|item| read(self, item))
            .collect()
    }

    /// A list of texts.
    fn names(&mut self, node: Option<&Node>) -> Vec<String> {
        self.list(node, |check, node| check.text(node, MAX_NAME))
    }

    /// A text that a search may select by.
    fn text(&mut self, node: &Node, max: usize) -> Option<String> {
        let text = self.words(node, max)?;
        if text == NO_VALUE {
            let message = format!("\"{NO_VALUE}\" stands for no value in a search, leave the field out");
            self.report(node.line, message);
            return None;
        }
        Some(text)
    }

    /// Any words.
    fn words(&mut self, node: &Node, max: usize) -> Option<String> {
        self.scalar(node, |text| {
            // Accents typed apart from their letters (NFD) would make two values of one.
            let text = nfc(text.trim());
            match text.chars().count() {
                0 => Err("an empty text, expected some words".to_owned()),
                length if length > max => Err(format!("a text of {length} characters, expected at most {max}")),
                _ => Ok(text),
            }
        })
    }

    /// A whole number from 1.
    fn integer(&mut self, node: &Node, max: u32, what: &str) -> Option<u32> {
        self.scalar(node, |text| whole(text, 1, max, what))
    }

    fn labelled<T>(
        &mut self,
        node: Option<&Node>,
        what: &'static str,
        labels: &'static [&'static str],
        read: fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.scalar(node?, |text| {
            read(text).ok_or_else(|| VocabularyError::unknown(what, text, labels.to_vec()))
        })
    }

    /// A single value, read by `parse`, whose error is reported.
    fn scalar<T, E: Display>(&mut self, node: &Node, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let Value::Scalar(text) = &node.value else {
            self.report(node.line, format!("{}, expected a single value", node.kind()));
            return None;
        };
        parse(text)
            .map_err(|error| self.report(node.line, error.to_string()))
            .ok()
    }

    fn report(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(Problem::at(self.path, line, message));
    }
}

/// Each value once, where it came first.
fn distinct<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(values.len());
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

fn siret(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(digits)
    } else {
        Err(format!("\"{text}\" is not a SIRET, expected fourteen digits"))
    }
}

fn whole(text: &str, min: u32, max: u32, what: &str) -> Result<u32, String> {
    text.trim()
        .parse()
        .ok()
        .filter(|number| (min..=max).contains(number))
        .ok_or_else(|| format!("\"{text}\" is not right here, expected {what}, {min} to {max}"))
}

/// Only web addresses become links: a `javascript:` one would run in the reader's page.
fn web_address(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_web = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
    if is_web && text.len() <= MAX_TITLE && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "\"{text}\" is not a web address, expected one that begins with https:// or http://"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn check(yaml: &str) -> Result<Record, Vec<String>> {
        let mut problems = Vec::new();
        let root = yaml::parse(yaml).unwrap();
        let stem = "un-cas".to_owned();
        let record = Checker::new(Path::new("a.md"), &mut problems).record(&root, Origin::File { stem });
        record.ok_or_else(|| problems.iter().map(ToString::to_string).collect())
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
            "titre: T\nprocedure: MAPPA\ncpv: 75231240-9\nmontant_ht: -5\nduree_mois: 0\nmontent: 3\nlots: {nombre: 2, reserves: 3}\nsource: {url: 'javascript:alert(1)'}\nterritoire: [a, b, c, d]\nacheteur: Toulouse\nnature: service\ndate: 2023-02-30\nacheteurs: x\n",
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
            "a.md:10: a single value, expected the fields nom, siret, structure",
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
            ("titre: T\nid: ../x".to_owned(), "\"../x\" cannot be an id"),
            ("titre: [a]".to_owned(), "a list, expected a single value"),
        ] {
            let problems = check(&yaml).unwrap_err();
            assert!(problems[0].contains(expected), "{problems:?}");
        }
    }
}
