//! The output: a temporary file of JSON lines, of which the newest of each contract are kept.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::mem;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::convert::Converted;
use super::newest::{Kept, LotKey, Newest, Publication, packed_day};

/// A record as it is written, and what tells whether it is kept.
pub(super) struct Line {
    /// JSON, with its line break.
    text: Vec<u8>,
    key: u64,
    lot: LotKey,
    published: u16,
}

impl Line {
    /// # Errors
    /// None in practice: a record can be written as JSON.
    pub(super) fn of(converted: &Converted) -> io::Result<Self> {
        let mut text = serde_json::to_vec(&converted.record)?;
        text.push(b'\n');
        Ok(Self {
            text,
            key: converted.key.hash(),
            lot: converted.lot,
            published: packed_day(converted.published),
        })
    }
}

/// The lines written so far, and what tells which of them to keep.
pub(super) struct OutputLines {
    /// A temporary file beside the output, renamed to it or removed.
    file: BufWriter<NamedTempFile>,
    folder: PathBuf,
    written: u32,
    newest: Newest,
}

impl OutputLines {
    pub(super) fn create(output: &Path) -> io::Result<Self> {
        let folder = folder(output);
        Ok(Self {
            file: BufWriter::new(temporary(&folder)?),
            newest: Newest::new(&folder),
            folder,
            written: 0,
        })
    }

    /// The newest line of each contract. To be called once, at the end.
    pub(super) fn choose(&mut self) -> io::Result<ChosenLines> {
        let mut chosen = ChosenLines {
            contracts: 0,
            is_kept: vec![false; self.written as usize],
            suffixes: HashMap::new(),
        };
        let newest = mem::replace(&mut self.newest, Newest::new(&self.folder));
        newest.keep(|Kept { line, suffix }| {
            chosen.contracts += 1;
            chosen.is_kept[line as usize] = true;
            chosen.suffixes.extend(suffix.map(|suffix| (line, suffix)));
        })?;
        Ok(chosen)
    }

    pub(super) fn write(&mut self, line: &Line) -> io::Result<()> {
        self.file.write_all(&line.text)?;
        self.newest.add(Publication {
            key: line.key,
            lot: line.lot,
            published: line.published,
            line: self.written,
        })?;
        let written = self.written.checked_add(1);
        self.written = written.ok_or_else(|| io::Error::other("over four billion records"))?;
        Ok(())
    }

    /// Writes the chosen lines to the output, by an atomic rename.
    pub(super) fn publish(self, chosen: &ChosenLines, output: &Path) -> io::Result<()> {
        let mut file = self.file.into_inner()?;
        if !chosen.is_all() {
            file = copied(file, chosen, temporary(&self.folder)?)?;
        }
        file.as_file().sync_all()?;
        file.persist(output)?;
        Ok(())
    }
}

/// The lines to keep.
pub(super) struct ChosenLines {
    pub(super) contracts: u64,
    /// For each line written.
    is_kept: Vec<bool>,
    /// What to add to the ids of lots, by line.
    pub(super) suffixes: HashMap<u32, u32>,
}

impl ChosenLines {
    fn is_all(&self) -> bool {
        self.contracts == self.is_kept.len() as u64 && self.suffixes.is_empty()
    }
}

/// Copies the chosen lines to another file.
fn copied(mut source: NamedTempFile, chosen: &ChosenLines, target: NamedTempFile) -> io::Result<NamedTempFile> {
    source.as_file_mut().rewind()?;
    let mut lines = BufReader::new(source.as_file());
    let mut target = BufWriter::new(target);
    let mut line = Vec::new();
    for (number, is_kept) in (0..).zip(&chosen.is_kept) {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        if *is_kept {
            match chosen.suffixes.get(&number) {
                Some(suffix) => write_with_suffix(&mut target, &line, *suffix)?,
                None => target.write_all(&line)?,
            }
        }
    }
    Ok(target.into_inner()?)
}

/// Writes a record with a suffix to its id. A record begins with its id, which needs no escapes.
fn write_with_suffix(target: &mut impl Write, line: &[u8], suffix: u32) -> io::Result<()> {
    const START: &[u8] = b"{\"id\":\"";
    let id = line.strip_prefix(START).unwrap_or_default();
    let Some(end) = id.iter().position(|byte| *byte == b'"') else {
        return Err(io::Error::other("a record without its id"));
    };
    let (before, after) = line.split_at(START.len() + end);
    target.write_all(before)?;
    write!(target, "-{suffix:08x}")?;
    target.write_all(after)
}

/// The folder of a file.
pub(super) fn folder(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// A temporary file with the default permissions of the user.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    // The error for a missing folder must not name the temporary file.
    fs::metadata(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rex-import-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    // The error must not name the temporary file.
    builder.tempfile_in(folder).map_err(|error| error.kind().into())
}

/// `marches.jsonl` gives `marches.partial.jsonl`.
pub(super) fn partial(path: &Path) -> PathBuf {
    path.with_extension("partial.jsonl")
}
