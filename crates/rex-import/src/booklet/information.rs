//! The block of facts of a case: which line says what.

use std::sync::LazyLock;

use super::cases::CutSection;
use super::facts::Facts;
use super::finding::Findings;
use super::headings;
use super::lines::{KnownWords, Line};
use rex_corpus::CpvLabels;
use rex_corpus::{data_lines, name_key};

/// What a line of the block is about, where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
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
}

/// A line of the block.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) line: usize,
    /// All of it.
    pub(super) text: String,
    pub(super) about: Option<About>,
    /// What follows the label, all of it where there is none.
    pub(super) value: String,
    /// Whether a reader has understood it.
    pub(super) is_used: bool,
}

static LABELS: LazyLock<Vec<(Vec<String>, About)>> = LazyLock::new(|| {
    let rows = data_lines(include_str!("../data/booklet_labels.tsv")).filter_map(|line| line.split_once('\t'));
    let about = |name: &str| {
        Some(match name {
            "amount" => About::Amount,
            "duration" => About::Duration,
            "cpv" => About::Cpv,
            "procedure" => About::Procedure,
            "nature" => About::Nature,
            "lots" => About::Lots,
            "reserve" => About::Reserve,
            "buyer" => About::Buyer,
            "holder" => About::Holder,
            "place" => About::Place,
            "date" => About::Date,
            "object" => About::Object,
            _ => return None,
        })
    };
    rows.filter_map(|(name, label)| Some((headings::words(label), about(name)?)))
        .collect()
});

/// Reads the block of a case, saying what it finds, corrects and doubts; with the facts, the lines that say nothing known.
pub(super) fn read(
    lines: &[Line],
    section: Option<&CutSection>,
    words: &KnownWords,
    labels: &CpvLabels,
    findings: &mut Findings,
) -> (Facts, Vec<(usize, String)>) {
    let mut entries = section
        .map(|section| entries(lines, section, words))
        .unwrap_or_default();
    let facts = Facts::read(&mut entries, labels, findings);
    let unread = entries.into_iter().filter(|entry| !entry.is_used);
    (facts, unread.map(|entry| (entry.line, entry.text)).collect())
}

/// The lines of a block, those that were cut put together.
fn entries(lines: &[Line], section: &CutSection, words: &KnownWords) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut is_adjacent = false;
    for rank in section.body.clone() {
        let line = &lines[rank];
        let is_button = section.buttons.iter().any(|button| button.contains(&rank));
        if line.is_blank() || is_button {
            is_adjacent = false;
            continue;
        }
        for text in line
            .bare()
            .split(['|', '\u{2022}'])
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            match entries.last_mut().filter(|last| last.takes(text, is_adjacent)) {
                Some(last) => {
                    words.join(&mut last.text, text);
                    (last.about, last.value) = label(&last.text);
                }
                None => entries.push(Entry::new(line.number, text)),
            }
            is_adjacent = true;
        }
    }
    entries
}

impl Entry {
    fn new(line: usize, text: &str) -> Self {
        let (about, value) = label(text);
        Self {
            line,
            text: text.to_owned(),
            about,
            value,
            is_used: false,
        }
    }

    /// Whether the next line goes on with this one: a label waits for its value, a duration for its renewals.
    fn takes(&self, next: &str, is_adjacent: bool) -> bool {
        let key = name_key(next);
        let is_renewal = ["reconduc", "renouvel", "tacit"]
            .iter()
            .any(|stem| key.starts_with(stem));
        let waits = self.about.is_some() && self.value.is_empty() && label(next).0.is_none();
        let is_cut = is_adjacent
            && (next.starts_with(char::is_lowercase) || self.text.ends_with([',', '-']))
            && self.about != Some(About::Cpv);
        let is_long = self.text.chars().count() > 25;
        waits
            || (is_renewal && self.about == Some(About::Duration))
            || (is_cut && is_long)
            || (is_adjacent && headings::ends_with_link(&self.text))
    }
}

/// What a line is about and its value: `Montant : 3 €`, `Montant 3 €`, `Durée`.
fn label(text: &str) -> (Option<About>, String) {
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
        return (Some(About::Holder), name.to_owned());
    }
    let first = text.split([' ', '\u{a0}']).next().unwrap_or_default();
    let about =
        named(first).filter(|about| matches!(about, About::Amount | About::Duration | About::Cpv | About::Procedure));
    match about {
        Some(about) => (Some(about), text[first.len()..].trim().to_owned()),
        None if name_key(text).split(' ').any(|word| word == "cpv") => (Some(About::Cpv), text.to_owned()),
        None => (None, text.to_owned()),
    }
}

fn named(label: &str) -> Option<About> {
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
            ("Montant 200 000 € HT", Some(About::Amount), "200 000 € HT"),
            ("Montant total du marché : 3 €", Some(About::Amount), "3 €"),
            ("Montant annuel estimé : 3 €", Some(About::Amount), "3 €"),
            ("Durée ferme 3 ans", Some(About::Duration), "ferme 3 ans"),
            ("Durée", Some(About::Duration), ""),
            ("Code CPV 752 312 408", Some(About::Cpv), "Code CPV 752 312 408"),
            ("Acheteur : la Ville", Some(About::Buyer), "la Ville"),
            ("Marché réservé SIAE", None, "Marché réservé SIAE"),
            ("Entreprise d'insertion", None, "Entreprise d'insertion"),
        ] {
            assert_eq!(label(text), (about, value.to_owned()), "{text}");
        }
    }
}
