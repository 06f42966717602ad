//! Exports the hits of a search as CSV.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use rex_query::Scan;
use tokio::sync::OwnedSemaphorePermit;

use super::csv::{self, Table};
use super::parameters::SearchParameters;
use crate::http::base_url::base_address;
use crate::http::problem::HttpProblem;
use crate::search::app_state::AppState;
use rex_api::problem::ProblemJson;
use rex_api::query_string::{Query, UnknownParameters};

/// Rows per chunk. Bounds the memory that a slow client holds.
const ROWS_PER_CHUNK: usize = 200;

/// The hits of a search as CSV, for a spreadsheet: UTF-8 with a byte order mark, `;` between cells, a decimal comma. All hits
/// in the order asked for; those of one page where `page` or `par_page` is given.
#[utoipa::path(
    get,
    path = "/v1/export.csv",
    operation_id = "export",
    params(SearchParameters),
    responses(
        (status = 200, description = "One row a case, after a row of headings", body = String, content_type = "text/csv"),
        (status = 400, description = "A parameter is unknown or wrong", body = ProblemJson, content_type = "application/problem+json"),
        (status = 414, description = "The address is longer than 16,384 bytes", body = ProblemJson, content_type = "application/problem+json"),
        (status = 503, description = "Too many exports are under way", body = ProblemJson, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds"))),
    )
)]
pub(crate) async fn export(
    State(state): State<AppState>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, HttpProblem> {
    let query = Query::decode(raw.as_deref().unwrap_or_default())?;
    let request = state.resolve(query.request(UnknownParameters::Refuse)?).await?;
    let hits = query.hits(&request).unwrap_or(0..usize::MAX);
    let permit = state.export_permit()?;
    let scan = state.scan(request, hits).await?;
    let export = Export {
        base: base_address(state.site(), &headers),
        state,
        scan,
        rows: 0..0,
        _permit: permit,
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rex.csv\""),
    ];
    Ok((headers, Body::from_stream(stream::try_unfold(export, Export::next))).into_response())
}

/// A running export.
struct Export {
    base: String,
    state: AppState,
    scan: Arc<dyn Scan>,
    /// The rows of the last chunk.
    rows: Range<usize>,
    /// Released after the last chunk, or when the client disconnects.
    _permit: OwnedSemaphorePermit,
}

impl Export {
    /// The next chunk, produced when the client is ready for it; `None` at the end.
    async fn next(mut self) -> io::Result<Option<(Vec<u8>, Self)>> {
        let is_first = self.rows.end == 0;
        if !is_first && self.rows.end >= self.scan.len() {
            return Ok(None);
        }
        self.rows = self.rows.end..self.rows.end + ROWS_PER_CHUNK;
        // The response has started: aborting it is the only way to signal an error.
        let records = self.state.records(&self.scan, self.rows.clone()).await;
        let records = records.map_err(|problem| io::Error::other(problem.to_string()))?;
        let mut table = if is_first {
            Table::with_headings()?
        } else {
            Table::default()
        };
        for record in &records {
            table.add(&csv::row(self.state.labels(), &self.base, record))?;
        }
        Ok(Some((table.finish()?, self)))
    }
}
