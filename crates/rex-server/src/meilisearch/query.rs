//! Parses search parameters into a [`SearchRequest`].

use rex_corpus::nearest_hint;
use rex_query::{Condition, Facet, FacetKind, MAX_QUERY_CHARS, MAX_VALUES, Matching, SearchRequest, Sort, cut_query};
use serde_json::{Value, json};

use super::attribute::{self, Attribute};
use super::error::{ErrorCode, MeilisearchError, short};
use super::facet_distribution;
use super::fields::{Field, Fields};
use super::filter;
use super::projection::{self, Projection};

/// Hits by default.
const DEFAULT_HITS: usize = 20;
/// Maximum number of hits in an answer. A larger limit is clamped, and the answer shows the clamped value.
const MAX_HITS: usize = 1_000;

const Q: Field = ("q", ErrorCode::Q);
const OFFSET: Field = ("offset", ErrorCode::Offset);
const LIMIT: Field = ("limit", ErrorCode::Limit);
const PAGE: Field = ("page", ErrorCode::Page);
const HITS_PER_PAGE: Field = ("hitsPerPage", ErrorCode::HitsPerPage);
const FILTER: Field = ("filter", ErrorCode::Filter);
const FACETS: Field = ("facets", ErrorCode::Facets);
const SORT: Field = ("sort", ErrorCode::Sort);
const MATCHING: Field = ("matchingStrategy", ErrorCode::MatchingStrategy);
const SEARCH_ON: Field = ("attributesToSearchOn", ErrorCode::AttributesToSearchOn);
const LOCALES: Field = ("locales", ErrorCode::Locales);

/// The supported sort criteria. Titles sort in ascending order only.
const SORTS: [(&str, Sort); 9] = [
    ("montant:asc", Sort::Amount),
    ("montant:desc", Sort::AmountDescending),
    ("duree:asc", Sort::Duration),
    ("duree:desc", Sort::DurationDescending),
    ("annee:asc", Sort::Date),
    ("annee:desc", Sort::DateDescending),
    ("date:asc", Sort::Date),
    ("date:desc", Sort::DateDescending),
    ("titre:asc", Sort::Title),
];
const SORTABLE: [&str; 5] = ["montant", "duree", "annee", "date", "titre"];

/// A parsed search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SearchQuery {
    /// The query as sent.
    pub(super) q: String,
    pub(super) request: SearchRequest,
    pub(super) paging: Paging,
    /// The attributes to count; `None` where no counts are requested.
    pub(super) facets: Option<Vec<Attribute>>,
    pub(super) projection: Projection,
}

/// The paging mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    /// By `offset` and `limit`.
    Window,
    /// By `page` and `hitsPerPage`, with the number of pages in the answer.
    Pages {
        /// From 1; page 0 has no hits.
        page: usize,
        hits_per_page: usize,
    },
}

impl SearchQuery {
    /// Parses a query string.
    pub(super) fn from_query_string(raw: &str) -> Result<Self, MeilisearchError> {
        let of_search = [FACETS.0, SORT.0, SEARCH_ON.0, LOCALES.0];
        let lists: Vec<_> = projection::LISTS.into_iter().chain(of_search).collect();
        let mut fields = Fields::from_query_string(raw, &lists)?;
        fields.refuse(("hybridEmbedder", ErrorCode::Embedder), &Value::Null, NO_VECTORS)?;
        fields.refuse(
            ("hybridSemanticRatio", ErrorCode::SemanticRatio),
            &Value::Null,
            NO_VECTORS,
        )?;
        Self::read(fields)
    }

    /// Parses the fields of a search. Fields left over are an error.
    pub(super) fn read(mut fields: Fields) -> Result<Self, MeilisearchError> {
        let (q, mut request) = base_request(&mut fields)?;
        let paging = paging(&mut fields, &mut request)?;
        let facets = facets(&mut fields)?;
        count(&mut request, facets.as_deref().unwrap_or_default());
        request.sort = sort(&mut fields)?;
        let projection = Projection::read(&mut fields)?;
        refuse_unsupported(&mut fields)?;
        fields.finish()?;
        Ok(Self {
            q,
            request,
            paging,
            facets,
            projection,
        })
    }

    /// Whether the query has words to rank by.
    pub(super) fn has_words(&self) -> bool {
        !self.request.query.trim().is_empty()
    }
}

