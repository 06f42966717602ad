//! What shows that a text is about a contract, so that a guide, minutes or slides are not taken for cases.

use std::collections::BTreeMap;

/// What one case says of its contract.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    /// A buyer or a holder that a label names is worth two, any other fact one.
    pub(super) points: u32,
    /// The buyer that only a sentence names: worth a point, unless most cases have the same, which is then the author.
    pub(super) named_buyer: Option<String>,
    /// Whether a label gives an amount, a duration or another fact that is no name.
    pub(super) has_contract: bool,
    /// Whether a title, or a line about the object of the contract, names the case.
    pub(super) has_title: bool,
}

impl Evidence {
    /// The points that make a case credible.
    const ENOUGH: u32 = 2;

    /// The number of credible cases.
    pub(super) fn credible(cases: &[Self]) -> usize {
        let mut buyers: BTreeMap<&str, usize> = BTreeMap::new();
        for buyer in cases.iter().filter_map(|case| case.named_buyer.as_deref()) {
            *buyers.entry(buyer).or_default() += 1;
        }
        let is_author = |buyer: &str| cases.len() > 1 && buyers[buyer] * 2 > cases.len();
        let points = |case: &&Self| {
            let buyer = case.named_buyer.as_deref().is_some_and(|buyer| !is_author(buyer));
            case.points + u32::from(buyer) >= Self::ENOUGH
        };
        cases.iter().filter(points).count()
    }
}
