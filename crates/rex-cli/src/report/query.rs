use rex_analysis::fold;

/// What spellings of one query have in common: its words, capitals, accents, punctuation and spaces aside, but for the dash of what
/// is excluded. Empty only where there is no query at all.
pub(super) fn key(query: &str) -> String {
    let words = query.split_whitespace().filter_map(|word| {
        let folded = fold(word);
        let is_excluded = word.starts_with('-');
        (!folded.is_empty()).then(|| if is_excluded { format!("-{folded}") } else { folded })
    });
    let key = words.collect::<Vec<_>>().join(" ");
    if key.is_empty() { shown(query) } else { key }
}

/// A query as one line that a terminal can show.
pub(super) fn shown(query: &str) -> String {
    let words: Vec<&str> = query.split_whitespace().collect();
    words.join(" ").replace(char::is_control, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_one_query() {
        for query in [
            "Déchets  verts",
            "DECHETS verts",
            " déchets\u{a0}Verts ",
            "\"déchets verts\"",
        ] {
            assert_eq!(key(query), "dechets verts", "{query}");
        }
        assert_eq!(key("tri -verre"), "tri -verre");
        assert_eq!((key("???"), key(" \n")), ("???".to_owned(), String::new()));
        assert_eq!(shown("a\u{1b}[31m\n b"), "a\u{fffd}[31m b");
    }
}
