//! Length normalisation of BM25F.

use std::sync::Arc;

use rex_index::{FieldLengths, Fields, Zone};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, Searcher, SegmentReader};

/// Saturation and length normalisation of BM25, chosen with the other weights (docs/RELEVANCE.md).
pub(crate) const K1: f32 = 0.8;
pub(crate) const B: f32 = 0.65;

/// The length norms of BM25F: what is added to the frequency of a term in the denominator, by the lengths of the zones (a byte each).
pub(crate) struct Norms {
    /// For the length of [`Zone::All`], and for that of the other zones, which count again in it.
    whole: [[f32; 256]; Zone::ALL.len()],
    /// For a zone by itself.
    alone: [[f32; 256]; Zone::ALL.len()],
}

impl Norms {
    pub(crate) fn new(fields: &Fields, lengths: &FieldLengths, searcher: &Searcher) -> Self {
        let words = |zone: Zone| lengths.tokens(fields.stem(zone)) as f32;
        let documents = searcher.num_docs().max(1) as f32;
        let repeated = Zone::REPEATS.iter().map(|(zone, times)| (times - 1.0) * words(*zone));
        let average = ((words(Zone::All) + repeated.sum::<f32>()) / documents).max(f32::MIN_POSITIVE);
        let table = |base: f32, by: f32| {
            let mut id = 0;
            [0.0; 256].map(|_: f32| {
                let length = FieldNormReader::id_to_fieldnorm(id) as f32;
                id = id.wrapping_add(1);
                K1 * (base + B * length * by)
            })
        };
        Self {
            whole: Zone::ALL.map(|zone| match zone {
                Zone::All => table(1.0 - B, 1.0 / average),
                Zone::Title | Zone::Parties => {
                    let times = Zone::REPEATS.iter().find(|(part, _)| *part == zone);
                    table(0.0, times.map_or(0.0, |(_, times)| (times - 1.0) / average))
                }
            }),
            alone: Zone::ALL.map(|zone| table(1.0 - B, documents / words(zone).max(1.0))),
        }
    }
}

impl Norms {
    /// The norm of each zone of a document, by the lengths of the zones; never 0.
    pub(crate) fn of(&self, lengths: [u8; Zone::ALL.len()]) -> [f32; Zone::ALL.len()] {
        let lengths = lengths.map(usize::from);
        Zone::ALL.map(|zone| match zone {
            Zone::All => self
                .whole
                .iter()
                .zip(lengths)
                .map(|(norms, length)| norms[length])
                .sum(),
            Zone::Title | Zone::Parties => self.alone[zone as usize][lengths[zone as usize]],
        })
    }
}

/// The norms of the documents of a segment.
pub(crate) struct SegmentNorms {
    pub(crate) norms: Arc<Norms>,
    lengths: [FieldNormReader; Zone::ALL.len()],
}

impl SegmentNorms {
    pub(crate) fn open(norms: &Arc<Norms>, fields: &Fields, segment: &SegmentReader) -> tantivy::Result<Self> {
        let open = |zone: Zone| segment.get_fieldnorms_reader(fields.stem(zone));
        let [all, title, parties] = Zone::ALL.map(open);
        Ok(Self {
            norms: Arc::clone(norms),
            lengths: [all?, title?, parties?],
        })
    }

    /// The norm of each zone of a document, in their order; never 0.
    pub(crate) fn of(&self, document: DocId) -> [f32; Zone::ALL.len()] {
        self.norms
            .of(self.lengths.each_ref().map(|lengths| lengths.fieldnorm_id(document)))
    }

    /// Approximate number of words of a document, from its fieldnorm.
    pub(crate) fn words_of(&self, document: DocId) -> u32 {
        FieldNormReader::id_to_fieldnorm(self.length_of_all(document))
    }

    /// Number of words of the title of a document, exact up to 40.
    pub(crate) fn title_words_of(&self, document: DocId) -> u32 {
        FieldNormReader::id_to_fieldnorm(self.lengths[Zone::Title as usize].fieldnorm_id(document))
    }

    /// The fieldnorm id of the whole document.
    pub(crate) fn length_of_all(&self, document: DocId) -> u8 {
        self.lengths[Zone::All as usize].fieldnorm_id(document)
    }
}
