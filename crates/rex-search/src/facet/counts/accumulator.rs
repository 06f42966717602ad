//! Increments one counter per code: the inner loop of counting.

use rex_index::FacetTable;

use super::dense_counts::{ByteCounts, DenseCounts};

/// Most codes that are counted in lanes.
const MAX_LANE_CODES: usize = 1 << 10;
const LANES: usize = 4;

/// Counters of the codes of one facet, see [`crate::facet::counts`].
pub(super) enum Accumulator {
    /// The code that every document has, and the number of documents.
    Single(u32, u32),
    /// By code, one lane after the other.
    Lanes(Vec<u32>),
    /// By code, one byte each; and the codes whose byte overflowed, once per overflow.
    Bytes(Vec<u8>, Vec<u32>),
}

impl Accumulator {
    pub(super) fn new(table: &FacetTable) -> Self {
        let codes = table.codes();
        match table.single_code() {
            Some(code) => Self::Single(code, 0),
            None if codes <= MAX_LANE_CODES => Self::Lanes(vec![0; codes * LANES]),
            None => Self::Bytes(vec![0; codes], Vec::new()),
        }
    }

    /// Counts codes; `false` if one of them is not a code of the facet.
    pub(super) fn add(&mut self, codes: impl ExactSizeIterator<Item = u32>) -> bool {
        match self {
            Self::Single(_, count) => {
                *count += codes.len() as u32;
                true
            }
            Self::Lanes(counts) => add_in_lanes(counts, codes),
            Self::Bytes(counts, overflows) => {
                let mut are_known = true;
                for code in codes {
                    match counts.get_mut(code as usize) {
                        Some(count) => {
                            *count = count.wrapping_add(1);
                            if *count == 0 {
                                overflows.push(code);
                            }
                        }
                        None => are_known = false,
                    }
                }
                are_known
            }
        }
    }

    /// The counts by code.
    pub(super) fn finish(self, table: &FacetTable) -> DenseCounts {
        DenseCounts::Words(match self {
            Self::Single(code, count) => {
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
            Self::Bytes(bytes, overflows) => return DenseCounts::Bytes(ByteCounts::new(bytes, overflows)),
        })
    }
}

fn add_in_lanes(counts: &mut [u32], codes: impl Iterator<Item = u32>) -> bool {
    let lane_length = counts.len() / LANES;
    let mut are_known = true;
    let mut lane = 0;
    for code in codes {
        let code = code as usize;
        match counts.get_mut(lane + code) {
            Some(count) if code < lane_length => *count += 1,
            _ => are_known = false,
        }
        lane += lane_length;
        if lane >= counts.len() {
            lane = 0;
        }
    }
    are_known
}
