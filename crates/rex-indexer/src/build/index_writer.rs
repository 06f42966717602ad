use std::io::Write;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::mpsc::{RecvError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use rex_analysis::Analyzer;
use rex_corpus::{CpvLabels, Record, RecordDigest};
use tantivy::directory::{Directory, TerminatingWrite};
use tantivy::index::SegmentId;
use tantivy::indexer::UserOperation;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::schema::Value;
use tantivy::{
    Index, IndexReader, IndexSettings, ReloadPolicy, Searcher, SegmentReader, TantivyDocument, TantivyError,
};

use crate::build::batch::Batch;
use crate::build::document::document;
use crate::build::field_lengths::write_lengths;
use crate::build::memory_budget::MemoryBudget;
use crate::build::temp_file::TempFiles;
use crate::completions::candidates::CompletionCandidates;
use crate::doc_store::encode::RecordEncoder;
use crate::error::BuildError;
use crate::text::pretokenized::{self, Backpressure};
use crate::text::token_cache::{CutText, WordCutter};
use rex_index::codec::field_lengths::FieldLengths;
use rex_index::completions;
use rex_index::doc_store::{Dictionary, RecordDecoder};
use rex_index::facet_columns;
use rex_index::schema::fields::Fields;
use rex_index::sort_ordinals;

/// Bytes of stored records that are packed together.
const STORE_BLOCK: usize = 4 << 10;

/// Writes records into a new index, wherever it is kept: a folder, or memory.
///
/// Each [`commit`](Self::commit) ends a segment, in which records stay in the order they are given, and so does a full memory;
/// [`finish`](Self::finish) leaves one segment, which a search counts fastest, made of the others with the largest first.
pub struct IndexWriter {
    documents: DocumentWriter,
    /// Where what the engine does not know of is written: it would remove such a file from a directory it manages.
    directory: Box<dyn Directory>,
    candidates: Counting,
}

impl IndexWriter {
    /// Starts an index in an empty directory.
    ///
    /// # Errors
    /// A directory that cannot be written, or already holds an index.
    pub fn create(directory: impl Into<Box<dyn Directory>>) -> Result<Self, BuildError> {
        Self::create_with(directory, Analyzer::default())
    }

    /// Starts an index whose words are cut by another analyzer than that of Rex: to measure what its rules are worth.
    ///
    /// # Errors
    /// A directory that cannot be written, or already holds an index.
    pub fn create_with(directory: impl Into<Box<dyn Directory>>, analyzer: Analyzer) -> Result<Self, BuildError> {
        Self::create_within(directory, analyzer, MemoryBudget::default())
    }

    /// The same within an amount of memory.
    ///
    /// # Errors
    /// A directory that cannot be written, or already holds an index.
    pub(crate) fn create_within(
        directory: impl Into<Box<dyn Directory>>,
        analyzer: Analyzer,
        memory: MemoryBudget,
    ) -> Result<Self, BuildError> {
        let directory = directory.into();
        Ok(Self {
            documents: DocumentWriter::create_with(directory.clone(), CpvLabels::shipped(), analyzer, memory)?,
            directory,
            candidates: Counting::start(memory),
        })
    }

    /// The same with other labels of CPV codes than those shipped, for the records that are added from here on.
    #[must_use]
    pub fn with_labels(self, labels: CpvLabels) -> Self {
        let documents = DocumentWriter {
            labels,
            ..self.documents
        };
        Self { documents, ..self }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn add(&self, record: &Record) -> Result<(), BuildError> {
        self.add_read(record.clone(), None)
    }

    /// Adds a record that can be found again by the digest of what it was read from.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn add_read(&self, record: Record, digest: Option<RecordDigest>) -> Result<(), BuildError> {
        let title = self.documents.add(&record, digest)?;
        self.candidates.add(record, title);
        Ok(())
    }

    /// Makes what was added readable, as a segment of its own.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn commit(&mut self) -> Result<(), BuildError> {
        self.documents.commit()
    }

    /// Makes what was added readable, all in one segment, and writes the completions, the facets and the ranks beside it.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn finish(self) -> Result<(), BuildError> {
        let Self {
            mut documents,
            directory,
            candidates,
        } = self;
        let memory = documents.memory;
        // The completions are told from no segment: they are written while the last one is.
        let completions = candidates.finish(directory.clone());
        let completed = || completions.join().unwrap_or_else(|panic| resume_unwind(panic));
        let committed = documents.commit().and_then(|()| Ok(searcher(&documents.index)?));
        let parts = match committed {
            Ok(parts) => parts,
            Err(error) => {
                // Nobody writes into the directory any more once that is said.
                let _ = completed();
                return Err(error);
            }
        };
        let ids: Vec<_> = parts.segment_readers().iter().map(SegmentReader::segment_id).collect();
        // What is beside the one segment is told from those it is merged of, in the order in which they are. It takes the memory that
        // the completions took.
        thread::scope(|scope| {
            let beside = scope.spawn(|| {
                completed()?;
                write_beside(&*directory, parts.segment_readers(), memory)
            });
            let merged = documents.merge(&ids);
            let beside = beside.join().unwrap_or_else(|panic| resume_unwind(panic));
            merged.and(beside)
        })?;
        drop(parts);
        let index = documents.close()?;
        let lengths = FieldLengths::counted(searcher(&index)?.segment_readers())?;
        write_lengths(&lengths, &index, &*directory)
    }

    /// The same with its segments left as they are: for tests of several segments.
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
        let segments = searcher(&documents.index)?;
        write_beside(&*directory, segments.segment_readers(), documents.memory)?;
        let lengths = FieldLengths::counted(segments.segment_readers())?;
        write_lengths(&lengths, &documents.index, &*directory)
    }
}

