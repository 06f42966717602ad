//! Reads the file of a booklet: text or PDF. Any other file is refused with its kind.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;

use rex_import::MAX_PDF_BYTES;

use super::booklet_text::BookletText;
use super::pdf;
use crate::failure::UserError;

/// Maximum size of a text in bytes; forty pages have a tenth of a megabyte.
const MAX_TEXT_BYTES: u64 = 8 << 20;
const EXPECTED: &str = "expected the text of a booklet (.txt or .md, in UTF-8) or a PDF";

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
    file.by_ref().take(8).read_to_end(&mut start).map_err(cannot)?;
    if let Some(what) = other_kind(&start) {
        return Err(UserError(format!("{shown} is {what}; {EXPECTED}")).into());
    }
    let is_pdf = start.starts_with(b"%PDF-");
    let most = if is_pdf { MAX_PDF_BYTES } else { MAX_TEXT_BYTES };
    let too_large = || {
        UserError(format!(
            "{shown} is larger than {} MB; {EXPECTED} of at most this size",
            most >> 20
        ))
    };
    if kind.len() > most {
        return Err(too_large().into());
    }
    if is_pdf {
        file.rewind().map_err(cannot)?;
        return pdf::text(path, file);
    }
    let mut bytes = start;
    file.take(most + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > most {
        return Err(too_large().into());
    }
    Ok(text(bytes).map_err(|problem| UserError(format!("{shown} {problem}; {EXPECTED}")))?)
}

fn text(bytes: Vec<u8>) -> Result<BookletText, String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        format!("is not UTF-8 at line {line}")
    })?;
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    if text.contains('\0') {
        return Err("contains zero bytes".to_owned());
    }
    Ok(BookletText {
        text,
        doubts: Vec::new(),
    })
}

/// The kind of a file that is neither text nor PDF, by its magic number.
fn other_kind(start: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"PK\x03\x04", "a ZIP archive (perhaps .docx, .odt or .epub)"),
        (b"\xd0\xcf\x11\xe0", "an old Office document"),
        (b"{\\rtf", "an RTF document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"\xff\xfe", "UTF-16 text"),
        (b"\xfe\xff", "UTF-16 text"),
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
        for (content, expected) in [
            (
                &b"\x89PNG\r\n\x1a\n"[..],
                "is a PNG picture; expected the text of a booklet",
            ),
            (b"PK\x03\x04", "is a ZIP archive"),
            (b"a\nb\xff", "is not UTF-8 at line 2"),
            (b" \n", "is empty"),
            (b"", "is empty"),
            (b"a\0b", "contains zero bytes"),
        ] {
            let error = read(content).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
