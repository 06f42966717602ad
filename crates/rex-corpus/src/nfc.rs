//! Unicode normalization: texts that look alike compare equal.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The first combining mark. NFC changes no character below it (Unicode, DerivedNormalizationProps).
const FIRST_COMBINING: char = '\u{300}';

/// A text in Unicode normalization form C.
pub(crate) fn nfc(text: &str) -> String {
    let doubtful = text.chars().filter(|c| *c >= FIRST_COMBINING);
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
        fn the_quick_check_does_not_change_the_result(text in "[a-zé’\u{300}-\u{304}\u{323}\u{37e}\u{212b}가ᄀ-다-ᅤ]{0,12}|\\PC{0,12}") {
            prop_assert_eq!(nfc(&text), text.nfc().collect::<String>());
        }
    }

    #[test]
    fn no_character_below_the_first_mark_changes() {
        for c in '\0'..FIRST_COMBINING {
            assert!(
                c.nfc().eq([c]) && unicode_normalization::char::canonical_combining_class(c) == 0,
                "{c:?}"
            );
        }
    }
}
