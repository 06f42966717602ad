//! Section headings, and the role of the section that each begins.

use std::sync::LazyLock;

use crate::booklet::layout::lines::{Line, ends_sentence, item};
use rex_corpus::{data_lines, name_key};

/// The role of the section below a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    /// The buyer and what it needs.
    Presentation,
    /// The block of facts: amount, duration...
    Information,
    /// The holder and its answer.
    Response,
    /// The results.
    Outcome,
    /// A section under a heading of this text, by the rank of the heading.
    Own(usize),
    /// A button or the end of a case, not part of the text.
    End,
    /// Text before or after the cases.
    Back,
}

/// A heading of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) role: Role,
    /// Index of its first line.
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) text: String,
}

struct HeadingPattern {
    role: Role,
    words: Vec<String>,
    /// Any words may follow.
    is_open: bool,
    /// No word may follow.
    is_alone: bool,
}

struct Patterns {
    /// The longest first.
    patterns: Vec<HeadingPattern>,
    /// The words that may follow any pattern.
    complements: Vec<String>,
    /// Keys of headings that no case has.
    others: Vec<String>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let mut read = Patterns {
        patterns: Vec::new(),
        complements: Vec::new(),
        others: Vec::new(),
    };
    for (role, text) in
        data_lines(include_str!("../../data/booklet_headings.tsv")).filter_map(|line| line.split_once('\t'))
    {
        let words = words(text);
        let role = match role {
            "presentation" => Role::Presentation,
            "information" => Role::Information,
            "response" => Role::Response,
            "outcome" => Role::Outcome,
            "end" => Role::End,
            "back" => Role::Back,
            "other" => {
                read.others.push(words.join(" "));
                continue;
            }
            _ => {
                read.complements.extend(words);
                continue;
            }
        };
        read.patterns.push(HeadingPattern {
            role,
            words,
            is_open: text.ends_with('…'),
            is_alone: text.ends_with('.'),
        });
    }
    read.patterns
        .sort_by_key(|pattern| std::cmp::Reverse(pattern.words.len()));
    read
});

/// Stop words of headings.
const STOPS: &[&str] = &[
    "le", "la", "les", "l", "un", "une", "de", "du", "des", "d", "a", "au", "aux", "et", "en", "sur", "pour", "ce",
    "cette", "ces", "que", "notre", "nos", "son", "sa", "ses", "leur", "leurs", "y", "par", "quel", "quels", "quelle",
    "quelles",
];

/// The words of a text without stop words, folded, in the singular.
pub(crate) fn words(text: &str) -> Vec<String> {
    let key = name_key(text);
    let words = key.split(' ').filter(|word| !word.is_empty() && !STOPS.contains(word));
    words.map(|word| singular(word).to_owned()).collect()
}

/// A word without its plural ending: an s, or an x after « eau » and « eu » (« enjeux », « tableaux »).
fn singular(word: &str) -> &str {
    const SHORTEST: usize = 4;
    let stem = word.strip_suffix('s').or_else(|| {
        word.strip_suffix('x')
            .filter(|stem| stem.ends_with("eau") || stem.ends_with("eu"))
    });
    stem.filter(|_| word.len() >= SHORTEST).unwrap_or(word)
}

/// Whether two words are equal; long words may differ by one edit.
fn is_same(word: &str, known: &str) -> bool {
    const LONG: usize = 7;
    let is_near = || word.len().abs_diff(known.len()) <= 1 && strsim::osa_distance(word, known) == 1;
    word == known || (known.len() >= LONG && is_near())
}

/// Whether the first word of a heading numbers it: « 1. Le besoin », « II - Le besoin ».
fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit()) || matches!(word, "i" | "ii" | "iii" | "iv" | "v" | "vi")
}

/// The words by which headings of one text are compared: without numbers, and without words that may follow any heading, so that
/// « 1. Les résultats » and « Résultats obtenus » are the same. `None` if there are too many, or no letter.
pub(crate) fn key(text: &str) -> Option<String> {
    const MOST_WORDS: usize = 12;
    if !text.contains(char::is_alphabetic) {
        return None;
    }
    let mut words = words(text);
    if words.len() > 1 && is_number(&words[0]) && !counts(text) {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|last| PATTERNS.complements.contains(last)) {
        words.pop();
    }
    if words.is_empty() {
        return Some(name_key(text));
    }
    (words.len() <= MOST_WORDS).then(|| words.join(" "))
}

/// Whether the number before a text counts something: « 15 emplois créés ».
pub(crate) fn counts(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.strip_prefix([' ', '\u{a0}'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit()))
}

/// Whether a key is that of a heading that no case has, but minutes or a list of contacts.
pub(crate) fn is_of_another_text(key: &str) -> bool {
    PATTERNS.others.iter().any(|other| other == key)
}

