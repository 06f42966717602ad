//! The score of the tenth best match.

use tantivy::Score;

/// The best scores of a pass, without the boosts of cases and named values.
#[derive(Debug, Default)]
pub(crate) struct BestScores {
    /// Ascending, at most [`Self::RANK`].
    scores: Vec<Score>,
}

impl BestScores {
    /// The rank whose score a record that lacks a word has to reach: the last of the first page.
    pub(crate) const RANK: usize = 10;

    /// The score at that rank; 0 where there are fewer matches.
    pub(crate) fn last(&self) -> Score {
        match self.scores.as_slice() {
            [last, ..] if self.scores.len() == Self::RANK => *last,
            _ => 0.0,
        }
    }

    pub(crate) fn add(&mut self, score: Score) {
        if self.scores.len() == Self::RANK {
            if score <= self.last() {
                return;
            }
            self.scores.remove(0);
        }
        let at = self.scores.partition_point(|known| *known < score);
        self.scores.insert(at, score);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_the_best_is_that_of_the_sorted_scores() {
        let mut best = BestScores::default();
        let mut all: Vec<Score> = Vec::new();
        for number in 0..200_u32 {
            let score = (number * 7_919 % 101) as Score;
            best.add(score);
            all.push(score);
            all.sort_by(|a, b| b.total_cmp(a));
            assert_eq!(best.last(), all.get(BestScores::RANK - 1).copied().unwrap_or_default());
        }
    }
}
