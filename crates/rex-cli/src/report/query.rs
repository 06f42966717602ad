use rex_analysis::fold;

/// The key under which spellings of a query are counted: its folded words, without case, accents, punctuation and extra spaces, but
/// with the dash of an excluded word. Empty only for an empty query.
pub(super) fn key(query: &str) -> String {
    let words = query.split_whitespace().filter_map(|word| {
        let folded = fold(word);
        let is_excluded = word.starts_with('-');
        (!folded.is_empty()).then(|| if is_excluded { format!("-{folded}") } else { folded })
    });
    let key = words.collect::<Vec<_>>().join(" ");
    if key.is_empty() { shown(query) } else { key }
}

/// A query on one line, control characters replaced, for a terminal.
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
