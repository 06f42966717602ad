//! Parses the fields that people write in several ways.

use super::problem::quoted;
use super::values::{Checker, MAX_NAME, MAX_TITLE, distinct, siret, web_address, whole};
use crate::read::node::{Node, Value};
use crate::record::duration::months;
use crate::record::{Lots, Party, Reserve, Source};
use crate::vocabulary::VocabularyError;
use crate::vocabulary::territory::placing::{self, LEVELS};
use crate::{Date, Procedure};

/// 99 years, the longest legal lease (bail emphytéotique, Code général des collectivités territoriales, L1311-2).
const MAX_MONTHS: u32 = 1_188;

/// Maximum number of lots of a contract.
const MAX_LOTS: u32 = 10_000;

impl Checker<'_> {
    /// A group of fields, or a single value, which is the name or the SIRET.
    pub(super) fn party(&mut self, node: &Node) -> Option<Party> {
        if let Value::Scalar(text) = &node.value {
            return Some(Party {
                nom: self.text(node, MAX_NAME)?,
                siret: siret(text).ok(),
                structure: Vec::new(),
            });
        }
        let fields = self.fields(node, &["nom", "siret", "structure"])?;
        Some(Party {
            nom: self.required(&fields, "nom", MAX_NAME)?,
            siret: fields.get("siret").and_then(|node| self.scalar(node, siret)),
            structure: distinct(self.names(fields.get("structure"))),
        })
    }

    /// A group of fields, or a number of lots: `2`, `2 lots`.
    pub(super) fn lots(&mut self, node: &Node) -> Option<Lots> {
        const EXPECTED: &str = "a number of lots";
        if let Value::Scalar(_) = &node.value {
            let nombre = self.scalar(node, |text| {
                let number = text.trim().trim_end_matches(['s', 'S']).trim_end_matches("lot");
                whole(number, 1, MAX_LOTS, EXPECTED).map_err(|_| whole_error(text, EXPECTED, MAX_LOTS))
            })?;
            return Some(Lots { nombre, reserves: None });
        }
        let fields = self.fields(node, &["nombre", "reserves"])?;
        let Some(nombre) = fields.get("nombre") else {
            self.report(
                node.line,
                "no field \"nombre\" in lots, expected how many lots there are",
            );
            return None;
        };
        let nombre = self.integer(nombre, MAX_LOTS, EXPECTED)?;
        let reserves = fields.get("reserves").and_then(|node| {
            self.scalar(node, |text| {
                whole(text, 0, nombre, "as many reserved lots as there are, or fewer")
            })
        });
        Some(Lots { nombre, reserves })
    }

    /// A group of fields, or a single value: an address or a title.
    pub(super) fn source(&mut self, node: &Node) -> Option<Source> {
        if let Value::Scalar(text) = &node.value {
            return match web_address(text) {
                Ok(url) => Some(Source {
                    url: Some(url),
                    ..Source::default()
                }),
                Err(_) => Some(Source {
                    titre: Some(self.text(node, MAX_TITLE)?),
                    ..Source::default()
                }),
            };
        }
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

    /// A label, another name of a procedure, or a text with such a name.
    pub(super) fn procedure(&mut self, node: &Node) -> Option<Procedure> {
        let mut is_within = false;
        let procedure = self.scalar(node, |text| {
            let error = match Procedure::parse(text) {
                Ok(procedure) => return Ok(procedure),
                Err(error) => error,
            };
            if let Some(procedure) = Procedure::from_spelling(text) {
                return Ok(procedure);
            }
            is_within = true;
            let named = Procedure::named_in(text).filter(|_| text.len() <= MAX_NAME);
            named.ok_or(error)
        })?;
        if let (Value::Scalar(text), true) = (&node.value, is_within) {
            self.note(
                node.line,
                format!("procedure: {} is read as \"{procedure}\"", quoted(text)),
            );
        }
        Some(procedure)
    }

    /// Labels or other names of reservations, in a list or in one text.
    pub(super) fn reserve(&mut self, node: Option<&Node>) -> Vec<Reserve> {
        let found = self.list(node, |check, node| {
            check.scalar(node, |text| {
                let found = Reserve::from_label(text).map(|one| vec![one]);
                found
                    .or_else(|| Reserve::from_spelling(text))
                    .ok_or_else(|| VocabularyError::unknown("reserve", text, Reserve::LABELS.to_vec()))
            })
        });
        distinct(found.into_iter().flatten().collect())
    }

    /// A number of months, or a duration as people type it: `2 ans`.
    pub(super) fn months(&mut self, node: &Node) -> Option<u32> {
        const EXPECTED: &str = "a whole number of months";
        self.scalar(node, |text| {
            let months = months(text).filter(|months| (1..=MAX_MONTHS).contains(months));
            months.ok_or_else(|| whole_error(text, EXPECTED, MAX_MONTHS))
        })
    }

    /// A date as people type it. The model has no month without a day, so that only the year of a month is kept.
    pub(super) fn date(&mut self, node: &Node) -> Option<Date> {
        let date = self.scalar(node, Date::from_typed)?;
        if let Value::Scalar(text) = &node.value
            && date.month_and_day().is_none()
            && text.trim() != date.to_string()
        {
            self.note(
                node.line,
                format!("date: {} has no day, it is read as the year {date}", quoted(text)),
            );
        }
        Some(date)
    }

    /// Names from the région down, in a list or in one text, checked against the list of territories.
    pub(super) fn territory(&mut self, node: Option<&Node>) -> Vec<String> {
        let Some(node) = node else { return Vec::new() };
        let names = match &node.value {
            Value::Scalar(text) if placing::is_name(text) => self.names(Some(node)),
            Value::Scalar(text) if text.contains('>') => {
                let levels = Node {
                    line: node.line,
                    value: Value::Scalar(text.replace('>', ";")),
                };
                self.split_names(Some(&levels))
            }
            _ => self.split_names(Some(node)),
        };
        if names.len() > LEVELS {
            let found = names.len();
            self.report(
                node.line,
                format!("{found} levels of territory, expected at most three: région, département, collectivité"),
            );
            return names;
        }
        if let Some(name) = names.iter().find(|name| name.contains('>')) {
            self.report(
                node.line,
                format!("\"{name}\" has a \">\", expected one name a level: [Occitanie, Haute-Garonne]"),
            );
            return names;
        }
        match placing::place(&names) {
            Ok(placed) => {
                if let Some(note) = placed.note {
                    self.note(node.line, note);
                }
                placed.path
            }
            Err(message) => {
                self.report(node.line, message);
                names
            }
        }
    }
}

fn whole_error(text: &str, expected: &str, max: u32) -> String {
    format!("\"{text}\" is not right here, expected {expected}, 1 to {max}")
}
