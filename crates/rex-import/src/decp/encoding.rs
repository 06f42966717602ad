//! Mends texts that software decoded with the wrong encoding: Windows-1252 read as ISO-8859-1, and UTF-8 read as Windows-1252.

use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;

/// A mended text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mended {
    pub(super) text: String,
    /// Each character that was restored, once.
    pub(super) restored: Vec<char>,
}

/// Times that a text was encoded over, at most.
const MAX_PASSES: usize = 3;

/// The characters of the bytes 80 to 9F of Windows-1252. Five of them are not assigned, and stand for themselves.
static WINDOWS: LazyLock<[char; 32]> = LazyLock::new(|| {
    std::array::from_fn(|at| {
        let byte = [0x80 + at as u8];
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
        text.chars().next().unwrap_or_default()
    })
});

/// The mended text. `None` if nothing is wrong with it.
pub(super) fn mended(text: &str) -> Option<Mended> {
    if text.is_ascii() {
        return None;
    }
    let is_wrong = |(at, c): (usize, char)| !c.is_ascii() && (is_c1(c) || c == 'Ã' || doubled(&text[at..]).is_some());
    if !text.char_indices().any(is_wrong) {
        return None;
    }
    let mut mended = Mended {
        text: text.to_owned(),
        restored: Vec::new(),
    };
    for _ in 0..MAX_PASSES {
        if !mended.undouble() {
            break;
        }
    }
    mended.read_as_windows();
    // Of a text encoded twice over, the characters in between are not of interest.
    let Mended { text: whole, restored } = &mut mended;
    restored.retain(|c| whole.contains(*c));
    (mended.text != text).then_some(mended)
}

impl Mended {
    fn restore(&mut self, out: &mut String, c: char) {
        out.push(c);
        if !self.restored.contains(&c) {
            self.restored.push(c);
        }
    }

    /// Reads the characters U+0080 to U+009F as Windows-1252: they are control characters that no text has. Those of the bytes that
    /// it does not assign become spaces.
    fn read_as_windows(&mut self) {
        if !self.text.chars().any(is_c1) {
            return;
        }
        let mut out = String::with_capacity(self.text.len());
        for c in std::mem::take(&mut self.text).chars() {
            match c {
                '\u{80}'..='\u{9f}' => match WINDOWS[c as usize - 0x80] {
                    known if is_c1(known) => out.push(' '),
                    known => self.restore(&mut out, known),
                },
                _ => out.push(c),
            }
        }
        self.text = out;
    }

    /// Reads what is UTF-8 once its characters are bytes of Windows-1252 again: `Ã©` is `é`. Returns whether there was any.
    fn undouble(&mut self) -> bool {
        let mut is_found = false;
        let mut out = String::with_capacity(self.text.len());
        let text = std::mem::take(&mut self.text);
        let mut rest = text.as_str();
        let mut before = ' ';
        while let Some(c) = rest.chars().next() {
            let (length, restored) = match doubled(rest) {
                Some((c, length)) => (length, Some(c)),
                // A no-break space after Ã, the second byte of à, that became a space.
                None if c == 'Ã' && rest[c.len_utf8()..].starts_with(' ') && !before.is_uppercase() => {
                    (c.len_utf8(), Some('à'))
                }
                None => (c.len_utf8(), None),
            };
            match restored {
                // A byte order mark is no character of the text.
                Some('\u{feff}') => {}
                // Of the second kind: restored by `read_as_windows`.
                Some(c) if is_c1(c) => out.push(c),
                Some(c) => self.restore(&mut out, c),
                None => out.push(c),
            }
            is_found |= restored.is_some();
            before = c;
            rest = &rest[length..];
        }
        self.text = out;
        is_found
    }
}

fn is_c1(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}

/// The character whose UTF-8 bytes, as Windows-1252, begin a text, and the length of that beginning. Only characters of French
/// texts, and only by beginnings that no French text has: `É»` in « PROPRETÉ » is UTF-8 too.
fn doubled(text: &str) -> Option<(char, usize)> {
    let mut chars = text.char_indices();
    let lead = byte(chars.next()?.1)?;
    let count = match lead {
        // Latin-1; Latin Extended-A, which has œ and Ÿ.
        0xc2 | 0xc3 | 0xc5 => 2,
        // Punctuation, the euro and the trade mark; the byte order mark and ligatures.
        0xe2 | 0xef => 3,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0];
    for place in &mut bytes[1..count] {
        *place = byte(chars.next()?.1).filter(|byte| matches!(byte, 0x80..=0xbf))?;
    }
    let bytes = &bytes[..count];
    let is_french = match *bytes {
        [0xe2, second, _] => matches!(second, 0x80 | 0x82 | 0x84),
        [0xef, second, _] => matches!(second, 0xac | 0xbb),
        _ => true,
    };
    let c = std::str::from_utf8(bytes).ok().filter(|_| is_french)?.chars().next()?;
    let length = chars.next().map_or(text.len(), |(at, _)| at);
    Some((c, length))
}

/// The byte of a character in Windows-1252, or in ISO-8859-1.
fn byte(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(c)).ok(),
        '\0'..='\u{7f}' => None,
        _ => WINDOWS.iter().position(|known| *known == c).map(|at| 0x80 + at as u8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_texts_of_the_wrong_encoding() {
        for (text, expected) in [
            (
                "d'\u{9c}uvre, l\u{92}accueil \u{96} 10 \u{80}",
                "d'œuvre, l’accueil – 10 €",
            ),
            ("a\u{81}b\u{85}", "a b…"),
            ("Ã‰cole dâ€™Ã©tÃ©", "École d’été"),
            ("Mise en Å\u{93}uvre du site nÂ°208", "Mise en œuvre du site n°208"),
            ("Å“uvre, 10 â‚¬, â„¢", "œuvre, 10 €, ™"),
            ("Â« tout â\u{80}\u{93} venants Â»", "« tout – venants »"),
            ("dÃ©chets Ã\u{a0} trier", "déchets à trier"),
            ("dÃ©chets Ã trier", "déchets à trier"),
            ("Ã\u{83}Â©tÃ\u{192}Â©", "été"),
            ("lâÂ\u{80}Â\u{99}eau", "l’eau"),
            ("ï»¿Travaux", "Travaux"),
            ("lÂ\u{92}eau", "l’eau"),
        ] {
            assert_eq!(
                mended(text).map(|mended| mended.text).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        let restored = mended("l\u{92}eau, d\u{92}été, \u{9c}uf").map(|mended| mended.restored);
        assert_eq!(restored, Some(vec!['’', 'œ']));
    }

    #[test]
    fn leaves_sound_texts_alone() {
        for text in [
            "Entretien",
            "École d’été : 10 € – « œuvre »",
            "QUALITÉ\u{a0}: «PROPRETÉ», FORÊT\u{a0}!",
            "«PROPRETÉ»\u{a0}; “QUALITÉ”",
            "São Paulo, JOÃO, AMANHÃ JÁ",
            "Ångström, Â",
            "CHÂTEAU DE L'ÎLE, PÂTÉ",
            "",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[ÂÃÅâï€™“”éa \u{80}-\u{bf}]{0,40}") {
            mended(&text);
        }

        #[test]
        fn undoes_what_software_did(text in "[a-zéèàçêôœŒ’–€« ]{1,40}") {
            let (wrong, _) = WINDOWS_1252.decode_without_bom_handling(text.as_bytes());
            let mended = mended(&wrong).map_or(wrong.clone().into_owned(), |mended| mended.text);
            proptest::prop_assert_eq!(mended, text);
        }
    }
}
