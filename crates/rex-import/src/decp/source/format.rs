//! The format of a file, by its first bytes.

/// What would be read, for refusals.
pub(in super::super) const EXPECTED: &str = "expected DECP in JSON, XML, CSV or Parquet, also in .gz or .zip";

/// Bytes that are looked at.
pub(super) const START: usize = 1 << 13;

/// A format of contract data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
    Csv,
    Parquet,
    Gzip,
    Zip,
}

/// The format of a file that begins with these bytes.
///
/// # Errors
/// What the file is instead, and what to do: the end of a sentence that begins with its name.
pub(super) fn format(start: &[u8]) -> Result<Format, String> {
    if start.is_empty() {
        return Err(format!("is empty, {EXPECTED}"));
    }
    if let Some((_, found)) = SIGNATURES.iter().find(|(signature, _)| start.starts_with(signature)) {
        return match found {
            Signature::Read(format) => Ok(*format),
            Signature::Refused(found) => Err(format!("is {found}, {EXPECTED}")),
        };
    }
    if start.get(257..262) == Some(b"ustar") {
        return Err(format!("is a tar archive; extract it, {EXPECTED}"));
    }
    if matches!(start, [b'{' | b'[' | b'<', 0, ..] | [0, b'{' | b'[' | b'<', ..]) {
        return Err(format!(
            "is UTF-16 without a byte order mark; save it as UTF-8, {EXPECTED}"
        ));
    }
    let (text, _) = crate::text_encoding::decoded(start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.chars().next() {
        None => Err(format!("holds no text, {EXPECTED}")),
        Some('{' | '[') => Ok(Format::Json),
        Some('<') => xml(text),
        Some(_)
            if text
                .chars()
                .take(START / 2)
                .any(|c| c.is_control() && !c.is_whitespace()) =>
        {
            Err(format!("is not text, {EXPECTED}"))
        }
        Some(_) => Ok(Format::Csv),
    }
}

enum Signature {
    Read(Format),
    Refused(&'static str),
}

/// First bytes of formats that are not text.
const SIGNATURES: [(&[u8], Signature); 15] = [
    (b"\x1f\x8b", Signature::Read(Format::Gzip)),
    (b"PK\x03\x04", Signature::Read(Format::Zip)),
    (b"PAR1", Signature::Read(Format::Parquet)),
    (b"PK", Signature::Refused("an empty or divided ZIP archive")),
    (b"BZh", Signature::Refused("compressed with bzip2; decompress it")),
    (b"\xfd7zXZ\0", Signature::Refused("compressed with xz; decompress it")),
    (
        b"\x28\xb5\x2f\xfd",
        Signature::Refused("compressed with zstd; decompress it"),
    ),
    (b"7z\xbc\xaf\x27\x1c", Signature::Refused("a 7-Zip archive; extract it")),
    (b"Rar!", Signature::Refused("a RAR archive; extract it")),
    (
        b"%PDF",
        Signature::Refused("a PDF; for a booklet of cases run `rex import booklet`"),
    ),
    (
        b"SQLite format 3",
        Signature::Refused("a SQLite database; export its table as CSV"),
    ),
    (
        b"\xd0\xcf\x11\xe0",
        Signature::Refused("a document of Excel or Word 97; save the table as CSV"),
    ),
    (b"{\\rtf", Signature::Refused("a document in RTF")),
    (b"\x89PNG", Signature::Refused("a picture")),
    (b"\xff\xd8\xff", Signature::Refused("a picture")),
];

/// XML, unless it is a page or another standard.
fn xml(text: &str) -> Result<Format, String> {
    let start: String = text.chars().take(2_000).collect::<String>().to_ascii_lowercase();
    if start.contains("<!doctype html") || start.contains("<html") {
        return Err(format!(
            "is a web page (HTML), perhaps the one with the link to download; {EXPECTED}"
        ));
    }
    Ok(Format::Xml)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        for (start, expected) in [
            (&b"\xef\xbb\xbf {\"marches\": []}"[..], Format::Json),
            (b"\xff\xfe[\0", Format::Json),
            (b"<?xml version=\"1.0\"?>", Format::Xml),
            (b"id;objet;montant\n", Format::Csv),
            (b"\xef\xbb\xbfid;objet\n", Format::Csv),
            (b"id;proc\xe9dure\n", Format::Csv),
            (b"\x1f\x8b\x08", Format::Gzip),
            (b"PK\x03\x04\x14", Format::Zip),
            (b"PAR1\x15", Format::Parquet),
        ] {
            assert_eq!(format(start), Ok(expected), "{}", start.escape_ascii());
        }
        for (start, said) in [
            (&b""[..], "is empty, expected DECP in JSON"),
            (b" \n", "holds no text"),
            (b"\x89PNG\r\n", "is a picture"),
            (b"a\x00b\x01", "is not text"),
            (b"%PDF-1.4", "is a PDF"),
            (b"<!DOCTYPE html><html>", "is a web page"),
        ] {
            let error = format(start).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
