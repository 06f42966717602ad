//! A record as it lies in its file, before it is read: told from any other by a digest of its bytes, which takes a fraction of the
//! time that reading it takes.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::files::is_jsonl;
use crate::problem::Problem;
use crate::record::Record;
use crate::{jsonl, markdown};

/// A case is a few pages; a file above this is not one.
const MAX_MARKDOWN_BYTES: u64 = 1 << 20;

/// What tells a record, as it was written, from any other: 128 bits of the SHA-256 of its bytes and of what else its reading
/// depends on.
pub type RecordDigest = u128;

/// A record of a corpus that was not read yet.
pub struct RawRecord<'a> {
    pub(crate) path: &'a Path,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) content: Content<'a>,
    /// Bytes of its file up to its end.
    pub(crate) end: u64,
    /// Bytes of the files before its own.
    pub(crate) before: u64,
}

/// What stands there.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    /// A line of JSON.
    Line(&'a [u8]),
    /// A file of Markdown.
    File(&'a [u8]),
    /// Nothing that could be a record, and why.
    Wrong(&'a str),
}

impl RawRecord<'_> {
    /// Its digest; `None` where there is nothing to digest, which is a problem of the corpus.
    pub fn digest(&self) -> Option<RecordDigest> {
        let digest = Sha256::new();
        let digest = match self.content {
            Content::Wrong(_) => return None,
            Content::Line(bytes) => digest.chain_update([0]).chain_update(bytes.trim_ascii_end()),
            Content::File(bytes) => {
                // The stem gives the id.
                let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
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

    /// The record; `None` where something is wrong with it, for [`Corpus::read`](crate::Corpus::read) to say. Whether its id is
    /// that of another is not looked at.
    pub fn read(&self) -> Option<Record> {
        self.check(&mut Vec::new())
    }

    /// What of its text pages do not show as it was written, HTML and images above all, in its order: nothing is wrong with it.
    pub fn hidden(&self) -> Vec<Problem> {
        match self.content {
            Content::File(bytes) => {
                std::str::from_utf8(bytes).map_or_else(|_| Vec::new(), |text| markdown::hidden_in_file(self.path, text))
            }
            Content::Line(bytes) => jsonl::texts(bytes)
                .iter()
                .flat_map(|text| markdown::hidden_in_text(self.path, self.line, text))
                .collect(),
            Content::Wrong(_) => Vec::new(),
        }
    }

    /// Bytes of the corpus up to its end.
    pub fn bytes_read(&self) -> u64 {
        self.before + self.end
    }

    /// The record, or what is wrong with it.
    pub(crate) fn check(&self, problems: &mut Vec<Problem>) -> Option<Record> {
        match self.content {
            Content::Line(bytes) => jsonl::read(self.path, self.line, bytes, problems),
            Content::File(bytes) => read_markdown(self.path, bytes, problems),
            Content::Wrong(message) => {
                problems.push(Problem::at(self.path, self.line, message));
                None
            }
        }
    }
}

/// Gives every record of a file, in its order.
///
/// # Errors
/// What `visit` gives.
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
    let file = match File::open(path) {
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

fn read_markdown(path: &Path, bytes: &[u8], problems: &mut Vec<Problem>) -> Option<Record> {
    match std::str::from_utf8(bytes) {
        _ if bytes.len() as u64 > MAX_MARKDOWN_BYTES => {
            let message = format!("a file of over {MAX_MARKDOWN_BYTES} bytes, expected one case");
            problems.push(Problem::at(path, 1, message));
            None
        }
        Ok(text) => markdown::read(path, text, problems),
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            let message = "not UTF-8, expected the file in that encoding; save it again as UTF-8";
            problems.push(Problem::at(path, line, message));
            None
        }
    }
}