/// Counts the candidates of records on a thread of its own, and writes the completions there.
struct Counting {
    records: SyncSender<Vec<CutRecord>>,
    next: Mutex<Batch<CutRecord>>,
    /// Is given where they are written, if they are.
    end: SyncSender<Box<dyn Directory>>,
    thread: JoinHandle<Result<(), BuildError>>,
}

/// A record and the words of its title.
type CutRecord = (Record, Arc<CutText>);

impl Counting {
    /// Batches that may wait.
    const WAITING: usize = 2;

    fn start(memory: MemoryBudget) -> Self {
        let (records, received) = sync_channel::<Vec<CutRecord>>(Self::WAITING);
        let (end, directory) = sync_channel::<Box<dyn Directory>>(1);
        let thread = thread::spawn(move || {
            let mut candidates = CompletionCandidates::new(memory);
            for (record, title) in received.iter().flatten() {
                candidates.add(&record, Some(&title));
            }
            match directory.recv() {
                Ok(directory) => write_completions(&*directory, candidates),
                // The build was given up.
                Err(RecvError) => Ok(()),
            }
        });
        Self {
            records,
            next: Mutex::default(),
            end,
            thread,
        }
    }

    fn add(&self, record: Record, title: Arc<CutText>) {
        let texts = record.sections.iter().map(|section| section.texte.len());
        let bytes = record.titre.len() + texts.sum::<usize>();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full) = next.add((record, title), bytes) {
            // Nobody takes them where the thread panicked, which whoever joins it is told.
            let _ = self.records.send(full);
        }
    }

    /// Has the completions written, once each record was counted, by a thread that is to be joined.
    fn finish(self, directory: Box<dyn Directory>) -> JoinHandle<Result<(), BuildError>> {
        let mut next = self.next.into_inner().unwrap_or_else(PoisonError::into_inner);
        let _ = self.records.send(next.take());
        let _ = self.end.send(directory);
        self.thread
    }
}

/// Writes what the engine keeps of records, and nothing beside it.
pub(crate) struct DocumentWriter {
    index: Index,
    writer: tantivy::IndexWriter<TantivyDocument>,
    fields: Fields,
    labels: CpvLabels,
    adding: Mutex<Adding>,
    /// Of the documents that the engine has not taken yet.
    backpressure: Arc<Backpressure>,
    memory: MemoryBudget,
    directory: Box<dyn Directory>,
}

