//! Who holds the contract: the subject of the first sentences of the response, and the name in the heading of the outcome.

use super::body::Block;
use super::finding::Findings;
use super::names::{self, CONNECTORS, Proper, Word};
use super::structure;
use rex_corpus::name_key;
use rex_corpus::{Party, Reserve, Territories};

/// Where the text of a case names its holder.
pub(super) struct Sources<'a> {
    pub(super) response: &'a [Block],
    pub(super) outcome: &'a [Block],
    /// « Ce marché a permis à… » and its line.
    pub(super) outcome_heading: Option<(usize, &'a str)>,
    /// A line of the information block.
    pub(super) labelled: Option<&'a (usize, String)>,
    /// The name of the buyer, which is not the holder.
    pub(super) buyer: Option<&'a str>,
}

/// A name that can be the holder's.
#[derive(Debug, Clone)]
struct Candidate {
    name: String,
    line: usize,
    score: i32,
}

/// The holder and the line that names it, with what is corrected or doubtful.
pub(super) fn find(sources: &Sources<'_>, findings: &mut Findings) -> Option<(Party, usize)> {
    let (name, line) = match sources.labelled {
        Some((line, name)) => (labelled_name(name), *line),
        None => {
            let best = best(sources)?;
            (best.name, best.line)
        }
    };
    let runs = runs(sources);
    let name = if sources.labelled.is_some() {
        name
    } else {
        full_name(spelled(name, line, &runs, findings), &runs)
    };
    let structure = structure_of(sources, &name);
    Some((
        Party {
            nom: name,
            siret: None,
            structure: structure.map(str::to_owned).into_iter().collect(),
        },
        line,
    ))
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
        // The name goes on to the end: what comes before is its kind.
        Some(proper) if proper.words.end == words.len() => without_structure(&words, &proper, value),
        Some(proper) if words[proper.words.end].gap.contains([',', '-', '–']) => {
            without_structure(&words, &proper, value)
        }
        _ => whole(),
    }
}

/// The best of the names in the heading of the outcome and in the first sentences of the response.
fn best(sources: &Sources<'_>) -> Option<Candidate> {
    const ENOUGH: i32 = 4;
    let mut found: Vec<Candidate> = Vec::new();
    // In capitals all along, a name does not stand out: « CE MARCHÉ A PERMIS AU GROUPEMENT ».
    let heading = sources
        .outcome_heading
        .filter(|(_, heading)| heading.contains(char::is_lowercase));
    if let Some((line, heading)) = heading {
        // « Ce marché » begins the heading, whatever comes first in it is no name.
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
    let mut best: Option<Candidate> = None;
    for candidate in &found {
        let same = found
            .iter()
            .filter(|other| alike(&other.name, &candidate.name) && other.line != candidate.line)
            .count() as i32;
        let score = candidate.score + same.min(2) * 4 + mentions(&candidate.name, sources).min(4);
        if score >= ENOUGH && best.as_ref().is_none_or(|best| score > best.score) {
            best = Some(Candidate {
                score,
                ..candidate.clone()
            });
        }
    }
    best
}

/// Whether one name is the other, or begins it.
fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (name_key(one), name_key(other));
    one == other || one.starts_with(&format!("{other} ")) || other.starts_with(&format!("{one} "))
}

fn mentions(name: &str, sources: &Sources<'_>) -> i32 {
    let blocks = sources.response.iter().chain(sources.outcome);
    blocks.map(|block| block.text.matches(name).count()).sum::<usize>() as i32 - 1
}

fn candidates(text: &str, line: &dyn Fn(usize) -> usize, base: i32, sources: &Sources<'_>) -> Vec<Candidate> {
    let words = names::words(text);
    let proper = names::proper_names(text, &words);
    let candidate = |proper: &Proper| {
        let name = without_structure(&words, proper, text);
        let grammar = grammar(&words, proper)?;
        let is_lone_start = proper.words.start == 0 && proper.words.len() == 1 && mentions(&name, sources) < 1;
        let looks_like_name = proper.text.chars().filter(|c| c.is_uppercase()).count() > 1;
        let doubt = if is_lone_start && !looks_like_name && grammar < 6 {
            -4
        } else {
            0
        };
        is_name(&name, sources).then(|| Candidate {
            line: line(words[proper.words.start].range.start),
            name,
            score: base + grammar + doubt,
        })
    };
    proper.iter().filter_map(candidate).collect()
}

