//! Parses the name of a territory: its kind, and the name without it.

use std::ops::Range;

use super::Territory;
use crate::vocabulary::name_key;

/// The kind of territory that begins a name: `Département du`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TerritoryKind {
    Region,
    Departement,
    Epci,
    Commune,
}

impl TerritoryKind {
    pub(super) fn fits(self, territory: Territory) -> bool {
        match self {
            Self::Region => matches!(territory, Territory::Region(_)),
            Self::Departement => matches!(territory, Territory::Departement(_)),
            Self::Epci => matches!(territory, Territory::Epci(_)),
            Self::Commune => matches!(territory, Territory::Commune(_)),
        }
    }
}

/// Keys of the words before a name that give its kind. The longest match counts.
const LEADS: &[(&str, TerritoryKind)] = &[
    ("conseil regional", TerritoryKind::Region),
    ("region", TerritoryKind::Region),
    ("conseil departemental", TerritoryKind::Departement),
    ("conseil general", TerritoryKind::Departement),
    ("departement", TerritoryKind::Departement),
    ("communaute de communes", TerritoryKind::Epci),
    ("communaute d agglomeration", TerritoryKind::Epci),
    ("communaute urbaine", TerritoryKind::Epci),
    ("etablissement public territorial", TerritoryKind::Epci),
    ("agglomeration", TerritoryKind::Epci),
    ("eurometropole", TerritoryKind::Epci),
    ("metropole", TerritoryKind::Epci),
    ("agglo", TerritoryKind::Epci),
    ("ept", TerritoryKind::Epci),
    ("cc", TerritoryKind::Epci),
    ("ca", TerritoryKind::Epci),
    ("cu", TerritoryKind::Epci),
    ("municipalite", TerritoryKind::Commune),
    ("commune", TerritoryKind::Commune),
    ("mairie", TerritoryKind::Commune),
    ("ville", TerritoryKind::Commune),
];

/// Articles and prepositions before a name. They are not part of the lookup key.
const ARTICLES: &[&str] = &[
    "de la", "de l", "de", "du", "des", "d", "la", "le", "les", "l", "aux", "au",
];

/// Optional words of EPCI names.
const EPCI_WORDS: &[&str] = &[
    "metropole",
    "agglomeration",
    "agglo",
    "communaute",
    "communautes",
    "eurometropole",
];

/// A parsed name, as lookup keys.
#[derive(Debug)]
pub(super) struct Name {
    /// All of it, without the leading article.
    pub(super) whole: String,
    pub(super) kind: Option<TerritoryKind>,
    /// Without the words of its kind.
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

/// The key of an EPCI without the words of its kind. Such a key counts only after a lead of kind EPCI.
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

/// Whether the text between two words ends a name.
pub(super) fn is_break(between: &str) -> bool {
    between.contains([',', ';', ':', '(', ')', '!', '?', '«', '»', '\n', '|'])
}

/// The byte ranges of the words of a text.
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
