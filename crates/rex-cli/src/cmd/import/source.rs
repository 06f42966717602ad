//! Reads the file of a booklet: text, PDF, HTML, DOCX or ODT. Any other file is refused with its kind.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;

use rex_import::{MAX_DOCUMENT_BYTES, MAX_PDF_BYTES, french_text};

use super::booklet_text::BookletText;
use super::{document, pdf};
use crate::failure::UserError;

/// Maximum size of a text in bytes; forty pages have a tenth of a megabyte.
const MAX_TEXT_BYTES: u64 = 8 << 20;
/// Bytes by which the kind of a file is known.
const START_BYTES: u64 = 1024;
const EXPECTED: &str = "expected the text of a booklet (.txt or .md, in UTF-8) or a PDF, DOCX, ODT or HTML document";

/// How a file is read.
enum Reader {
    Text,
    Pdf,
    Document,
}

/// Reads a file, after checking its size, so that memory is bounded.
pub(super) fn read(path: &Path) -> anyhow::Result<BookletText> {
    let shown = path.display();
    let cannot = |error: std::io::Error| UserError(format!("cannot read the booklet {shown}: {error}"));
    let kind = fs::metadata(path).map_err(cannot)?;
    if kind.is_dir() {
        return Err(UserError(format!("{shown} is a folder; {EXPECTED}")).into());
    }
    if !kind.is_file() {
        return Err(UserError(format!("{shown} is not a regular file; {EXPECTED}")).into());
    }
    let mut start = Vec::new();
    let mut file = File::open(path).map_err(cannot)?;
    file.by_ref()
        .take(START_BYTES)
        .read_to_end(&mut start)
        .map_err(cannot)?;
    if let Some(what) = other_kind(&start) {
        return Err(UserError(format!("{shown} is {what}; {EXPECTED}")).into());
    }
    let reader = match start.as_slice() {
        [b'%', b'P', b'D', b'F', b'-', ..] => Reader::Pdf,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Reader::Document,
        start if document::is_html(path, start) => Reader::Document,
        _ => Reader::Text,
    };
    let most = match reader {
        Reader::Pdf => MAX_PDF_BYTES,
        Reader::Document => MAX_DOCUMENT_BYTES,
        Reader::Text => MAX_TEXT_BYTES,
    };
    let too_large = || {
        UserError(format!(
            "{shown} is larger than {} MB; {EXPECTED} of at most this size",
            most >> 20
        ))
    };
    if kind.len() > most {
        return Err(too_large().into());
    }
    match reader {
        Reader::Text => {}
        Reader::Pdf => {
            file.rewind().map_err(cannot)?;
            return pdf::text(path, file);
        }
        Reader::Document => {
            file.rewind().map_err(cannot)?;
            return document::text(path, file);
        }
    }
    let mut bytes = start;
    file.take(most + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > most {
        return Err(too_large().into());
    }
    Ok(text(&bytes).map_err(|problem| UserError(format!("{shown} {problem}; {EXPECTED}")))?)
}

fn text(bytes: &[u8]) -> Result<BookletText, String> {
    let (text, encoding) = french_text(bytes).map_err(|line| format!("is not UTF-8 at line {line}"))?;
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    if text.contains('\0') {
        return Err("contains zero bytes".to_owned());
    }
    let doubt = (encoding == "windows-1252")
        .then(|| "the text is not UTF-8 and is read as Windows-1252; check a few words with accents".to_owned());
    Ok(BookletText {
        text,
        doubts: doubt.into_iter().collect(),
    })
}

/// The kind of a file that is not read, by its magic number, and what to do.
fn other_kind(start: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (
            b"\xd0\xcf\x11\xe0",
            "an old Office document (DOC, XLS or PPT); export it as DOCX, PDF or text",
        ),
        (b"{\\rtf", "an RTF document; export it as DOCX, PDF or text"),
        (b"\x1f\x8b", "a gzip archive; unpack it first"),
        (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
        (b"Rar!", "a RAR archive; unpack it first"),
        (
            b"MIME-Version:",
            "a saved page in one file (MHTML); save it as HTML or PDF",
        ),
    ];
    KINDS
        .iter()
        .find(|(magic, _)| start.starts_with(magic))
        .map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_kind_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let read = |content: &[u8]| {
            let path = folder.path().join("f");
            fs::write(&path, content).unwrap();
            read(&path).map(|text| text.text).map_err(|error| error.to_string())
        };
        assert_eq!(read("é\n".as_bytes()).as_deref(), Ok("é\n"));
        assert_eq!(read(b"\xe9\n").as_deref(), Ok("é\n"));
        assert_eq!(read(b"\xff\xfe\xe9\0").as_deref(), Ok("é"));
        for (content, expected) in [
            (
                &b"\x89PNG\r\n\x1a\n"[..],
                "is a PNG picture; expected the text of a booklet",
            ),
            (b"{\\rtf1}", "is an RTF document; export it as DOCX, PDF or text"),
            (b"a\nb\x8e", "is not UTF-8 at line 2"),
            (b" \n", "is empty"),
            (b"", "is empty"),
            (b"a\0b", "contains zero bytes"),
        ] {
            let error = read(content).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
