//! Cases offered for their meaning, where a word is in no case or nothing is found.

use rex_analysis::RecordVector;
use rex_query::{Reason, SearchRequest, Similar};
use tantivy::{DocAddress, Score, Searcher};

use crate::error::{Error, Result};
use crate::facet::filter_expr::CodeFilters;
use crate::meaning::near_words::subject_words;
use crate::meaning::nearest::{AllRecords, nearest};
use crate::meaning::query_meaning::QueryMeaning;
use crate::open_index::OpenIndex;
use crate::query::interpretation::InterpretedQuery;
use crate::query::ranking_rules::RankingRule;

/// Cases that are offered by meaning.
const MAX_NEAR: usize = 3;
/// Minimum similarity of such a case, and minimum share of the words of the query that have a meaning.
const MIN_SIMILARITY: f32 = 0.4;
const MIN_COVERAGE: f32 = 0.4;
/// Records of the largest index in which all are compared: some sixty milliseconds.
const MAX_COMPARED: u64 = 1_000_000;

/// The cases nearest to a query in meaning that are not among its hits; none on other pages than the first, where there are more hits
/// than `hits`, or where the deadline passes.
///
/// # Errors
/// An index that cannot be read.
pub(crate) fn near_by_meaning(
    index: &OpenIndex,
    searcher: &Searcher,
    request: &SearchRequest,
    interpreted: &InterpretedQuery,
    total: u64,
    hits: &[(Score, DocAddress)],
) -> Result<Vec<Similar>> {
    let is_asked = request.offset == 0 && request.limit > 0 && interpreted.query.excluded.is_empty();
    let is_possible = total <= hits.len() as u64 && searcher.num_docs() <= MAX_COMPARED;
    let meaning = QueryMeaning::of(interpreted).filter(|meaning| meaning.coverage() >= MIN_COVERAGE);
    let (true, true, Some(meaning)) = (
        is_asked && index.settings.has(RankingRule::Meaning),
        is_possible,
        meaning,
    ) else {
        return Ok(Vec::new());
    };
    let filters = CodeFilters::of(request, &index.facets)?;
    let accepts = |address: DocAddress| {
        let is_hit = hits.iter().any(|(_, hit)| *hit == address);
        !is_hit && filters.accepts(index.facets.rows(address.segment_ord), address.doc_id)
    };
    let records = AllRecords {
        searcher,
        vectors: &index.vectors,
        ordinals: &index.ordinals,
    };
    let similarity = |record: &RecordVector| meaning.similarity(record);
    let near = match nearest(
        &records,
        similarity,
        MIN_SIMILARITY,
        MAX_NEAR,
        accepts,
        request.deadline,
    ) {
        // The answer itself is complete.
        Err(Error::TimedOut) => Vec::new(),
        near => near?,
    };
    let query = meaning.as_record();
    let mut offered = Vec::new();
    for (similarity, address) in near {
        let record = index.record(searcher, address)?;
        let words = index.vectors.get(address).zip(query);
        let words = words.map(|(vector, query)| subject_words(&record, &vector, &query, &[]));
        offered.push(Similar {
            record,
            score: 10.0 * similarity,
            reasons: vec![Reason::Subject(words.unwrap_or_default())],
        });
    }
    Ok(offered)
}
