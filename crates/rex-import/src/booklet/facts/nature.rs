//! The nature of a contract: services, works or supplies.

use super::fact_line::{FactKind, FactLine};
use crate::booklet::layout::headings;
use crate::imported::Findings;
use rex_corpus::Nature;

pub(crate) fn nature(entries: &mut [FactLine], findings: &mut Findings) -> Option<Nature> {
    for entry in entries
        .iter_mut()
        .filter(|entry| !entry.is_used && entry.about != Some(FactKind::Object))
    {
        match natures(&entry.text, entry.about == Some(FactKind::Nature)).as_slice() {
            [] => {}
            [nature] => {
                entry.is_used = true;
                findings.found(entry.line, "nature", nature.label());
                return Some(*nature);
            }
            _ => {
                entry.is_used = true;
                findings.doubtful(
                    entry.line,
                    "nature",
                    &entry.text,
                    format!("nature: \"{}\" names several, none is taken", entry.text),
                );
                return None;
            }
        }
    }
    None
}

/// The natures that a line names. Empty if the line has other words and no label for the nature.
pub(crate) fn natures(text: &str, is_labelled: bool) -> Vec<Nature> {
    const AROUND: &[&str] = &[
        "marche",
        "public",
        "prestation",
        "accord",
        "cadre",
        "contrat",
        "courante",
        "intellectuelle",
        "type",
        "nature",
        "achat",
        "divers",
        "diverse",
        "passe",
        "bon",
        "commande",
        "alloti",
        "reserve",
    ];
    let words = headings::words(text);
    let named = |word: &String| match word.as_str() {
        "service" => Some(Nature::Services),
        "travaux" => Some(Nature::Works),
        "fourniture" => Some(Nature::Supplies),
        _ => None,
    };
    let mut natures: Vec<Nature> = Vec::new();
    for nature in words.iter().filter_map(named) {
        if !natures.contains(&nature) {
            natures.push(nature);
        }
    }
    let has = |pair: [&str; 2]| words.windows(2).any(|two| two[0] == pair[0] && two[1] == pair[1]);
    if natures.is_empty() && has(["prestation", "intellectuelle"]) {
        natures.push(Nature::Services);
    }
    let only = words
        .iter()
        .all(|word| named(word).is_some() || AROUND.contains(&word.as_str()));
    let said = ["service", "travaux", "fourniture"].iter().any(|nature| {
        has(["prestation", nature])
            || has(["marche", nature])
            || has(["contrat", nature])
            || has(["cadre", nature])
            || has(["public", nature])
    });
    if is_labelled || only || said {
        natures
    } else {
        Vec::new()
    }
}
