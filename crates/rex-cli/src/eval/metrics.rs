//! Relevance measures as defined by `trec_eval`.

/// Judged relevance of a document for a query: relevant from 1 up.
pub(crate) type Grade = i64;

/// Cutoff of nDCG@10 and MRR@10.
const TOP: usize = 10;
/// Cutoff of recall@100.
pub(crate) const RECALL_DEPTH: usize = 100;

/// The measures of one query, or their means over several. All are from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Measures {
    /// Discounted cumulative gain of the first ten hits, divided by that of an ideal ranking. The gain of a hit is its grade.
    pub(crate) ndcg_at_10: f64,
    /// Reciprocal rank of the first relevant hit; 0 if none is among the first ten.
    pub(crate) mrr_at_10: f64,
    /// Share of the relevant documents among the first hundred hits.
    pub(crate) recall_at_100: f64,
    /// 1 for a query without hits, else 0; as a mean, the share of queries without hits.
    pub(crate) no_result_share: f64,
}

impl Measures {
    /// Measures one answer. `found` are the grades of its hits in order, 0 for a hit without judgement; `judged` are the grades of all
    /// documents judged for the query, in any order.
    pub(crate) fn of(found: &[Grade], judged: &[Grade]) -> Self {
        let mut ideal = judged.to_vec();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        let is_relevant = |grade: &&Grade| **grade >= 1;
        let relevant = judged.iter().filter(is_relevant).count();
        let recalled = found.iter().take(RECALL_DEPTH).filter(is_relevant).count();
        let first = found.iter().take(TOP).position(|grade| *grade >= 1);
        Self {
            ndcg_at_10: ratio(gain(found), gain(&ideal)),
            mrr_at_10: first.map_or(0.0, |at| 1.0 / (at + 1) as f64),
            recall_at_100: ratio(recalled as f64, relevant as f64),
            no_result_share: if found.is_empty() { 1.0 } else { 0.0 },
        }
    }

    /// The means; zeros for an empty slice.
    pub(crate) fn mean(all: &[Self]) -> Self {
        let mean = |part: fn(&Self) -> f64| ratio(all.iter().map(part).sum(), all.len() as f64);
        Self {
            ndcg_at_10: mean(|measures| measures.ndcg_at_10),
            mrr_at_10: mean(|measures| measures.mrr_at_10),
            recall_at_100: mean(|measures| measures.recall_at_100),
            no_result_share: mean(|measures| measures.no_result_share),
        }
    }
}

/// DCG@10: the sum of `grade / log2(rank + 1)`. A grade below 0 counts as 0.
fn gain(grades: &[Grade]) -> f64 {
    let ranked = grades.iter().take(TOP).enumerate();
    ranked
        .map(|(at, grade)| (*grade).max(0) as f64 / ((at + 2) as f64).log2())
        .sum()
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: &[Grade], judged: &[Grade], ndcg: f64, mrr: f64, recall: f64) {
        let measures = Measures::of(found, judged);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
        assert!(
            close(measures.ndcg_at_10, ndcg) && close(measures.mrr_at_10, mrr) && close(measures.recall_at_100, recall),
            "{measures:?}"
        );
    }

    #[test]
    fn the_one_relevant_document() {
        check(&[1, 0, 0], &[1], 1.0, 1.0, 1.0);
        // 1 / log2(3)
        check(&[0, 1], &[1], 0.630_930, 0.5, 1.0);
        // 1 / log2(11)
        check(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 1], &[1], 0.289_065, 0.1, 1.0);
    }

    #[test]
    fn grades_are_gains() {
        // Found: 0, then 1 / log2(3), then 2 / log2(4). The best: 2, 1 / log2(3), 1 / log2(4).
        // (0.630930 + 1) / (2 + 0.630930 + 0.5) = 0.520909
        check(&[0, 1, 2], &[1, 2, 0, 1], 0.520_909, 0.5, 2.0 / 3.0);
        // (1 + 3 / log2(3)) / (3 + 1 / log2(3)) = 2.892789 / 3.630930
        check(&[1, 3], &[3, 1], 0.796_708, 1.0, 1.0);
    }

    #[test]
    fn ranks_past_the_tenth_count_for_recall_only() {
        let mut found = vec![0; 100];
        found[10] = 1;
        check(&found, &[1], 0.0, 0.0, 1.0);
        found[10] = 0;
        found.push(1);
        check(&found, &[1], 0.0, 0.0, 0.0);
        // Twelve relevant documents, ten of them first: nothing better fits in ten.
        check(&[1; 10], &[1; 12], 1.0, 1.0, 10.0 / 12.0);
    }

    #[test]
    fn nothing_found_and_nothing_to_find() {
        check(&[], &[1], 0.0, 0.0, 0.0);
        check(&[0, 0], &[0, -1], 0.0, 0.0, 0.0);
        check(&[-2, 1], &[1, -2], 0.630_930, 0.5, 1.0);
        assert_eq!(Measures::of(&[], &[1]).no_result_share, 1.0);
        assert_eq!(Measures::of(&[0], &[1]).no_result_share, 0.0);
    }

    #[test]
    fn means_are_over_queries() {
        let all = [
            Measures::of(&[1], &[1]),
            Measures::of(&[], &[1]),
            Measures::of(&[0, 1], &[1, 1]),
            Measures::of(&[], &[1]),
        ];
        let mean = Measures::mean(&all);
        // (1 + 0.630930 / 1.630930 + 0 + 0) / 4
        assert!((mean.ndcg_at_10 - 0.346_713).abs() < 1e-6, "{mean:?}");
        assert_eq!(
            (mean.mrr_at_10, mean.recall_at_100, mean.no_result_share),
            (0.375, 0.375, 0.5)
        );
        assert_eq!(Measures::mean(&[]), Measures::default());
    }
}
