//! The page of a case.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rex_corpus::{CpvLabels, Record, Section, Source};
use rex_query::{Facet, Filters, Highlighter, Marked, PATH_SEPARATOR, SearchRequest, Selection, Similar};

use super::address::address;
use super::citation::{Citation, page};
use super::layout::Layout;
use super::problem::problem;
use super::response::{html, scripted};
use super::similar::SimilarView;
use super::{json_ld, labels};
use crate::http::base_url::base_address;
use crate::render::markdown;
use crate::search::app_state::AppState;
use rex_api::case_address::case_address;
use rex_api::excerpt::first_words;
use rex_api::french_format;
use rex_api::html_escape::marked_html;
use rex_api::problem::Problem;
use rex_api::query_string::{Query, UnknownParameters};

/// Similar cases shown.
const SIMILAR: usize = 5;
/// Bytes of a case in which matches are marked, about eighty pages. Bounds the work per page view.
const MAX_MARKED: usize = 256 << 10;

/// The page of a case: facts, text, source and similar cases.
pub(crate) async fn case(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let record = match id {
        Ok(Path(id)) => state.case(id).await,
        Err(_) => Err(Problem::NotFound(String::new())),
    };
    match record {
        Ok(record) => show(&state, record, raw.as_deref().unwrap_or_default(), &headers).await,
        Err(error) => problem(&state, &error),
    }
}

async fn show(state: &AppState, record: Record, raw: &str, headers: &HeaderMap) -> Response {
    let search = Query::decode(raw)
        .and_then(|query| query.request(UnknownParameters::Ignore))
        .unwrap_or_default();
    // The page is shown without similar cases or marks where these fail; the error is logged.
    let similar = state.similar(record.id.clone(), SIMILAR).await;
    let (_, similar) = similar.unwrap_or_default();
    let highlighter = match search.query.trim() {
        "" => None,
        query => state.highlighter(query.to_owned()).await.ok(),
    };
    let rendered = state.render(move || {
        let text = MarkedText::new(&record, highlighter.as_deref());
        (record, text)
    });
    let (record, text) = match rendered.await {
        Ok(rendered) => rendered,
        Err(error) => return problem(state, &error),
    };
    let page = CasePage::new(
        state,
        &base_address(state.site(), headers),
        record,
        text,
        &similar,
        &search,
    );
    // The script copies the citation.
    scripted(html(StatusCode::OK, &page))
}

/// The texts of a case as HTML, with the matches of the search marked.
struct MarkedText {
    title: String,
    /// Title and HTML of each section. Titles are not escaped yet.
    sections: Vec<(String, String)>,
}

impl MarkedText {
    fn new(record: &Record, highlighter: Option<&dyn Highlighter>) -> Self {
        let mut budget = MAX_MARKED;
        let mut text = |section: &Section, rank: usize| match highlighter {
            Some(highlighter) if section.texte.len() <= budget => {
                budget -= section.texte.len();
                markdown::to_marked_html(&section.texte, rank, highlighter)
            }
            _ => markdown::to_html(&section.texte, rank),
        };
        let shown = record.sections.iter().filter(|section| !section.texte.is_empty());
        let sections = shown
            .zip(1..)
            .map(|(section, rank)| (section.titre.clone(), text(section, rank)));
        let title = highlighter.map(|highlighter| highlighter.highlight(&record.titre));
        Self {
            sections: sections.collect(),
            title: marked_html(&title.unwrap_or_else(|| Marked {
                text: record.titre.clone(),
                marks: Vec::new(),
            })),
        }
    }
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage<'a> {
    layout: Layout<'a>,
    /// The search that led here.
    back: String,
    is_from_search: bool,
    text: MarkedText,
    figures: Vec<Figure>,
    source: Option<SourceView>,
    citation: Citation,
    /// JSON-LD, escaped for a `<script>` element.
    linked_data: String,
    /// Values that the importer rejected.
    anomalies: Vec<String>,
    similar: Vec<SimilarView>,
}

/// A fact: its label and its values.
struct Figure {
    label: &'static str,
    values: Vec<LinkedValue>,
}

/// A text, and the search for the cases with the same value.
type LinkedValue = (String, Option<String>);

struct SourceView {
    /// Title, publisher and page in one line.
    citation: String,
    url: Option<String>,
}

impl<'a> CasePage<'a> {
    fn new(
        state: &'a AppState,
        base: &str,
        record: Record,
        text: MarkedText,
        similar: &[Similar],
        search: &SearchRequest,
    ) -> Self {
        let site = state.site();
        let canonical = format!("{base}{}", case_address(&record.id));
        let description = description(&record).unwrap_or_else(|| site.description.clone());
        Self {
            is_from_search: *search != SearchRequest::default(),
            back: address(search),
            figures: figures(state.labels(), &record),
            source: record.source.as_ref().map(SourceView::from),
            citation: Citation::new(site, &canonical, &record),
            linked_data: json_ld::article(site, state.labels(), &canonical, &description, &record),
            similar: similar
                .iter()
                .map(|near| SimilarView::with_reasons(near, case_address(&near.record.id)))
                .collect(),
            text,
            layout: Layout {
                canonical: Some(canonical),
                description: Some(description),
                is_article: true,
                ..Layout::new(site, record.titre)
            },
            anomalies: record.anomalies,
        }
    }
}

