//! Keeps the accent where it distinguishes two everyday words: `marché` and `marche`.

use std::sync::LazyLock;

use foldhash::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The accented words of `data/accents.tsv`, by their folded form.
static ACCENTED: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("data/accents.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// Whether a text has any accent. Without any, a missing accent means nothing.
pub(crate) fn are_written(text: &str) -> bool {
    // In NFD, accents are separate characters.
    !text.is_ascii() && text.chars().any(|c| is_accented(c) || is_combining_mark(c))
}

fn is_accented(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii() && std::iter::once(c).nfd().nth(1).is_some_and(is_combining_mark)
}

/// The readings of a folded word: one if its accent, or the lack of it, decides; both if it does not.
///
/// It does not decide in capitals, or in a text without any accent.
pub(crate) fn readings(folded: &str, written: &str, text_has_accents: bool) -> Option<Vec<String>> {
    let accented = *ACCENTED.get(folded)?;
    let is_written = are_written(written);
    let is_open = !is_written && (!text_has_accents || written.chars().all(char::is_uppercase));
    Some(match (is_written, is_open) {
        (true, _) => vec![accented.to_owned()],
        (false, true) => vec![accented.to_owned(), folded.to_owned()],
        (false, false) => vec![folded.to_owned()],
    })
}
