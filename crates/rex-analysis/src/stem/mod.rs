//! Stemmers: reduce the forms of a word to a stem.

mod light;
mod minimal;
mod singular;
mod snowball;

use std::sync::LazyLock;

use foldhash::HashMap;

/// A stemmer. It works on words folded by [`crate::fold`], so that a word typed without accents matches one printed with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stemmer {
    /// Plural to singular only.
    Singular,
    /// Savoy's minimal stemmer.
    Minimal,
    /// Savoy's light stemmer.
    Light,
    /// Snowball French, after feminine to masculine. It ranks best (docs/RELEVANCE.md).
    #[default]
    Snowball,
}

impl Stemmer {
    /// Every stemmer, by name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("singular", Self::Singular),
        ("minimal", Self::Minimal),
        ("light", Self::Light),
        ("snowball", Self::Snowball),
    ];

    /// The stem of a folded word. A word with digits loses only its ordinal ending: `2eme` is `2e`.
    pub(crate) fn stem(self, word: &str) -> String {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return ordinal(word);
        }
        let singular = singular::singular(word);
        match self {
            Self::Singular => singular,
            Self::Minimal => minimal::stem(word),
            Self::Light => light::stem(word),
            // A singular that looks like a plural is unchanged: `cours` is not `cour`.
            Self::Snowball if singular == word && singular::is_exception(word) => singular,
            Self::Snowball => snowball::stem(&singular),
        }
    }
}

/// The stems of `data/stems.tsv`, by folded word.
static FORCED: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../data/stems.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut columns = line.split('\t');
            Some((columns.next()?, columns.next()?))
        })
        .collect()
});

/// The stem of a word in `data/stems.tsv`, where the stemmer is wrong.
pub(crate) fn forced(word: &str) -> Option<&'static str> {
    FORCED.get(word).copied()
}

/// `2e`, `2eme`, `2nde` have one stem; `1er`, `1re`, `1ere` another (Lexique des règles typographiques en usage à
/// l'Imprimerie nationale, « Abréviations »).
fn ordinal(word: &str) -> String {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match &word[digits.len()..] {
        "e" | "eme" | "ieme" | "er" | "re" | "ere" | "nd" | "nde" if is_number => format!("{digits}e"),
        _ => word.to_owned(),
    }
}
