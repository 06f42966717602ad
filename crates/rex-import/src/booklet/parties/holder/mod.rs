//! The holder: the subject of the first sentences of the response, or the name in the heading of the outcome.

mod grammar;
mod several;
mod sources;
mod spelling;
mod structure_of;
#[cfg(test)]
mod tests;

use crate::booklet::parties::names::{self, ProperName};
use crate::booklet::parties::structure;
use crate::imported::Findings;
use rex_corpus::name_key;
use rex_corpus::{Party, Reserve};

use self::grammar::{grammar, without_structure};
pub(crate) use self::several::HolderLine;
pub(crate) use self::sources::HolderSources;
use self::spelling::{full_name, runs, spelled};
use self::structure_of::{in_brackets, structure_beside, structure_of};

/// A possible holder.
#[derive(Debug, Clone)]
struct HolderCandidate {
    name: String,
    line: usize,
    score: i32,
}

/// The holders, each with the line that names it: all those of lines of facts, else the one that the text names. Corrections and
/// doubts go to `findings`.
pub(crate) fn find(sources: &HolderSources<'_>, findings: &mut Findings) -> Vec<(Party, usize)> {
    let named = several::named(sources.labelled, findings);
    if named.len() > 1 {
        return several_parties(sources, &named);
    }
    let (name, line) = match named.first() {
        Some((line, name)) => (labelled_name(name), *line),
        None => {
            let Some(best) = best(sources) else {
                return Vec::new();
            };
            let runs = runs(sources);
            (
                full_name(spelled(best.name, best.line, &runs, findings), &runs),
                best.line,
            )
        }
    };
    let structure = structure_of(sources, &name);
    vec![(party(name, structure), line)]
}

fn party(nom: String, structure: Option<&'static str>) -> Party {
    Party {
        nom,
        siret: None,
        structure: structure.map(str::to_owned).into_iter().collect(),
    }
}

/// The holders that lines of facts name, each with its own structure.
fn several_parties(sources: &HolderSources<'_>, named: &[(usize, &str)]) -> Vec<(Party, usize)> {
    let mut parties: Vec<(Party, usize)> = Vec::new();
    for (line, text) in named {
        let name = labelled_name(text);
        let structure = structure::named_in(&[text])
            .or_else(|| in_brackets(text))
            .or_else(|| structure_beside(sources, &name));
        if parties.iter().all(|(party, _)| name_key(&party.nom) != name_key(&name)) {
            parties.push((party(name, structure), *line));
        }
    }
    parties
}

/// `SCIC Un Nom`, `l'association Un Nom (Rennes)`: the name alone.
fn labelled_name(value: &str) -> String {
    let value = value
        .split(" (")
        .next()
        .unwrap_or(value)
        .trim_end_matches(['.', ' ', ',']);
    let words = names::words(value);
    let proper = names::proper_names(value, &words).into_iter().next();
    let whole = || value.to_owned();
    match proper {
        // The name extends to the end; the words before it are its kind.
        Some(proper) if proper.words.end == words.len() => without_structure(&words, &proper, value),
        Some(proper) if words[proper.words.end].gap.contains([',', '-', '–']) => {
            without_structure(&words, &proper, value)
        }
        _ => whole(),
    }
}

/// The best of the names in the heading of the outcome and in the first sentences of the response.
fn best(sources: &HolderSources<'_>) -> Option<HolderCandidate> {
    const ENOUGH: i32 = 4;
    let mut found: Vec<HolderCandidate> = Vec::new();
    // A name cannot be recognised in text that is all capitals: « CE MARCHÉ A PERMIS AU GROUPEMENT ».
    let heading = sources
        .outcome_heading
        .filter(|(_, heading)| heading.contains(char::is_lowercase));
    if let Some((line, heading)) = heading {
        // The heading begins with « Ce marché », which is not a name.
        found.extend(candidates(heading, &|_| line, 6, sources));
    }
    let mut sentence_rank = 0;
    for block in sources.response {
        for range in names::sentences(&block.text) {
            if sentence_rank >= 4 {
                break;
            }
            let offset = range.start;
            let sentence = &block.text[range];
            let trimmed = sentence.trim_start();
            let shift = offset + (sentence.len() - trimmed.len());
            found.extend(candidates(
                trimmed,
                &|at| block.line(shift + at),
                -4 * sentence_rank,
                sources,
            ));
            sentence_rank += 1;
        }
    }
    let mut best: Option<HolderCandidate> = None;
    for candidate in &found {
        let same = found
            .iter()
            .filter(|other| alike(&other.name, &candidate.name) && other.line != candidate.line)
            .count() as i32;
        let score = candidate.score + same.min(2) * 4 + mentions(&candidate.name, sources).min(4);
        if score >= ENOUGH && best.as_ref().is_none_or(|best| score > best.score) {
            best = Some(HolderCandidate {
                score,
                ..candidate.clone()
            });
        }
    }
    best
}

/// Whether two names are equal, or one begins with the other.
fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (name_key(one), name_key(other));
    one == other || one.starts_with(&format!("{other} ")) || other.starts_with(&format!("{one} "))
}

fn mentions(name: &str, sources: &HolderSources<'_>) -> i32 {
    let blocks = sources.response.iter().chain(sources.outcome);
    blocks.map(|block| block.text.matches(name).count()).sum::<usize>() as i32 - 1
}

fn candidates(
    text: &str,
    line: &dyn Fn(usize) -> usize,
    base: i32,
    sources: &HolderSources<'_>,
) -> Vec<HolderCandidate> {
    let words = names::words(text);
    let proper = names::proper_names(text, &words);
    let candidate = |proper: &ProperName| {
        let name = without_structure(&words, proper, text);
        let grammar = grammar(&words, proper)?;
        let is_lone_start = proper.words.start == 0 && proper.words.len() == 1 && mentions(&name, sources) < 1;
        let looks_like_name = proper.text.chars().filter(|c| c.is_uppercase()).count() > 1;
        let doubt = if is_lone_start && !looks_like_name && grammar < 6 {
            -4
        } else {
            0
        };
        is_name(&name, sources).then(|| HolderCandidate {
            line: line(words[proper.words.start].range.start),
            name,
            score: base + grammar + doubt,
        })
    };
    proper.iter().filter_map(candidate).collect()
}

/// Whether a name can be a holder: not the buyer, an acronym of a structure, or a generic word (« AU GROUPEMENT »).
fn is_name(name: &str, sources: &HolderSources<'_>) -> bool {
    const ANY_HOLDER: &[&str] = &[
        "a",
        "au",
        "aux",
        "l",
        "la",
        "le",
        "les",
        "attributaire",
        "entreprise",
        "groupement",
        "laureat",
        "membres",
        "structure",
        "titulaire",
    ];
    let key = name_key(name);
    let buyer = sources.buyer.map(name_key).unwrap_or_default();
    let is_buyer = !buyer.is_empty() && (format!(" {buyer} ").contains(&format!(" {key} ")) || key.ends_with(&buyer));
    let first = key.split(' ').next().unwrap_or_default();
    let is_public = matches!(
        first,
        "ville" | "commune" | "mairie" | "metropole" | "departement" | "conseil" | "region" | "etat" | "code"
    );
    key.len() > 1
        && key.split(' ').any(|word| !ANY_HOLDER.contains(&word))
        && !is_buyer
        && !is_public
        && !structure::is_structure_word(&key)
        && Reserve::named_in(name).is_empty()
}
