use std::ops::Range;

use crate::facet::Facet;
use crate::request::Selection;

/// Help for the person who searches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// The corrected query. If [`Self::corrections`] is empty, it was not searched but is offered: a word that no case holds is
    /// replaced by a similar one.
    pub did_you_mean: Option<String>,
    /// The corrected words.
    pub corrections: Vec<Correction>,
    /// Whether too few cases hold all the words, so that those with most of them are shown.
    pub relaxed: bool,
    /// How many of the hits lack a word of the query that some case holds.
    pub lacking_words: u64,
    /// Words of the query that no case holds in any form, as typed.
    pub missing: Vec<String>,
    /// Words that are not required, as typed: a chip names their value.
    pub optional: Vec<String>,
    /// Words that also match by other words of their family (*réhabiliter* by *réhabilitation*), as typed: too few cases hold an
    /// inflected form.
    pub derived: Vec<String>,
    /// Parts of the query that could be filters.
    pub chips: Vec<Chip>,
}

/// A corrected word of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// As typed.
    pub from: String,
    /// The correction, in the spelling of a hit if one is shown.
    pub to: String,
    /// Its bytes in the query.
    pub range: Range<usize>,
}

impl Correction {
    /// The query with its corrections; `None` if there are none.
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

/// A part of the query that names a facet value which is not among the filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// The part, as typed.
    pub text: String,
    /// Its bytes in the query of the request.
    pub range: Range<usize>,
    /// The facet.
    pub facet: Facet,
    /// The filter it stands for.
    pub selection: Selection,
}
