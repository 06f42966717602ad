use crate::completions::CompletionKind;

/// How much memory a build may take for itself, in bytes, shared out among its parts.
///
/// The pages of files that are mapped are not counted: the system takes them back when it needs them. What grows with the corpus
/// is not bounded by it: at the end of a build, when its shares are given back, some 480 bytes a record, as ranks and facets are
/// written. A million records have room for that within the usual amount, and not within the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildMemory(usize);

impl BuildMemory {
    /// The least that can be asked for, in MiB: the engine writes many small segments then.
    pub const LEAST_MB: usize = 256;
    /// The most, in MiB: the engine takes no more than it can address within a segment.
    pub const MOST_MB: usize = 8_192;
    /// What is taken where nothing is asked for, in MiB.
    pub const DEFAULT_MB: usize = 640;

    /// So many MiB; `None` out of bounds.
    pub fn of_mb(mb: usize) -> Option<Self> {
        (Self::LEAST_MB..=Self::MOST_MB).contains(&mb).then_some(Self(mb << 20))
    }

    /// A fifth for words before they are written as a segment.
    pub(crate) const fn of_segment(self) -> usize {
        self.0 / 5
    }

    /// A tenth for the texts that come again in records, and a quarter of that for those that may.
    pub(crate) const fn of_texts(self) -> usize {
        self.0 / 10
    }

    /// A fortieth to tell which phrases come again.
    pub(crate) const fn of_texts_seen_once(self) -> usize {
        self.0 / 40
    }

    /// An eighth for keys that are sorted at the end of a build, of which there are two at a time.
    pub(crate) const fn of_keys(self) -> usize {
        self.0 / 8
    }

    /// A third for the candidates: how many texts of a kind are counted at a time.
    pub(crate) fn texts(self, kind: CompletionKind) -> usize {
        kind.capacity() * (self.0 >> 20) / Self::DEFAULT_MB
    }
}

impl Default for BuildMemory {
    fn default() -> Self {
        Self(Self::DEFAULT_MB << 20)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_grow_with_the_whole() {
        let [least, usual, more] = [320, 640, 1_280].map(|mb| BuildMemory::of_mb(mb).unwrap());
        assert_eq!(usual, BuildMemory::default());
        assert_eq!((least.of_segment(), more.of_segment()), (64 << 20, 256 << 20));
        let kind = CompletionKind::Expression;
        assert_eq!(usual.texts(kind), kind.capacity());
        assert_eq!(least.texts(kind), usual.texts(kind) / 2);
        assert_eq!((BuildMemory::of_mb(255), BuildMemory::of_mb(8_193)), (None, None));
    }
}