/// The role of a text as a heading. `None` if it is not a known heading.
pub(crate) fn role_of(text: &str) -> Option<Role> {
    const MOST_WORDS: usize = 12;
    let mut words = words(text);
    if words.first().is_some_and(|word| is_number(word)) {
        words.remove(0);
    }
    if words.is_empty() || words.len() > MOST_WORDS {
        return None;
    }
    let Patterns {
        patterns, complements, ..
    } = &*PATTERNS;
    let fits = |pattern: &&HeadingPattern| {
        let starts = pattern.words.len() <= words.len()
            && pattern
                .words
                .iter()
                .zip(&words)
                .all(|(known, word)| is_same(word, known));
        let mut rest = words.iter().skip(pattern.words.len());
        starts && (pattern.is_open || rest.all(|word| !pattern.is_alone && complements.contains(word)))
    };
    patterns.iter().find(fits).map(|pattern| pattern.role)
}

/// The heading that begins at a line index.
pub(crate) fn at(lines: &[Line], index: usize) -> Option<Heading> {
    const LONGEST: usize = 90;
    let line = &lines[index];
    let text = line.text.replace("**", "");
    let text = text.trim();
    let starts_well = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    if text.chars().count() > LONGEST || item(text).is_some() || !starts_well {
        return None;
    }
    // A heading on two lines: « Toutes / les infos », « Ce marché a permis à / l'association… ».
    let next = lines
        .get(index + 1)
        .map(|next| next.text.replace("**", ""))
        .unwrap_or_default();
    let both = format!("{text} {next}");
    let goes_on = !next.is_empty() && item(&next).is_none() && both.chars().count() <= LONGEST;
    let is_cut = goes_on && (ends_with_link(text) || (role_of(text).is_none() && is_whole(&next)));
    let (text, last) = if is_cut && role_of(&both).is_some() {
        (both.trim().to_owned(), index + 1)
    } else {
        (text.to_owned(), index)
    };
    let ends_open = text.ends_with([':', '?']) || !ends_sentence(&text);
    let is_heading = ends_open && !text.ends_with(',') && !follows_half_a_sentence(lines, index);
    let role = role_of(&text).filter(|_| is_heading)?;
    // The first line of a paragraph may look like a heading; its next line begins in lower case.
    let after = lines.get(last + 1).map(|after| after.text.as_str()).unwrap_or_default();
    let goes_on = after.starts_with(char::is_lowercase) && line.level.is_none() && text.chars().count() > 40;
    (!goes_on).then_some(Heading {
        role,
        first: index,
        last,
        text,
    })
}

/// Whether a text can be the second line of a heading: short, and not the end of a sentence.
fn is_whole(text: &str) -> bool {
    text.chars().count() <= 40 && !ends_sentence(text)
}

/// Whether a line ends with a preposition or an article.
pub(crate) fn ends_with_link(text: &str) -> bool {
    const LINKS: &[&str] = &[
        "a", "au", "aux", "de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "sur", "pour",
    ];
    let key = name_key(text);
    key.rsplit(' ').next().is_some_and(|word| LINKS.contains(&word))
}

/// Whether this line continues the line above.
fn follows_half_a_sentence(lines: &[Line], index: usize) -> bool {
    let above = index
        .checked_sub(1)
        .map(|above| lines[above].text.as_str())
        .unwrap_or_default();
    above.ends_with([',', '-', '\u{ad}']) || (above.chars().count() > 40 && ends_with_link(above))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booklet::layout::lines::read;

    #[test]
    fn recognises_usual_headings() {
        for (text, role) in [
            ("Présentation du marché", Some(Role::Presentation)),
            ("PRÉSENTATION DE LA CONSULTATION", Some(Role::Presentation)),
            ("1. Le besoin", Some(Role::Presentation)),
            ("Les enjeux", Some(Role::Presentation)),
            ("Les enjeux de la consultation", Some(Role::Presentation)),
            ("Enjeux et contexte", Some(Role::Presentation)),
            ("Le contexte et les enjeux", Some(Role::Presentation)),
            ("La commande", Some(Role::Presentation)),
            ("La commande publique", None),
            ("Informations sur le marché", Some(Role::Information)),
            ("Fiche d'identité du marché :", Some(Role::Information)),
            ("Les informations clés", Some(Role::Information)),
            ("La réponse au marché", Some(Role::Response)),
            ("La réponse de l'entreprise", Some(Role::Response)),
            ("Les résultats", Some(Role::Outcome)),
            ("Ce que ce marché a permis", Some(Role::Outcome)),
            ("Ce marché a permis à la SCIC Un Nom", Some(Role::Outcome)),
            ("Toutes les infos", Some(Role::End)),
            ("Marchés publics", None),
            ("Prestations de services", None),
            ("Procédure adaptée", None),
            ("Code CPV 75231240", None),
            ("Durée 2 ans", None),
        ] {
            assert_eq!(role_of(text), role, "{text}");
        }
    }

    #[test]
    fn distinguishes_a_heading_from_text() {
        let role = |text: &str| at(&read(text), 0).map(|heading| (heading.role, heading.last));
        assert_eq!(role("Toutes\nles infos"), Some((Role::End, 1)));
        assert_eq!(
            role("Ce marché a permis à\nl'association Un Nom\n- De"),
            Some((Role::Outcome, 1))
        );
        assert_eq!(
            role("Ce marché a permis à la Ville de réduire ses\ndéchets de moitié."),
            None
        );
        assert_eq!(role("Ce marché a permis de réduire les déchets."), None);
        assert_eq!(role("- Le besoin"), None);
        assert_eq!(role("le besoin"), None);
    }
}
