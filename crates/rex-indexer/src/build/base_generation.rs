//! The generation that an incremental build starts from.

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

/// Cached blocks of stored records. Records are read in corpus order, which is nearly their own.
const BLOCKS: usize = 8;

/// The records of an index by digest.
pub(crate) struct BaseGeneration {
    pub(crate) index: Index,
    searcher: Searcher,
    by_digest: HashMap<RecordDigest, Address>,
    stores: Vec<Arc<StoreReader>>,
    pub(crate) records: RecordDecoder,
    /// Finds records by id; only for a finished index.
    ordinals: Option<SortOrdinals>,
}

/// Index of a segment, and a document in it.
pub(crate) type Address = (u32, DocId);

impl BaseGeneration {
    /// Opens a finished index; `None` if it has another schema or a record without a digest.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn open(directory: &dyn Directory) -> tantivy::Result<Option<Self>> {
        let index = Index::open(directory.box_clone())?;
        let ordinals = SortOrdinals::open(directory, &searcher(&index)?)?;
        Self::of(index, directory, Some(ordinals))
    }

    /// Uses an open index in its directory; `None` as for [`Self::open`].
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn of(
        index: Index,
        directory: &dyn Directory,
        ordinals: Option<SortOrdinals>,
    ) -> tantivy::Result<Option<Self>> {
        let (schema, _) = Fields::schema();
        if index.schema() != schema {
            return Ok(None);
        }
        let searcher = searcher(&index)?;
        let mut by_digest = HashMap::with_capacity(searcher.num_docs() as usize);
        let mut stores = Vec::new();
        for (index, segment) in searcher.segment_readers().iter().enumerate() {
            let [high, low] = Fields::DIGEST.map(|name| segment.fast_fields().u64(name));
            let (high, low) = (high?, low?);
            for document in 0..segment.max_doc() {
                let (Some(high), Some(low)) = (high.first(document), low.first(document)) else {
                    return Ok(None);
                };
                let digest = RecordDigest::from(high) << 64 | RecordDigest::from(low);
                by_digest.insert(digest, (index as u32, document));
            }
            stores.push(Arc::new(segment.get_store_reader(BLOCKS)?));
        }
        let records = RecordDecoder::open(directory)?;
        Ok(Some(Self {
            ordinals,
            index,
            searcher,
            by_digest,
            stores,
            records,
        }))
    }

    /// Number of records.
    pub(crate) fn len(&self) -> usize {
        self.searcher.num_docs() as usize
    }

    /// The address of the record with a digest.
    pub(crate) fn find(&self, digest: RecordDigest) -> Option<Address> {
        self.by_digest.get(&digest).copied()
    }

    /// The address of the record with an id.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn find_id(&self, id: &str) -> tantivy::Result<Option<Address>> {
        let Some(ordinals) = &self.ordinals else {
            return Ok(None);
        };
        let found = ordinals.find(&self.searcher, &self.records, id)?;
        Ok(found.map(|address| (address.segment_ord, address.doc_id)))
    }

    /// The stored record at an address.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn record(&self, (segment, document): Address) -> Result<Record, BuildError> {
        let stored: TantivyDocument = self.stores[segment as usize].get(document)?;
        Ok(self.records.record(&stored)?)
    }

    /// Field lengths counted by tantivy, for an index without deletions.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn lengths(&self) -> tantivy::Result<FieldLengths> {
        FieldLengths::counted(self.searcher.segment_readers())
    }

    /// Field lengths from the file.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn written_lengths(&self, directory: &dyn Directory) -> tantivy::Result<FieldLengths> {
        FieldLengths::open(directory, &self.searcher)
    }

    /// The segments, each with the set of documents in `kept`.
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

/// The set of documents to keep, by segment.
pub(crate) struct Kept(Vec<BitSet>);

impl Kept {
    /// The empty set.
    pub(crate) fn none(base: &BaseGeneration) -> Self {
        let segments = base.searcher.segment_readers().iter();
        Self(
            segments
                .map(|segment| BitSet::with_max_value(segment.max_doc()))
                .collect(),
        )
    }

    /// Whether a document is in the set.
    pub(crate) fn has(&self, (segment, document): Address) -> bool {
        self.0[segment as usize].contains(document)
    }

    /// Adds a document; `false` if it was in the set.
    pub(crate) fn add(&mut self, (segment, document): Address) -> bool {
        self.0[segment as usize].insert(document)
    }

    /// Number of documents in the set.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(BitSet::len).sum()
    }

    /// The documents not in the set.
    pub(crate) fn others(&self) -> impl Iterator<Item = Address> + '_ {
        self.0.iter().enumerate().flat_map(|(segment, kept)| {
            (0..kept.max_value())
                .filter(|document| !kept.contains(*document))
                .map(move |document| (segment as u32, document))
        })
    }
}
