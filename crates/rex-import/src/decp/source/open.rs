//! Reads a file of any format, and those of archives.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::Encoding;
use flate2::bufread::MultiGzDecoder;

use super::super::json::walk;
use super::super::raw::{Event, ReadError, Sink};
use super::super::table::read_csv;
use super::super::xml::read_xml;
use super::format::{EXPECTED, Format, START, format};
use crate::text_encoding::Utf8Reader;

const BUFFER: usize = 1 << 16;
/// Files of an archive that are looked at.
const MAX_MEMBERS: usize = 10_000;

/// Reads the records of a file, or of the files of an archive. Adds to `bytes` what was read of the file on disk.
///
/// # Errors
/// Why nothing more can be read. What is wrong with one file of an archive is passed to `sink`, and the others are read.
pub(in super::super) fn read_source(path: &Path, bytes: &AtomicU64, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    if path.is_dir() {
        return Err(ReadError::Unknown(format!("is a folder, {EXPECTED}")));
    }
    // A pipe is fine: it is read once, in constant memory.
    if is_device(path) {
        return Err(ReadError::Unknown(format!("is a device, {EXPECTED}")));
    }
    let unreadable = |error: io::Error| ReadError::Unknown(format!("cannot be read: {error}"));
    let mut file = BufReader::with_capacity(
        BUFFER,
        Counted {
            source: File::open(path).map_err(unreadable)?,
            bytes,
        },
    );
    let start = start(&mut file).map_err(unreadable)?;
    match format(&start).map_err(ReadError::Unknown)? {
        Format::Zip => {
            file.rewind()
                .map_err(|_| ReadError::Unknown("is a ZIP archive in a pipe; name the file itself".to_owned()))?;
            read_zip(file, sink)
        }
        Format::Gzip => read_content(
            &mut MultiGzDecoder::new(BufReader::new(start.as_slice().chain(file))),
            false,
            sink,
        ),
        Format::Parquet => match file.rewind() {
            Ok(()) => parquet(file.into_inner().source, sink),
            Err(_) => parquet(copied(start.as_slice().chain(file))?, sink),
        },
        known => read_text(known, &start, file, sink),
    }
}

/// The first bytes of a source.
fn start(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    source.take(START as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// Reads a file that was compressed. In an archive it may be compressed once more.
fn read_content(mut source: &mut dyn Read, is_member: bool, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let start = start(&mut source)?;
    match format(&start).map_err(ReadError::Unknown)? {
        Format::Gzip if is_member => {
            let mut source = MultiGzDecoder::new(BufReader::new(start.as_slice().chain(source)));
            read_content(&mut source, false, sink)
        }
        known => read_text(known, &start, source, sink),
    }
}

/// Reads text of a known format that begins with `start`.
fn read_text(format: Format, start: &[u8], rest: impl Read, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let source = start.chain(rest);
    match format {
        Format::Json if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") => {
            walk(Utf8Reader::new(source), sink)
        }
        Format::Json => walk(source, sink),
        Format::Csv => read_csv(source, sink),
        Format::Xml => match declared_encoding(start) {
            Some(encoding) => read_xml(Utf8Reader::declared(source, encoding), sink),
            None => read_xml(Utf8Reader::new(source), sink),
        },
        Format::Parquet => parquet(copied(source)?, sink),
        Format::Gzip | Format::Zip => Err(ReadError::Unknown(format!(
            "is an archive in an archive; extract it, {EXPECTED}"
        ))),
    }
}

/// A temporary file with what is read, for formats that are not read from their start to their end.
fn copied(source: impl Read) -> Result<File, ReadError> {
    /// The largest published table has a few hundred megabytes.
    const MOST: u64 = 4 << 30;
    let copy = || {
        let mut file = tempfile::tempfile()?;
        let copied = io::copy(&mut source.take(MOST + 1), &mut file)?;
        Ok((file, copied))
    };
    let folder = std::env::temp_dir();
    match copy() {
        Ok((file, copied)) if copied <= MOST => Ok(file),
        Ok(_) => Err(ReadError::Unknown(format!(
            "is a compressed Parquet file of over {MOST} bytes; decompress it"
        ))),
        Err::<_, io::Error>(error) => {
            let folder = folder.display();
            Err(ReadError::Unknown(format!(
                "is a compressed Parquet file that cannot be decompressed to {folder}: {error}"
            )))
        }
    }
}

#[cfg(feature = "parquet")]
fn parquet(file: File, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    super::super::table::read_parquet(file, sink)
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: File, _: &mut Sink<'_>) -> Result<(), ReadError> {
    let message = "is Parquet, which this build of Rex does not read; download the same table as CSV";
    Err(ReadError::Unknown(message.to_owned()))
}

/// The encoding that an XML declaration names. `None`: UTF-8 or what the bytes tell.
fn declared_encoding(start: &[u8]) -> Option<&'static Encoding> {
    let end = start.iter().position(|byte| *byte == b'>')?;
    let declaration = String::from_utf8_lossy(&start[..end]);
    let (_, name) = declaration.strip_prefix("<?xml")?.split_once("encoding")?;
    let name = name.trim_start().strip_prefix('=')?.trim_start();
    let quote = name.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let encoding = Encoding::for_label(name[1..].split(quote).next()?.as_bytes())?;
    // Many files that declare UTF-8 are Windows-1252.
    (encoding != encoding_rs::UTF_8).then_some(encoding)
}

