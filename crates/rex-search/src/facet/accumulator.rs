//! How many documents have each code of a facet, where they are many.

use rex_index::FacetTable;

use crate::facet::dense_counts::{ByteCounts, CountsByCode};

/// A facet of so few codes is counted in lanes, each document in the next one: most have the code of the one before, and
/// a count that was just written takes a while to be read again.
const MOST_OF_LANES: usize = 1 << 10;
const LANES: usize = 4;

/// The counts of the codes of one facet.
pub(crate) enum Tally {
    /// Every document has this code: so many of them.
    Only(u32, u32),
    /// By code, one lane after the other.
    Lanes(Vec<u32>),
    /// By code, in one byte each: what is counted here and there among hundreds of thousands stays near the processor. And the codes
    /// whose byte was full, once for each time.
    Bytes(Vec<u8>, Vec<u32>),
}

impl Tally {
    pub(crate) fn new(table: &FacetTable) -> Self {
        let codes = table.codes();
        match table.single_code() {
            Some(code) => Self::Only(code, 0),
            None if codes <= MOST_OF_LANES => Self::Lanes(vec![0; codes * LANES]),
            None => Self::Bytes(vec![0; codes], Vec::new()),
        }
    }

    /// Counts codes; `false` where one of them is none of the facet.
    pub(crate) fn add(&mut self, codes: impl ExactSizeIterator<Item = u32>) -> bool {
        match self {
            Self::Only(_, count) => {
                *count += codes.len() as u32;
                true
            }
            Self::Lanes(counts) => add_in_lanes(counts, codes),
            Self::Bytes(counts, over) => {
                let mut are_known = true;
                for code in codes {
                    match counts.get_mut(code as usize) {
                        Some(count) => {
                            *count = count.wrapping_add(1);
                            if *count == 0 {
                                over.push(code);
                            }
                        }
                        None => are_known = false,
                    }
                }
                are_known
            }
        }
    }

    /// The counts, by code.
    pub(crate) fn counts(self, table: &FacetTable) -> CountsByCode {
        CountsByCode::Words(match self {
            Self::Only(code, count) => {
                let mut counts = vec![0; table.codes()];
                counts[code as usize] = count;
                counts
            }
            Self::Lanes(mut counts) => {
                let others = counts.split_off(table.codes());
                for lane in others.chunks_exact(table.codes()) {
                    counts.iter_mut().zip(lane).for_each(|(count, more)| *count += more);
                }
                counts
            }
            Self::Bytes(bytes, over) => return CountsByCode::Bytes(ByteCounts::new(bytes, over)),
        })
    }
}

fn add_in_lanes(counts: &mut [u32], codes: impl Iterator<Item = u32>) -> bool {
    let of_lane = counts.len() / LANES;
    let mut are_known = true;
    let mut lane = 0;
    for code in codes {
        let code = code as usize;
        match counts.get_mut(lane + code) {
            Some(count) if code < of_lane => *count += 1,
            _ => are_known = false,
        }
        lane += of_lane;
        if lane >= counts.len() {
            lane = 0;
        }
    }
    are_known
}
