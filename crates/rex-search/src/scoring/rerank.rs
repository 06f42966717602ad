//! Ranks the best hits again: by words near each other, and by meaning.

use rex_query::Deadline;
use tantivy::{DocAddress, DocId, Score, Searcher};

use crate::error::Result;
use crate::meaning::lift::{RankedHit, lift};
use crate::open_index::OpenIndex;
use crate::query::interpretation::InterpretedQuery;
use crate::scoring::proximity::ProximityScorer;

/// Hits that are ranked again: ten pages.
pub(crate) const DEPTH: usize = 100;

/// Adds proximity and meaning to the scores of hits and sorts them again; returns what meaning added to each of the first hits.
///
/// Hits beyond [`DEPTH`] keep their place. Cases were boosted as if all their terms were near each other, which is corrected here.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn rerank(
    searcher: &Searcher,
    index: &OpenIndex,
    interpreted: &InterpretedQuery,
    hits: &mut [(Score, DocAddress)],
    deadline: Deadline,
) -> Result<Vec<Score>> {
    let plan = index.plan(interpreted);
    let depth = hits.len().min(DEPTH);
    let hits = &mut hits[..depth];
    let (has_proximity, meaning) = (plan.has_proximity(), plan.meaning());
    if !has_proximity && meaning.is_none() || hits.is_empty() {
        return Ok(vec![0.0; depth]);
    }
    let words = interpreted.query.tokens();
    let cases = index
        .cases
        .as_ref()
        .map(|cases| cases.filter(&index.facets))
        .transpose()?;
    // Equal scores keep their order, which is that of the ids.
    let mut reranked: Vec<(usize, RankedHit)> = Vec::with_capacity(hits.len());
    for (segment_ord, segment) in (0..).zip(searcher.segment_readers()) {
        let mut documents: Vec<(DocId, usize, Score)> = hits
            .iter()
            .enumerate()
            .filter(|(_, (_, address))| address.segment_ord == segment_ord)
            .map(|(rank, (score, address))| (address.doc_id, rank, *score))
            .collect();
        documents.sort_unstable_by_key(|(document, ..)| *document);
        let rows = index.facets.rows(segment_ord);
        let mut near = ProximityScorer::open(searcher, segment, &plan)?;
        for (document, rank, mut score) in documents {
            deadline.check()?;
            let (proximity, are_near) = near.of(document);
            let is_case = cases.as_ref().is_some_and(|cases| cases.accepts(rows, document));
            if has_proximity {
                let too_much = if is_case {
                    near.boost_too_much(document, &are_near)
                } else {
                    0.0
                };
                score += proximity - too_much;
            }
            let address = DocAddress::new(segment_ord, document);
            let worth = meaning.and_then(|meaning| {
                let vector = index.vectors.get(address)?;
                Some(meaning.score(meaning.similarity(&vector)))
            });
            let hit = RankedHit {
                address,
                score,
                worth: worth.unwrap_or_default(),
                added: 0.0,
                is_case,
                literal: near.literal_match(document, words),
            };
            reranked.push((rank, hit));
        }
    }
    reranked.sort_by(|(a_rank, a), (b_rank, b)| b.score.total_cmp(&a.score).then(a_rank.cmp(b_rank)));
    let mut reranked: Vec<RankedHit> = reranked.into_iter().map(|(_, hit)| hit).collect();
    if meaning.is_some() {
        lift(&mut reranked);
    }
    for (hit, reranked) in hits.iter_mut().zip(&reranked) {
        *hit = (reranked.score, reranked.address);
    }
    Ok(reranked.iter().map(|hit| hit.added).collect())
}
