//! Adds what their meaning is worth to the scores of the best hits.
//!
//! The order of literal matches is kept: a record that lacks a word in its title never passes one that holds all of them there, nor a
//! contract a case; and where the query is the title or a party of a hit, meaning adds nothing.

use tantivy::{DocAddress, Score};

/// A hit among those that are ranked again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RankedHit {
    pub(crate) address: DocAddress,
    /// Without meaning, in the end with it.
    pub(crate) score: Score,
    /// What its meaning is worth.
    pub(crate) worth: Score,
    /// What its meaning has added: from 0 to its worth.
    pub(crate) added: Score,
    /// Whether it is a case, in an index of cases and contracts.
    pub(crate) is_case: bool,
    /// How its title and its parties match.
    pub(crate) literal: LiteralMatch,
}

/// How a query matches the title and the parties of a record, stop words left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LiteralMatch {
    /// The title holds all words.
    pub(crate) is_in_title: bool,
    /// The title has no others, or the names of the parties hold all words.
    pub(crate) is_whole: bool,
}

/// Adds its worth to the score of each hit, and sorts the hits. Equal scores keep their order.
pub(crate) fn lift(hits: &mut [RankedHit]) {
    if hits.iter().any(|hit| hit.literal.is_whole) {
        return;
    }
    let (mut least_in_title, mut least_of_cases) = (Score::INFINITY, Score::INFINITY);
    for hit in hits.iter_mut() {
        let mut score = hit.score + hit.worth;
        if !hit.literal.is_in_title {
            score = score.min(least_in_title);
        }
        if !hit.is_case {
            score = score.min(least_of_cases);
        }
        (hit.added, hit.score) = (score - hit.score, score);
        if hit.literal.is_in_title {
            least_in_title = least_in_title.min(score);
        }
        if hit.is_case {
            least_of_cases = least_of_cases.min(score);
        }
    }
    hits.sort_by(|one, other| other.score.total_cmp(&one.score));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(number: u32, score: Score, worth: Score, is_in_title: bool, is_case: bool) -> RankedHit {
        RankedHit {
            address: DocAddress::new(0, number),
            score,
            worth,
            added: 0.0,
            is_case,
            literal: LiteralMatch {
                is_in_title,
                is_whole: false,
            },
        }
    }

    fn order(mut hits: Vec<RankedHit>) -> Vec<u32> {
        lift(&mut hits);
        assert!(hits.is_sorted_by(|one, other| one.score >= other.score));
        hits.iter().map(|hit| hit.address.doc_id).collect()
    }

    #[test]
    fn the_nearer_record_passes() {
        let hits = vec![
            hit(0, 9.0, 0.0, false, false),
            hit(1, 8.0, 0.5, false, false),
            hit(2, 7.0, 3.0, false, false),
        ];
        assert_eq!(order(hits), [2, 0, 1]);
    }

    #[test]
    fn words_in_the_title_are_not_passed() {
        let hits = vec![
            hit(0, 9.0, 0.0, true, false),
            hit(1, 8.0, 5.0, false, false),
            hit(2, 7.0, 4.0, true, false),
        ];
        assert_eq!(order(hits), [2, 0, 1], "one that holds them too may pass");
    }

    #[test]
    fn a_case_is_not_passed_by_contracts() {
        let hits = vec![
            hit(0, 9.0, 0.0, false, true),
            hit(1, 8.0, 5.0, false, false),
            hit(2, 7.0, 4.0, false, true),
        ];
        assert_eq!(order(hits), [2, 0, 1]);
    }

    #[test]
    fn nothing_moves_where_the_query_is_a_title() {
        let mut first = hit(0, 9.0, 0.0, true, false);
        first.literal.is_whole = true;
        let hits = vec![first, hit(1, 8.0, 0.0, false, false), hit(2, 7.0, 5.0, false, false)];
        assert_eq!(order(hits), [0, 1, 2]);
    }
}
