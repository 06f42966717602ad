//! Dictionary order of values.

use rex_analysis::fold;

/// Sort key of dictionary order: the folded words of a value, then its bytes.
pub fn dictionary_order(value: &str) -> impl Ord + use<> {
    let words: Vec<_> = value.split(' ').map(fold).collect();
    (words, value.to_owned())
}

/// Bytes that compare like [`dictionary_order`].
pub fn dictionary_key(value: &str) -> Vec<u8> {
    /// Less than every encoded byte of a word, so that the end sorts before another word, and another word before more letters.
    const END: u8 = 0;
    const NEXT: u8 = 1;
    let mut key = Vec::with_capacity(2 * value.len() + 1);
    for (position, word) in value.split(' ').enumerate() {
        if position > 0 {
            key.push(NEXT);
        }
        // The largest byte of UTF-8 is 0xf4, so this does not overflow.
        key.extend(fold(word).bytes().map(|byte| byte + NEXT + 1));
    }
    key.push(END);
    key.extend(value.as_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_as_values_are() {
        let values = [
            "",
            " ",
            "  ",
            "a",
            "A",
            "à",
            "a ",
            " a",
            "a b",
            "ab",
            "a  b",
            "a\u{0}",
            "a\u{0} b",
            "\u{0}",
            "\u{1}",
            "\u{10ffff}",
            "\u{10ffff} a",
            "Éco",
            "eco",
            "éco logique",
            "zoo",
            "1 > 2",
        ];
        for one in values {
            for other in values {
                let by_order = dictionary_order(one).cmp(&dictionary_order(other));
                assert_eq!(
                    dictionary_key(one).cmp(&dictionary_key(other)),
                    by_order,
                    "{one:?} {other:?}"
                );
            }
        }
    }
}
