use super::several::HolderLine;
use crate::booklet::layout::body::Block;

/// The texts of a case that may name its holder.
pub(crate) struct HolderSources<'a> {
    pub(crate) response: &'a [Block],
    pub(crate) outcome: &'a [Block],
    /// « Ce marché a permis à… » and its line.
    pub(crate) outcome_heading: Option<(usize, &'a str)>,
    /// The lines that say who holds the contract.
    pub(crate) labelled: &'a [HolderLine],
    /// The name of the buyer, which is not the holder.
    pub(crate) buyer: Option<&'a str>,
}
