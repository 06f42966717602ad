//! The form of a word in which spellings meet: lower case, no accent, no ligature, no apostrophe.

use unicode_normalization::UnicodeNormalization;

/// Folds a word: `Œuvre` and `oeuvre`, `DÉCHETS` and `dechets`, `m²` and `m2` become the same.
///
/// What is neither a letter nor a digit is dropped: combining marks, apostrophes, soft hyphens.
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    if word.is_ascii() {
        // Most words; nothing in them decomposes.
        let letters = word.chars().filter(char::is_ascii_alphanumeric);
        folded.extend(letters.map(|c| c.to_ascii_lowercase()));
        return folded;
    }
    for c in word.nfkd().flat_map(char::to_lowercase).nfkd() {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            c if c.is_alphanumeric() => folded.push(c),
            _ => {}
        }
    }
    folded
}

/// The long form of a folded abbreviation: `st` is `saint`, in place names above all.
pub(crate) fn unabbreviated(folded: &str) -> Option<&'static str> {
    match folded {
        "st" => Some("saint"),
        "ste" => Some("sainte"),
        "sts" => Some("saints"),
        "stes" => Some("saintes"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_meet() {
        for (word, expected) in [
            ("Lætitia", "laetitia"),
            ("CŒUR", "coeur"),
            ("Île", "ile"),
            ("I\u{307}", "i"),
            ("CO₂", "co2"),
            ("2ᵉ", "2e"),
            ("aujourd’hui", "aujourdhui"),
            ("\u{301}", ""),
        ] {
            assert_eq!(fold(word), expected);
        }
    }
}