/// The query as sent, and a request with its words and filter.
pub(super) fn base_request(fields: &mut Fields) -> Result<(String, SearchRequest), MeilisearchError> {
    let q = fields.text(Q)?.unwrap_or_default();
    let filter = fields.take(FILTER);
    let request = SearchRequest {
        query: truncated(&q).to_owned(),
        matching: matching(fields)?,
        condition: filter.map_or_else(|| Ok(Condition::default()), |filter| filter::condition(&filter))?,
        ..SearchRequest::default()
    };
    Ok((q, request))
}

/// Truncates a query to 512 characters, at a word boundary. Meilisearch drops all words after the tenth: a page pasted into
/// a search box gives no error either.
pub(super) fn truncated(q: &str) -> &str {
    let kept = cut_query(q, MAX_QUERY_CHARS);
    let next = q[kept.len()..].chars().next();
    if next.is_none_or(char::is_whitespace) {
        return kept;
    }
    kept.rfind(char::is_whitespace).map_or(kept, |end| &kept[..end])
}

fn matching(fields: &mut Fields) -> Result<Matching, MeilisearchError> {
    match fields.text(MATCHING)?.as_deref() {
        None | Some("last" | "frequency") => Ok(Matching::Most),
        Some("all") => Ok(Matching::All),
        Some(other) => Err(MeilisearchError::new(
            MATCHING.1,
            format!(
                "`{}`: \"{}\", expected one of: last, frequency, all",
                MATCHING.0,
                short(other)
            ),
        )),
    }
}

fn paging(fields: &mut Fields, request: &mut SearchRequest) -> Result<Paging, MeilisearchError> {
    let offset = fields.number(OFFSET)?.unwrap_or(0);
    let limit = fields.number(LIMIT)?.unwrap_or(DEFAULT_HITS).min(MAX_HITS);
    let page = fields.number(PAGE)?;
    let hits_per_page = fields.number(HITS_PER_PAGE)?;
    if page.is_none() && hits_per_page.is_none() {
        (request.offset, request.limit) = (offset, limit);
        return Ok(Paging::Window);
    }
    let page = page.unwrap_or(1);
    let hits_per_page = hits_per_page.unwrap_or(DEFAULT_HITS).min(MAX_HITS);
    request.offset = page.saturating_sub(1).saturating_mul(hits_per_page);
    request.limit = if page == 0 { 0 } else { hits_per_page };
    Ok(Paging::Pages { page, hits_per_page })
}

fn facets(fields: &mut Fields) -> Result<Option<Vec<Attribute>>, MeilisearchError> {
    let Some(names) = fields.names(FACETS)? else {
        return Ok(None);
    };
    if names.iter().any(|name| name == "*") {
        return Ok(Some(Attribute::all().collect()));
    }
    let mut attributes = Vec::new();
    for name in &names {
        let attribute = Attribute::from_name(name).ok_or_else(|| {
            let message = format!("`facets`: {}", attribute::unknown(name, "a facet", &attribute::names()));
            MeilisearchError::new(FACETS.1, message)
        })?;
        if !attributes.contains(&attribute) {
            attributes.push(attribute);
        }
    }
    Ok(Some(attributes))
}

/// Requests the counts that the distributions need.
fn count(request: &mut SearchRequest, attributes: &[Attribute]) {
    request.facets.clear();
    for attribute in attributes {
        if !request.facets.contains(&attribute.facet()) {
            request.facets.push(attribute.facet());
        }
    }
    // The minimum and maximum year need all years.
    let needs_all = |facet: &Facet| facet.kind() == FacetKind::Hierarchy || *facet == Facet::Annee;
    request.max_values = if request.facets.iter().any(needs_all) {
        MAX_VALUES
    } else {
        facet_distribution::MAX_VALUES
    };
    request.max_per_level = facet_distribution::MAX_VALUES;
    request.max_numbers = facet_distribution::MAX_VALUES;
}

fn sort(fields: &mut Fields) -> Result<Sort, MeilisearchError> {
    let criteria = fields.names(SORT)?.unwrap_or_default();
    let refused = |what: String| Err(MeilisearchError::new(SORT.1, format!("`sort`: {what}")));
    let criterion = match criteria.as_slice() {
        [] => return Ok(Sort::Relevance),
        [criterion] => criterion.as_str(),
        several => {
            return refused(format!(
                "{} criteria, expected one: hits are put in one order",
                several.len()
            ));
        }
    };
    if let Some((_, sort)) = SORTS.iter().find(|(name, _)| *name == criterion) {
        return Ok(*sort);
    }
    match criterion.rsplit_once(':') {
        Some(("titre", "desc")) => {
            refused("`titre:desc`, expected `titre:asc`: titles are read from the first on".to_owned())
        }
        Some((name, "asc" | "desc")) => refused(format!(
            "attribute `{}` is not sortable{}; expected one of: {}",
            short(name),
            nearest_hint(name, SORTABLE),
            SORTABLE.join(", ")
        )),
        _ => refused(format!(
            "`{}`, expected an attribute and its direction such as montant:asc",
            short(criterion)
        )),
    }
}

