use std::panic::resume_unwind;
use std::thread;

use rex_analysis::Analyzer;
use rex_corpus::{CpvLabels, Record, RecordDigest};
use rex_index::codec::field_lengths::FieldLengths;
use tantivy::SegmentReader;
use tantivy::directory::Directory;

use crate::build::candidate_counter::CandidateCounter;
use crate::build::document_writer::DocumentWriter;
use crate::build::field_lengths::write_lengths;
use crate::build::memory_budget::MemoryBudget;
use crate::build::searcher::searcher;
use crate::build::side_files::write_side_files;
use crate::error::BuildError;

/// Writes records into a new index, in a folder or in memory.
///
/// Each [`commit`](Self::commit) ends a segment, and so does a full memory budget; within a segment, records keep the order in which they
/// are added. [`finish`](Self::finish) merges all segments into one, the largest first: a search is fastest on a single segment.
pub struct IndexWriter {
    documents: DocumentWriter,
    /// For the files that tantivy does not know: it would delete them from a directory that it manages.
    directory: Box<dyn Directory>,
    candidates: CandidateCounter,
}

impl IndexWriter {
    /// Creates an index in an empty directory.
    ///
    /// # Errors
    /// A directory that cannot be written or already holds an index.
    pub fn create(directory: impl Into<Box<dyn Directory>>) -> Result<Self, BuildError> {
        Self::create_with(directory, Analyzer::default())
    }

    /// Creates an index with another analyzer than the default one, to measure the effect of its rules.
    ///
    /// # Errors
    /// A directory that cannot be written or already holds an index.
    pub fn create_with(directory: impl Into<Box<dyn Directory>>, analyzer: Analyzer) -> Result<Self, BuildError> {
        Self::create_within(directory, analyzer, MemoryBudget::default())
    }

    /// Creates an index within a memory budget.
    ///
    /// # Errors
    /// A directory that cannot be written or already holds an index.
    pub(crate) fn create_within(
        directory: impl Into<Box<dyn Directory>>,
        analyzer: Analyzer,
        memory: MemoryBudget,
    ) -> Result<Self, BuildError> {
        let directory = directory.into();
        Ok(Self {
            documents: DocumentWriter::create_with(directory.clone(), CpvLabels::shipped(), analyzer, memory)?,
            directory,
            candidates: CandidateCounter::start(memory),
        })
    }

    /// Replaces the shipped labels of CPV codes, for the records added from now on.
    #[must_use]
    pub fn with_labels(self, labels: CpvLabels) -> Self {
        Self {
            documents: self.documents.with_labels(labels),
            ..self
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn add(&self, record: &Record) -> Result<(), BuildError> {
        self.add_read(record.clone(), None)
    }

    /// Adds a record with the digest of its source, by which the next build finds it.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn add_read(&self, record: Record, digest: Option<RecordDigest>) -> Result<(), BuildError> {
        let title = self.documents.add(&record, digest)?;
        self.candidates.add(record, title);
        Ok(())
    }

    /// Writes the records added so far as a segment of their own.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn commit(&mut self) -> Result<(), BuildError> {
        self.documents.commit()
    }

