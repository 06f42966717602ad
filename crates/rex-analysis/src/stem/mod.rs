//! Brings the forms of a word together.

mod light;
mod minimal;
mod singular;
mod snowball;

use std::sync::LazyLock;

use foldhash::HashMap;

/// A way to bring the forms of a word together. Each is given words folded by [`crate::fold`], so that a word typed without
/// its accents meets the word printed with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stemmer {
    /// Plural to singular and no more.
    Singular,
    /// Savoy's minimal stemmer.
    Minimal,
    /// Savoy's light stemmer.
    Light,
    /// Snowball French, after the feminine has been brought to the masculine. The one that ranks best
    /// (docs/RELEVANCE.md).
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

    /// The stem of a folded word. Words with digits only lose their ordinal ending: `2eme` is `2e`.
    pub(crate) fn stem(self, word: &str) -> String {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return ordinal(word);
        }
        let singular = singular::singular(word);
        match self {
            Self::Singular => singular,
            Self::Minimal => minimal::stem(word),
            Self::Light => light::stem(word),
            // A singular that looks like a plural stays as it is: `cours` is no `cour`.
            Self::Snowball if singular == word && singular::is_written_down(word) => singular,
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

/// The stem that is written down for a word, where a stemmer would be wrong.
pub(crate) fn forced(word: &str) -> Option<&'static str> {
    FORCED.get(word).copied()
}

/// `2e`, `2eme`, `2nde` are one; `1er`, `1re`, `1ere` are another (Lexique des règles typographiques en usage à
/// l'Imprimerie nationale, « Abréviations »).
fn ordinal(word: &str) -> String {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match &word[digits.len()..] {
        "e" | "eme" | "ieme" | "er" | "re" | "ere" | "nd" | "nde" if is_number => format!("{digits}e"),
        _ => word.to_owned(),
    }
}
