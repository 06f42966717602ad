//! The home page and the results page.

use std::ops::Range;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rex_corpus::CpvLabels;
use rex_query::{Chip, Filters, Hit, SearchRequest, SearchResponse, Selection};

use super::address::address;
use super::facets::FacetView;
use super::labels;
use super::layout::Layout;
use super::notices::{Notice, notices};
use super::problem::problem;
use super::response::{html, scripted};
use super::similar::SimilarView;
use crate::http::base_url::base_address;
use crate::search::app_state::AppState;
use rex_api::case_address::case_address;
use rex_api::french_format;
use rex_api::html_escape::marked_html;
use rex_api::parameter_values::sort_name;
use rex_api::problem::Problem;
use rex_api::query_string::{Query, UnknownParameters};

/// Page numbers on either side of the current one.
const NEIGHBOURS: usize = 2;

/// The home page, or the results of a search given in its query string.
pub(crate) async fn home(State(state): State<AppState>, RawQuery(raw): RawQuery, headers: HeaderMap) -> Response {
    page(&state, raw, &headers, View::Home).await
}

/// The results page.
pub(crate) async fn search(State(state): State<AppState>, RawQuery(raw): RawQuery, headers: HeaderMap) -> Response {
    page(&state, raw, &headers, View::Results).await
}

async fn page(state: &AppState, raw: Option<String>, headers: &HeaderMap, place: View) -> Response {
    let request =
        Query::decode(raw.as_deref().unwrap_or_default()).and_then(|query| query.request(UnknownParameters::Ignore));
    let request = match request {
        Ok(request) => state.resolve(request).await,
        Err(error) => Err(error),
    };
    let shown = match request {
        Ok(request) if request == SearchRequest::default() => show(state, headers, request, place).await,
        Ok(request) => show(state, headers, request, View::Results).await,
        Err(error) => Err(error),
    };
    shown.unwrap_or_else(|error| problem(state, &error))
}

/// The home page introduces the site.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Home,
    Results,
}

async fn show(state: &AppState, headers: &HeaderMap, request: SearchRequest, view: View) -> Result<Response, Problem> {
    // Pages always show all facets, so that addresses need not list them.
    let request = SearchRequest {
        facets: SearchRequest::default().facets,
        ..request
    };
    let response = state
        .search(SearchRequest {
            facets: labels::ORDER.to_vec(),
            ..request.clone()
        })
        .await?;
    let is_home = view == View::Home;
    let base = base_address(state.site(), headers);
    let title = match request.query.trim() {
        "" if is_home => state.site().name.clone(),
        "" => "Tous les cas".to_owned(),
        query => format!("{query} : {}", french_format::cases(response.total)),
    };
    let whole = SearchRequest {
        offset: 0,
        limit: SearchRequest::default().limit,
        ..request.clone()
    };
    let page = SearchPage {
        layout: Layout {
            is_private: !is_home,
            canonical: Some(match view {
                View::Home => format!("{base}/"),
                View::Results => format!("{base}{}", address(&request)),
            }),
            ..Layout::new(state.site(), title)
        },
        is_home,
        query: request.query.trim().to_owned(),
        count: french_format::cases(response.total),
        notices: notices(&response.suggestions, response.total, &request),
        active: active_filters(state.labels(), &request),
        chips: response
            .suggestions
            .chips
            .iter()
            .map(|chip| ChipView::new(state.labels(), chip, &request))
            .collect(),
        without_filters: address(&SearchRequest {
            filters: Filters::default(),
            offset: 0,
            ..request.clone()
        }),
        per_page: (request.limit != SearchRequest::default().limit).then_some(request.limit),
        sorts: labels::SORTS.map(|(sort, label)| SortView {
            name: sort_name(sort),
            label,
            is_selected: sort == request.sort,
        }),
        facets: response
            .facets
            .iter()
            .filter_map(|(facet, counts)| FacetView::new(state.labels(), *facet, counts, &request, response.total))
            .collect(),
        hits: response.hits.iter().map(|hit| HitView::new(hit, &request)).collect(),
        similar: response
            .near_by_meaning
            .iter()
            .map(|near| SimilarView::with_place(near, case_address_from(&near.record.id, &request)))
            .collect(),
        pager: Pager::new(&request, &response),
        export: Query::of(&whole).address("/v1/export.csv"),
        feed: Query::of(&whole).address("/v1/feed.atom"),
    };
    Ok(scripted(html(StatusCode::OK, &page)))
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    layout: Layout<'a>,
    is_home: bool,
    query: String,
    count: String,
    notices: Vec<Notice>,
    active: Vec<ActiveFilter>,
    chips: Vec<ChipView>,
    without_filters: String,
    /// Kept in the form where it is not the default.
    per_page: Option<usize>,
    sorts: [SortView; labels::SORTS.len()],
    facets: Vec<FacetView>,
    hits: Vec<HitView>,
    /// Cases near in meaning, which are no hits.
    similar: Vec<SimilarView>,
    pager: Pager,
    /// Addresses of the CSV export and the feed of the results.
    export: String,
    feed: String,
}

