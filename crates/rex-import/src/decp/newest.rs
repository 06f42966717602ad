//! Which of the records read are kept: of each contract the newest publication.
//!
//! Records with the same buyer, number and object are publications of one contract, unless a publisher gives the lots of a consultation
//! one number: then two records of one publication day differ in both their holders and their amount. Under such a number, records
//! that share the holders (with the CPV code) or the amount are one lot, and each lot is a contract of its own. The result does
//! not depend on the order of the records, but for records of one lot published on one day, of which the last one read is kept.

use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

use tempfile::{SpooledTempFile, spooled_tempfile_in};

/// A record read, as far as it matters for [`Newest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Publication {
    /// Hash of buyer, number and object.
    pub(super) key: u64,
    pub(super) lot: LotKey,
    /// Day of the last publication, modifications included, as [`packed_day`].
    pub(super) published: u16,
    /// Index of the record in the output.
    pub(super) line: u32,
}

/// What lots under one number differ in, as first published. A hash of 0 means that nothing is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LotKey {
    /// Day of the first publication, as [`packed_day`].
    pub(super) day: u16,
    /// Hash of the holders and the CPV code.
    pub(super) holders: u32,
    /// Hash of the amount.
    pub(super) amount: u32,
}

/// A record that is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) line: u32,
    /// For a lot that is not the first of its number: tells its id from theirs.
    pub(super) suffix: Option<u32>,
}

/// The publications read, on disk beyond a few megabytes.
///
/// Contracts with equal 64-bit hashes are taken for one. The probability in an import of two million contracts is one in ten
/// million. Divided by contract into parts, which fit in memory one by one.
pub(super) struct Newest(Vec<BufWriter<SpooledTempFile>>);

impl Newest {
    const PARTS: usize = 32;

    /// No publication yet. Temporary files are made in `folder`.
    pub(super) fn new(folder: &Path) -> Self {
        const IN_MEMORY: usize = 1 << 18;
        let part = || BufWriter::new(spooled_tempfile_in(IN_MEMORY, folder));
        Self((0..Self::PARTS).map(|_| part()).collect())
    }

    pub(super) fn add(&mut self, publication: Publication) -> io::Result<()> {
        let part = &mut self.0[publication.key as usize % Self::PARTS];
        part.write_all(&publication.to_bytes())
    }

    /// Passes the records to keep to `visit`, in no particular order.
    pub(super) fn keep(self, mut visit: impl FnMut(Kept)) -> io::Result<()> {
        for part in self.0 {
            let mut part = part.into_inner().map_err(io::IntoInnerError::into_error)?;
            part.rewind()?;
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes)?;
            let (publications, _) = bytes.as_chunks();
            let mut publications: Vec<_> = publications.iter().map(Publication::from_bytes).collect();
            publications.sort_unstable();
            let mut kept = Vec::new();
            for contract in publications.chunk_by(|a, b| a.key == b.key) {
                keep(contract, &mut kept);
                kept.drain(..).for_each(&mut visit);
            }
        }
        Ok(())
    }
}

impl Publication {
    const BYTES: usize = 24;

    fn to_bytes(self) -> [u8; Self::BYTES] {
        let LotKey { day, holders, amount } = self.lot;
        let days = u64::from(day) << 16 | u64::from(self.published);
        let [line, holders, amount] = [self.line, holders, amount].map(u64::from);
        let mut bytes = [0; Self::BYTES];
        for (place, word) in bytes
            .chunks_mut(8)
            .zip([self.key, holders << 32 | amount, days << 32 | line])
        {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let word = |at: usize| {
            bytes[8 * at..8 * at + 8]
                .iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u64::from(*byte))
        };
        let (lot, rest) = (word(1), word(2));
        Self {
            key: word(0),
            lot: LotKey {
                day: (rest >> 48) as u16,
                holders: (lot >> 32) as u32,
                amount: lot as u32,
            },
            published: (rest >> 32) as u16,
            line: rest as u32,
        }
    }
}

