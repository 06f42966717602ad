//! The searchable texts of a record, by zone.

use std::borrow::Cow;

use rex_corpus::{Cpv, Record, plain_text};

use crate::schema::fields::{Zone, is_number};
use rex_query::Facet;

/// The texts of a zone. A phrase query never matches across two of them.
#[derive(Debug, Default)]
pub struct ZoneTexts<'a> {
    /// Texts indexed as stems and, in [`Zone::All`], as exact forms too.
    pub words: Vec<Cow<'a, str>>,
    /// Codes, indexed after the texts and as stems only: they are their own stems.
    pub numbers: Vec<Cow<'a, str>>,
    /// The last of [`Self::words`] that are the text of the record: headings and paragraphs, which follow title, names and labels.
    pub sections: usize,
}

impl<'a> ZoneTexts<'a> {
    /// The texts of a record in indexing order.
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
                let before = texts.words.len();
                texts.words.extend(text(record));
                texts.sections = texts.words.len() - before;
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

/// Facet values and labels that are searchable as text.
fn subject(record: &Record) -> Vec<Cow<'_, str>> {
    let mut texts: Vec<Cow<'_, str>> = record
        .themes
        .iter()
        .chain(record.territoire.iter().filter(|place| !is_common_name(place)))
        .chain(&record.considerations)
        .map(|text| text.as_str().into())
        .collect();
    // The structure as the record has it, where the facet normalizes it to another name.
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

/// Whether the name of a place is a common word, such as *Combles* or *Lot*. Such a name is not indexed as text, because a query with the
/// word rarely means the place; the facet still finds it.
fn is_common_name(place: &str) -> bool {
    let mut words = rex_analysis::words(place).into_iter();
    let name = words.find(|word| !rex_analysis::is_stop_word(&word.exact));
    name.is_some_and(|name| rex_analysis::is_common_word(&name.exact)) && words.next().is_none()
}

/// Searchable spellings of a CPV code: the code and its ancestors, each in full and without trailing zeros. `7523` and `75230000` find the
/// same branch.
fn cpv_spellings(cpv: Cpv) -> Vec<String> {
    /// Shorter prefixes match too many unrelated numbers.
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
