//! Errors in the format and with the codes of Meilisearch.

use std::fmt;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::http::problem::status;
use rex_api::problem::Problem;

/// Declares the error codes with their HTTP statuses.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal $status:ident,)+) => {
        /// Error codes of Meilisearch. Clients distinguish errors by them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum ErrorCode {
            $($(#[$doc])* $code,)+
        }

        impl ErrorCode {
            /// The code as clients see it.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }

            /// The HTTP status of the code.
            const fn status(self) -> StatusCode {
                match self {
                    $(Self::$code => StatusCode::$status,)+
                }
            }
        }
    };
}

codes! {
    BadRequest = "bad_request" BAD_REQUEST,
    IndexNotFound = "index_not_found" NOT_FOUND,
    NotFound = "not_found" NOT_FOUND,
    MethodNotAllowed = "method_not_allowed" METHOD_NOT_ALLOWED,
    MissingContentType = "missing_content_type" UNSUPPORTED_MEDIA_TYPE,
    InvalidContentType = "invalid_content_type" UNSUPPORTED_MEDIA_TYPE,
    MissingPayload = "missing_payload" BAD_REQUEST,
    MalformedPayload = "malformed_payload" BAD_REQUEST,
    PayloadTooLarge = "payload_too_large" PAYLOAD_TOO_LARGE,
    /// Specific to Rex: Meilisearch has no such timeout.
    PayloadTooLate = "payload_too_late" REQUEST_TIMEOUT,
    Internal = "internal" INTERNAL_SERVER_ERROR,
    TooManySearches = "too_many_search_requests" SERVICE_UNAVAILABLE,
    MissingIndexUid = "missing_index_uid" BAD_REQUEST,
    InvalidIndexUid = "invalid_index_uid" BAD_REQUEST,
    InvalidIndexOffset = "invalid_index_offset" BAD_REQUEST,
    InvalidIndexLimit = "invalid_index_limit" BAD_REQUEST,
    Q = "invalid_search_q" BAD_REQUEST,
    Offset = "invalid_search_offset" BAD_REQUEST,
    Limit = "invalid_search_limit" BAD_REQUEST,
    Page = "invalid_search_page" BAD_REQUEST,
    HitsPerPage = "invalid_search_hits_per_page" BAD_REQUEST,
    Filter = "invalid_search_filter" BAD_REQUEST,
    Facets = "invalid_search_facets" BAD_REQUEST,
    Sort = "invalid_search_sort" BAD_REQUEST,
    AttributesToRetrieve = "invalid_search_attributes_to_retrieve" BAD_REQUEST,
    AttributesToHighlight = "invalid_search_attributes_to_highlight" BAD_REQUEST,
    AttributesToCrop = "invalid_search_attributes_to_crop" BAD_REQUEST,
    HighlightPreTag = "invalid_search_highlight_pre_tag" BAD_REQUEST,
    HighlightPostTag = "invalid_search_highlight_post_tag" BAD_REQUEST,
    CropLength = "invalid_search_crop_length" BAD_REQUEST,
    CropMarker = "invalid_search_crop_marker" BAD_REQUEST,
    MatchingStrategy = "invalid_search_matching_strategy" BAD_REQUEST,
    ShowRankingScore = "invalid_search_show_ranking_score" BAD_REQUEST,
    ShowMatchesPosition = "invalid_search_show_matches_position" BAD_REQUEST,
    ShowRankingScoreDetails = "invalid_search_show_ranking_score_details" BAD_REQUEST,
    AttributesToSearchOn = "invalid_search_attributes_to_search_on" BAD_REQUEST,
    RankingScoreThreshold = "invalid_search_ranking_score_threshold" BAD_REQUEST,
    Distinct = "invalid_search_distinct" BAD_REQUEST,
    Vector = "invalid_search_vector" BAD_REQUEST,
    RetrieveVectors = "invalid_search_retrieve_vectors" BAD_REQUEST,
    Hybrid = "invalid_search_hybrid_query" BAD_REQUEST,
    Embedder = "invalid_search_embedder" BAD_REQUEST,
    SemanticRatio = "invalid_search_semantic_ratio" BAD_REQUEST,
    Locales = "invalid_search_locales" BAD_REQUEST,
    Personalize = "invalid_search_personalize" BAD_REQUEST,
    Media = "invalid_search_media" BAD_REQUEST,
    Federation = "invalid_multi_search_federation" BAD_REQUEST,
    FederationOptions = "invalid_multi_search_federation_options" BAD_REQUEST,
    MissingFacetName = "missing_facet_search_facet_name" BAD_REQUEST,
    FacetName = "invalid_facet_search_facet_name" BAD_REQUEST,
    FacetQuery = "invalid_facet_search_facet_query" BAD_REQUEST,
}

/// An error response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MeilisearchError {
    code: ErrorCode,
    /// What is wrong, and what was expected.
    message: String,
    /// Seconds, for `Retry-After`.
    retry_after: Option<u64>,
}

/// The JSON of an error.
#[derive(Serialize)]
struct ErrorJson<'a> {
    message: &'a str,
    code: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    link: String,
}

impl MeilisearchError {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after: None,
        }
    }

    /// Prefixes the message with the index of the query in `/multi-search`, from 0.
    pub(super) fn in_query(self, rank: usize) -> Self {
        Self {
            message: format!("Inside `.queries[{rank}]`: {}", self.message),
            ..self
        }
    }
}

/// For tests and logs.
impl fmt::Display for MeilisearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}

/// Request values are validated before the backend is called: what fails here is an error of the server.
impl From<Problem> for MeilisearchError {
    fn from(problem: Problem) -> Self {
        let code = match status(&problem) {
            StatusCode::SERVICE_UNAVAILABLE => ErrorCode::TooManySearches,
            status if status.is_client_error() => ErrorCode::BadRequest,
            _ => ErrorCode::Internal,
        };
        Self {
            retry_after: problem.retry_after(),
            ..Self::new(code, problem.to_string())
        }
    }
}

impl IntoResponse for MeilisearchError {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let body = ErrorJson {
            message: &self.message,
            code: self.code.name(),
            kind: if self.code == ErrorCode::TooManySearches {
                "system"
            } else if status.is_server_error() {
                "internal"
            } else {
                "invalid_request"
            },
            // Meilisearch documents the codes.
            link: format!("https://docs.meilisearch.com/errors#{}", self.code.name()),
        };
        // A struct of strings always serializes.
        let json = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/json")], json).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The part of a value that an error message quotes.
pub(super) fn short(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