    /// Merges everything into one segment and writes the completions, facet columns, sort ordinals and field lengths beside it.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn finish(self) -> Result<(), BuildError> {
        let Self {
            mut documents,
            directory,
            candidates,
        } = self;
        let memory = documents.memory();
        // The completions need no segment: they are written while tantivy writes the last one.
        let completions = candidates.finish(directory.clone());
        let completed = || completions.join().unwrap_or_else(|panic| resume_unwind(panic));
        let committed = documents.commit().and_then(|()| Ok(searcher(documents.index())?));
        let parts = match committed {
            Ok(parts) => parts,
            Err(error) => {
                // No thread may write into the directory after this function has failed.
                let _ = completed();
                return Err(error);
            }
        };
        let ids: Vec<_> = parts.segment_readers().iter().map(SegmentReader::segment_id).collect();
        // The side files of the merged segment are made from its parts, in their order, while these are merged. They use the memory of
        // the completions, so they wait for them.
        thread::scope(|scope| {
            let side_files = scope.spawn(|| {
                completed()?;
                write_side_files(&*directory, parts.segment_readers(), memory)
            });
            let merged = documents.merge(&ids);
            let written = side_files.join().unwrap_or_else(|panic| resume_unwind(panic));
            merged.and(written)
        })?;
        drop(parts);
        let index = documents.close()?;
        let lengths = FieldLengths::counted(searcher(&index)?.segment_readers())?;
        write_lengths(&lengths, &index, &*directory)
    }

    /// Does the same and leaves the segments as they are, for tests of several segments.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn finish_unmerged(self) -> Result<(), BuildError> {
        let Self {
            mut documents,
            directory,
            candidates,
        } = self;
        let completions = candidates.finish(directory.clone());
        let committed = documents.commit();
        completions.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        committed?;
        let segments = searcher(documents.index())?;
        write_side_files(&*directory, segments.segment_readers(), documents.memory())?;
        let lengths = FieldLengths::counted(segments.segment_readers())?;
        write_lengths(&lengths, documents.index(), &*directory)
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
    use tantivy::directory::{DirectoryLock, FileHandle, Lock, RamDirectory, WatchCallback, WatchHandle, WritePtr};

    use std::path::Path;

    use rex_index::{facet_columns, sort_ordinals};
    use tantivy::Index;

    use super::*;

    /// A directory that panics when it is watched.
    #[derive(Debug, Clone)]
    struct Unwatched(RamDirectory);

    impl Directory for Unwatched {
        fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
            panic!("an index being built is watched");
        }
        fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
            self.0.get_file_handle(path)
        }
        fn delete(&self, path: &Path) -> Result<(), DeleteError> {
            self.0.delete(path)
        }
        fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
            self.0.exists(path)
        }
        fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
            self.0.open_write(path)
        }
        fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
            self.0.atomic_read(path)
        }
        fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
            self.0.atomic_write(path, data)
        }
        fn sync_directory(&self) -> io::Result<()> {
            self.0.sync_directory()
        }
        fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
            self.0.acquire_lock(lock)
        }
    }

    #[test]
    fn an_index_being_built_is_not_watched() {
        let record = |id: &str| -> Record {
            serde_json::from_value(serde_json::json!({"id": id, "titre": "Tri", "sections": []})).unwrap()
        };
        let mut writer =
            IndexWriter::create(Box::new(Unwatched(RamDirectory::create())) as Box<dyn Directory>).unwrap();
        writer.add(&record("a")).unwrap();
        writer.commit().unwrap();
        writer.add(&record("b")).unwrap();
        writer.finish().unwrap();
    }

    #[test]
    fn side_files_of_the_parts_are_those_of_the_merged_segment() {
        let record = |number: usize| -> Record {
            let fields = serde_json::json!({
                "id": format!("{:x}", number * 7_919 % 1_000),
                "titre": format!("Titre {}", number % 13),
                "acheteur": {"nom": format!("Ville {}", number * 31 % 17)},
            });
            serde_json::from_value(fields).unwrap()
        };
        let directory = RamDirectory::create();
        let mut writer = IndexWriter::create(directory.clone()).unwrap();
        // tantivy puts the largest segment first.
        for numbers in [0..3, 3..40, 40..41, 41..60] {
            numbers.for_each(|number| writer.add(&record(number)).unwrap());
            writer.commit().unwrap();
        }
        writer.finish().unwrap();
        let side_files =
            || [sort_ordinals::FILE, facet_columns::FILE].map(|name| directory.atomic_read(Path::new(name)).unwrap());
        let of_parts = side_files();
        for name in [sort_ordinals::FILE, facet_columns::FILE] {
            directory.delete(Path::new(name)).unwrap();
        }
        let whole = searcher(&Index::open(directory.clone()).unwrap()).unwrap();
        assert_eq!(whole.segment_readers().len(), 1);
        write_side_files(&directory, whole.segment_readers(), MemoryBudget::default()).unwrap();
        assert!(of_parts == side_files());
    }
}
