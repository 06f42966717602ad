//! Bytes of a Markdown file to text: UTF-8, UTF-16, Windows-1252.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Characters other than letters that French text has in Windows-1252. A byte of another character does not come from a text.
const TYPOGRAPHY: &str = "€‚„…‰‹‘’“”•–—™›\u{a0}§©«®°²³·»";

/// A text that is not in an encoding we can be sure of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// From 1.
    pub(crate) line: usize,
    pub(crate) message: &'static str,
}

/// The text of a file and, if it is not UTF-8, the name of its encoding. A byte order mark decides, then the zero bytes of UTF-16.
/// Bytes that are not UTF-8 are read as Windows-1252 if they are letters and typography in it, and nothing else in the file is
/// UTF-8.
///
/// # Errors
/// Bytes that are in none of them.
pub(crate) fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<&'static str>), Unreadable> {
    if let Some(encoding) = utf_16(bytes) {
        let (text, _, has_errors) = encoding.decode(bytes);
        return match has_errors {
            true => Err(Unreadable {
                line: 1,
                message: "not valid UTF-16, expected UTF-8; save the file again as UTF-8",
            }),
            false => Ok((text, Some("UTF-16"))),
        };
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok((Cow::Borrowed(text), None)),
        Err(error) => error,
    };
    let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
    let is_typed = |c: char| c.is_ascii() || TYPOGRAPHY.contains(c) || (c.is_alphabetic() && !"ÿþÞðÐµªº".contains(c));
    if text.chars().all(is_typed) && !has_utf_8(bytes) {
        return Ok((Cow::Owned(text.into_owned()), Some(WINDOWS_1252.name())));
    }
    let before = &bytes[..error.valid_up_to()];
    Err(Unreadable {
        line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
        message: "not UTF-8, expected the file in that encoding; save it again as UTF-8",
    })
}

/// UTF-16, by its byte order mark or by the zero byte of the first character, which is `-`, `+`, `#` or a space.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if marked.is_some() {
        return marked.filter(|encoding| *encoding != UTF_8);
    }
    match bytes {
        [0, first, 0, ..] if *first != 0 => Some(UTF_16BE),
        [first, 0, _, 0, ..] if *first != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// Whether some characters of several bytes are valid UTF-8, although not all are.
fn has_utf_8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_beyond_doubt() {
        let utf_16 = |text: &str, write: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(write).collect::<Vec<u8>>();
        for (bytes, expected, encoding) in [
            ("# Été".as_bytes(), "# Été", None),
            (b"\xef\xbb\xbf# A", "\u{feff}# A", None),
            (b"# \xc9t\xe9 \x80 \x93a\x94", "# Été € “a”", Some("windows-1252")),
            (&utf_16("\u{feff}# Été", u16::to_le_bytes), "# Été", Some("UTF-16")),
            (&utf_16("# Été", u16::to_le_bytes), "# Été", Some("UTF-16")),
            (&utf_16("# Été", u16::to_be_bytes), "# Été", Some("UTF-16")),
            (b"", "", None),
        ] {
            let (text, found) = decoded(bytes).unwrap();
            assert_eq!((text.as_ref(), found), (expected, encoding));
        }
    }

    #[test]
    fn refuses_what_may_be_several_encodings() {
        for bytes in [
            &b"a\n\xff"[..],
            b"a\n\x81",
            "é\n\u{e9}"
                .as_bytes()
                .iter()
                .copied()
                .chain([0xe9])
                .collect::<Vec<u8>>()
                .as_slice(),
            b"a\n\xa4",
        ] {
            assert!(
                decoded(bytes).unwrap_err().message.starts_with("not UTF-8"),
                "{bytes:?}"
            );
        }
        assert!(
            decoded(b"\xff\xfe#\0\x00\xd8")
                .unwrap_err()
                .message
                .starts_with("not valid UTF-16")
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_text_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            let _ = decoded(&bytes);
        }
    }
}