/// What documents are made with.
struct Adding {
    cutter: WordCutter,
    packed: String,
    records: RecordEncoder,
    /// Documents that are given to the engine next.
    next: Batch<TantivyDocument>,
}

impl DocumentWriter {
    pub(crate) fn create(
        directory: Box<dyn Directory>,
        labels: CpvLabels,
        memory: MemoryBudget,
    ) -> Result<Self, BuildError> {
        Self::create_with(directory, labels, Analyzer::default(), memory)
    }

    fn create_with(
        directory: Box<dyn Directory>,
        labels: CpvLabels,
        analyzer: Analyzer,
        memory: MemoryBudget,
    ) -> Result<Self, BuildError> {
        let (schema, fields) = Fields::schema();
        let index = Index::create(directory.clone(), schema, settings())?;
        let backpressure = Arc::default();
        pretokenized::register(index.tokenizers(), &backpressure);
        // One thread keeps the order of the records.
        let writer = index.writer_with_num_threads(1, memory.of_segment())?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self {
            index,
            writer,
            fields,
            labels,
            adding: Mutex::new(Adding {
                cutter: WordCutter::new(analyzer),
                packed: String::new(),
                records: RecordEncoder::new(memory),
                next: Batch::default(),
            }),
            backpressure,
            memory,
            directory,
        })
    }

    /// The same for records whose index is merged with another one, the texts of which these are.
    pub(crate) fn after(mut self, texts: &Dictionary) -> Self {
        self.adding_mut().records = RecordEncoder::after(texts, self.memory);
        self
    }

    /// Adds a record, and gives the words of its title.
    pub(crate) fn add(&self, record: &Record, digest: Option<RecordDigest>) -> Result<Arc<CutText>, BuildError> {
        let mut adding = self.adding.lock().unwrap_or_else(PoisonError::into_inner);
        let adding = &mut *adding;
        let mut document = document(
            &self.fields,
            &self.labels,
            record,
            &mut adding.cutter,
            &mut adding.packed,
        );
        let bytes = packed_bytes(&document);
        self.backpressure.add(bytes);
        document.add_bytes(self.fields.record, &adding.records.bytes(record));
        if let Some(digest) = digest {
            let [high, low] = self.fields.digest;
            document.add_u64(high, (digest >> 64) as u64);
            document.add_u64(low, digest as u64);
        }
        if let Some(full) = adding.next.add(document, bytes) {
            self.give(full)?;
        }
        Ok(adding.cutter.cut(&record.titre))
    }

    /// Gives documents to the engine.
    fn give(&self, documents: Vec<TantivyDocument>) -> Result<(), BuildError> {
        self.writer.run(documents.into_iter().map(UserOperation::Add))?;
        Ok(())
    }

    fn adding_mut(&mut self) -> &mut Adding {
        self.adding.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(&mut self) -> Result<(), BuildError> {
        let rest = self.adding_mut().next.take();
        self.give(rest)?;
        self.writer.commit()?;
        let adding = self.adding.get_mut().unwrap_or_else(PoisonError::into_inner);
        adding.records.write_texts(&*self.directory)
    }

    /// Makes what was added readable, all in one segment.
    pub(crate) fn finish(mut self) -> Result<Index, BuildError> {
        self.commit()?;
        let segments = self.index.searchable_segment_ids()?;
        self.merge(&segments)?;
        self.close()
    }

    /// Makes one segment of all there are: their documents in this order. Nothing is added any more.
    fn merge(&mut self, segments: &[SegmentId]) -> Result<(), BuildError> {
        // They take memory that is needed now.
        self.adding_mut().records = RecordEncoder::new(self.memory);
        if segments.len() > 1 {
            self.writer.merge(segments).wait()?;
        }
        Ok(())
    }

    /// Removes the files of segments that were merged, which nobody reads any more.
    fn close(self) -> Result<Index, BuildError> {
        self.writer.garbage_collect_files().wait()?;
        self.writer.wait_merging_threads()?;
        Ok(self.index)
    }
}