/// Keeps the newest publication of a contract, or of each of its lots. `publications` have the same key, and are sorted.
fn keep(publications: &[Publication], kept: &mut Vec<Kept>) {
    let newest = |of: &mut dyn Iterator<Item = &Publication>| {
        let newest = of.max_by_key(|publication| (publication.published, publication.line));
        newest.map(|publication| publication.line)
    };
    let lots = lots(publications);
    if !is_divided(publications, &lots) {
        let line = newest(&mut publications.iter());
        kept.extend(line.map(|line| Kept { line, suffix: None }));
        return;
    }
    // By lot; within a lot, the first published first.
    let mut order: Vec<usize> = (0..publications.len()).collect();
    order.sort_unstable_by_key(|at| (lots[*at], *at));
    for lot in order.chunk_by(|a, b| lots[*a] == lots[*b]) {
        let line = newest(&mut lot.iter().map(|at| &publications[*at]));
        // The lot published first keeps the id, so that it stays when lots are added later.
        let is_first = lot.contains(&0);
        let suffix = (!is_first).then(|| publications[lot[0]].lot.suffix());
        kept.extend(line.map(|line| Kept { line, suffix }));
    }
}

/// The lot of each publication, as the index of one of its publications.
fn lots(publications: &[Publication]) -> Vec<usize> {
    let mut sets = DisjointSets((0..publications.len()).collect());
    let mut order = sets.0.clone();
    let nothing = |lot: LotKey| u32::from(lot.holders == 0 && lot.amount == 0);
    for shared in [|lot: LotKey| lot.holders, |lot: LotKey| lot.amount, nothing] {
        let value = |at: usize| shared(publications[at].lot);
        order.sort_unstable_by_key(|at| value(*at));
        for pair in order.windows(2) {
            if value(pair[0]) != 0 && value(pair[0]) == value(pair[1]) {
                sets.join(pair[0], pair[1]);
            }
        }
    }
    (0..publications.len()).map(|at| sets.find(at)).collect()
}

/// Whether two lots were published on one day, both with their holders and their amount.
fn is_divided(publications: &[Publication], lots: &[usize]) -> bool {
    // In sort order, publications of one day follow one another.
    let mut last: Option<(u16, usize)> = None;
    for (publication, lot) in publications.iter().zip(lots) {
        let LotKey { day, holders, amount } = publication.lot;
        if holders == 0 || amount == 0 {
            continue;
        }
        if last.is_some_and(|(known, other)| known == day && other != *lot) {
            return true;
        }
        last = Some((day, *lot));
    }
    false
}

impl LotKey {
    fn suffix(self) -> u32 {
        self.holders ^ self.amount.rotate_left(16)
    }
}

/// Union-find over indices.
struct DisjointSets(Vec<usize>);

impl DisjointSets {
    fn find(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        // The smallest index stands for the set.
        self.0[a.max(b)] = a.min(b);
    }
}

