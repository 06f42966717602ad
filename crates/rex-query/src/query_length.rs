use unicode_normalization::UnicodeNormalization;

/// The length of a text in characters, in Unicode normalization form KC: that of what is searched for.
///
/// A single character may stand for 18 (U+FDFA), so that a limit on characters as they are sent would bound nothing.
pub fn query_length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.nfkc().count()
    }
}

/// The text, cut to at most this many characters as [`query_length`] counts them.
pub fn cut_query(text: &str, max: usize) -> &str {
    if query_length(text) <= max {
        return text;
    }
    let mut length = 0;
    let end = text.char_indices().find(|(_, c)| {
        length += std::iter::once(*c).nfkc().count();
        length > max
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_that_of_the_normalized_text() {
        for (text, length) in [
            ("", 0),
            ("déchets", 7),
            ("de\u{301}chets", 7),
            ("\u{fdfa}", 18),
            ("ﬁn", 3),
            ("½", 3),
        ] {
            assert_eq!(query_length(text), length, "{text}");
        }
    }

    #[test]
    fn a_text_is_cut_within_the_length() {
        for (text, max, cut) in [
            ("déchets", 7, "déchets"),
            ("déchets", 3, "déc"),
            ("\u{fdfa}\u{fdfa}", 35, "\u{fdfa}"),
            ("\u{fdfa}", 17, ""),
            ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}"),
        ] {
            assert_eq!(cut_query(text, max), cut);
        }
    }
}
