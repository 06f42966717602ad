use std::sync::{Arc, Mutex, PoisonError};

use rex_analysis::Analyzer;
use rex_corpus::{CpvLabels, Record, RecordDigest};
use rex_index::doc_store::Dictionary;
use rex_index::schema::fields::Fields;
use tantivy::directory::Directory;
use tantivy::index::SegmentId;
use tantivy::indexer::UserOperation;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::schema::Value;
use tantivy::{Index, IndexSettings, TantivyDocument};

use crate::build::batch::Batch;
use crate::build::document::document;
use crate::build::memory_budget::MemoryBudget;
use crate::doc_store::encode::RecordEncoder;
use crate::error::BuildError;
use crate::text::pretokenized::{self, Backpressure};
use crate::text::token_cache::{CutText, WordCutter};

/// Bytes of stored records that tantivy compresses together.
const STORE_BLOCK: usize = 4 << 10;

/// Writes the tantivy index of records and the dictionary of their stored texts, and no other side file.
pub(crate) struct DocumentWriter {
    index: Index,
    writer: tantivy::IndexWriter<TantivyDocument>,
    fields: Fields,
    labels: CpvLabels,
    adding: Mutex<Adding>,
    /// Bounds the documents that tantivy has not indexed yet.
    backpressure: Arc<Backpressure>,
    memory: MemoryBudget,
    directory: Box<dyn Directory>,
}

/// State for making documents, in the order of the records.
struct Adding {
    cutter: WordCutter,
    /// Buffer for packed words.
    packed: String,
    records: RecordEncoder,
    /// Documents not yet passed to tantivy.
    next: Batch<TantivyDocument>,
}

impl DocumentWriter {
    /// Creates an index in an empty directory, with the default analyzer.
    ///
    /// # Errors
    /// A directory that cannot be written or already holds an index.
    pub(crate) fn create(
        directory: Box<dyn Directory>,
        labels: CpvLabels,
        memory: MemoryBudget,
    ) -> Result<Self, BuildError> {
        Self::create_with(directory, labels, Analyzer::default(), memory)
    }

    /// Creates an index with the given analyzer.
    ///
    /// # Errors
    /// A directory that cannot be written or already holds an index.
    pub(crate) fn create_with(
        directory: Box<dyn Directory>,
        labels: CpvLabels,
        analyzer: Analyzer,
        memory: MemoryBudget,
    ) -> Result<Self, BuildError> {
        let (schema, fields) = Fields::schema();
        let index = Index::create(directory.clone(), schema, settings())?;
        let backpressure = Arc::default();
        pretokenized::register(index.tokenizers(), &backpressure);
        // A single thread keeps the records in order.
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

    /// Uses these labels for the CPV codes of the records added from now on.
    pub(crate) fn with_labels(self, labels: CpvLabels) -> Self {
        Self { labels, ..self }
    }

    /// Continues the dictionary of another index, with which this one will be merged.
    pub(crate) fn after(mut self, texts: &Dictionary) -> Self {
        self.adding_mut().records = RecordEncoder::after(texts, self.memory);
        self
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    pub(crate) fn memory(&self) -> MemoryBudget {
        self.memory
    }

    /// Adds a record and returns the words of its title.
    ///
    /// # Errors
    /// A directory that cannot be written.
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
            self.send(full)?;
        }
        Ok(adding.cutter.cut(&record.titre))
    }

    fn send(&self, documents: Vec<TantivyDocument>) -> Result<(), BuildError> {
        self.writer.run(documents.into_iter().map(UserOperation::Add))?;
        Ok(())
    }

    fn adding_mut(&mut self) -> &mut Adding {
        self.adding.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the records added so far as a segment, and the dictionary.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn commit(&mut self) -> Result<(), BuildError> {
        let rest = self.adding_mut().next.take();
        self.send(rest)?;
        self.writer.commit()?;
        let adding = self.adding.get_mut().unwrap_or_else(PoisonError::into_inner);
        adding.records.write_texts(&*self.directory)
    }

    /// Commits and merges everything into one segment.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn finish(mut self) -> Result<Index, BuildError> {
        self.commit()?;
        let segments = self.index.searchable_segment_ids()?;
        self.merge(&segments)?;
        self.close()
    }

    /// Merges all segments into one, with the documents in this order. No record may be added afterwards.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn merge(&mut self, segments: &[SegmentId]) -> Result<(), BuildError> {
        // Frees the dictionary, whose memory is needed from here on.
        self.adding_mut().records = RecordEncoder::new(self.memory);
        if segments.len() > 1 {
            self.writer.merge(segments).wait()?;
        }
        Ok(())
    }

    /// Deletes the files of merged segments.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn close(self) -> Result<Index, BuildError> {
        self.writer.garbage_collect_files().wait()?;
        self.writer.wait_merging_threads()?;
        Ok(self.index)
    }
}

/// Bytes of the packed words of a document.
fn packed_bytes(document: &TantivyDocument) -> usize {
    let texts = document
        .field_values()
        .filter_map(|(_, value)| value.as_str().map(str::len));
    texts.sum()
}

/// Settings of the tantivy index.
pub(crate) fn settings() -> IndexSettings {
    IndexSettings {
        // Reading a record, of about 80 bytes, decompresses its whole block.
        docstore_blocksize: STORE_BLOCK,
        ..IndexSettings::default()
    }
}
