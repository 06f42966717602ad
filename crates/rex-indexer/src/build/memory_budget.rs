use rex_index::completions::CompletionKind;
use rex_query::Facet;

/// How much memory a build may take for itself, in bytes, shared out among its parts.
///
/// The pages of files that are mapped are not counted: the system takes them back when it needs them. A million contracts are within
/// the least of it. What grows with the corpus and is not bounded by it is little: the hashes of all ids while records are read, and
/// later the ranks of all documents, up to forty bytes a record; and the different values of facets at the end, their bytes and some
/// thirty more for each. An update keeps the digests of all records besides, some hundred bytes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryBudget(usize);

impl MemoryBudget {
    /// The least that can be asked for, in MiB: the engine writes many small segments then.
    pub const LEAST_MB: usize = 256;
    /// The most, in MiB: the engine takes no more than it can address within a segment.
    pub const MOST_MB: usize = 8_192;
    /// What is taken where nothing is asked for, in MiB.
    pub const DEFAULT_MB: usize = 640;
    /// For what takes the same whatever is asked for: words of texts remembered, records on their way, segments being written
    /// and merged, and what was freed in small pieces.
    const APART_MB: usize = 128;

    /// So many MiB; `None` out of bounds.
    pub fn of_mb(mb: usize) -> Option<Self> {
        (Self::LEAST_MB..=Self::MOST_MB).contains(&mb).then_some(Self(mb << 20))
    }

    /// What is left for shares, each so much of the usual amount, once what has none is set apart.
    const fn share(self, of_usual: usize) -> usize {
        of_usual * ((self.0 >> 20) - Self::APART_MB) / (Self::DEFAULT_MB - Self::APART_MB)
    }

    /// For words before they are written as a segment.
    pub(crate) const fn of_segment(self) -> usize {
        self.share(128 << 20)
    }

    /// For the candidates: how many texts of a kind are counted at a time. All of them take some 200 MB of the usual amount.
    pub(crate) const fn texts(self, kind: CompletionKind) -> usize {
        self.share(capacity(kind))
    }

    /// To tell which phrases come again.
    pub(crate) const fn of_phrases_seen(self) -> usize {
        self.share(16 << 20)
    }

    /// For the texts that come again in records, and a quarter of that for those that may.
    pub(crate) const fn of_texts(self) -> usize {
        self.share(64 << 20)
    }

    /// For all keys that are sorted at a time, at the end, when the shares above are given back.
    pub(crate) const fn of_keys(self) -> usize {
        self.share(192 << 20)
    }
}

/// How many different texts of the kind are counted at a time, in the usual memory of a build: all of them take about 200 MB.
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
    fn shares_grow_with_the_whole() {
        let [least, usual, more] = [256, 640, 8_192].map(|mb| MemoryBudget::of_mb(mb).unwrap());
        assert_eq!(usual, MemoryBudget::default());
        let kind = CompletionKind::Expression;
        assert_eq!((usual.of_segment(), usual.texts(kind)), (128 << 20, capacity(kind)));
        let shares = |memory: MemoryBudget| memory.of_segment() + memory.of_phrases_seen() + memory.of_texts() * 5 / 4;
        for (memory, mb) in [(least, 256), (usual, 640), (more, 8_192)] {
            let texts = memory.share(200 << 20);
            assert!(shares(memory) + texts <= (mb - MemoryBudget::APART_MB) << 20, "{mb}");
            assert!(memory.of_keys() < shares(memory) + texts, "{mb}");
        }
        assert_eq!((MemoryBudget::of_mb(255), MemoryBudget::of_mb(8_193)), (None, None));
    }
}
