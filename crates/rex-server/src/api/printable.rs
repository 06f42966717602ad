//! Text without control characters.

/// Keeps newlines, replaces other control characters that are white space by a space, and removes the remaining ones. CSV
/// and XML cannot hold them.
pub(super) fn printable(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut next = text.chars().skip(1).chain(['\0']);
    text.chars().filter_map(move |c| {
        let next = next.next();
        match c {
            '\n' => Some(c),
            '\r' if next == Some('\n') => None,
            c if c.is_control() => c.is_whitespace().then_some(' '),
            c => Some(c),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_stays_white_space() {
        for (text, expected) in [
            ("Lot\t1", "Lot 1"),
            ("a\r\nb\nc\rd", "a\nb\nc d"),
            ("a\u{b}b\u{c}c\u{85}d", "a b c d"),
            ("a\u{8}b\u{0}c\u{7f}", "abc"),
            ("é\u{a0}€", "é\u{a0}€"),
        ] {
            assert_eq!(printable(text).collect::<String>(), expected, "{text:?}");
        }
    }
}
