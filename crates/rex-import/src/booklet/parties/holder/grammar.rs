//! Scores a name by the words around it.

use crate::booklet::parties::names::{CONNECTORS, ProperName, Word};
use crate::booklet::parties::structure;
use rex_corpus::Territories;

/// A score by the words around a name.
pub(crate) fn grammar(words: &[Word<'_>], proper: &ProperName) -> Option<i32> {
    const PLACES: &[&str] = &[
        "à", "de", "en", "dans", "sur", "du", "au", "aux", "chez", "avec", "des", "d", "par", "près", "quartier",
        "entre",
    ];
    const GIVEN: &[&str] = &[
        "attribué",
        "attribue",
        "confié",
        "confie",
        "remporté",
        "remporte",
        "retenu",
        "retenue",
        "permis",
        "choisi",
        "mené",
        "porté",
        "conduit",
        "représenté",
        "piloté",
        "emmené",
        "mandataire",
    ];
    /// Words before a network or a parent, which is not the holder.
    const BELONGING: &[&str] = &[
        "géré",
        "gérée",
        "gérés",
        "gérées",
        "membre",
        "adhérent",
        "adhérente",
        "filiale",
        "réseau",
    ];
    let start = proper.words.start;
    let before: Vec<&Word<'_>> = words[..start].iter().rev().take(6).collect();
    let mut score = 0;
    let lead = lead(words, proper);
    let says = |words: &[Word<'_>], names: &[&str]| {
        let mut words = words.iter();
        words.any(|word| names.contains(&word.text.to_lowercase().as_str()))
    };
    // Brackets qualify the name before them: « Un Nom (mandataire) et Un Autre ».
    let is_given = says(phrase(words, start, &[')']), GIVEN);
    let is_belonging = says(phrase(words, start, &[',', '.', ';', ':', '(', ')']), BELONGING);
    let is_said_after = is_apposition(words, proper.words.end);
    let direct = before.first().map(|word| word.text.to_lowercase()).unwrap_or_default();
    let is_article = matches!(direct.as_str(), "la" | "le" | "l" | "les");
    let preposition = if is_article {
        before.get(1).map(|word| word.text.to_lowercase()).unwrap_or_default()
    } else {
        direct.clone()
    };
    let lead_at = lead.map_or(start, |lead| lead.start);
    let beside = words[..lead_at]
        .iter()
        .rev()
        .take(2)
        .any(|word| matches!(word.text, "avec" | "et"));
    if is_belonging {
        score -= 8;
    } else if lead.is_some() && beside {
        // A partner.
        score -= 2;
    } else if lead.is_some() || is_given {
        score += 6;
    } else if PLACES.contains(&preposition.as_str()) && !words[start].gap.contains(',') {
        score -= 8;
    }
    if !Territories::shipped().named(&proper.text).is_empty() && lead.is_none() {
        score -= 5;
    }
    let lead_start = lead.map_or(start, |lead| lead.start);
    let opens =
        lead_start == 0 || (lead_start == 1 && is_opening(words[0].text)) || words[lead_start].gap.contains(',');
    let opens_after_article =
        lead_start > 0 && is_opening(words[lead_start - 1].text) && words[lead_start - 1].gap.contains(',');
    score += 4 * i32::from(opens || opens_after_article) + 3 * i32::from(is_said_after);
    let after = words.get(proper.words.end);
    score += match after {
        Some(after)
            if after.gap == " " && !PLACES.contains(&after.text) && after.text.starts_with(char::is_lowercase) =>
        {
            2
        }
        Some(after) if after.gap.starts_with([',', ' ']) => 1,
        _ => 0,
    };
    Some(score)
}

/// The words before `end`, at most six, back to one of the marks.
fn phrase<'w, 't>(words: &'w [Word<'t>], end: usize, marks: &[char]) -> &'w [Word<'t>] {
    const LONGEST: usize = 6;
    let mut start = end;
    while start > 0 && end - start < LONGEST && !words[start].gap.contains(marks) {
        start -= 1;
    }
    &words[start..end]
}

