//! One way to write each accent: two texts that look alike are one.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The first character that composition may change, or that is a mark: none before it is either (Unicode, DerivedNormalizationProps).
const FIRST: char = '\u{300}';

/// A text in Unicode's normalization form C.
pub(crate) fn nfc(text: &str) -> String {
    let doubtful = text.chars().filter(|c| *c >= FIRST);
    match is_nfc_quick(doubtful) {
        IsNormalized::Yes => text.to_owned(),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_way_gives_the_same(text in "[a-zé’\u{300}-\u{304}\u{323}\u{37e}\u{212b}가ᄀ-다-ᅤ]{0,12}|\\PC{0,12}") {
            prop_assert_eq!(nfc(&text), text.nfc().collect::<String>());
        }
    }

    #[test]
    fn nothing_before_the_first_changes() {
        for c in '\0'..FIRST {
            assert!(
                c.nfc().eq([c]) && unicode_normalization::char::canonical_combining_class(c) == 0,
                "{c:?}"
            );
        }
    }
}
