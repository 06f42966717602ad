//! Stop words.

use std::sync::LazyLock;

use foldhash::HashSet;

static STOP_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("data/stop_words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Whether a folded word is a stop word, which queries ignore: `par`, `les`, `comment`.
///
/// Stop words are indexed nevertheless, for phrases and for queries of stop words only.
pub fn is_stop_word(exact: &str) -> bool {
    STOP_WORDS.contains(exact)
}