/// Whether an apposition follows a name: « Un Nom, entreprise d'insertion, … », « Un Nom (mandataire) ».
fn is_apposition(words: &[Word<'_>], end: usize) -> bool {
    const LONGEST: usize = 4;
    let Some(next) = words.get(end) else { return false };
    if next.gap == " (" {
        return next.text == "mandataire";
    }
    // In « Concrètement, l'association… » the apposition names another.
    let from = end + usize::from(matches!(next.text, "un" | "une"));
    let keys: Vec<String> = words[from..].iter().take(LONGEST).map(Word::key).collect();
    let is_structure = |length: usize| structure::ends_with_structure(&keys[..length]) == Some(length);
    next.gap == ", " && (1..=keys.len()).any(is_structure)
}

pub(crate) fn is_opening(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "la" | "le" | "l" | "les" | "une" | "un" | "notre"
    )
}

/// The words before a name that give its kind: `régie de quartier de`, `association`.
#[derive(Debug, Clone, Copy)]
struct Lead {
    /// Index of the first word.
    start: usize,
    /// Whether they are part of the name: `la régie de quartier de Maurepas`.
    is_part: bool,
}

fn lead(words: &[Word<'_>], proper: &ProperName) -> Option<Lead> {
    const FARTHEST: usize = 4;
    let name = proper.words.start;
    // The lead itself may be capitalised: « SCIC Un Nom », « Association Un Nom ».
    let own = &words[proper.words.clone()];
    // In « L'ESAT Un Nom » the article is capitalised too.
    let article = usize::from(own.len() > 2 && is_opening(own[0].text));
    let inside = own[article..]
        .iter()
        .take_while(|word| structure::is_structure_word(&word.key()))
        .count();
    if inside > 0 && article + inside < own.len() {
        return Some(Lead {
            start: name,
            is_part: false,
        });
    }
    let keys: Vec<String> = words[..name].iter().map(Word::key).collect();
    for far in 0..=FARTHEST.min(name) {
        let end = name - far;
        let between = &words[end..name];
        if between
            .iter()
            .chain(words.get(name))
            .any(|word| word.gap.contains([',', '.', ';', ':']))
        {
            return None;
        }
        let length = structure::ends_with_structure(&keys[..end]).or_else(|| {
            let word = keys[..end].last()?;
            (structure::is_structure_word(word) || word == "entreprise").then_some(1)
        });
        if let Some(length) = length {
            let link = between.last().map_or("", |word| word.text);
            let link = if matches!(link, "la" | "l") {
                between.iter().rev().nth(1).map_or("", |word| word.text)
            } else {
                link
            };
            let is_linked = matches!(link, "de" | "du" | "des" | "d");
            let is_place_only = matches!(link, "à" | "au" | "en" | "par" | "pour" | "sur" | "dans" | "aux");
            let is_close = between.iter().all(|word| CONNECTORS.contains(&word.text));
            // « L'association angevine Un Nom » has a lead, « l'association basée à Rennes » has not.
            return (!is_place_only && (is_close || !is_linked || far <= FARTHEST)).then_some(Lead {
                start: end - length,
                is_part: is_linked,
            });
        }
    }
    None
}

/// The name without the words of its kind, unless they are part of it.
pub(crate) fn without_structure(words: &[Word<'_>], proper: &ProperName, text: &str) -> String {
    let end = words[proper.words.end - 1].range.end;
    let own = &words[proper.words.clone()];
    let inside = own
        .iter()
        .take_while(|word| {
            matches!(
                word.key().as_str(),
                "scic"
                    | "scop"
                    | "sas"
                    | "sarl"
                    | "association"
                    | "entreprise"
                    | "societe"
                    | "cooperative"
                    | "esat"
                    | "ea"
                    | "ei"
                    | "etti"
                    | "aci"
                    | "ai"
            )
        })
        .count();
    // « L'Association Un Nom ».
    let skipped = if own.len() > 2 && is_opening(own[0].text) && structure::is_structure_word(&own[1].key()) {
        2
    } else {
        inside
    };
    let linked = own.get(skipped).is_some_and(|word| CONNECTORS.contains(&word.text));
    if skipped > 0 && skipped < own.len() && !linked {
        return text[own[skipped].range.start..end].to_owned();
    }
    match lead(words, proper) {
        Some(lead) if lead.is_part || is_regie(words, lead.start) => {
            let whole = &text[words[lead.start].range.start..end];
            let mut chars = whole.chars();
            chars
                .next()
                .map(|first| first.to_uppercase().chain(chars).collect())
                .unwrap_or_default()
        }
        _ => proper.text.clone(),
    }
}

/// The word *régie* is part of the name of a régie.
fn is_regie(words: &[Word<'_>], at: usize) -> bool {
    words.get(at).is_some_and(|word| word.key() == "regie")
}
