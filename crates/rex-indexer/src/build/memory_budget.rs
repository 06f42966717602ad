//! The memory budget of a build.

use rex_index::completions::CompletionKind;
use rex_query::Facet;

/// Bytes of anonymous memory that a build may allocate, shared out among its parts. Pages of mapped files do not count.
///
/// The least budget suffices for a million contracts. Not bounded by it, as it grows slowly with the corpus: hashes of all ids while
/// records are read and ordinals of all documents later, up to 40 bytes per record; distinct facet values at the end, their bytes and some
/// 30 more each; in an update, digests of all records, some 100 bytes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryBudget(usize);

impl MemoryBudget {
    /// Minimum in MiB. tantivy then writes many small segments.
    pub const LEAST_MB: usize = 256;
    /// Maximum in MiB. tantivy cannot address more within a segment.
    pub const MOST_MB: usize = 8_192;
    /// Default in MiB.
    pub const DEFAULT_MB: usize = 640;
    /// Reserve in MiB for costs that do not depend on the budget: token cache, queued records, segments being written and merged,
    /// fragmentation.
    const RESERVED_MB: usize = 128;

    /// A budget in MiB; `None` outside the bounds.
    pub fn of_mb(mb: usize) -> Option<Self> {
        (Self::LEAST_MB..=Self::MOST_MB).contains(&mb).then_some(Self(mb << 20))
    }

    /// Scales a share of the default budget to this one; the reserve does not scale.
    const fn share(self, of_default: usize) -> usize {
        of_default * ((self.0 >> 20) - Self::RESERVED_MB) / (Self::DEFAULT_MB - Self::RESERVED_MB)
    }

    /// Bytes for tantivy's postings before they are written as a segment.
    pub(crate) const fn of_segment(self) -> usize {
        self.share(128 << 20)
    }

    /// Number of completion candidates of a kind that are counted at a time; together some 200 MB of the default budget.
    pub(crate) const fn texts(self, kind: CompletionKind) -> usize {
        self.share(capacity(kind))
    }

    /// Bytes for finding phrases that occur in a second record.
    pub(crate) const fn of_phrases_seen(self) -> usize {
        self.share(16 << 20)
    }

    /// Bytes for the dictionary of stored texts; texts met once take another quarter of that.
    pub(crate) const fn of_texts(self) -> usize {
        self.share(64 << 20)
    }

    /// Bytes for all keys that are sorted at a time, at the end, when the other shares are free.
    pub(crate) const fn of_keys(self) -> usize {
        self.share(192 << 20)
    }
}

/// [`MemoryBudget::texts`] in the default budget.
const fn capacity(kind: CompletionKind) -> usize {
    match kind {
        CompletionKind::Value(Facet::Acheteur) => 100_000,
        CompletionKind::Value(Facet::Titulaire) | CompletionKind::ContractTitle => 200_000,
        CompletionKind::Value(Facet::Territoire | Facet::Theme) => 50_000,
        CompletionKind::Value(_) => 10_000,
        CompletionKind::Title => 100_000,
        CompletionKind::Expression => 500_000,
    }
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self(Self::DEFAULT_MB << 20)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_grow_with_the_budget() {
        let [least, usual, more] = [256, 640, 8_192].map(|mb| MemoryBudget::of_mb(mb).unwrap());
        assert_eq!(usual, MemoryBudget::default());
        let kind = CompletionKind::Expression;
        assert_eq!((usual.of_segment(), usual.texts(kind)), (128 << 20, capacity(kind)));
        let shares = |memory: MemoryBudget| memory.of_segment() + memory.of_phrases_seen() + memory.of_texts() * 5 / 4;
        for (memory, mb) in [(least, 256), (usual, 640), (more, 8_192)] {
            let texts = memory.share(200 << 20);
            assert!(shares(memory) + texts <= (mb - MemoryBudget::RESERVED_MB) << 20, "{mb}");
            assert!(memory.of_keys() < shares(memory) + texts, "{mb}");
        }
        assert_eq!((MemoryBudget::of_mb(255), MemoryBudget::of_mb(8_193)), (None, None));
    }
}
