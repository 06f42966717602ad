//! The generation that a new one is made from: which of its records are still in the corpus.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use rex_corpus::{Record, RecordDigest};
use tantivy::directory::{Directory, OwnedBytes};
use tantivy::fastfield::{AliveBitSet, write_alive_bitset};
use tantivy::store::StoreReader;
use tantivy::{BitSet, DocId, Index, Searcher, Segment, TantivyDocument, TantivyError};

use crate::build::searcher::searcher;
use crate::error::BuildError;
use rex_index::codec::field_lengths::FieldLengths;
use rex_index::doc_store::RecordDecoder;
use rex_index::schema::fields::Fields;
use rex_index::sort_ordinals::SortOrdinals;

/// Blocks of stored records kept unpacked while they are read in the order of the corpus, which is nearly theirs.
const BLOCKS: usize = 8;

/// The records of an index, found by their digests.
pub(crate) struct BaseGeneration {
    pub(crate) index: Index,
    searcher: Searcher,
    by_digest: HashMap<RecordDigest, Address>,
    stores: Vec<Arc<StoreReader>>,
    pub(crate) records: RecordDecoder,
    /// Of a finished index only: what finds a record by its id.
    ranks: Option<SortOrdinals>,
}

/// The rank of a segment, and a document of it.
pub(crate) type Address = (u32, DocId);

impl BaseGeneration {
    /// Opens an index; `None` where a record of it has no digest.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn open(directory: &dyn Directory) -> tantivy::Result<Option<Self>> {
        let index = Index::open(directory.box_clone())?;
        let ranks = SortOrdinals::open(directory, &searcher(&index)?)?;
        Self::of(index, directory, Some(ranks))
    }

    /// The same for an index that is open, in its directory.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn of(
        index: Index,
        directory: &dyn Directory,
        ranks: Option<SortOrdinals>,
    ) -> tantivy::Result<Option<Self>> {
        let (schema, _) = Fields::schema();
        if index.schema() != schema {
            return Ok(None);
        }
        let searcher = searcher(&index)?;
        let mut by_digest = HashMap::with_capacity(searcher.num_docs() as usize);
        let mut stores = Vec::new();
        for (rank, segment) in searcher.segment_readers().iter().enumerate() {
            let [high, low] = Fields::DIGEST.map(|name| segment.fast_fields().u64(name));
            let (high, low) = (high?, low?);
            for document in 0..segment.max_doc() {
                let (Some(high), Some(low)) = (high.first(document), low.first(document)) else {
                    return Ok(None);
                };
                let digest = RecordDigest::from(high) << 64 | RecordDigest::from(low);
                by_digest.insert(digest, (rank as u32, document));
            }
            stores.push(Arc::new(segment.get_store_reader(BLOCKS)?));
        }
        let records = RecordDecoder::open(directory)?;
        Ok(Some(Self {
            ranks,
            index,
            searcher,
            by_digest,
            stores,
            records,
        }))
    }

    pub(crate) fn len(&self) -> usize {
        self.searcher.num_docs() as usize
    }

    /// Where the record of a digest is.
    pub(crate) fn find(&self, digest: RecordDigest) -> Option<Address> {
        self.by_digest.get(&digest).copied()
    }

    /// Where the record of an id is.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn find_id(&self, id: &str) -> tantivy::Result<Option<Address>> {
        let Some(ranks) = &self.ranks else { return Ok(None) };
        let found = ranks.find(&self.searcher, &self.records, id)?;
        Ok(found.map(|address| (address.segment_ord, address.doc_id)))
    }

    /// A record, as it was indexed.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn record(&self, (segment, document): Address) -> Result<Record, BuildError> {
        let stored: TantivyDocument = self.stores[segment as usize].get(document)?;
        Ok(self.records.record(&stored)?)
    }

    /// Words of its fields, where nothing was ever deleted.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn lengths(&self) -> tantivy::Result<FieldLengths> {
        FieldLengths::counted(self.searcher.segment_readers())
    }

    /// Words of its fields, as its file has them.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn written_lengths(&self, directory: &dyn Directory) -> tantivy::Result<FieldLengths> {
        FieldLengths::open(directory, &self.searcher)
    }

    /// The segments, and which of their documents are in `kept`.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn segments(&self, kept: &Kept) -> tantivy::Result<Vec<(Segment, Option<AliveBitSet>)>> {
        let segments = self.index.searchable_segments()?.into_iter();
        let alive = kept.0.iter().map(|kept| {
            let mut bytes = Vec::new();
            write_alive_bitset(kept, &mut bytes)?;
            Ok::<_, TantivyError>(AliveBitSet::open(OwnedBytes::new(bytes)))
        });
        segments
            .zip(alive)
            .map(|(segment, alive)| Ok((segment, Some(alive?))))
            .collect()
    }
}

/// Which documents of an index stay, segment by segment.
pub(crate) struct Kept(Vec<BitSet>);

impl Kept {
    /// None of them.
    pub(crate) fn none(documents: &BaseGeneration) -> Self {
        let segments = documents.searcher.segment_readers().iter();
        Self(
            segments
                .map(|segment| BitSet::with_max_value(segment.max_doc()))
                .collect(),
        )
    }

    pub(crate) fn has(&self, (segment, document): Address) -> bool {
        self.0[segment as usize].contains(document)
    }

    /// Keeps a document; `false` where it is kept already.
    pub(crate) fn add(&mut self, (segment, document): Address) -> bool {
        self.0[segment as usize].insert(document)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(BitSet::len).sum()
    }

    /// The documents that go.
    pub(crate) fn others(&self) -> impl Iterator<Item = Address> + '_ {
        self.0.iter().enumerate().flat_map(|(segment, kept)| {
            (0..kept.max_value())
                .filter(|document| !kept.contains(*document))
                .map(move |document| (segment as u32, document))
        })
    }
}
