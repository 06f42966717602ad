//! Addresses of the results page.

use rex_api::query_string::Query;
use rex_query::SearchRequest;

/// The results page of a request.
pub(crate) fn address(request: &SearchRequest) -> String {
    Query::of(request).address("/recherche")
}