/// Not the buyer, nor an acronym of the field, nor words for any holder: « CE MARCHÉ A PERMIS AU GROUPEMENT ».
fn is_name(name: &str, sources: &Sources<'_>) -> bool {
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

/// What the words around a name say; `None` where it is no subject at all.
fn grammar(words: &[Word<'_>], proper: &Proper) -> Option<i32> {
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
    /// What a company belongs to, or is run by, is not the company.
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
    // What stands in brackets is said of the name before them: « Un Nom (mandataire) et Un Autre ».
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

/// The few words before one, back to a mark that ends what they are said of.
fn phrase<'w, 't>(words: &'w [Word<'t>], end: usize, marks: &[char]) -> &'w [Word<'t>] {
    const LONGEST: usize = 6;
    let mut start = end;
    while start > 0 && end - start < LONGEST && !words[start].gap.contains(marks) {
        start -= 1;
    }
    &words[start..end]
}

/// Whether what follows a name says what it is: « Un Nom, entreprise d'insertion, … », « Un Nom (mandataire) ».
fn is_apposition(words: &[Word<'_>], end: usize) -> bool {
    const LONGEST: usize = 4;
    let Some(next) = words.get(end) else { return false };
    if next.gap == " (" {
        return next.text == "mandataire";
    }
    // « Concrètement, l'association… » goes on with another.
    let from = end + usize::from(matches!(next.text, "un" | "une"));
    let keys: Vec<String> = words[from..].iter().take(LONGEST).map(Word::key).collect();
    let is_structure = |length: usize| structure::ends_with_structure(&keys[..length]) == Some(length);
    next.gap == ", " && (1..=keys.len()).any(is_structure)
}

fn is_opening(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "la" | "le" | "l" | "les" | "une" | "un" | "notre"
    )
}

/// The words before a name that say what it is: `régie de quartier de`, `association`.
#[derive(Debug, Clone, Copy)]
struct Lead {
    /// The first of them.
    start: usize,
    /// Whether the name is only told from others by them: `la régie de quartier de Maurepas`.
    is_part: bool,
}

fn lead(words: &[Word<'_>], proper: &Proper) -> Option<Lead> {
    const FARTHEST: usize = 4;
    let name = proper.words.start;
    // A capital may begin the words themselves: « SCIC Un Nom », « Association Un Nom ».
    let own = &words[proper.words.clone()];
    // « L'ESAT Un Nom » has its article in capitals too.
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
            // « L'association angevine Un Nom » is one, « l'association basée à Rennes » is not.
            return (!is_place_only && (is_close || !is_linked || far <= FARTHEST)).then_some(Lead {
                start: end - length,
                is_part: is_linked,
            });
        }
    }
    None
}