/// An active filter, and the address without it.
struct ActiveFilter {
    facet: &'static str,
    label: String,
    without: String,
}

/// A suggested filter, and the address with it.
struct ChipView {
    facet: &'static str,
    label: String,
    address: String,
}

impl ChipView {
    fn new(cpv: &CpvLabels, chip: &Chip, request: &SearchRequest) -> Self {
        let mut filters = request.filters.clone();
        filters.add(chip.facet, chip.selection.clone());
        Self {
            facet: labels::facet(chip.facet),
            label: labels::selection(cpv, chip.facet, &chip.selection),
            address: address(&SearchRequest {
                query: without(&request.query, &chip.range),
                filters,
                offset: 0,
                ..request.clone()
            }),
        }
    }
}

/// Removes a range of words from a query, with the space around it.
fn without(query: &str, words: &Range<usize>) -> String {
    let (before, after) = (query[..words.start].trim_end(), query[words.end..].trim_start());
    [before, after].join(" ").trim().to_owned()
}

struct SortView {
    name: &'static str,
    label: &'static str,
    is_selected: bool,
}

/// A search result.
struct HitView {
    address: String,
    /// HTML.
    title: String,
    /// HTML.
    buyer: Option<String>,
    /// HTML.
    holders: Vec<String>,
    facts: Vec<String>,
    /// HTML.
    snippets: Vec<(String, String)>,
    /// The opening words, where no passage matches.
    extract: Option<String>,
}

impl HitView {
    fn new(hit: &Hit, request: &SearchRequest) -> Self {
        let record = &hit.record;
        let facts = [
            record
                .montant_ht
                .map(|amount| format!("{} HT", french_format::euros(amount))),
            record.duree_mois.map(|months| french_format::months(months.into())),
            record.procedure.map(|procedure| procedure.label().to_owned()),
            record.territoire.last().cloned(),
        ];
        let snippets: Vec<_> = hit
            .snippets
            .iter()
            .map(|snippet| (snippet.section.clone(), marked_html(&snippet.passage)))
            .collect();
        Self {
            address: case_address_from(&record.id, request),
            title: marked_html(&hit.highlights.title),
            buyer: hit.highlights.buyer.as_ref().map(marked_html),
            holders: hit.highlights.holders.iter().map(marked_html).collect(),
            facts: facts.into_iter().flatten().collect(),
            extract: rex_api::excerpt::extract(hit),
            snippets,
        }
    }
}

/// The pagination links.
struct Pager {
    previous: Option<String>,
    next: Option<String>,
    /// Number, address, and whether it is the current page; the address is `None` for a gap.
    pages: Vec<(usize, Option<String>, bool)>,
}

impl Pager {
    fn new(request: &SearchRequest, response: &SearchResponse) -> Self {
        let last = request.pages(response.total);
        let to = |page: usize| address(&request.at_page(page));
        let current = request.page();
        let mut pages = Vec::new();
        let mut before = 0;
        let near = current.saturating_sub(NEIGHBOURS).max(1)..=current.saturating_add(NEIGHBOURS).min(last);
        for page in (1..=last).filter(|page| *page == 1 || *page == last || near.contains(page)) {
            if page > before + 1 {
                pages.push((0, None, false));
            }
            pages.push((page, Some(to(page)), page == current));
            before = page;
        }
        Self {
            previous: (current > 1 && last > 0).then(|| to((current - 1).min(last))),
            next: (current < last).then(|| to(current + 1)),
            pages: if last > 1 { pages } else { Vec::new() },
        }
    }
}

/// The address of a case, with the search for the way back.
fn case_address_from(id: &str, request: &SearchRequest) -> String {
    Query::of(request).address(&case_address(id))
}

fn active_filters(cpv: &CpvLabels, request: &SearchRequest) -> Vec<ActiveFilter> {
    let all: Vec<(_, &Selection)> = request
        .filters
        .iter()
        .flat_map(|(facet, selections)| selections.iter().map(move |selection| (facet, selection)))
        .collect();
    let without = |removed: usize| {
        let mut filters = Filters::default();
        for (rank, (facet, selection)) in all.iter().enumerate() {
            if rank != removed {
                filters.add(*facet, (*selection).clone());
            }
        }
        address(&SearchRequest {
            filters,
            offset: 0,
            ..request.clone()
        })
    };
    let active = all.iter().enumerate().map(|(rank, (facet, selection))| ActiveFilter {
        facet: labels::facet(*facet),
        label: labels::selection(cpv, *facet, selection),
        without: without(rank),
    });
    active.collect()
}
