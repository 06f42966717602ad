//! A record as bytes of its file, not parsed yet. Its digest detects changes at a fraction of the cost of parsing.

use std::io::{self, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::content::Content;
use super::{jsonl, text};
use crate::check::problem::{Findings, Problem};
use crate::foreign::names::FileName;
use crate::markdown::{self, hidden};
use crate::record::Record;
use crate::regular_file::open_regular;

/// Version of the readers, part of every digest. Raised when the same file is read as another record, so that indexes are built anew.
pub(crate) const READER_VERSION: u8 = 2;

/// Maximum size of a Markdown case, which is a few pages.
const MAX_MARKDOWN_BYTES: u64 = 1 << 20;

/// 128 bits of the SHA-256 of the bytes of a record and, for a Markdown file, of its stem, which is its id.
pub type RecordDigest = u128;

/// A record of a corpus that is not parsed yet.
pub struct RawRecord<'a> {
    pub(crate) path: &'a Path,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) content: Content<'a>,
    /// Offset of its end in the file, in bytes.
    pub(crate) end: u64,
    /// Size of the files before this one, in bytes.
    pub(crate) before: u64,
}

impl RawRecord<'_> {
    /// Its digest. `None` if it has no bytes that could be a record; [`Corpus::read`](crate::Corpus::read) reports why.
    pub fn digest(&self) -> Option<RecordDigest> {
        let digest = Sha256::new_with_prefix([READER_VERSION]);
        let digest = match self.content {
            Content::Wrong(_) => return None,
            Content::Line(bytes) => digest.chain_update([0]).chain_update(bytes.trim_ascii_end()),
            Content::File(bytes) => {
                // The stem is the default id; of an `index.md`, the name of the folder.
                let FileName { stem, folder } = FileName::of(self.path);
                let stem = folder.map_or(stem, |folder| format!("{folder}/index"));
                let length = (stem.len() as u64).to_le_bytes();
                (digest.chain_update([1]).chain_update(length))
                    .chain_update(stem.as_bytes())
                    .chain_update(bytes)
            }
        };
        let mut digest = digest.finalize().to_vec();
        digest.truncate(16);
        let digest: [u8; 16] = digest.try_into().ok()?;
        Some(RecordDigest::from_be_bytes(digest))
    }

    /// The record. `None` if it is not valid, for which [`Corpus::read`](crate::Corpus::read) reports why, or is a draft. Does
    /// not check that the id is unique.
    pub fn read(&self) -> Option<Record> {
        self.check(&mut Findings::default())
    }

    /// Whether it says that it is not to be published.
    pub fn is_draft(&self) -> bool {
        let mut findings = Findings::default();
        matches!(self.content, Content::File(_)) && self.check(&mut findings).is_none() && findings.is_draft
    }

    /// Parts of its text that pages do not render as written, such as HTML and images, in text order. They are not errors.
    pub fn hidden(&self) -> Vec<Problem> {
        match self.content {
            Content::File(bytes) => {
                text::decoded(bytes).map_or_else(|_| Vec::new(), |(text, _)| hidden::in_file(self.path, &text))
            }
            Content::Line(bytes) => jsonl::texts(bytes)
                .iter()
                .flat_map(|text| hidden::in_text(self.path, self.line, text))
                .collect(),
            Content::Wrong(_) => Vec::new(),
        }
    }

    /// Offset of its end in the whole corpus, in bytes.
    pub fn bytes_read(&self) -> u64 {
        self.before + self.end
    }

    /// The record. Adds its problems and notes to `findings`.
    pub(crate) fn check(&self, findings: &mut Findings) -> Option<Record> {
        match self.content {
            Content::Line(bytes) => jsonl::read(self.path, self.line, bytes, findings),
            Content::File(bytes) => read_markdown(self.path, bytes, findings),
            Content::Wrong(message) => {
                findings.problem(self.path, self.line, message);
                None
            }
        }
    }
}

/// Passes every record of a file to `visit`, in file order.
///
/// # Errors
/// The error of `visit`.
pub(crate) fn each<E>(
    path: &Path,
    before: u64,
    visit: &mut dyn FnMut(&RawRecord<'_>) -> Result<(), E>,
) -> Result<(), E> {
    fn raw<'a>((path, before): (&'a Path, u64), line: usize, end: u64, content: Content<'a>) -> RawRecord<'a> {
        RawRecord {
            path,
            line,
            content,
            end,
            before,
        }
    }
    let at = (path, before);
    let refused = |error: io::Error| format!("cannot be read: {error}");
    let file = match open_regular(path) {
        Ok(file) => file,
        Err(error) => return visit(&raw(at, 1, 0, Content::Wrong(&refused(error)))),
    };
    if is_jsonl(path) {
        return jsonl::each_line(BufReader::new(file), |line, end, content| {
            visit(&raw(at, line, end, content))
        });
    }
    let mut bytes = Vec::new();
    match file.take(MAX_MARKDOWN_BYTES + 1).read_to_end(&mut bytes) {
        Err(error) => visit(&raw(at, 1, 0, Content::Wrong(&refused(error)))),
        Ok(_) => visit(&raw(at, 1, bytes.len() as u64, Content::File(&bytes))),
    }
}

fn read_markdown(path: &Path, bytes: &[u8], findings: &mut Findings) -> Option<Record> {
    if bytes.len() as u64 > MAX_MARKDOWN_BYTES {
        let message = format!("a file of over {MAX_MARKDOWN_BYTES} bytes, expected one case");
        findings.problem(path, 1, message);
        return None;
    }
    let (text, encoding) = text::decoded(bytes)
        .map_err(|refused| findings.problem(path, refused.line, refused.message))
        .ok()?;
    if let Some(encoding) = encoding {
        findings.note(
            path,
            1,
            format!("the file is read as {encoding}, expected UTF-8; save it again as UTF-8"),
        );
    }
    markdown::read(path, &text, findings)
}

/// Whether a path is a file of JSON lines, by its name.
pub(crate) fn is_jsonl(path: &Path) -> bool {
    has_extension(path, &["jsonl"])
}

/// Whether the extension of a path is one of these, letter case aside.
pub(crate) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let found = path.extension().unwrap_or_default();
    extensions.iter().any(|extension| found.eq_ignore_ascii_case(extension))
}