/// The name without the words that only say what it is, and with those it cannot do without.
fn without_structure(words: &[Word<'_>], proper: &Proper, text: &str) -> String {
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

/// Régies carry what they are in their names.
fn is_regie(words: &[Word<'_>], at: usize) -> bool {
    words.get(at).is_some_and(|word| word.key() == "regie")
}

/// Every run of capitals of the text, as a name.
fn runs(sources: &Sources<'_>) -> Vec<String> {
    let blocks = sources.response.iter().chain(sources.outcome);
    blocks
        .flat_map(|block| {
            let words = names::words(&block.text);
            names::proper_names(&block.text, &words)
                .into_iter()
                .map(|proper| proper.text)
        })
        .collect()
}

/// The spelling that is not in capitals, of a name that the text spells in two ways.
fn spelled(name: String, line: usize, runs: &[String], findings: &mut Findings) -> String {
    const SHORTEST: usize = 6;
    let key = name_key(&name);
    let is_mixed = |text: &str| text.chars().any(char::is_lowercase);
    let variant = runs.iter().find(|run| {
        let other = name_key(run);
        let is_near = key.chars().count() >= SHORTEST && strsim::osa_distance(&key, &other) <= 1;
        **run != name && (other == key || is_near) && is_mixed(run) && !is_mixed(&name)
    });
    let Some(variant) = variant else { return name };
    if name_key(variant) != key {
        findings.corrected(
            line,
            "titulaires",
            &name,
            format!("titulaires: \"{name}\" → {variant}, as it is spelled further on"),
        );
    }
    variant.clone()
}

/// The longest name that begins with this one: `Un Nom Grand Ouest` for `Un Nom`.
fn full_name(name: String, runs: &[String]) -> String {
    let longer = |run: &&String| {
        let rest = run.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix(' '));
        rest.is_some_and(|rest| rest.starts_with(char::is_uppercase) && rest.split(' ').count() <= 4)
    };
    let found = runs.iter().filter(longer).max_by_key(|run| run.len());
    // « La Table » told by its article elsewhere.
    let with_article = runs.iter().find(|run| {
        ["Le ", "La ", "Les ", "L'"]
            .iter()
            .any(|article| run.strip_prefix(article) == Some(name.as_str()))
    });
    found.or(with_article).cloned().unwrap_or(name)
}

/// What is said of the structure right before and after a name: `l'association Un Nom`, `Un Nom, coopérative de…`.
fn beside<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    const BEFORE: usize = 40;
    let at = text.find(name)?;
    let end = at + name.len();
    let stop = |text: &str| [" avec ", ". ", " ; "].iter().filter_map(|stop| text.find(stop)).min();
    let after = stop(&text[end..]).map_or(text.len(), |stop| end + stop);
    let from = (at.saturating_sub(BEFORE)..=at).find(|from| text.is_char_boundary(*from))?;
    text.get(from..after)
}

/// A sentence to where it goes on with another company: « l'association Un Nom et la SCOP Un Autre ont répondu ».
fn without_partner<'t>(text: &'t str, name: &str) -> &'t str {
    let Some(end) = text.find(name).map(|at| at + name.len()) else {
        return text;
    };
    let is_partner = |at: usize| {
        let after = &text[at + " et ".len()..];
        let words = names::words(after);
        let is_article = words.first().is_some_and(|word| is_opening(word.text));
        let keys: Vec<String> = words.iter().skip(1).take(4).map(Word::key).collect();
        let is_structure = |length: usize| structure::ends_with_structure(&keys[..length]) == Some(length);
        let is_name = |length: usize| words.get(1 + length).is_some_and(Word::is_capital);
        is_article && (1..=keys.len()).any(|length| is_structure(length) && is_name(length))
    };
    let partner = text[end..]
        .match_indices(" et ")
        .map(|(at, _)| end + at)
        .find(|at| is_partner(*at));
    &text[..partner.unwrap_or(text.len())]
}

