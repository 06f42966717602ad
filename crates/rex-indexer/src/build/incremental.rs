//! Incremental build: unchanged records are kept from the base generation, the others are read.
//!
//! ```text
//! corpus ─ digests ─┬─ known: kept ──────────────── stored record ─┐
//!                   └─ new: read, indexed in .delta ─ record ──────┴─ in corpus order ─ completions
//! base generation without the records that are gone  +  .delta  ─ merged ─ one segment
//! ```

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use rex_corpus::{Corpus, CpvLabels, Record, RecordDigest};
use tantivy::TantivyError;
use tantivy::directory::{Directory, MmapDirectory};
use tantivy::indexer::merge_filtered_segments;

use crate::build::base_generation::{BaseGeneration, Kept};
use crate::build::candidate_counter::write_completions;
use crate::build::document_writer::{DocumentWriter, settings};
use crate::build::field_lengths::{lengths_of_records, write_lengths};
use crate::build::memory_budget::MemoryBudget;
use crate::build::progress::{OnProgress, Progress};
use crate::build::searcher::searcher;
use crate::build::side_files::write_side_files;
use crate::completions::candidates::CompletionCandidates;
use crate::doc_store::dictionary_builder::copy_texts;
use crate::error::BuildError;
use rex_index::codec::field_lengths::FieldLengths;

/// An incremental build.
pub(crate) struct Update<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) labels: &'a CpvLabels,
    pub(crate) memory: MemoryBudget,
    /// The generation to update.
    pub(crate) base: BaseGeneration,
    /// Its field lengths.
    pub(crate) lengths: FieldLengths,
}

/// Number of records by their origin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Updated {
    /// Records read.
    pub(crate) anew: u64,
    /// Records kept as they were.
    pub(crate) kept: u64,
}

/// The corpus compared with the base generation.
struct Comparison {
    /// Digests of all records in corpus order.
    order: Vec<RecordDigest>,
    kept: Kept,
    /// The index of the new records; `None` if there are none.
    delta: Option<BaseGeneration>,
}

