//! What a name of a territory says: of which kind it is, and the name itself.

use std::ops::Range;

use super::Territory;
use crate::vocabulary::name_key;

/// The kinds of territory a name can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Region,
    Departement,
    Epci,
    Commune,
}

impl Kind {
    pub(super) fn fits(self, place: Territory) -> bool {
        match self {
            Self::Region => matches!(place, Territory::Region(_)),
            Self::Departement => matches!(place, Territory::Departement(_)),
            Self::Epci => matches!(place, Territory::Epci(_)),
            Self::Commune => matches!(place, Territory::Commune(_)),
        }
    }
}

/// What leads a name, as keys; the longest that fits counts.
const LEADS: &[(&str, Kind)] = &[
    ("conseil regional", Kind::Region),
    ("region", Kind::Region),
    ("conseil departemental", Kind::Departement),
    ("conseil general", Kind::Departement),
    ("departement", Kind::Departement),
    ("communaute de communes", Kind::Epci),
    ("communaute d agglomeration", Kind::Epci),
    ("communaute urbaine", Kind::Epci),
    ("etablissement public territorial", Kind::Epci),
    ("agglomeration", Kind::Epci),
    ("eurometropole", Kind::Epci),
    ("metropole", Kind::Epci),
    ("agglo", Kind::Epci),
    ("ept", Kind::Epci),
    ("cc", Kind::Epci),
    ("ca", Kind::Epci),
    ("cu", Kind::Epci),
    ("municipalite", Kind::Commune),
    ("commune", Kind::Commune),
    ("mairie", Kind::Commune),
    ("ville", Kind::Commune),
];

/// What stands between a lead and a name, or before a name, and is no part of what it is looked up by.
const ARTICLES: &[&str] = &[
    "de la", "de l", "de", "du", "des", "d", "la", "le", "les", "l", "aux", "au",
];

/// What an EPCI may have in its name or leave out.
const EPCI_WORDS: &[&str] = &[
    "metropole",
    "agglomeration",
    "agglo",
    "communaute",
    "communautes",
    "eurometropole",
];

/// A name, read.
#[derive(Debug)]
pub(super) struct Name {
    /// All of it, leading article aside.
    pub(super) whole: String,
    pub(super) kind: Option<Kind>,
    /// Without what says its kind.
    pub(super) own: String,
}

impl Name {
    pub(super) fn read(text: &str) -> Self {
        let key = name_key(text);
        let whole = without_article(&key).to_owned();
        let lead = LEADS
            .iter()
            .filter(|(lead, _)| whole.strip_prefix(lead).is_some_and(|rest| rest.starts_with(' ')))
            .max_by_key(|(lead, _)| lead.len());
        let own = lead.map_or(whole.as_str(), |(lead, _)| {
            without_article(whole[lead.len()..].trim_start())
        });
        Self {
            kind: lead.map(|(_, kind)| *kind),
            own: own.to_owned(),
            whole,
        }
    }
}

/// What is left of the name of an EPCI when every word that says its kind is taken out: only a lead makes it one.
pub(super) fn bare_epci(name: &str) -> Option<String> {
    let own = Name::read(name).own;
    let bare: Vec<&str> = own.split(' ').filter(|word| !EPCI_WORDS.contains(word)).collect();
    let bare = without_article(&bare.join(" ")).to_owned();
    (!bare.is_empty() && bare != own).then_some(bare)
}

fn without_article(key: &str) -> &str {
    let rest = ARTICLES
        .iter()
        .filter_map(|article| key.strip_prefix(article)?.strip_prefix(' '))
        .min_by_key(|rest| rest.len());
    rest.unwrap_or(key)
}

/// Whether what stands between two words ends a name.
pub(super) fn is_break(between: &str) -> bool {
    between.contains([',', ';', ':', '(', ')', '!', '?', '«', '»', '\n', '|'])
}

/// The bytes of the words of a text.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| from..text.len()));
    words
}
