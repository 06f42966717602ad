//! Rows on disk, until all rows of a contract are known: they can stand anywhere in a file.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::PathBuf;

use super::json::Json;

/// A row, as JSON, with the hash of its contract.
pub(super) struct Row {
    contract: u64,
    text: Vec<u8>,
}

impl Row {
    /// # Errors
    /// None in practice: fields can be written as JSON.
    pub(super) fn of(fields: &Json) -> io::Result<Self> {
        let buyer = fields.get("acheteur").object("id");
        let key = [buyer.get("id"), buyer.get("nom"), fields.get("id"), fields.get("objet")];
        let mut hasher = DefaultHasher::new();
        key.map(Json::text).hash(&mut hasher);
        Ok(Self {
            contract: hasher.finish(),
            text: serde_json::to_vec(fields)?,
        })
    }
}

/// The rows of a file, divided by contract into temporary files that fit in memory one by one.
pub(super) struct Spool {
    folder: PathBuf,
    parts: Vec<Option<BufWriter<File>>>,
    /// How often the rows were divided before.
    depth: u32,
}

/// Bytes before the text of a row: the hash of its contract, and the length of the text.
const HEAD: usize = 12;
/// Maximum size of a part in memory, in bytes.
const MAX_PART: u64 = 64 << 20;
/// How often a part that is larger is divided again. After that its rows have one contract, and are read in pieces.
const MAX_DEPTH: u32 = 3;
/// Rows of one contract that are merged. The largest groupings have a few dozen holders, and contracts as many modifications.
const MAX_ROWS: usize = 2_000;

impl Spool {
    /// An empty spool in a folder, for a file of a size in bytes.
    pub(super) fn new(folder: PathBuf, bytes: u64) -> Self {
        /// Parts are so large at least; with their index, several of them fit in memory.
        const PART: u64 = 8 << 20;
        // At most half of the files that a process may have open on most systems.
        const MOST: u64 = 128;
        Self::with_parts(folder, (bytes / PART).clamp(1, MOST), 0)
    }

    fn with_parts(folder: PathBuf, parts: u64, depth: u32) -> Self {
        Self {
            folder,
            parts: (0..parts).map(|_| None).collect(),
            depth,
        }
    }

    pub(super) fn add(&mut self, row: &Row) -> io::Result<()> {
        self.write(row.contract, &row.text)
    }

    fn write(&mut self, contract: u64, text: &[u8]) -> io::Result<()> {
        const BUFFER: usize = 1 << 15;
        let part = (contract.rotate_left(16 * self.depth) % self.parts.len() as u64) as usize;
        let part = match &mut self.parts[part] {
            Some(part) => part,
            empty => empty.insert(BufWriter::with_capacity(BUFFER, tempfile::tempfile_in(&self.folder)?)),
        };
        let length = u32::try_from(text.len()).map_err(io::Error::other)?;
        part.write_all(&contract.to_le_bytes())?;
        part.write_all(&length.to_le_bytes())?;
        part.write_all(text)
    }

    /// Passes the rows of each contract to `visit`, until it returns an error. Each part is removed when it was read. The rows of a
    /// contract that has thousands come in pieces.
    pub(super) fn contracts<E: From<io::Error>>(
        self,
        visit: &mut dyn FnMut(Vec<Vec<u8>>) -> Result<(), E>,
    ) -> Result<(), E> {
        for part in self.parts.into_iter().flatten() {
            let mut part = part.into_inner().map_err(io::IntoInnerError::into_error)?;
            let length = part.metadata()?.len();
            part.rewind()?;
            if length > MAX_PART && self.depth < MAX_DEPTH {
                const PARTS: u64 = 32;
                let mut divided = Self::with_parts(self.folder.clone(), PARTS, self.depth + 1);
                let mut rows = BufReader::new(part);
                while let Some((contract, text)) = next_row(&mut rows)? {
                    divided.write(contract, &text)?;
                }
                divided.contracts(visit)?;
                continue;
            }
            let mut rows = BufReader::new(part);
            loop {
                let piece = piece(&mut rows)?;
                if piece.is_empty() {
                    break;
                }
                for contract in piece.chunk_by(|a, b| a.0 == b.0) {
                    for rows in contract.chunks(MAX_ROWS) {
                        visit(rows.iter().map(|(_, text)| text.clone()).collect())?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The next rows of a part, as many as fit in memory, by contract; the rows of a contract keep their order.
fn piece(source: &mut impl Read) -> io::Result<Vec<(u64, Vec<u8>)>> {
    let mut rows = Vec::new();
    let mut size = 0;
    while size < MAX_PART
        && let Some(row) = next_row(source)?
    {
        size += (HEAD + row.1.len()) as u64;
        rows.push(row);
    }
    rows.sort_by_key(|(contract, _)| *contract);
    Ok(rows)
}

/// The hash of the contract of the next row, and its text. `None` at the end.
fn next_row(source: &mut impl Read) -> io::Result<Option<(u64, Vec<u8>)>> {
    let mut contract = [0; 8];
    let mut length = [0; HEAD - 8];
    if source.read(&mut contract[..1])? == 0 {
        return Ok(None);
    }
    source.read_exact(&mut contract[1..])?;
    source.read_exact(&mut length)?;
    let mut text = vec![0; u32::from_le_bytes(length) as usize];
    source.read_exact(&mut text)?;
    Ok(Some((u64::from_le_bytes(contract), text)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The rows of each contract, as they come out.
    fn spooled(rows: &[(u64, Vec<u8>)], parts: u64, depth: u32) -> BTreeMap<u64, Vec<Vec<u8>>> {
        let mut spool = Spool::with_parts(std::env::temp_dir(), parts, depth);
        rows.iter()
            .for_each(|(contract, text)| spool.write(*contract, text).unwrap());
        let mut contracts: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
        let visited = spool.contracts::<io::Error>(&mut |rows| {
            let contract = u64::from(rows[0][0]);
            assert!(rows.len() <= MAX_ROWS && rows.iter().all(|row| u64::from(row[0]) == contract));
            contracts.entry(contract).or_default().extend(rows);
            Ok(())
        });
        visited.unwrap();
        contracts
    }

    fn by_contract(rows: &[(u64, Vec<u8>)]) -> BTreeMap<u64, Vec<Vec<u8>>> {
        let mut contracts: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
        for (contract, text) in rows {
            contracts.entry(*contract).or_default().push(text.clone());
        }
        contracts
    }

    proptest::proptest! {
        #[test]
        fn rows_come_together_in_their_order(
            rows in proptest::collection::vec((0..9_u8, proptest::collection::vec(0..3_u8, 0..5)), 0..200), parts in 1..5_u64,
        ) {
            let rows: Vec<_> = rows.into_iter().map(|(contract, rest)| (u64::from(contract), [vec![contract], rest].concat())).collect();
            proptest::prop_assert_eq!(spooled(&rows, parts, 0), by_contract(&rows));
        }
    }

    #[test]
    fn what_does_not_fit_in_memory_is_divided_again() {
        // Five contracts of 20 MB, four of which meet in a part, and one of 80 MB.
        let size = 1 << 20;
        let row = |contract: u8| (u64::from(contract), [vec![contract], vec![0; size]].concat());
        let rows: Vec<_> = (0..20)
            .flat_map(|_| [0, 2, 4, 6, 7].map(row))
            .chain((0..80).map(|_| row(9)))
            .collect();
        let contracts = spooled(&rows, 2, 0);
        let counts: Vec<_> = contracts.values().map(Vec::len).collect();
        assert_eq!(counts, [20, 20, 20, 20, 20, 80]);
    }
}
