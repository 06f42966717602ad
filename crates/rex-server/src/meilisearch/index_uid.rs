//! Index uids. All of them name the one index.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use rex_corpus::nearest;

use super::error::{ErrorCode, MeilisearchError, short};
use crate::search::app_state::AppState;

/// A known index uid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexUid(pub(super) String);

impl IndexUid {
    /// Validates an index uid.
    ///
    /// # Errors
    /// A malformed or unknown uid.
    pub(super) fn check(name: &str, state: &AppState) -> Result<Self, MeilisearchError> {
        const MAX_BYTES: usize = 512;
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || name.len() > MAX_BYTES || !name.bytes().all(is_of_name) {
            let message = format!(
                "`{}` is not a valid index uid, expected letters without accents, digits, hyphens and underscores, at most {MAX_BYTES}",
                short(name)
            );
            return Err(MeilisearchError::new(ErrorCode::InvalidIndexUid, message));
        }
        let known = || state.index_names().iter().map(String::as_str);
        if known().any(|known| known == name) {
            return Ok(Self(name.to_owned()));
        }
        let near = nearest(name, known()).map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        let message = format!("Index `{}` not found.{near}", short(name));
        Err(MeilisearchError::new(ErrorCode::IndexNotFound, message))
    }
}

impl FromRequestParts<AppState> for IndexUid {
    type Rejection = MeilisearchError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, MeilisearchError> {
        // An undecodable uid is rejected as malformed.
        let name = Path::<String>::from_request_parts(parts, state).await;
        Self::check(name.as_deref().map_or("?", String::as_str), state)
    }
}