/// Reads the contract files of an archive one by one.
fn read_zip<R: Read + Seek>(file: R, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let damaged = |error: zip::result::ZipError| {
        ReadError::Unknown(format!(
            "is a ZIP archive that cannot be read ({error}); download it again"
        ))
    };
    let mut archive = zip::ZipArchive::new(file).map_err(damaged)?;
    let names: Vec<String> = (0..archive.len().min(MAX_MEMBERS))
        .map(|at| {
            archive
                .name_for_index(at)
                .and_then(Result::ok)
                .unwrap_or_default()
                .into_owned()
        })
        .collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    let document = match () {
        () if has("xl/workbook.xml") => {
            Some("an Excel workbook; save the sheet as CSV, or for a table of cases run `rex import table`")
        }
        () if has("word/document.xml") => Some("a Word document; for a booklet of cases run `rex import booklet`"),
        () if has("content.xml") && has("mimetype") => {
            Some("an OpenDocument file; save the sheet as CSV, or for a table of cases run `rex import table`")
        }
        () => None,
    };
    if let Some(document) = document {
        return Err(ReadError::Unknown(format!("is {document}")));
    }
    let is_data = |(_, name): &(usize, &String)| {
        let name = name.to_ascii_lowercase();
        let is_hidden =
            name.starts_with("__macosx/") || name.rsplit('/').next().is_some_and(|file| file.starts_with('.'));
        let extensions = [
            ".json", ".jsonl", ".ndjson", ".geojson", ".csv", ".tsv", ".xml", ".gz", ".zip", ".parquet",
        ];
        !is_hidden && extensions.iter().any(|extension| name.ends_with(extension))
    };
    let mut data: Vec<(usize, &String)> = names.iter().enumerate().filter(is_data).collect();
    data.sort_by_key(|(_, name)| *name);
    if data.is_empty() {
        const SHOWN: usize = 5;
        let shown: Vec<String> = names
            .iter()
            .take(SHOWN)
            .map(|name| format!("« {} »", name.escape_debug()))
            .collect();
        let shown = shown.join(", ");
        return Err(ReadError::Unknown(format!(
            "is a ZIP archive without a .json, .xml, .csv or .parquet file (it holds {shown}), {EXPECTED}"
        )));
    }
    for (at, name) in data {
        sink(Event::File(name.clone()))?;
        let read = match archive.by_index(at) {
            Ok(mut member) => read_content(&mut member, true, sink),
            Err(error) => Err(damaged(error)),
        };
        match read {
            Err(ReadError::Stopped) => return Err(ReadError::Stopped),
            read => sink(Event::FileEnd(read))?,
        }
    }
    Ok(())
}

/// Counts the bytes that are read of a file.
struct Counted<'a> {
    source: File,
    bytes: &'a AtomicU64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        self.source.seek(position)
    }
}

/// Whether a path names a terminal, a disk or the like, which may never end. A pipe is read as it comes.
fn is_device(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let is_device = |kind: std::fs::FileType| kind.is_char_device() || kind.is_block_device();
        path.metadata().is_ok_and(|data| is_device(data.file_type()))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
