use std::sync::LazyLock;

use foldhash::HashSet;

static STOP_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("data/stop_words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Whether a folded word only links others, so that a query can do without it: `par`, `les`, `comment`.
///
/// They are indexed all the same, for exact phrases and for queries that hold nothing else.
pub fn is_stop_word(exact: &str) -> bool {
    STOP_WORDS.contains(exact)
}
