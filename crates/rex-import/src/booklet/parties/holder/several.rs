//! The names in a line about holders: « Titulaires : SCOP Un Nom, Un Autre (EI) ».

use crate::booklet::parties::structure;
use crate::imported::Findings;
use rex_corpus::{Territories, name_key};

/// A line, or a part of a sentence, that names holders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HolderLine {
    pub(super) line: usize,
    pub(super) value: String,
    /// Whether its label says that there are several: « Titulaires ».
    is_plural: bool,
}

impl HolderLine {
    pub(crate) fn new(line: usize, text: &str, value: &str) -> Self {
        const PLURALS: &[&str] = &[
            "titulaires",
            "attributaires",
            "prestataires",
            "entreprises",
            "structures",
            "fournisseurs",
            "laureats",
            "operateurs",
            "groupement",
        ];
        let label = name_key(text.split(':').next().unwrap_or_default());
        Self {
            line,
            value: value.to_owned(),
            is_plural: text.contains(':') && label.split(' ').any(|word| PLURALS.contains(&word)),
        }
    }
}

/// What separates two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A semicolon, a slash between spaces: nothing else is meant.
    Sure,
    Comma,
    And,
}

/// The names in the lines, each with its line. A doubt is noted where a comma or « et » may stand inside a name.
pub(super) fn named<'l>(lines: &'l [HolderLine], findings: &mut Findings) -> Vec<(usize, &'l str)> {
    const MOST: usize = 50;
    let mut named: Vec<(usize, &str)> = Vec::new();
    for line in lines {
        let (names, doubt) = names(&line.value, line.is_plural);
        if let Some(doubt) = doubt {
            let message = format!("titulaires: \"{}\" {doubt}", line.value);
            findings.doubtful(line.line, "titulaires", &line.value, message);
        }
        let room = MOST.saturating_sub(named.len());
        if names.len() > room {
            let message = format!("titulaires: over {MOST} names, the others are not taken");
            findings.doubtful(line.line, "titulaires", &line.value, message);
        }
        named.extend(names.into_iter().take(room).map(|name| (line.line, name)));
    }
    named
}

/// The names in a text, and what is doubtful about them.
fn names(text: &str, is_plural: bool) -> (Vec<&str>, Option<String>) {
    let parts = parts(text);
    let mut names: Vec<&str> = Vec::new();
    let mut from = 0;
    let (mut is_guessed, mut is_kept) = (false, false);
    for (rank, (start, end, mark)) in parts.iter().enumerate() {
        let part = without_lead(&text[*start..*end]);
        let is_list = is_plural || !names.is_empty() || rank > 1;
        let begins = rank > 0
            && match mark {
                Mark::Sure => !part.is_empty(),
                Mark::Comma => is_name(part),
                Mark::And => is_name(part) && (is_list || names_structure(part)),
            };
        is_kept |= rank > 0 && !begins && *mark == Mark::And && is_name(part);
        if begins {
            is_guessed |= *mark != Mark::Sure;
            names.push(&text[from..parts[rank - 1].1]);
            from = *start;
        }
    }
    names.push(&text[from..]);
    let mut names: Vec<&str> = names.into_iter().map(without_lead).collect();
    names.retain(|name| !name.is_empty());
    let doubt = match names.len() {
        1 if is_kept => Some("may name two holders, it is taken for one".to_owned()),
        count if count > 1 && is_guessed => Some(format!("is taken for {count} holders")),
        _ => None,
    };
    (names, doubt)
}

/// The parts between the marks outside brackets: start, end, the mark before.
fn parts(text: &str) -> Vec<(usize, usize, Mark)> {
    const MARKS: [(&str, Mark); 7] = [
        (";", Mark::Sure),
        (" / ", Mark::Sure),
        (" + ", Mark::Sure),
        (" | ", Mark::Sure),
        (",", Mark::Comma),
        (" et ", Mark::And),
        (" & ", Mark::And),
    ];
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let (mut start, mut before, mut next) = (0, Mark::Sure, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let found = MARKS.iter().find(|(mark, _)| text[at..].starts_with(mark));
        if let Some((mark, kind)) = found.filter(|_| depth == 0 && at >= next) {
            parts.push((start, at, before));
            start = at + mark.len();
            next = start;
            before = *kind;
        }
    }
    parts.push((start, text.len(), before));
    parts
}

/// « à l'association Un Nom », « groupement Un Nom »: without the words before the name that are no part of it.
fn without_lead(text: &str) -> &str {
    let mut text = text.trim();
    for lead in [
        "et ",
        "à ",
        "au ",
        "Groupement ",
        "groupement ",
        "le groupement ",
        "de ",
    ] {
        text = text.strip_prefix(lead).unwrap_or(text).trim_start();
    }
    text
}

/// Whether a part is a name, and not the kind or the place of the name before it.
fn is_name(part: &str) -> bool {
    let own = part.split('(').next().unwrap_or(part).trim();
    let key = name_key(own);
    let mut words = key.split(' ').filter(|word| !word.is_empty());
    let is_kind = words.all(|word| structure::is_structure_word(word) || word.len() <= 2);
    let begins = own.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '«') || names_structure(own);
    begins && !is_kind && Territories::shipped().named(own).is_empty()
}

/// Whether a part says what kind of company it names: « la SCOP Un Nom ».
fn names_structure(part: &str) -> bool {
    let mut words = part.split([' ', '\'']).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let is_article = matches!(first.to_lowercase().as_str(), "l" | "la" | "le" | "les");
    let kind = if is_article {
        words.next().unwrap_or_default()
    } else {
        first
    };
    let rest: Vec<&str> = words.collect();
    structure::is_structure_word(&name_key(kind)) && rest.iter().any(|word| word.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_names_are_several_holders() {
        for (text, expected, is_doubtful) in [
            ("Net Plus, ESAT Kan", &["Net Plus", "ESAT Kan"][..], true),
            (
                "SCOP Vert, Jardins du Bocage (EI)",
                &["SCOP Vert", "Jardins du Bocage (EI)"],
                true,
            ),
            (
                "Cuisine solidaire (SIAE, ESS), Traiteur",
                &["Cuisine solidaire (SIAE, ESS)", "Traiteur"],
                true,
            ),
            ("Alpha ; Bêta", &["Alpha", "Bêta"], false),
            ("Alpha / Bêta", &["Alpha", "Bêta"], false),
            ("Alpha, Bêta et Gamma", &["Alpha", "Bêta", "Gamma"], true),
            (
                "l'association Alpha et la SCOP Bêta",
                &["l'association Alpha", "la SCOP Bêta"],
                true,
            ),
            (
                "L'Atelier des Rives, entreprise d'insertion",
                &["L'Atelier des Rives, entreprise d'insertion"],
                false,
            ),
            ("Alpha, SCIC", &["Alpha, SCIC"], false),
            ("Alpha, Rennes", &["Alpha, Rennes"], false),
            ("Dupont et Martin", &["Dupont et Martin"], true),
            ("Terre et mer", &["Terre et mer"], false),
            ("", &[], false),
        ] {
            let (found, doubt) = names(text, false);
            assert_eq!((found.as_slice(), doubt.is_some()), (expected, is_doubtful), "{text}");
        }
        assert_eq!(names("Cuisine et Traiteur", true).0, ["Cuisine", "Traiteur"]);
    }
}