/// The opening words of a case, or its facts where it has no text.
fn description(record: &Record) -> Option<String> {
    let texts = record.sections.iter().map(|section| first_words(&section.texte));
    let facts = || {
        let facts = [
            record.acheteur.as_ref().map(|buyer| buyer.nom.clone()),
            record.titulaires.first().map(|holder| holder.nom.clone()),
            record
                .montant_ht
                .map(|amount| format!("{} HT", french_format::euros(amount))),
        ];
        facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let mut described = texts.chain(std::iter::once_with(facts));
    described.find(|text| !text.is_empty())
}

impl From<&Source> for SourceView {
    fn from(source: &Source) -> Self {
        let parts = [source.titre.clone(), source.editeur.clone(), source.page.map(page)];
        let citation = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        Self {
            citation: if citation.is_empty() {
                source.url.clone().unwrap_or_default()
            } else {
                citation
            },
            url: source.url.clone(),
        }
    }
}

fn figures(labels: &CpvLabels, record: &Record) -> Vec<Figure> {
    let plain = |value: Option<String>| value.map(|value| (value, None)).into_iter().collect();
    // In the publisher's order.
    let each = |facet: Facet, values: Vec<String>| -> Vec<LinkedValue> {
        values
            .iter()
            .map(|value| linked(facet, value, labels::value(labels, facet, value)))
            .collect()
    };
    let all = |facet: Facet| each(facet, facet.values(record));
    let holders = record.titulaires.iter().map(|holder| {
        let name = match holder.structure.as_slice() {
            [] => holder.nom.clone(),
            structure => {
                let kinds: Vec<String> = structure
                    .iter()
                    .map(|kind| french_format::within_sentence(kind))
                    .collect();
                format!("{} ({})", holder.nom, kinds.join(", "))
            }
        };
        linked(Facet::Titulaire, &holder.nom, name)
    });
    let figures: [(&'static str, Vec<LinkedValue>); 12] = [
        ("Acheteur", all(Facet::Acheteur)),
        ("Titulaire", holders.collect()),
        (
            "Montant",
            plain(
                record
                    .montant_ht
                    .map(|amount| format!("{} HT", french_format::euros(amount))),
            ),
        ),
        (
            "Durée",
            plain(record.duree_mois.map(|months| french_format::months(months.into()))),
        ),
        ("Procédure", all(Facet::Procedure)),
        (
            "Réservé à",
            each(Facet::Reserve, record.reserve.iter().map(ToString::to_string).collect()),
        ),
        ("Lots", plain(record.lots.map(french_format::lots))),
        ("Nature", all(Facet::Nature)),
        ("Objet (CPV)", cpv(labels, record)),
        ("Territoire", territory(record)),
        ("Notification", plain(record.date.map(french_format::date))),
        ("Thèmes", each(Facet::Theme, record.themes.clone())),
    ];
    let figures = figures.into_iter().filter(|(_, values)| !values.is_empty());
    figures.map(|(label, values)| Figure { label, values }).collect()
}

/// The CPV code and its division, labelled.
fn cpv(labels: &CpvLabels, record: &Record) -> Vec<LinkedValue> {
    let branches = record.cpv.map(|cpv| cpv.branches()).unwrap_or_default();
    let mut shown: Vec<_> = branches.last().into_iter().chain(branches.first()).collect();
    shown.dedup();
    let value = |digits: &String| linked(Facet::Cpv, digits, labels::value(labels, Facet::Cpv, digits));
    shown.into_iter().map(value).collect()
}

/// The levels of the territory, each linked. A level named like its parent is left out.
fn territory(record: &Record) -> Vec<LinkedValue> {
    let levels = record.territoire.iter().enumerate();
    let distinct = levels.filter(|(depth, name)| *depth == 0 || record.territoire[depth - 1] != **name);
    let level = |(depth, name): (usize, &String)| {
        let path = record.territoire[..=depth].join(PATH_SEPARATOR);
        linked(Facet::Territoire, &path, name.clone())
    };
    distinct.map(level).collect()
}

/// A value with a link to the cases that share it.
fn linked(facet: Facet, value: &str, label: String) -> LinkedValue {
    let mut filters = Filters::default();
    filters.add(facet, Selection::Value(value.to_owned()));
    let request = SearchRequest {
        filters,
        ..SearchRequest::default()
    };
    (label, Some(address(&request)))
}
