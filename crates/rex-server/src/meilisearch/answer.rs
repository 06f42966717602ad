//! The JSON of a search answer.

use std::time::Duration;

use rex_corpus::CpvLabels;
use rex_query::{Deadline, DeadlinePassed, FacetCounts, Hit, SearchResponse, Sort};
use serde::Serialize;
use serde_json::{Map, Value};

use super::attribute::Attribute;
use super::document::{document, selected};
use super::facet_distribution::{OrderedMap, Stats, distribution, stats};
use super::formatted::{Formatter, Position};
use super::query::{Paging, SearchQuery};

/// A search answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchAnswer {
    /// Set in the answers of `/multi-search`.
    #[serde(skip_serializing_if = "Option::is_none")]
    index_uid: Option<String>,
    hits: Vec<DocumentJson>,
    query: String,
    processing_time_ms: u64,
    #[serde(flatten)]
    paging: PagingJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    facet_distribution: Option<OrderedMap<OrderedMap<u64>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facet_stats: Option<OrderedMap<Stats>>,
}

/// A hit: the document and its highlights.
#[derive(Serialize)]
struct DocumentJson {
    #[serde(flatten)]
    document: Map<String, Value>,
    #[serde(rename = "_formatted", skip_serializing_if = "Option::is_none")]
    formatted: Option<Map<String, Value>>,
    #[serde(rename = "_matchesPosition", skip_serializing_if = "Option::is_none")]
    positions: Option<OrderedMap<Vec<Position>>>,
    #[serde(rename = "_rankingScore", skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}

/// The position of the hits in the result list.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum PagingJson {
    Window {
        limit: usize,
        offset: usize,
        /// Exact, despite its name.
        estimated_total_hits: u64,
    },
    Pages {
        hits_per_page: usize,
        page: usize,
        /// Number of non-empty pages, within the paging limit.
        total_pages: usize,
        total_hits: u64,
    },
}

impl SearchAnswer {
    /// Builds the answer.
    ///
    /// # Errors
    /// [`DeadlinePassed`]: highlighting 1,000 hits takes a while.
    pub(super) fn new(
        labels: &CpvLabels,
        search: &SearchQuery,
        response: &SearchResponse,
        deadline: Deadline,
    ) -> Result<Self, DeadlinePassed> {
        let facets = search.facets.as_deref();
        let hits = response.hits.iter().map(|hit| {
            deadline.check()?;
            Ok(DocumentJson::new(labels, search, response, hit))
        });
        Ok(Self {
            index_uid: None,
            hits: hits.collect::<Result<_, DeadlinePassed>>()?,
            query: search.q.clone(),
            processing_time_ms: 0,
            paging: PagingJson::new(search, response.total),
            facet_distribution: facets.map(|facets| {
                by_attribute(facets, response, |attribute, counts| {
                    Some(distribution(attribute, counts))
                })
            }),
            facet_stats: facets.map(|facets| by_attribute(facets, response, stats)),
        })
    }

    /// Sets the index uid.
    #[must_use]
    pub(super) fn with_index_uid(self, name: String) -> Self {
        Self {
            index_uid: Some(name),
            ..self
        }
    }

    /// Sets the processing time.
    #[must_use]
    pub(super) fn with_time(self, took: Duration) -> Self {
        Self {
            processing_time_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            ..self
        }
    }
}

impl DocumentJson {
    fn new(labels: &CpvLabels, search: &SearchQuery, response: &SearchResponse, hit: &Hit) -> Self {
        let projection = &search.projection;
        let document = document(labels, &hit.record, projection);
        let formatter = Formatter {
            projection,
            highlighter: &*response.highlighter,
        };
        let formatted = projection
            .has_formatted()
            .then(|| formatter.formatted(&selected(&document, &|path| projection.formats(path))));
        Self {
            formatted,
            positions: projection.has_positions.then(|| formatter.positions(&document)),
            score: if projection.has_score {
                ranking_score(search, hit.score)
            } else {
                None
            },
            document: selected(&document, &|path| projection.retrieve.contains(path)),
        }
    }
}

impl PagingJson {
    fn new(search: &SearchQuery, total: u64) -> Self {
        match search.paging {
            Paging::Window => Self::Window {
                limit: search.request.limit,
                offset: search.request.offset,
                estimated_total_hits: total,
            },
            Paging::Pages { page, hits_per_page } => {
                let full = rex_query::SearchRequest {
                    limit: hits_per_page,
                    ..rex_query::SearchRequest::default()
                };
                Self::Pages {
                    hits_per_page,
                    page,
                    total_pages: full.pages(total),
                    total_hits: total,
                }
            }
        }
    }
}

/// The score of a hit from 0 to 1: `s / (s + 10)` for a Rex score `s`, which is monotonic.
///
/// 1 for a query without words, as in Meilisearch; `None` where hits are not sorted by relevance.
fn ranking_score(search: &SearchQuery, score: f32) -> Option<f64> {
    const HALFWAY: f64 = 10.0;
    if !search.has_words() {
        return Some(1.0);
    }
    let score = f64::from(score.max(0.0));
    (search.request.sort == Sort::Relevance).then_some(score / (score + HALFWAY))
}

/// Maps the counts of each attribute, by name.
fn by_attribute<T>(
    attributes: &[Attribute],
    response: &SearchResponse,
    read: impl Fn(Attribute, &FacetCounts) -> Option<T>,
) -> OrderedMap<T> {
    let read = |attribute: &Attribute| {
        let counted = response.facets.iter().find(|(facet, _)| *facet == attribute.facet());
        let value = counted.and_then(|(_, counts)| read(*attribute, counts))?;
        Some((attribute.to_string(), value))
    };
    OrderedMap(attributes.iter().filter_map(read).collect())
}
