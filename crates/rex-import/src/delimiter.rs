//! The delimiter of a CSV file.

/// The delimiter of a CSV file by its first line: of `;`, `,`, a tab and `|`, the one that stands there most often outside quotes.
/// `;` where there is none.
pub(crate) fn delimiter(text: &[u8]) -> u8 {
    const KNOWN: [u8; 4] = [b';', b',', b'\t', b'|'];
    let mut counts = [0_usize; KNOWN.len()];
    let mut is_quoted = false;
    let start = text.iter().position(|byte| !byte.is_ascii_whitespace());
    for byte in &text[start.unwrap_or(text.len())..] {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => break,
            _ => {
                if let Some(found) = KNOWN.iter().position(|known| known == byte && !is_quoted) {
                    counts[found] += 1;
                }
            }
        }
    }
    // Of equal counts the first.
    let most = (0..KNOWN.len()).rev().max_by_key(|known| counts[*known]);
    KNOWN[most.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::delimiter;

    #[test]
    fn the_first_line_tells() {
        for (text, expected) in [
            ("titre;acheteur, commune;montant\n1,2;3", b';'),
            ("\"titre; long\",acheteur\n", b','),
            ("CODE\tFR\r\n", b'\t'),
            ("\n\na|b|c;d\n", b'|'),
            ("titre\nun, deux", b';'),
            ("", b';'),
        ] {
            assert_eq!(delimiter(text.as_bytes()), expected, "{text}");
        }
    }
}
