//! A line of the block of facts: its label and its value.

use std::sync::LazyLock;

use crate::booklet::layout::headings;
use rex_corpus::{data_lines, name_key};

/// The fact that the label of a line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactKind {
    Amount,
    Duration,
    Cpv,
    Procedure,
    Nature,
    Lots,
    Reserve,
    Buyer,
    Holder,
    Place,
    Date,
    Object,
    Theme,
    /// A person, or how to reach one: never part of a case.
    Contact,
}

/// A line of the block of facts.
#[derive(Debug)]
pub(crate) struct FactLine {
    pub(crate) line: usize,
    /// The number of the last line that continues it.
    pub(crate) last: usize,
    /// The whole line.
    pub(crate) text: String,
    pub(crate) about: Option<FactKind>,
    /// The text after the label, or the whole line without one.
    pub(crate) value: String,
    /// Whether a fact was read from it.
    pub(crate) is_used: bool,
}

static LABELS: LazyLock<Vec<(Vec<String>, FactKind)>> = LazyLock::new(|| {
    let rows = data_lines(include_str!("../../data/booklet_labels.tsv")).filter_map(|line| line.split_once('\t'));
    let about = |name: &str| {
        Some(match name {
            "amount" => FactKind::Amount,
            "duration" => FactKind::Duration,
            "cpv" => FactKind::Cpv,
            "procedure" => FactKind::Procedure,
            "nature" => FactKind::Nature,
            "lots" => FactKind::Lots,
            "reserve" => FactKind::Reserve,
            "buyer" => FactKind::Buyer,
            "holder" => FactKind::Holder,
            "place" => FactKind::Place,
            "date" => FactKind::Date,
            "object" => FactKind::Object,
            "theme" => FactKind::Theme,
            "contact" => FactKind::Contact,
            _ => return None,
        })
    };
    rows.filter_map(|(name, label)| Some((headings::words(label), about(name)?)))
        .collect()
});

impl FactLine {
    pub(crate) fn new(line: usize, text: &str) -> Self {
        let (about, value) = label(text);
        Self {
            line,
            last: line,
            text: text.to_owned(),
            about,
            value,
            is_used: false,
        }
    }

    /// Whether it is a label without a value.
    pub(crate) fn is_label_of(&self, fact: FactKind) -> bool {
        self.about == Some(fact) && self.value.is_empty()
    }

    /// Whether the next line continues this one: a value after its label, renewals after a duration.
    pub(crate) fn takes(&self, next: &str, is_adjacent: bool) -> bool {
        let key = name_key(next);
        let is_renewal = ["reconduc", "renouvel", "tacit"]
            .iter()
            .any(|stem| key.starts_with(stem));
        let waits = self.about.is_some() && self.value.is_empty() && label(next).0.is_none();
        let is_cut = is_adjacent
            && (next.starts_with(char::is_lowercase) || self.text.ends_with([',', '-']))
            && self.about != Some(FactKind::Cpv);
        let is_long = self.text.chars().count() > 25;
        waits
            || (is_renewal && self.about == Some(FactKind::Duration))
            || (is_cut && is_long)
            || (is_adjacent && headings::ends_with_link(&self.text))
    }
}

/// The fact and the value of a line with a known label, a colon and a value: `Acheteur : Ville de Rennes`.
pub(crate) fn labelled(text: &str) -> Option<(FactKind, &str)> {
    const LONGEST: usize = 60;
    let (label, value) = text.split_once(':')?;
    let value = value.trim();
    if value.is_empty() || label.chars().count() > LONGEST {
        return None;
    }
    Some((named(label)?, value))
}

/// The label and the value of a line: `Montant : 3 €`, `Montant 3 €`, `Durée`.
pub(crate) fn label(text: &str) -> (Option<FactKind>, String) {
    const LONGEST: usize = 60;
    if let Some((label, value)) = text
        .split_once(':')
        .filter(|(label, _)| label.chars().count() <= LONGEST)
        && let Some(about) = named(label)
    {
        return (Some(about), value.trim().to_owned());
    }
    if let Some(about) = named(text) {
        return (Some(about), String::new());
    }
    // « Attribué à l'association Un Nom ».
    let holder = [
        "Attribué à ",
        "Attribué au ",
        "Attribuée à ",
        "Marché attribué à ",
        "Marché attribué au ",
    ];
    if let Some(name) = holder.iter().find_map(|given| text.strip_prefix(given)) {
        return (Some(FactKind::Holder), name.to_owned());
    }
    let first = text.split([' ', '\u{a0}']).next().unwrap_or_default();
    let about = named(first).filter(|about| {
        matches!(
            about,
            FactKind::Amount | FactKind::Duration | FactKind::Cpv | FactKind::Procedure
        )
    });
    match about {
        Some(about) => (Some(about), text[first.len()..].trim().to_owned()),
        None if name_key(text).split(' ').any(|word| word == "cpv") => (Some(FactKind::Cpv), text.to_owned()),
        None => (None, text.to_owned()),
    }
}

fn named(label: &str) -> Option<FactKind> {
    const FILLERS: &[&str] = &[
        "estime",
        "annuel",
        "ht",
        "ttc",
        "euro",
        "contrat",
        "prevu",
        "indicatif",
        "ferme",
        "initiale",
        "marche",
        "maximum",
        "minimum",
        "principal",
        "recu",
        "estimatif",
        "maximal",
        "totale",
        "prevue",
    ];
    let words = headings::words(label);
    let known = LABELS.iter().find(|(known, _)| *known == words);
    let known = known.or_else(|| {
        let kept: Vec<&String> = words.iter().filter(|word| !FILLERS.contains(&word.as_str())).collect();
        LABELS
            .iter()
            .find(|(known, _)| known.iter().collect::<Vec<_>>() == kept)
    });
    known.map(|(_, about)| *about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_label_of_a_line() {
        for (text, about, value) in [
            ("Montant 200 000 € HT", Some(FactKind::Amount), "200 000 € HT"),
            ("Montant total du marché : 3 €", Some(FactKind::Amount), "3 €"),
            ("Montant annuel estimé : 3 €", Some(FactKind::Amount), "3 €"),
            ("Durée ferme 3 ans", Some(FactKind::Duration), "ferme 3 ans"),
            ("Durée", Some(FactKind::Duration), ""),
            ("Code CPV 752 312 408", Some(FactKind::Cpv), "Code CPV 752 312 408"),
            ("Acheteur : la Ville", Some(FactKind::Buyer), "la Ville"),
            ("Marché réservé SIAE", None, "Marché réservé SIAE"),
            ("Entreprise d'insertion", None, "Entreprise d'insertion"),
        ] {
            assert_eq!(label(text), (about, value.to_owned()), "{text}");
        }
    }
}