/// A day in 16 bits, in calendar order from 1970 to 2097; other years count as the nearest of these. `sort_key` is that of a
/// [`Date`](rex_corpus::Date); 0 stays 0.
pub(super) fn packed_day(sort_key: u64) -> u16 {
    let (year, month, day) = (sort_key / 10_000, sort_key / 100 % 100, sort_key % 100);
    if sort_key == 0 {
        return 0;
    }
    let year = year.clamp(1970, 2097) - 1970;
    // At most 127 << 9 | 12 << 5 | 31.
    u16::try_from(year << 9 | month << 5 | day).unwrap_or(u16::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn publication(day: u16, holders: u32, amount: u32, line: u32) -> Publication {
        Publication {
            key: 7,
            lot: LotKey { day, holders, amount },
            published: day,
            line,
        }
    }

    fn lines(publications: &[Publication]) -> Vec<(u32, Option<u32>)> {
        let folder = std::env::temp_dir();
        let mut newest = Newest::new(&folder);
        publications
            .iter()
            .for_each(|publication| newest.add(*publication).unwrap());
        let mut kept = Vec::new();
        newest.keep(|record| kept.push((record.line, record.suffix))).unwrap();
        kept.sort_unstable();
        kept
    }

    /// The day, holders and amount of each publication; then the lines that are kept.
    #[test]
    fn keeps_the_newest_publication_of_each_lot() {
        for (publications, expected) in [
            (&[(1, 1, 1)][..], &[0][..]),
            // Published again: on the same day, later, with another amount, with other holders, with both on another day.
            (&[(1, 1, 1), (1, 1, 1)], &[1]),
            (&[(2, 1, 1), (1, 1, 1)], &[0]),
            (&[(1, 1, 1), (1, 1, 2)], &[1]),
            (&[(1, 1, 1), (1, 2, 1)], &[1]),
            (&[(1, 1, 1), (2, 2, 2)], &[1]),
            // Lots, whose holders or amounts may repeat on another day.
            (&[(1, 1, 1), (1, 2, 2), (1, 3, 3)], &[0, 1, 2]),
            (&[(1, 1, 1), (1, 2, 2), (2, 1, 9), (3, 8, 2)], &[2, 3]),
            (&[(1, 1, 1), (1, 2, 2), (2, 1, 1)], &[1, 2]),
            // A lot published later under a number known to have lots.
            (&[(1, 1, 1), (1, 2, 2), (2, 3, 3)], &[0, 1, 2]),
            // Unknown holders or amounts differ from none.
            (&[(1, 0, 1), (1, 2, 2)], &[1]),
            (&[(1, 1, 0), (1, 2, 2)], &[1]),
            (&[(1, 0, 0), (1, 0, 0)], &[1]),
        ] {
            let publications: Vec<_> = publications
                .iter()
                .zip(0..)
                .map(|(&(day, holders, amount), line)| publication(day, holders, amount, line))
                .collect();
            let kept: Vec<u32> = lines(&publications).into_iter().map(|(line, _)| line).collect();
            assert_eq!(kept, expected, "{publications:?}");
        }
    }

    #[test]
    fn the_lot_published_first_has_no_suffix() {
        let first = [publication(1, 5, 5, 0), publication(1, 6, 6, 1)];
        let later = publication(2, 1, 1, 2);
        let with_later = [later, first[1], first[0]];
        assert_eq!(lines(&first), lines(&with_later)[..2]);
        assert_eq!(lines(&first)[0], (0, None));
    }

    #[test]
    fn days_keep_their_order() {
        let days = [
            0, 19_000_101, 19_700_201, 20_181_231, 20_190_101, 20_190_201, 20_971_231,
        ]
        .map(packed_day);
        assert!(days.is_sorted_by(|a, b| a < b), "{days:?}");
    }

    proptest! {
        #[test]
        fn the_order_of_publications_does_not_matter(
            (publications, shuffled) in proptest::collection::vec((0..3u64, 0..3u16, 0..4u32, 0..4u32), 1..200).prop_flat_map(|values| {
                let publications: Vec<_> = values
                    .into_iter()
                    .zip(0..)
                    .map(|((key, day, holders, amount), line)| Publication { key, ..publication(day, holders, amount, line) })
                    .collect();
                (Just(publications.clone()), Just(publications).prop_shuffle())
            })
        ) {
            prop_assert_eq!(lines(&publications), lines(&shuffled));
        }

        #[test]
        fn a_publication_is_read_as_it_was_written(
            (key, holders, amount, line) in any::<(u64, u32, u32, u32)>(), (day, published) in any::<(u16, u16)>(),
        ) {
            let publication = Publication { key, lot: LotKey { day, holders, amount }, published, line };
            prop_assert_eq!(Publication::from_bytes(&publication.to_bytes()), publication);
        }
    }
}
