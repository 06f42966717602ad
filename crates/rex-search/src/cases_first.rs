//! Where an index holds both cases and contracts, a case comes before the contracts that match as well.
//!
//! BM25 takes off for the length of a text, and a case tells in three hundred words what a contract says in ten: left alone, a
//! contract of the same title would always rank above.

use rex_corpus::CaseType;
use rex_index::{Facet, Facets};
use tantivy::Score;

use crate::collect::Raise;
use crate::meaning::Meaning;
use crate::request::Selection;

/// What a case is raised by where the query weighs nothing: with no word, cases come first.
const ALWAYS: Score = 1.0;
/// About what BM25 takes off a title for the length of the text below it, by the weight of each of its words: a case that says them
/// in its title comes before a contract that does, and a case that says them once in its text does not.
const BY_WORD: Score = 2.0;
/// The same for words side by side, by the weight of the less telling of the two.
const BY_PAIR: Score = 1.8;

/// Whether the index holds records of more than one type.
pub(crate) fn is_mixed(facets: &Facets) -> bool {
    facets.table(Facet::Type).values() > 1
}

/// What raises the cases of a mixed index for a query of these words.
pub(crate) fn raise(meanings: &[Meaning]) -> Raise {
    let words = meanings.iter().map(|meaning| meaning.weight * meaning.reach);
    // Near words count by their stems, whatever their form.
    let near = |meaning: &Meaning| if meaning.reach > 0.0 { meaning.weight } else { 0.0 };
    let pairs = meanings.windows(2).map(|pair| near(&pair[0]).min(near(&pair[1])));
    Raise {
        facet: Facet::Type,
        selection: Selection::Value(CaseType::Case.label().to_owned()),
        by: ALWAYS + BY_WORD * words.sum::<Score>() + BY_PAIR * pairs.sum::<Score>(),
    }
}
