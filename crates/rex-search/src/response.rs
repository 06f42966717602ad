use std::ops::Range;
use std::sync::Arc;

use rex_corpus::Record;
use rex_index::Facet;

use crate::highlight::highlighter::Highlighter;
use crate::request::Selection;

/// What a search found.
#[derive(Debug, Clone)]
pub struct SearchResponse {
    /// Cases that match, filters applied.
    pub total: u64,
    /// The generation that answered.
    pub generation: String,
    /// The hits asked for, in order.
    pub hits: Vec<Hit>,
    /// Marks the words found in any other text of a hit.
    pub highlighter: Highlighter,
    /// The facets asked for, in the order asked.
    pub facets: Vec<(Facet, FacetCounts)>,
    /// What may help the person who searches.
    pub suggestions: Suggestions,
}

/// One case found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The case, its sections included.
    pub record: Arc<Record>,
    /// How well it matches; 0 where hits are not in the order of relevance.
    pub score: f32,
    /// Its short fields with the words found.
    pub highlights: Highlights,
    /// The best passage of each section that matches, in the order of the sections.
    pub snippets: Vec<Snippet>,
}

/// The short fields of a hit with the words found; all of them, marked or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Highlights {
    /// The title.
    pub title: Marked,
    /// The buyer's name.
    pub buyer: Option<Marked>,
    /// The holders' names.
    pub holders: Vec<Marked>,
}

/// A passage of a section.
#[derive(Debug, Clone, PartialEq)]
pub struct Snippet {
    /// The title of the section.
    pub section: String,
    /// The passage.
    pub passage: Marked,
}

/// A text and the parts of it to mark. Plain text: whoever shows it escapes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The text.
    pub text: String,
    /// Byte ranges of it, in order and apart.
    pub marks: Vec<Range<usize>>,
}

impl Marked {
    /// The text cut at its marks: each part, and whether it is marked.
    pub fn parts(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut end = 0;
        let marks = self.marks.iter().flat_map(move |mark| {
            let before = (end..mark.start, false);
            end = mark.end;
            [before, (mark.clone(), true)]
        });
        let last = self.marks.last().map_or(0, |mark| mark.end);
        marks
            .chain([(last..self.text.len(), false)])
            .map(|(range, marked)| (&self.text[range], marked))
            .filter(|(part, _)| !part.is_empty())
    }
}

/// The counts of one facet under every filter but its own.
#[derive(Debug, Clone, PartialEq)]
pub enum FacetCounts {
    /// Of plain values, the most frequent first.
    Terms {
        /// The values.
        values: Vec<FacetValue>,
        /// Different values that cases have, listed or not.
        distinct: u64,
        /// Cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
    /// Of values within values.
    Hierarchy {
        /// The top of the hierarchy, the most frequent first.
        values: Vec<TreeValue>,
        /// Different values that cases have at any level, listed or not.
        distinct: u64,
        /// Cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
    /// Of numbers, in the unit of the facet.
    Range {
        /// The least; none where no case has a value.
        min: Option<u64>,
        /// The most.
        max: Option<u64>,
        /// Every bucket, empty or not, the lowest first.
        buckets: Vec<Bucket>,
        /// Finer ones, to draw: from the one that holds the least number to the one that holds the most, the lowest first.
        histogram: Vec<Bucket>,
        /// The least numbers that cases have and how many have them, as many as were asked for.
        numbers: Vec<(u64, u64)>,
        /// Cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
}

/// A value and how many cases have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// Cases that have it.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
}

/// A value of a hierarchy and what is below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeValue {
    /// Its own name: the last level of its path.
    pub value: String,
    /// The path that selects it.
    pub path: String,
    /// Cases that have it, or anything below it.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
    /// The level below, the most frequent first.
    pub children: Vec<TreeValue>,
}

/// Numbers from a bound, included, to another, not included: each number is in one bucket only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The least it holds.
    pub from: u64,
    /// What it stops short of; none for no end.
    pub to: Option<u64>,
    /// Cases in it.
    pub count: u64,
    /// Whether it is selected, by these very bounds.
    pub selected: bool,
}

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
    pub(crate) fn apply(corrections: &[Self], query: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_text_is_cut_at_its_marks() {
        let marked = Marked {
            text: "le tri des déchets".to_owned(),
            marks: vec![3..6, 11..19],
        };
        let parts: Vec<_> = marked.parts().collect();
        assert_eq!(
            parts,
            [("le ", false), ("tri", true), (" des ", false), ("déchets", true)]
        );
    }
}
