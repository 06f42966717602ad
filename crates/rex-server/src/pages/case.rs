use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rex_corpus::{CpvLabels, Record, Source};
use rex_search::{Facet, Filters, PATH_SEPARATOR, SearchRequest, Selection, Similar};

use super::search::address;
use super::{Frame, format, html, labels, problem};
use crate::api::case_address;
use crate::base::base_address;
use crate::markdown;
use crate::problem::Problem;
use crate::query::{Query, Unknown};
use crate::reason::worded;
use crate::state::AppState;

/// Cases shown that are near the one of the page.
const SIMILAR: usize = 5;

/// A whole case: its figures, its text, its source, and the cases near it.
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
        Ok(record) => {
            // A case can be read without those near it; what failed is logged.
            let similar = state.similar(record.id.clone(), SIMILAR).await;
            let (_, similar) = similar.unwrap_or_default();
            let base = base_address(state.site(), &headers);
            let page = CasePage::new(&state, &base, record, &similar, raw.as_deref().unwrap_or_default());
            html(StatusCode::OK, &page)
        }
        Err(error) => problem(&state, &error),
    }
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage<'a> {
    frame: Frame<'a>,
    /// The search the visitor comes from.
    back: String,
    is_from_search: bool,
    title: String,
    figures: Vec<Figure>,
    /// Titles, and texts as HTML.
    sections: Vec<(String, String)>,
    source: Option<SourceView>,
    /// What an importer left out of the fields.
    anomalies: Vec<String>,
    similar: Vec<SimilarView>,
}

/// One fact of a case: what it is, and its values, each a search for the cases that share it where that makes sense.
struct Figure {
    label: &'static str,
    values: Vec<Value>,
}

/// What is shown, and the address of the search for the cases that share it.
type Value = (String, Option<String>);

/// A case near this one.
struct SimilarView {
    address: String,
    title: String,
    /// What they have in common.
    reasons: Vec<String>,
}

struct SourceView {
    /// Title, publisher and page, in one line.
    citation: String,
    url: Option<String>,
}

impl<'a> CasePage<'a> {
    fn new(state: &'a AppState, base: &str, record: Record, similar: &[Similar], raw: &str) -> Self {
        let search = Query::decode(raw)
            .and_then(|query| query.request(Unknown::Ignore))
            .unwrap_or_default();
        Self {
            frame: Frame {
                canonical: Some(format!("{base}{}", case_address(&record.id))),
                ..Frame::new(state.site(), record.titre.clone())
            },
            is_from_search: search != SearchRequest::default(),
            back: address(&search),
            figures: figures(state.labels(), &record),
            sections: record
                .sections
                .iter()
                .filter(|section| !section.texte.is_empty())
                .map(|section| (section.titre.clone(), markdown::to_html(&section.texte)))
                .collect(),
            source: record.source.as_ref().map(SourceView::from),
            anomalies: record.anomalies.clone(),
            similar: similar.iter().map(SimilarView::from).collect(),
            title: record.titre,
        }
    }
}

impl From<&Similar> for SimilarView {
    fn from(similar: &Similar) -> Self {
        Self {
            address: case_address(&similar.record.id),
            title: similar.record.titre.clone(),
            reasons: similar.reasons.iter().map(worded).collect(),
        }
    }
}

impl From<&Source> for SourceView {
    fn from(source: &Source) -> Self {
        let page = source.page.map(|page| format!("p.\u{a0}{page}"));
        let parts = [source.titre.clone(), source.editeur.clone(), page];
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
    // In the order the publisher gives them.
    let each = |facet: Facet, values: Vec<String>| -> Vec<Value> {
        values
            .iter()
            .map(|value| linked(facet, value, labels::value(labels, facet, value)))
            .collect()
    };
    let all = |facet: Facet| each(facet, facet.values(record));
    let holders = record.titulaires.iter().map(|holder| {
        let name = match &holder.structure {
            Some(structure) => format!("{} ({})", holder.nom, structure.to_lowercase()),
            None => holder.nom.clone(),
        };
        linked(Facet::Titulaire, &holder.nom, name)
    });
    let figures: [(&'static str, Vec<Value>); 12] = [
        ("Acheteur", all(Facet::Acheteur)),
        ("Titulaire", holders.collect()),
        (
            "Montant",
            plain(record.montant_ht.map(|amount| format!("{} HT", format::euros(amount)))),
        ),
        (
            "Durée",
            plain(record.duree_mois.map(|months| format::months(months.into()))),
        ),
        ("Procédure", all(Facet::Procedure)),
        (
            "Réservé à",
            each(Facet::Reserve, record.reserve.iter().map(ToString::to_string).collect()),
        ),
        ("Lots", plain(record.lots.map(format::lots))),
        ("Nature", all(Facet::Nature)),
        ("Objet (CPV)", cpv(labels, record)),
        ("Territoire", territory(record)),
        ("Notification", plain(record.date.map(format::date))),
        ("Thèmes", each(Facet::Theme, record.themes.clone())),
    ];
    let figures = figures.into_iter().filter(|(_, values)| !values.is_empty());
    figures.map(|(label, values)| Figure { label, values }).collect()
}

/// The code and its division, each with what it is called.
fn cpv(labels: &CpvLabels, record: &Record) -> Vec<Value> {
    let branches = record.cpv.map(|cpv| cpv.branches()).unwrap_or_default();
    let mut shown: Vec<_> = branches.last().into_iter().chain(branches.first()).collect();
    shown.dedup();
    let value = |digits: &String| linked(Facet::Cpv, digits, labels::value(labels, Facet::Cpv, digits));
    shown.into_iter().map(value).collect()
}

/// The levels of the territory, each a search of its own, those named like the one above left out.
fn territory(record: &Record) -> Vec<Value> {
    let levels = record.territoire.iter().enumerate();
    let distinct = levels.filter(|(depth, name)| *depth == 0 || record.territoire[depth - 1] != **name);
    let level = |(depth, name): (usize, &String)| {
        let path = record.territoire[..=depth].join(PATH_SEPARATOR);
        linked(Facet::Territoire, &path, name.clone())
    };
    distinct.map(level).collect()
}

/// A value and the search for the cases that share it.
fn linked(facet: Facet, value: &str, label: String) -> Value {
    let mut filters = Filters::default();
    filters.add(facet, Selection::Value(value.to_owned()));
    let request = SearchRequest {
        filters,
        ..SearchRequest::default()
    };
    (label, Some(address(&request)))
}
