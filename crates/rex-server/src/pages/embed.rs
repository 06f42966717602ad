//! `/integrer`: builds the HTML snippet of the widget for other sites.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rex_corpus::CpvLabels;
use rex_query::{Facet, FacetCounts, SearchRequest, TreeValue};

use super::labels;
use super::layout::Layout;
use super::problem::problem;
use super::response::{html, scripted};
use crate::http::base_url::base_address;
use crate::search::app_state::AppState;
use crate::site::widget::widget_integrity;
use rex_api::problem::Problem;

/// Values proposed per facet.
const PROPOSED: usize = 100;

/// The parts of the widget that `::part()` can style.
const PARTS: [&str; 21] = [
    "rex", "search", "input", "button", "options", "option", "filters", "facet", "slider", "map", "results", "heading",
    "hit", "title", "snippet", "mark", "chip", "pager", "status", "error", "empty",
];

/// The page.
pub(crate) async fn integrate(State(state): State<AppState>, headers: HeaderMap) -> Response {
    page(&state, &headers)
        .await
        .unwrap_or_else(|error| problem(&state, &error))
}

async fn page(state: &AppState, headers: &HeaderMap) -> Result<Response, Problem> {
    let counted = state
        .search(SearchRequest {
            limit: 0,
            facets: labels::ORDER.to_vec(),
            max_values: PROPOSED,
            ..SearchRequest::default()
        })
        .await?;
    let base = base_address(state.site(), headers);
    let page = IntegratePage {
        layout: Layout {
            canonical: Some(format!("{base}/integrer")),
            ..Layout::new(state.site(), "Intégrer la recherche")
        },
        facets: labels::ORDER.map(|facet| (facet.name(), labels::facet(facet))),
        presets: counted
            .facets
            .iter()
            .filter_map(|(facet, counts)| PresetView::new(state.labels(), *facet, counts))
            .collect(),
        integrity: widget_integrity(),
        snippet: Snippet { base: base.clone() },
        base_address: base,
    };
    Ok(scripted(html(StatusCode::OK, &page)))
}

#[derive(Template)]
#[template(path = "integrate.html")]
struct IntegratePage<'a> {
    layout: Layout<'a>,
    /// The base URL of the server.
    base_address: String,
    /// Names and labels.
    facets: [(&'static str, &'static str); labels::ORDER.len()],
    presets: Vec<PresetView>,
    integrity: &'static str,
    snippet: Snippet,
}

/// The default snippet. The script of the page edits this text, so that it exists only once.
#[derive(Template)]
#[template(path = "snippet.html")]
struct Snippet {
    base: String,
}

/// A facet that can be preset, and proposed values.
struct PresetView {
    name: &'static str,
    title: &'static str,
    options: Vec<OptionView>,
}

/// A value, and its label where it differs.
struct OptionView {
    value: String,
    label: Option<String>,
}

impl PresetView {
    /// `None` for numeric facets, which have too many values to propose.
    fn new(cpv: &CpvLabels, facet: Facet, counts: &FacetCounts) -> Option<Self> {
        let mut options = Vec::new();
        match counts {
            FacetCounts::Terms { values, .. } => {
                options.extend(
                    values
                        .iter()
                        .map(|value| OptionView::new(cpv, facet, &value.value, &value.value)),
                );
            }
            FacetCounts::Hierarchy { values, .. } => add_tree(&mut options, cpv, facet, values),
            FacetCounts::Range { .. } => return None,
        }
        Some(Self {
            name: facet.name(),
            title: labels::facet(facet),
            options,
        })
    }
}

impl OptionView {
    fn new(cpv: &CpvLabels, facet: Facet, selects: &str, name: &str) -> Self {
        let label = labels::value(cpv, facet, name);
        Self {
            value: selects.to_owned(),
            // A path is more specific than its last level.
            label: (label != name).then_some(label),
        }
    }
}

/// Appends the values of a hierarchy in preorder.
fn add_tree(options: &mut Vec<OptionView>, cpv: &CpvLabels, facet: Facet, values: &[TreeValue]) {
    for value in values {
        options.push(OptionView::new(cpv, facet, &value.path, &value.value));
        add_tree(options, cpv, facet, &value.children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facets_are_in_the_order_of_the_widget() {
        let module = include_str!("../../assets/widget/state.js");
        let (_, list) = module.split_once("FACETS = [").unwrap();
        let (list, _) = list.split_once(']').unwrap();
        let names: Vec<&str> = list
            .split(',')
            .map(|name| name.trim().trim_matches('"'))
            .filter(|name| !name.is_empty())
            .collect();
        assert_eq!(labels::ORDER.map(Facet::name).to_vec(), names);
    }

    #[test]
    fn an_address_cannot_leave_its_attribute() {
        let base = "https://rex.example.org/\"><script>&".to_owned();
        let snippet = Snippet { base }.render().unwrap();
        assert_eq!(snippet.matches('<').count(), 11, "{snippet}");
        assert!(
            snippet.contains("src=\"https://rex.example.org/&#34;&#62;&#60;script&#62;&#38;\">"),
            "{snippet}"
        );
    }
}