const NO_VECTORS: &str = "Rex searches by words, not by vectors";

/// Rejects features of Meilisearch that Rex lacks: ignoring them would give a wrong answer.
fn refuse_unsupported(fields: &mut Fields) -> Result<(), MeilisearchError> {
    let no = json!(false);
    for (field, default, why) in [
        (("vector", ErrorCode::Vector), &Value::Null, NO_VECTORS),
        (("hybrid", ErrorCode::Hybrid), &Value::Null, NO_VECTORS),
        (("retrieveVectors", ErrorCode::RetrieveVectors), &no, NO_VECTORS),
        (("media", ErrorCode::Media), &Value::Null, NO_VECTORS),
        (
            ("distinct", ErrorCode::Distinct),
            &Value::Null,
            "every case is a hit of its own",
        ),
        (
            ("rankingScoreThreshold", ErrorCode::RankingScoreThreshold),
            &Value::Null,
            "scores order hits, they do not exclude any",
        ),
        (
            ("showRankingScoreDetails", ErrorCode::ShowRankingScoreDetails),
            &no,
            "`rex explain` tells how a case ranks",
        ),
        (
            ("showPerformanceDetails", ErrorCode::BadRequest),
            &no,
            "`processingTimeMs` is all that is measured",
        ),
        (
            ("personalize", ErrorCode::Personalize),
            &Value::Null,
            "everyone gets the same answer",
        ),
        (("useNetwork", ErrorCode::BadRequest), &no, "there is one server"),
    ] {
        fields.refuse(field, default, why)?;
    }
    expect_defaults(fields)
}

