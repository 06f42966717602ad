//! What of a record is searched: the texts of each zone.

use std::borrow::Cow;

use rex_corpus::{Cpv, Record, plain_text};

use crate::schema::fields::{Zone, is_number};
use rex_query::Facet;

/// The texts of a zone; a phrase never runs from one into the next.
#[derive(Debug, Default)]
pub struct ZoneTexts<'a> {
    /// What both fields are given, where a zone has two.
    pub words: Vec<Cow<'a, str>>,
    /// Codes, which stand last: they are their own stems, and only the field of stems is given them.
    pub numbers: Vec<Cow<'a, str>>,
}

impl<'a> ZoneTexts<'a> {
    /// Those of a record, in the order they are indexed in.
    pub fn of(zone: Zone, record: &'a Record) -> Self {
        let mut texts = Self::default();
        match zone {
            Zone::Title => texts.words.push(record.titre.as_str().into()),
            Zone::Parties => {
                let parties = record.acheteur.iter().chain(&record.titulaires);
                for party in parties {
                    texts.words.push(party.nom.as_str().into());
                    match party.siret.as_deref() {
                        Some(siret) if is_number(siret) => texts.numbers.push(siret.into()),
                        siret => texts.words.extend(siret.map(Cow::from)),
                    }
                }
            }
            Zone::All => {
                for (zone, _) in Zone::REPEATS {
                    let part = Self::of(zone, record);
                    texts.words.extend(part.words);
                    texts.numbers.extend(part.numbers);
                }
                texts.words.extend(subject(record));
                texts.words.extend(text(record));
                texts
                    .numbers
                    .extend(record.cpv.into_iter().flat_map(cpv_spellings).map(Cow::from));
            }
        }
        texts
    }
}

fn text(record: &Record) -> impl Iterator<Item = Cow<'_, str>> {
    record
        .sections
        .iter()
        .flat_map(|section| [section.titre.as_str().into(), plain_text(&section.texte).into()])
}

/// What the case is filed under.
fn subject(record: &Record) -> Vec<Cow<'_, str>> {
    let mut texts: Vec<Cow<'_, str>> = record
        .themes
        .iter()
        .chain(record.territoire.iter().filter(|place| !is_common_name(place)))
        .chain(&record.considerations)
        .map(|text| text.as_str().into())
        .collect();
    // What is written, too, where the facet calls it by another name.
    let found_under = Facet::Structure.values(record);
    let written = record.titulaires.iter().flat_map(|holder| &holder.structure);
    let others = written.filter(|name| !found_under.contains(*name));
    texts.extend(others.map(|name| Cow::from(name.as_str())));
    texts.extend(found_under.into_iter().map(Cow::from));
    texts.extend(record.reserve.iter().map(|reserve| reserve.to_string().into()));
    texts.extend(record.procedure.map(|procedure| procedure.label().into()));
    texts.extend(record.nature.map(|nature| nature.label().into()));
    texts
}

/// Whether the name of a place is an everyday word, such as *Combles* or *Lot*: who types the word does not ask for the place, which is
/// found as a value of its facet.
fn is_common_name(place: &str) -> bool {
    let mut words = rex_analysis::words(place).into_iter();
    let name = words.find(|word| !rex_analysis::is_stop_word(&word.exact));
    name.is_some_and(|name| rex_analysis::is_common_word(&name.exact)) && words.next().is_none()
}

/// What a CPV code is searched by: the code, and each branch above it, in full and by its significant digits, so that
/// `7523` and `75230000` find the branch.
fn cpv_spellings(cpv: Cpv) -> Vec<String> {
    /// Fewer digits are any number.
    const MIN_PREFIX: usize = 3;
    let mut spellings = vec![cpv.to_string()];
    for branch in cpv.branches() {
        let prefix = branch.trim_end_matches('0');
        if prefix.len() >= MIN_PREFIX && prefix.len() < branch.len() {
            spellings.push(prefix.to_owned());
        }
        spellings.push(branch);
    }
    spellings.dedup();
    spellings
}
