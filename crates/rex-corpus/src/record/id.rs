/// Maximum length of an id, in bytes: it is part of an address and of file names.
const MAX_BYTES: usize = 300;

/// Whether a text can be the id of a record, in every reader: letters, accented ones too, digits, `-` and `_`; at most 300 bytes.
pub fn is_record_id(text: &str) -> bool {
    /// Letters that show as nothing.
    const FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];
    let is_allowed = |c: char| (c.is_alphanumeric() && !FILLERS.contains(&c)) || c == '-' || c == '_';
    !text.is_empty() && text.len() <= MAX_BYTES && text.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_letters_digits_dashes_and_underscores() {
        for id in [
            "toulouse-ramassage-cartons",
            "été_2023",
            "Œuvre",
            "21310555400017-n-1",
            "دراسة",
            "-",
            &"x".repeat(300),
        ] {
            assert!(is_record_id(id), "{id}");
        }
        let long = "x".repeat(301);
        for text in [
            "",
            ".",
            "..",
            ".cache",
            "a.b",
            "a b",
            "a\u{a0}b",
            "a/b",
            "a\\b",
            "a?b",
            "a#b",
            "a%b",
            "a:b",
            "a&b",
            "a<b",
            "a\"b",
            "a'b",
            "a|b",
            "a*b",
            "a\nb",
            "a\0b",
            "\u{1b}[2J",
            "a\u{9b}b",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{200d}b",
            "a\u{ad}b",
            "a\u{3164}",
            "a\u{feff}",
            "a\u{e0041}",
            "a…",
            "a—b",
            "👩",
            &long,
        ] {
            assert!(!is_record_id(text), "{text:?}");
        }
    }
}