fn structure_of(sources: &Sources<'_>, name: &str) -> Option<&'static str> {
    const SENTENCES: usize = 5;
    let mut first = String::new();
    let labelled = sources.labelled.map(|(_, text)| text.as_str());
    let heading = sources.outcome_heading.map(|(_, heading)| heading);
    let mut rest: Vec<&str> = Vec::new();
    for block in sources.response {
        for range in names::sentences(&block.text) {
            let sentence = &block.text[range];
            if first.is_empty() {
                first = sentence.to_owned();
            } else {
                rest.push(sentence);
            }
        }
    }
    let near: Vec<&str> = rest.iter().take(SENTENCES).copied().collect();
    // The name itself may say it.
    let first = without_partner(&first, name);
    let near_name = beside(first, name);
    let mut texts: Vec<&str> = labelled
        .into_iter()
        .chain(near_name)
        .chain([first])
        .chain(heading)
        .collect();
    texts.push(name);
    texts.extend(near);
    structure::named_in(&texts).or_else(|| structure::named_in(&rest).filter(|label| label.contains("insertion")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(response: &str, heading: &str) -> (String, String) {
        let blocks = [Block::of_line(response, 1)];
        let sources = Sources {
            response: &blocks,
            outcome: &[],
            outcome_heading: (!heading.is_empty()).then_some((9, heading)),
            labelled: None,
            buyer: Some("Commune de Rennes"),
        };
        let found = find(&sources, &mut Findings::default());
        found
            .map(|(party, _)| (party.nom, party.structure.concat()))
            .unwrap_or_default()
    }

    #[test]
    fn names_the_holder_and_what_it_is() {
        for (response, heading, name, structure) in [
            (
                "Terravive est une entreprise coopérative basée à Nantes. Elle trie.",
                "Ce marché a permis à Terravive",
                "Terravive",
                "Coopérative",
            ),
            (
                "L'association Un Toit intervient à Rennes.",
                "",
                "Un Toit",
                "Association",
            ),
            (
                "La SCIC Les Bons Plats, créée en 2012, cuisine.",
                "Ce que ce marché a permis",
                "Les Bons Plats",
                "Coopérative",
            ),
            (
                "Implantée à Rennes, la régie de quartier Cleunay Vivant emploie vingt personnes.",
                "",
                "Régie de quartier Cleunay Vivant",
                "Régie de quartier",
            ),
            (
                "La régie de quartier de Maurepas emploie vingt personnes.",
                "",
                "Régie de quartier de Maurepas",
                "Régie de quartier",
            ),
            (
                "TOITUR NORD est une association. Toiture Nord forme aussi.",
                "Ce marché a permis au groupement",
                "Toiture Nord",
                "Association",
            ),
            (
                "Toiture Nord est une association.",
                "CE MARCHÉ A PERMIS AU GROUPEMENT",
                "Toiture Nord",
                "Association",
            ),
            (
                "LOGEO, association reconnue, agit. Ainsi, LOGEO Grand Ouest s'engage.",
                "Ce marché a permis à LOGEO",
                "LOGEO Grand Ouest",
                "Association",
            ),
            (
                "C'est l'ESAT Les Peupliers qui a été retenu par la Ville de Rennes.",
                "",
                "Les Peupliers",
                "ESAT",
            ),
            (
                "Depuis 1998, Ressourcerie du Pays d'Auge est un chantier d'insertion.",
                "",
                "Ressourcerie du Pays d'Auge",
                "Atelier et chantier d'insertion",
            ),
            (
                "L'ESAT Le Grand Large, géré par l'association Bel Horizon, entretient les parcs.",
                "",
                "Le Grand Large",
                "ESAT",
            ),
            (
                "L'ESAT Le Grand Large, géré par l'association Bel Horizon",
                "",
                "Le Grand Large",
                "ESAT",
            ),
            (
                "Envie 2E Lorraine, entreprise d'insertion membre du réseau Envie, collecte les appareils.",
                "",
                "Envie 2E Lorraine",
                "Entreprise d'insertion",
            ),
            (
                "Cosmétocar, entreprise d'insertion, emploie douze personnes.",
                "",
                "Cosmétocar",
                "Entreprise d'insertion",
            ),
            (
                "L'association Alpha et la SCOP Beta ont répondu ensemble.",
                "",
                "Alpha",
                "Association",
            ),
            (
                "Alpha Services (mandataire) et Beta Propreté ont répondu ensemble.",
                "",
                "Alpha Services",
                "",
            ),
            (
                "Elle a répondu seule.",
                "Ce marché a permis à l'entreprise adaptée Signes Ouest",
                "Signes Ouest",
                "Entreprise adaptée",
            ),
        ] {
            assert_eq!(
                holder(response, heading),
                (name.to_owned(), structure.to_owned()),
                "{response}"
            );
        }
        assert_eq!(holder("Elle a répondu seule.", "").0, "");
    }
}