/// Rejects lists that would restrict or change the search; defaults are accepted.
fn expect_defaults(fields: &mut Fields) -> Result<(), MeilisearchError> {
    let every = |names: &[String], known: &[&str]| names.iter().all(|name| known.contains(&name.as_str()));
    if !every(
        &fields.names(SEARCH_ON)?.unwrap_or_else(|| vec!["*".to_owned()]),
        &["*"],
    ) {
        let message = "`attributesToSearchOn` is not supported: every attribute is searched; leave it out";
        return Err(MeilisearchError::new(SEARCH_ON.1, message));
    }
    if !every(&fields.names(LOCALES)?.unwrap_or_default(), &["fr", "fra"]) {
        let message = "`locales`: expected none but fr or fra: queries and cases are read as French";
        return Err(MeilisearchError::new(LOCALES.1, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sent: Value) -> Result<SearchQuery, String> {
        let Value::Object(sent) = sent else {
            unreachable!("tests send objects")
        };
        SearchQuery::read(Fields::new(sent)).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_long_query_is_cut_at_a_word() {
        assert_eq!(truncated("tri des déchets"), "tri des déchets");
        let word = "é".repeat(512);
        assert_eq!(truncated(&word), word);
        assert_eq!(truncated(&format!("{word}é")), word);
        assert_eq!(truncated(&format!("{word} é")), word);
        assert_eq!(
            truncated(&"\u{fdfa}".repeat(512)).chars().count(),
            28,
            "18 characters each"
        );
        assert_eq!(truncated(&format!("a b{word}")), "a");
    }

    #[test]
    fn pages_come_before_offsets() {
        for (sent, offset, limit, paging) in [
            (json!({}), 0, 20, Paging::Window),
            (json!({"offset": 7, "limit": 0}), 7, 0, Paging::Window),
            (json!({"limit": u64::MAX}), 0, 1_000, Paging::Window),
            (
                json!({"page": 3}),
                40,
                20,
                Paging::Pages {
                    page: 3,
                    hits_per_page: 20,
                },
            ),
            (
                json!({"hitsPerPage": 0, "limit": 5, "offset": 5}),
                0,
                0,
                Paging::Pages {
                    page: 1,
                    hits_per_page: 0,
                },
            ),
            (
                json!({"page": 0}),
                0,
                0,
                Paging::Pages {
                    page: 0,
                    hits_per_page: 20,
                },
            ),
            (
                json!({"page": u64::MAX, "hitsPerPage": u64::MAX}),
                usize::MAX,
                1_000,
                Paging::Pages {
                    page: usize::MAX,
                    hits_per_page: 1_000,
                },
            ),
        ] {
            let search = read(sent.clone()).unwrap();
            assert_eq!((search.request.offset, search.request.limit), (offset, limit), "{sent}");
            assert_eq!(search.paging, paging, "{sent}");
        }
    }

    #[test]
    fn each_facet_is_counted_once() {
        let search = read(json!({"facets": ["territoire.lvl0", "theme", "territoire.lvl1"]})).unwrap();
        assert_eq!(search.request.facets, [Facet::Territoire, Facet::Theme]);
        assert_eq!(search.facets.unwrap().len(), 3);
        assert!(read(json!({})).unwrap().request.facets.is_empty());
        assert_eq!(read(json!({"facets": ["*"]})).unwrap().facets.unwrap().len(), 24);
    }

    #[test]
    fn says_what_is_not_supported() {
        for (sent, expected) in [
            (
                json!({"facets": ["themes"]}),
                "invalid_search_facets: `facets`: attribute `themes` is not a facet, the nearest is \"theme\"; expected one of: type, ",
            ),
            (
                json!({"sort": ["prix:asc"]}),
                "invalid_search_sort: `sort`: attribute `prix` is not sortable; expected one of: montant, duree, annee, date, titre",
            ),
            (
                json!({"sort": ["montan:asc"]}),
                "invalid_search_sort: `sort`: attribute `montan` is not sortable, the nearest is \"montant\"; expected one of: ",
            ),
            (
                json!({"sort": ["montant"]}),
                "invalid_search_sort: `sort`: `montant`, expected an attribute and its direction such as montant:asc",
            ),
            (
                json!({"sort": ["montant:asc", "date:asc"]}),
                "invalid_search_sort: `sort`: 2 criteria, expected one: hits are put in one order",
            ),
            (
                json!({"sort": ["titre:desc"]}),
                "invalid_search_sort: `sort`: `titre:desc`, expected `titre:asc`",
            ),
            (
                json!({"matchingStrategy": "any"}),
                "invalid_search_matching_strategy: `matchingStrategy`: \"any\", expected one of: last, frequency, all",
            ),
            (
                json!({"vector": [0.1]}),
                "invalid_search_vector: `vector` is not supported: Rex searches by words, not by vectors; leave it out",
            ),
            (json!({"hybrid": {}}), "invalid_search_hybrid_query: "),
            (json!({"media": {}}), "invalid_search_media: "),
            (json!({"retrieveVectors": true}), "invalid_search_retrieve_vectors: "),
            (json!({"distinct": "acheteur"}), "invalid_search_distinct: "),
            (
                json!({"rankingScoreThreshold": 0.5}),
                "invalid_search_ranking_score_threshold: ",
            ),
            (
                json!({"showRankingScoreDetails": true}),
                "invalid_search_show_ranking_score_details: ",
            ),
            (json!({"personalize": {}}), "invalid_search_personalize: "),
            (
                json!({"attributesToSearchOn": ["titre"]}),
                "invalid_search_attributes_to_search_on: ",
            ),
            (json!({"locales": ["eng"]}), "invalid_search_locales: "),
            (
                json!({"highlightPreTag": "x".repeat(101)}),
                "invalid_search_highlight_pre_tag: `highlightPreTag`: 101 characters, expected at most 100",
            ),
            (
                json!({"hitPerPage": 3}),
                "bad_request: Unknown field `hitPerPage`: did you mean `hitsPerPage`? expected one of `q`, `filter`, ",
            ),
        ] {
            let refusal = read(sent.clone()).unwrap_err();
            assert!(refusal.starts_with(expected), "{sent}: {refusal}");
        }
    }

    #[test]
    fn accepts_what_asks_for_nothing() {
        let search = read(json!({
            "q": null, "filter": null, "sort": [], "vector": null, "hybrid": null, "retrieveVectors": false, "distinct": null,
            "rankingScoreThreshold": null, "showRankingScoreDetails": false, "personalize": null, "locales": ["fr", "fra"],
            "attributesToSearchOn": ["*"], "showMatchesPosition": false, "media": null, "facets": null,
        }));
        assert_eq!(search, read(json!({})));
    }
}
