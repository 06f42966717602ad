//! Answers the JSON addresses of `/v1` from any [`SearchBackend`]. No HTTP, no clock: for a browser and for tests.

use percent_encoding::percent_decode_str;
use rex_corpus::CpvLabels;
use rex_query::SearchBackend;

use crate::case_id::normalized_id;
use crate::case_json::Case;
use crate::facet_values_json::{FacetValues, facet_of};
use crate::filter_resolver::resolve_filters;
use crate::problem::{MAX_ADDRESS, Problem};
use crate::query_string::{Query, UnknownParameters};
use crate::search_json::Answer;
use crate::similar_json::SimilarAnswer;
use crate::suggest_json::Completions;

/// The API over a backend.
///
/// Its answers are byte for byte those of the server, except `took_ms`, which is 0: there is no clock. Searches have no time
/// limit.
#[derive(Clone, Copy)]
pub struct Api<'a> {
    /// Answers the requests.
    pub backend: &'a dyn SearchBackend,
    /// The names of CPV codes.
    pub labels: &'a CpvLabels,
}

impl Api<'_> {
    /// The JSON of `/v1/search`, `/v1/suggest`, `/v1/facets/{facet}`, `/v1/cases/{id}` or `/v1/cases/{id}/similar`, given the
    /// path and the query string: `/v1/search?q=tri`.
    ///
    /// # Errors
    /// The [`Problem`] that the server answers with: [`Problem::NotFound`] for any other path, a wrong parameter, an unknown
    /// case, an index that cannot be read.
    pub fn answer(&self, path_and_query: &str) -> Result<Vec<u8>, Problem> {
        if path_and_query.len() > MAX_ADDRESS {
            return Err(Problem::AddressTooLong);
        }
        let (path, raw) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let segments: Vec<&str> = path.split('/').collect();
        match segments.as_slice() {
            ["", "v1", "search"] => self.search(raw),
            ["", "v1", "suggest"] => self.suggest(raw),
            ["", "v1", "facets", name] if !name.is_empty() => self.facet_values(name, raw),
            ["", "v1", "cases", id] if !id.is_empty() => self.case(id, raw),
            ["", "v1", "cases", id, "similar"] if !id.is_empty() => self.similar(id, raw),
            _ => Err(Problem::unknown_address(path)),
        }
    }

    fn search(&self, raw: &str) -> Result<Vec<u8>, Problem> {
        let request = Query::decode(raw)?.request(UnknownParameters::Refuse)?;
        let request = resolve_filters(self.backend, request)?;
        let response = self.backend.search(&request)?;
        let json = Answer::new(self.labels, &request, &response).json();
        json.map(|json| json.with_took(std::time::Duration::ZERO))
            .map_err(|_| Problem::Internal)
    }

    fn suggest(&self, raw: &str) -> Result<Vec<u8>, Problem> {
        let (typed, limit) = Query::decode(raw)?.completion()?;
        let completions = self.backend.suggest(&typed, limit)?;
        json(&Completions::new(typed, self.generation(), &completions))
    }

    fn facet_values(&self, name: &str, raw: &str) -> Result<Vec<u8>, Problem> {
        let facet = facet_of(&decoded(name).unwrap_or_default())?;
        let (request, query) = Query::decode(raw)?.facet_request(facet)?;
        let request = resolve_filters(self.backend, request)?;
        let matches = self.backend.facet_values(&request, &query)?;
        json(&FacetValues::new(&query, self.generation(), &matches))
    }

    fn case(&self, id: &str, raw: &str) -> Result<Vec<u8>, Problem> {
        Query::decode(raw)?.expect_none()?;
        let id = case_id(id)?;
        let record = self.backend.case(&id)?;
        json(&Case::new(
            self.labels,
            &record.ok_or_else(|| Problem::unknown_case(&id))?,
        ))
    }

    fn similar(&self, id: &str, raw: &str) -> Result<Vec<u8>, Problem> {
        let limit = Query::decode(raw)?.similar_limit()?;
        let id = case_id(id)?;
        let similar = self.backend.similar(&id, limit)?;
        let similar = similar.ok_or_else(|| Problem::unknown_case(&id))?;
        json(&SimilarAnswer::new(self.labels, &id, &self.generation(), &similar))
    }

    fn generation(&self) -> String {
        self.backend.info().generation
    }
}

/// A segment of a path, decoded; `None` where it is not UTF-8.
fn decoded(segment: &str) -> Option<String> {
    let decoded = percent_decode_str(segment).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

fn case_id(segment: &str) -> Result<String, Problem> {
    let id = decoded(segment).ok_or_else(Problem::undecodable_case)?;
    Ok(normalized_id(&id))
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|_| Problem::Internal)
}
