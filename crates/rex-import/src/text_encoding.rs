//! Text of files in the encodings that spreadsheets and platforms write: UTF-8, Windows-1252, UTF-16.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, WINDOWS_1252};

/// Bytes read at once.
const CHUNK: usize = 1 << 16;

/// The text of a file, and the encoding it was in. A byte order mark decides; else valid UTF-8 is UTF-8, and other bytes are
/// Windows-1252 (a superset of ISO-8859-1), in which every byte is a character.
pub(crate) fn decoded(bytes: &[u8]) -> (Cow<'_, str>, &'static Encoding) {
    let declared = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding = declared.unwrap_or(match std::str::from_utf8(bytes) {
        Ok(_) => UTF_8,
        Err(_) => WINDOWS_1252,
    });
    (encoding.decode_with_bom_removal(bytes).0, encoding)
}

/// The text of a file in French, and the encoding it was in: UTF-8, UTF-16 with a byte order mark, or Windows-1252 if that is certain:
/// if all characters that are not ASCII are those of French.
///
/// # Errors
/// The line, from 1, of the first byte that is not UTF-8, where the encoding is not certain.
pub fn french_text(bytes: &[u8]) -> Result<(String, &'static str), usize> {
    const FRENCH: &str = "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ«»‘’“”…–—•€°§²³·×½©®™ñáíóú\u{a0}\u{ad}";
    let (text, encoding) = decoded(bytes);
    if encoding == WINDOWS_1252 && !text.chars().all(|c| c.is_ascii() || FRENCH.contains(c)) {
        let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        return Err(1 + bytes[..valid].iter().filter(|byte| **byte == b'\n').count());
    }
    Ok((text.into_owned(), encoding.name()))
}

/// Reads a file of any size as UTF-8. A byte order mark is removed, UTF-16 is decoded, and bytes that are not UTF-8 are read as
/// Windows-1252.
pub(crate) struct Utf8Reader<R> {
    source: R,
    /// The decoder of UTF-16 or of a declared encoding. `None`: UTF-8, with Windows-1252 for bytes that are not.
    decoder: Option<Decoder>,
    is_started: bool,
    is_ended: bool,
    /// Read and not yet decoded.
    raw: Vec<u8>,
    /// Decoded and not yet given.
    text: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf8Reader<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            decoder: None,
            is_started: false,
            is_ended: false,
            raw: Vec::new(),
            text: Vec::new(),
            given: 0,
        }
    }

    /// A reader of a file that declares its encoding. A byte order mark is stronger.
    pub(crate) fn declared(source: R, encoding: &'static Encoding) -> Self {
        Self {
            decoder: (encoding != UTF_8).then(|| encoding.new_decoder_with_bom_removal()),
            ..Self::new(source)
        }
    }

    /// Decodes the next bytes of the source.
    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let read = self.source.by_ref().take(CHUNK as u64).read_to_end(&mut self.raw)?;
        self.is_ended = read == 0;
        if !std::mem::replace(&mut self.is_started, true)
            && let Some((encoding, length)) = Encoding::for_bom(&self.raw)
        {
            self.raw.drain(..length);
            self.decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        }
        match &mut self.decoder {
            Some(decoder) => {
                decode(decoder, &self.raw, &mut self.text, self.is_ended);
                self.raw.clear();
            }
            None => {
                let left = decode_utf8(&self.raw, &mut self.text, self.is_ended);
                self.raw.drain(..self.raw.len() - left);
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.is_ended {
            self.fill()?;
        }
        let count = (&self.text[self.given..]).read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

fn decode(decoder: &mut Decoder, raw: &[u8], text: &mut Vec<u8>, is_last: bool) {
    let mut from = 0;
    loop {
        let start = text.len();
        text.resize(start + CHUNK, 0);
        let (result, read, written, _) = decoder.decode_to_utf8(&raw[from..], &mut text[start..], is_last);
        text.truncate(start + written);
        from += read;
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

/// Copies UTF-8, and other bytes as Windows-1252. Returns the number of bytes at the end that may be the start of a character.
fn decode_utf8(raw: &[u8], text: &mut Vec<u8>, is_last: bool) -> usize {
    let mut rest = raw;
    loop {
        let error = match std::str::from_utf8(rest) {
            Ok(valid) => {
                text.extend(valid.as_bytes());
                return 0;
            }
            Err(error) => error,
        };
        let (valid, invalid) = rest.split_at(error.valid_up_to());
        text.extend(valid);
        if error.error_len().is_none() && !is_last {
            return invalid.len();
        }
        text.extend(WINDOWS_1252.decode_without_bom_handling(&invalid[..1]).0.as_bytes());
        rest = &invalid[1..];
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;

    /// A source that gives one byte at a time, as a slow pipe does.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let end = buffer.len().min(1);
            self.0.read(&mut buffer[..end])
        }
    }

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        Utf8Reader::new(Slow(bytes)).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn reads_the_encodings_of_spreadsheets() {
        let utf16: Vec<u8> = "\u{feff}Évry €".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, expected) in [
            ("Évry €".as_bytes(), "Évry €"),
            ("\u{feff}Évry €".as_bytes(), "Évry €"),
            (b"\xc9vry \x80", "Évry €"),
            (b"\x80", "€"),
            (&utf16, "Évry €"),
            (b"", ""),
        ] {
            assert_eq!(read(bytes), expected);
            assert_eq!(decoded(bytes).0, expected);
        }
        assert_eq!(read("Évry".as_bytes().get(..1).unwrap()), "Ã");
    }

    #[test]
    fn text_of_an_uncertain_encoding_is_refused() {
        assert_eq!(
            french_text(b"l'\xc9t\xe9 \x96 1 \x80"),
            Ok(("l'Été – 1 €".to_owned(), "windows-1252"))
        );
        assert_eq!(french_text("é".as_bytes()), Ok(("é".to_owned(), "UTF-8")));
        assert_eq!(french_text(b"\xfe\xff\0a"), Ok(("a".to_owned(), "UTF-16BE")));
        // An old Macintosh; UTF-8 with a byte that is not.
        assert_eq!(french_text(b"a\nsoci\x8et\x8e"), Err(2));
        assert_eq!(french_text(b"\xc3\xa9t\xc3\xa9\n\n\xe9"), Err(3));
    }

    #[test]
    fn a_declared_encoding_is_followed() {
        let encoding = Encoding::for_label(b"ISO-8859-15").unwrap();
        let mut text = String::new();
        let mut reader = Utf8Reader::declared(&b"\xa4 \xbd"[..], encoding);
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "€ œ");
    }

    proptest::proptest! {
        #[test]
        fn utf8_is_unchanged_and_any_bytes_are_text(text in ".{0,40}", bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            proptest::prop_assert_eq!(read(text.as_bytes()), text.strip_prefix('\u{feff}').unwrap_or(&text));
            read(&bytes);
        }
    }
}
