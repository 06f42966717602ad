//! How many matches have each value of a facet.
//!
//! A document has one code per facet, in a row of a few bytes (see [`rex_index::FacetColumns`]): 0 for no value, the value ordinal and
//! one for a single value, and a higher code for each set of values that some document has. Counting is the inner loop of every search
//! that shows facets: up to a million matches, times the number of facets. [`CodeCounter`] is the one type for it. Codes go in, block by block;
//! the counts of the values, [`ValueCounts`], come out once all segments are read. It changes its representation as it goes:
//!
//! ```text
//! matches     codes of the facet      representation     file
//! few         any                     sparse             code_counter
//! many        one                     single             accumulator
//! many        up to 1,024             lanes              accumulator
//! many        more                    bytes              accumulator, dense_counts
//! ```
//!
//! **Sparse.** The codes are kept in a list as they come, as long as there are at most 64 of them, or a 64th of the codes of the facet. They are
//! sorted and run-length counted at the end. So a search with a hundred matches neither clears nor walks one counter for each of a hundred
//! thousand holders. The first block that exceeds the limit moves the list into one of the dense representations.
//!
//! **Single.** Where every document has the same code (an index of contracts only has one type), the number of documents is the count.
//! No row is read.
//!
//! **Lanes.** Four arrays of `u32`, one counter per code in each; document *n* goes to lane *n* mod 4, and the lanes are added up at the
//! end. Documents next to each other mostly have the same code. With one array each increment would wait for the one before to be
//! written (store-to-load forwarding, some five cycles); with four lanes, four increments are under way. Up to 1,024 codes the lanes take
//! 16 KiB and stay in the L1 cache.
//!
//! **Bytes.** With more codes, four lanes of four bytes fall out of the cache: 150,000 holders would take 2.4 MB, touched at random. Most
//! of those counts are small, so each code has one byte. A byte that overflows wraps to 0, and its code is appended to a list, once
//! per 256. At the end the list is folded into a map of the few counts from 255 up: a byte of 255 means "see the map". Consecutive
//! documents rarely share a code here, so lanes would gain nothing. The result keeps this form ([`DenseCounts::Bytes`]), which is also a
//! quarter of the memory to scan for the values to list.
//!
//! After the matches, the counts of sets of values are distributed over their values, and code 0 becomes the count of documents without a
//! value. A code beyond those of the facet means that the file is damaged: the increments are bounds-checked, and the error is raised
//! once at the end.
//!
//! [`DenseCounts::Bytes`]: dense_counts::DenseCounts::Bytes

mod accumulator;
mod code_counter;
mod dense_counts;
mod value_counts;

pub(crate) use code_counter::CodeCounter;
pub(crate) use value_counts::ValueCounts;

#[cfg(test)]
mod tests;
