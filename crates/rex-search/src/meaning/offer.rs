//! Cases offered for their meaning, where a word is in no case or nothing is found.

use rex_query::{Hit, Reason, SearchRequest, Similar};
use tantivy::{DocAddress, Searcher};

use crate::error::Result;
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

/// The cases nearest to a query in meaning that are not among its hits on the first page; none on other pages.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn near_by_meaning(
    index: &OpenIndex,
    searcher: &Searcher,
    request: &SearchRequest,
    interpreted: &InterpretedQuery,
    hits: &[Hit],
) -> Result<Vec<Similar>> {
    let is_asked = request.offset == 0 && request.limit > 0 && interpreted.query.excluded.is_empty();
    if !is_asked || !index.settings.has(RankingRule::Meaning) {
        return Ok(Vec::new());
    }
    let Some(meaning) = QueryMeaning::of(interpreted).filter(|meaning| meaning.coverage() >= MIN_COVERAGE) else {
        return Ok(Vec::new());
    };
    let filters = CodeFilters::of(request, &index.facets)?;
    let accepts = |address: DocAddress| filters.accepts(index.facets.rows(address.segment_ord), address.doc_id);
    let records = AllRecords {
        searcher,
        vectors: &index.vectors,
        ordinals: &index.ordinals,
    };
    let near = nearest(
        &records,
        |record| meaning.similarity(record),
        MIN_SIMILARITY,
        MAX_NEAR + hits.len(),
        accepts,
        request.deadline,
    )?;
    let query = meaning.as_record();
    let mut offered = Vec::new();
    for (similarity, address) in near {
        let record = index.record(searcher, address)?;
        if offered.len() == MAX_NEAR || hits.iter().any(|hit| hit.record.id == record.id) {
            continue;
        }
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
