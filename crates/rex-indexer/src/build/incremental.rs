//! A generation made from the one before: records that are as they were are kept, the others are read.
//!
//! ```text
//! corpus ─ digests ─┬─ known: kept ──────────────── stored record ─┐
//!                   └─ new: read, indexed in .delta ─ record ──────┴─ in the order of the corpus ─ completions
//! the generation before, without what was not kept  +  .delta  ─ merged ─ one segment
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
use crate::build::progress::Progress;
use crate::build::searcher::searcher;
use crate::build::side_files::write_side_files;
use crate::completions::candidates::CompletionCandidates;
use crate::doc_store::dictionary_builder::copy_texts;
use crate::error::BuildError;
use rex_index::codec::field_lengths::FieldLengths;

/// An update of a generation.
pub(crate) struct Update<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) labels: &'a CpvLabels,
    pub(crate) memory: MemoryBudget,
    /// The records of the generation before.
    pub(crate) previous: BaseGeneration,
    /// Words of its fields.
    pub(crate) lengths: FieldLengths,
}

/// What an update did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Updated {
    /// Records read.
    pub(crate) anew: u64,
    /// Records kept as they were.
    pub(crate) kept: u64,
}

/// What one reading of the corpus found.
struct Sorted {
    /// The records, in the order of the corpus.
    order: Vec<RecordDigest>,
    kept: Kept,
    /// None where nothing is new.
    delta: Option<BaseGeneration>,
}

impl Update<'_> {
    /// Whether at least half of the corpus is known: beyond that, it is faster to build it all anew.
    ///
    /// # Errors
    /// None; what cannot be read is for the build to say.
    pub(crate) fn is_worth_it(&self) -> bool {
        let (mut known, mut all) = (0_u64, 0_u64);
        let counted = self.corpus.each::<()>(|raw| {
            all += 1;
            known += u64::from(raw.digest().is_some_and(|digest| self.previous.find(digest).is_some()));
            Ok(())
        });
        counted.is_ok() && known > 0 && known * 2 >= all
    }

    /// Writes the new index into `building`, using the empty folder `delta`. `None` where something in the corpus may be wrong,
    /// which only reading all of it can tell.
    ///
    /// # Errors
    /// A folder that cannot be written, and an index that cannot be read.
    pub(crate) fn write(
        self,
        building: &Path,
        delta: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Option<Updated>, BuildError> {
        let Some(sorted) = self.sort(delta, progress)? else {
            return Ok(None);
        };
        let lengths = self.lengths_of(&sorted)?;
        let directory = open(building)?;
        // Neither needs the other, and each is about half of the work.
        thread::scope(|scope| {
            let completions = scope.spawn(|| write_completions(&*directory, self.candidates(&sorted)?));
            let merged = self.merge(&sorted, &*directory);
            let completed = completions.join().unwrap_or_else(|panic| resume_unwind(panic));
            merged.and(completed)
        })?;
        write_lengths(&lengths, &self.previous.index, &*directory)?;
        let kept = sorted.kept.len() as u64;
        Ok(Some(Updated {
            anew: sorted.order.len() as u64 - kept,
            kept,
        }))
    }

    /// Tells what is kept from what is new, and indexes that.
    fn sort(&self, delta: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Option<Sorted>, BuildError> {
        let mut writer = None;
        let mut order = Vec::with_capacity(self.previous.len());
        let mut kept = Kept::none(&self.previous);
        let mut new = NewIds::default();
        let mut is_doubtful = false;
        let total_bytes = self.corpus.bytes();
        self.corpus.each(|raw| {
            let Some(digest) = raw.digest() else {
                is_doubtful = true;
                return Ok(());
            };
            match self.previous.find(digest) {
                Some(address) => is_doubtful |= !kept.add(address),
                None => {
                    let Some(record) = raw.read() else {
                        is_doubtful = true;
                        return Ok(());
                    };
                    is_doubtful |= !new.add(&record, &self.previous)?;
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
            });
            Ok::<_, BuildError>(())
        })?;
        if is_doubtful || new.replaced.iter().any(|address| kept.has(*address)) {
            return Ok(None);
        }
        let finished = writer.map(DocumentWriter::finish).transpose()?;
        let delta = match finished {
            Some(index) => BaseGeneration::of(index, &*open(delta)?, None)?,
            None => None,
        };
        Ok(Some(Sorted { order, kept, delta }))
    }

    /// Writes what is new. Its records are merged with those before, and so they share the texts that come again.
    fn delta_writer(&self, delta: &Path) -> Result<DocumentWriter, BuildError> {
        let writer = DocumentWriter::create(open(delta)?, self.labels.clone(), self.memory)?;
        Ok(writer.after(self.previous.records.texts()))
    }

    /// Words of the fields of the new index: those of what goes are counted once more, as nobody wrote them down.
    fn lengths_of(&self, sorted: &Sorted) -> Result<FieldLengths, BuildError> {
        let mut lengths = self.lengths.clone();
        let gone = sorted.kept.others().map(|address| self.previous.record(address));
        lengths.subtract(&lengths_of_records(gone, self.labels, self.memory)?);
        if let Some(delta) = &sorted.delta {
            lengths.add(&delta.lengths()?);
        }
        Ok(lengths)
    }

    /// The candidates of all records, in the order of the corpus: which texts are forgotten depends on it.
    fn candidates(&self, sorted: &Sorted) -> Result<CompletionCandidates, BuildError> {
        let mut candidates = CompletionCandidates::new(self.memory);
        for digest in &sorted.order {
            let known = self.previous.find(*digest).map(|address| self.previous.record(address));
            let new = || {
                let delta = sorted.delta.as_ref()?;
                delta.find(*digest).map(|address| delta.record(address))
            };
            if let Some(record) = known.or_else(new) {
                candidates.add(&record?, None);
            }
        }
        Ok(candidates)
    }

    /// Merges what is kept and what is new into one segment.
    fn merge(&self, sorted: &Sorted, directory: &dyn Directory) -> Result<(), BuildError> {
        let mut segments = self.previous.segments(&sorted.kept)?;
        if let Some(delta) = &sorted.delta {
            let new = delta.index.searchable_segments()?;
            segments.extend(new.into_iter().map(|segment| (segment, None)));
        }
        let (segments, alive): (Vec<_>, Vec<_>) = segments.into_iter().unzip();
        let index = merge_filtered_segments(&segments, settings(), alive, directory.box_clone())?;
        // Those of what is new are those before and more.
        let newest = sorted.delta.as_ref().unwrap_or(&self.previous);
        copy_texts(newest.records.texts(), directory)?;
        write_side_files(directory, searcher(&index)?.segment_readers(), self.memory)
    }
}

/// The ids of new records.
#[derive(Default)]
struct NewIds {
    hashes: RandomState,
    /// Hashes, as those of [`Corpus::read`]: two ids of one hash make all of the corpus be read, and nothing worse.
    seen: HashSet<u64>,
    /// Where the generation before has them: to be gone from there.
    replaced: Vec<(u32, u32)>,
}

impl NewIds {
    /// Adds that of a record; `false` where it is there already.
    fn add(&mut self, record: &Record, previous: &BaseGeneration) -> Result<bool, BuildError> {
        self.replaced.extend(previous.find_id(&record.id)?);
        Ok(self.seen.insert(self.hashes.hash_one(&record.id)))
    }
}

fn open(folder: &Path) -> Result<Box<dyn Directory>, BuildError> {
    let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
    Ok(Box::new(directory))
}