/// What an index being built holds so far.
///
/// Nothing follows the index from then on, as tantivy would by default: whoever follows it takes a lock, which is a file, at any
/// moment, and a generation holds no file that its manifest does not name.
pub(crate) fn searcher(index: &Index) -> tantivy::Result<Searcher> {
    let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(reader.searcher())
}

/// Bytes of the words of a document.
fn packed_bytes(document: &TantivyDocument) -> usize {
    let texts = document
        .field_values()
        .filter_map(|(_, value)| value.as_str().map(str::len));
    texts.sum()
}

/// How the engine keeps an index.
pub(crate) fn settings() -> IndexSettings {
    IndexSettings {
        // A record has about eighty bytes, and is unpacked with those of its block.
        docstore_blocksize: STORE_BLOCK,
        ..IndexSettings::default()
    }
}

/// Writes the completions of an index.
pub(crate) fn write_completions(directory: &dyn Directory, candidates: CompletionCandidates) -> Result<(), BuildError> {
    let path = Path::new(completions::FILE);
    let mut file = directory.open_write(path).map_err(TantivyError::from)?;
    crate::completions::write::write(candidates.finish(), &mut file)
        .and_then(|()| file.terminate())
        .map_err(BuildError::io("write", path))
}

/// Writes what is kept of the documents of an index beside them: those of some segments, one after the other.
///
/// One file after the other, so that they share the memory that is there at the end of a build.
pub(crate) fn write_beside(
    directory: &dyn Directory,
    segments: &[SegmentReader],
    memory: MemoryBudget,
) -> Result<(), BuildError> {
    let records = RecordDecoder::open(directory)?;
    let temp_files = TempFiles::new(directory, memory);
    write_file(directory, sort_ordinals::FILE, |out| {
        crate::sort_ordinals::write::write(segments, &records, temp_files, out)
    })?;
    write_file(directory, facet_columns::FILE, |out| {
        crate::facet_columns::write::write(segments, &records, temp_files, out)
    })
}

fn write_file(
    directory: &dyn Directory,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> tantivy::Result<()>,
) -> Result<(), BuildError> {
    let path = Path::new(name);
    let mut file = directory.open_write(path).map_err(TantivyError::from)?;
    write(&mut file)?;
    file.terminate().map_err(BuildError::io("write", path))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
    use tantivy::directory::{DirectoryLock, FileHandle, Lock, RamDirectory, WatchCallback, WatchHandle, WritePtr};

    use super::*;

    /// A directory that nobody may follow.
    #[derive(Debug, Clone)]
    struct Unwatched(RamDirectory);

    impl Directory for Unwatched {
        fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
            panic!("an index being built is followed");
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
    fn nothing_follows_an_index_being_built() {
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
    fn what_is_told_from_the_parts_is_what_the_whole_would_tell() {
        let record = |rank: usize| -> Record {
            let fields = serde_json::json!({
                "id": format!("{:x}", rank * 7_919 % 1_000),
                "titre": format!("Titre {}", rank % 13),
                "acheteur": {"nom": format!("Ville {}", rank * 31 % 17)},
            });
            serde_json::from_value(fields).unwrap()
        };
        let directory = RamDirectory::create();
        let mut writer = IndexWriter::create(directory.clone()).unwrap();
        // The engine puts the largest segment first.
        for ranks in [0..3, 3..40, 40..41, 41..60] {
            ranks.for_each(|rank| writer.add(&record(rank)).unwrap());
            writer.commit().unwrap();
        }
        writer.finish().unwrap();
        let beside =
            || [sort_ordinals::FILE, facet_columns::FILE].map(|name| directory.atomic_read(Path::new(name)).unwrap());
        let of_parts = beside();
        for name in [sort_ordinals::FILE, facet_columns::FILE] {
            directory.delete(Path::new(name)).unwrap();
        }
        let whole = searcher(&Index::open(directory.clone()).unwrap()).unwrap();
        assert_eq!(whole.segment_readers().len(), 1);
        write_beside(&directory, whole.segment_readers(), MemoryBudget::default()).unwrap();
        assert!(of_parts == beside());
    }
}