impl Update<'_> {
    /// Whether at least half of the records are known; otherwise a full build is faster. A corpus that cannot be read is not, and the full
    /// build reports why.
    pub(crate) fn is_worth_it(&self) -> bool {
        let (mut known, mut all) = (0_u64, 0_u64);
        let counted = self.corpus.each::<()>(|raw| {
            all += 1;
            known += u64::from(raw.digest().is_some_and(|digest| self.base.find(digest).is_some()));
            Ok(())
        });
        counted.is_ok() && known > 0 && known * 2 >= all
    }

    /// Writes the new index into `building`, with the empty folder `delta` for the new records. Returns `None` if the corpus may have a
    /// problem: only a full build reports all problems.
    ///
    /// # Errors
    /// A folder that cannot be written, and an index that cannot be read.
    pub(crate) fn write(
        self,
        building: &Path,
        delta: &Path,
        progress: &mut OnProgress<'_>,
    ) -> Result<Option<Updated>, BuildError> {
        let Some(comparison) = self.compare(delta, progress)? else {
            return Ok(None);
        };
        let lengths = self.lengths_of(&comparison)?;
        let directory = open(building)?;
        // Independent of each other, and each about half of the work.
        thread::scope(|scope| {
            let completions = scope.spawn(|| write_completions(&*directory, self.candidates(&comparison)?));
            let merged = self.merge(&comparison, &*directory);
            let completed = completions.join().unwrap_or_else(|panic| resume_unwind(panic));
            merged.and(completed)
        })?;
        write_lengths(&lengths, &self.base.index, &*directory)?;
        let kept = comparison.kept.len() as u64;
        Ok(Some(Updated {
            anew: comparison.order.len() as u64 - kept,
            kept,
        }))
    }

    /// Finds the records to keep, and indexes the new ones.
    fn compare(&self, delta: &Path, progress: &mut OnProgress<'_>) -> Result<Option<Comparison>, BuildError> {
        let mut writer = None;
        let mut order = Vec::with_capacity(self.base.len());
        let mut kept = Kept::none(&self.base);
        let mut new = NewIds::default();
        let mut is_doubtful = false;
        let total_bytes = self.corpus.bytes();
        self.corpus.each(|raw| {
            let Some(digest) = raw.digest() else {
                is_doubtful = true;
                return Ok(());
            };
            match self.base.find(digest) {
                Some(address) => is_doubtful |= !kept.add(address),
                None => {
                    let Some(record) = raw.read() else {
                        is_doubtful |= !raw.is_draft();
                        return Ok(());
                    };
                    is_doubtful |= !new.add(&record, &self.base)?;
                    let writer = match &writer {
                        Some(writer) => writer,
                        None => writer.insert(self.delta_writer(delta)?),
                    };
                    writer.add(&record, Some(digest))?;
                }
            }
            order.push(digest);
            progress(Progress {
                records: order.len() as u64,
                bytes: raw.bytes_read(),
                total_bytes,
            })
        })?;
        if is_doubtful || new.replaced.iter().any(|address| kept.has(*address)) {
            return Ok(None);
        }
        let finished = writer.map(DocumentWriter::finish).transpose()?;
        let delta = match finished {
            Some(index) => BaseGeneration::of(index, &*open(delta)?, None)?,
            None => None,
        };
        Ok(Some(Comparison { order, kept, delta }))
    }

    /// The writer of the new records. They continue the dictionary of the base generation, with which they are merged.
    fn delta_writer(&self, delta: &Path) -> Result<DocumentWriter, BuildError> {
        let writer = DocumentWriter::create(open(delta)?, self.labels.clone(), self.memory)?;
        Ok(writer.after(self.base.records.texts()))
    }

    /// Field lengths of the new index. The records that are gone are tokenized again, as the lengths of single records are not stored
    /// exactly.
    fn lengths_of(&self, comparison: &Comparison) -> Result<FieldLengths, BuildError> {
        let mut lengths = self.lengths.clone();
        let removed = comparison.kept.others().map(|address| self.base.record(address));
        lengths.subtract(&lengths_of_records(removed, self.labels, self.memory)?);
        if let Some(delta) = &comparison.delta {
            lengths.add(&delta.lengths()?);
        }
        Ok(lengths)
    }

    /// The completion candidates of all records in corpus order, on which the texts that the counter drops depend.
    fn candidates(&self, comparison: &Comparison) -> Result<CompletionCandidates, BuildError> {
        let mut candidates = CompletionCandidates::new(self.memory);
        for digest in &comparison.order {
            let known = self.base.find(*digest).map(|address| self.base.record(address));
            let new = || {
                let delta = comparison.delta.as_ref()?;
                delta.find(*digest).map(|address| delta.record(address))
            };
            if let Some(record) = known.or_else(new) {
                candidates.add(&record?, None);
            }
        }
        Ok(candidates)
    }

    /// Merges kept and new records into one segment, and writes its side files.
    fn merge(&self, comparison: &Comparison, directory: &dyn Directory) -> Result<(), BuildError> {
        let mut segments = self.base.segments(&comparison.kept)?;
        if let Some(delta) = &comparison.delta {
            let new = delta.index.searchable_segments()?;
            segments.extend(new.into_iter().map(|segment| (segment, None)));
        }
        let (segments, alive): (Vec<_>, Vec<_>) = segments.into_iter().unzip();
        let index = merge_filtered_segments(&segments, settings(), alive, directory.box_clone())?;
        // The dictionary of the new records continues that of the base.
        let newest = comparison.delta.as_ref().unwrap_or(&self.base);
        copy_texts(newest.records.texts(), directory)?;
        write_side_files(directory, searcher(&index)?.segment_readers(), self.memory)
    }
}

/// Ids of new records.
#[derive(Default)]
struct NewIds {
    hashes: RandomState,
    /// Hashes of ids. Two ids with one hash cause a full build, and nothing worse.
    seen: HashSet<u64>,
    /// Addresses in the base generation of records with these ids, which must not be kept.
    replaced: Vec<(u32, u32)>,
}

impl NewIds {
    /// Adds the id of a record; `false` if it was added before.
    fn add(&mut self, record: &Record, base: &BaseGeneration) -> Result<bool, BuildError> {
        self.replaced.extend(base.find_id(&record.id)?);
        Ok(self.seen.insert(self.hashes.hash_one(&record.id)))
    }
}

fn open(folder: &Path) -> Result<Box<dyn Directory>, BuildError> {
    let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
    Ok(Box::new(directory))
}
