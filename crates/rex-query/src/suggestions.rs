use std::ops::Range;

use crate::facet::Facet;
use crate::request::Selection;

/// What may help the person who searches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// The query as it was understood, where words of it were replaced; where [`Self::corrections`] is empty, an offer that was not
    /// applied: the query with a word that cases hold in place of one that none holds.
    pub did_you_mean: Option<String>,
    /// The words that were replaced.
    pub corrections: Vec<Correction>,
    /// Whether no case holds all the words, and cases that hold most of them are shown instead.
    pub relaxed: bool,
    /// Words of the query that no case holds, in any form, as they were typed.
    pub missing: Vec<String>,
    /// Words that hits need not hold, as they were typed: a chip names their value.
    pub optional: Vec<String>,
    /// Words found by other words of their family too (*réhabiliter* by *réhabilitation*), as they were typed: next to no case holds
    /// an inflected form of them.
    pub derived: Vec<String>,
    /// Parts of the query that could be filters.
    pub chips: Vec<Chip>,
}

/// A word of the query that no case holds, and what was looked for instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// As it was typed.
    pub from: String,
    /// What was looked for, as the cases write it where one of them is shown.
    pub to: String,
    /// Its bytes in the query.
    pub range: Range<usize>,
}

impl Correction {
    /// A query with its words replaced; none where there is nothing to replace.
    pub fn apply(corrections: &[Self], query: &str) -> Option<String> {
        let mut corrected = String::with_capacity(query.len());
        let mut end = 0;
        for correction in corrections {
            corrected.push_str(&query[end..correction.range.start]);
            corrected.push_str(&correction.to);
            end = correction.range.end;
        }
        corrected.push_str(&query[end..]);
        (!corrections.is_empty()).then_some(corrected)
    }
}

/// A part of the query that was understood as a value of a facet, and that is not among the filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// The words typed.
    pub text: String,
    /// Their bytes in the query of the request.
    pub range: Range<usize>,
    /// The facet.
    pub facet: Facet,
    /// What it would be narrowed to.
    pub selection: Selection,
}
