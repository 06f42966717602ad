//! The newest hits of a search as an Atom feed.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use rex_corpus::{Date, Record};
use rex_query::{SearchRequest, Sort};

use super::parameters::SearchParameters;
use super::printable::printable;
use crate::http::base_url::base_address;
use crate::http::problem::HttpProblem;
use crate::pages::{address as search_page, attribution};
use crate::search::app_state::AppState;
use rex_api::case_address::case_address;
use rex_api::excerpt::first_words;
use rex_api::french_format;
use rex_api::generation_time::built_at;
use rex_api::problem::{Problem, ProblemJson};
use rex_api::query_string::{Query, UnknownParameters};

/// Entries by default.
const ENTRIES: usize = 50;
/// The update time where the generation name has none.
const UNKNOWN_TIME: &str = "1970-01-01T00:00:00Z";

/// The hits of a search as an Atom feed (RFC 4287): the 50 newest, unless `tri`, `page` or `par_page` ask for others. A reader
/// of feeds that follows it tells of each case that is added.
#[utoipa::path(
    get,
    path = "/v1/feed.atom",
    operation_id = "feed",
    params(SearchParameters),
    responses(
        (status = 200, description = "The feed, one entry a case", body = String, content_type = "application/atom+xml"),
        (status = 400, description = "A parameter is unknown or wrong", body = ProblemJson, content_type = "application/problem+json"),
        (status = 414, description = "The address is longer than 16,384 bytes", body = ProblemJson, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn feed(
    State(state): State<AppState>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, HttpProblem> {
    let query = Query::decode(raw.as_deref().unwrap_or_default())?;
    let mut request = state.resolve(query.request(UnknownParameters::Refuse)?).await?;
    let base = base_address(state.site(), &headers);
    let address = query.of_list(&request).address(&format!("{base}/v1/feed.atom"));
    if !query.has("tri") {
        request.sort = Sort::DateDescending;
    }
    let hits = query.hits(&request).unwrap_or(0..ENTRIES);
    let scan = state.scan(request.clone(), hits).await?;
    let records = state.records(&scan, 0..scan.len()).await?;
    let xml = Feed::new(&state, &base, address, &request, &records).render();
    let xml = xml.map_err(|error| {
        tracing::error!(%error, "failed to render a feed");
        Problem::Internal
    })?;
    let xml: String = printable(&xml)
        .filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect();
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], xml).into_response())
}

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed {
    title: String,
    subtitle: String,
    /// The address of the feed, which is also its id.
    address: String,
    /// The results page of the same search.
    page: String,
    author: String,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    title: String,
    address: String,
    updated: String,
    /// The address of the source publication.
    via: Option<String>,
    themes: Vec<String>,
    summary: String,
}

impl Feed {
    fn new(state: &AppState, base: &str, address: String, request: &SearchRequest, records: &[Record]) -> Self {
        let site = state.site();
        let searched = request.query.trim();
        let updated = built_at(state.generation()).unwrap_or_else(|| UNKNOWN_TIME.to_owned());
        Self {
            title: match searched {
                "" => site.name.clone(),
                words => format!("{words} : {}", site.name),
            },
            subtitle: site.description.clone(),
            address,
            page: format!("{base}{}", search_page(request)),
            author: site.name.clone(),
            entries: records
                .iter()
                .map(|record| Entry::new(base, &updated, record))
                .collect(),
            updated,
        }
    }
}

impl Entry {
    /// An Atom entry. The author is that of the feed. A case without a date gets the build time of the index.
    fn new(base: &str, built: &str, record: &Record) -> Self {
        let facts = [
            record.acheteur.as_ref().map(|buyer| buyer.nom.clone()),
            record.titulaires.first().map(|holder| holder.nom.clone()),
            record
                .montant_ht
                .map(|amount| format!("{} HT", french_format::euros(amount))),
            record.procedure.map(|procedure| procedure.label().to_owned()),
            record.territoire.last().cloned(),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        let text = record.sections.first().map(|section| first_words(&section.texte));
        let source = record.source.as_ref();
        let origin = source.and_then(attribution).map(|origin| format!("{origin}."));
        let parts = [facts.join(" · "), text.unwrap_or_default(), origin.unwrap_or_default()];
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        Self {
            title: record.titre.clone(),
            address: format!("{base}{}", case_address(&record.id)),
            updated: record.date.map_or_else(|| built.to_owned(), day),
            via: source.and_then(|source| source.url.clone()),
            themes: record.themes.clone(),
            summary: parts.join("\n"),
        }
    }
}

/// The start of the day, or of the year, in RFC 3339.
fn day(date: Date) -> String {
    let (month, day) = date.month_and_day().unwrap_or((1, 1));
    format!("{:04}-{month:02}-{day:02}T00:00:00Z", date.year())
}
