use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use rex_corpus::CpvLabels;
use rex_search::Similar;
use serde::Serialize;
use utoipa::ToSchema;

use super::record::CaseFields;
use super::{case_address, json};
use crate::problem::{Problem, ProblemJson};
use crate::query::Query;
use crate::reason::worded;
use crate::state::AppState;

/// The parameter that says how many cases are given.
const LIMIT: &str = "limite";
const DEFAULT_LIMIT: usize = 5;
const MAX_LIMIT: usize = 20;

/// The cases nearest to one.
#[derive(Serialize, ToSchema)]
pub(crate) struct SimilarAnswer<'a> {
    /// The case they are near to.
    id: &'a str,
    /// The index that answered.
    generation: &'a str,
    /// The nearest first.
    similar: Vec<SimilarJson<'a>>,
}

#[derive(Serialize, ToSchema)]
struct SimilarJson<'a> {
    id: &'a str,
    /// The page of the case, from the root of the site.
    url: String,
    #[serde(rename = "type")]
    case_type: &'static str,
    title: &'a str,
    /// How near it is, above 0 and up to 10.
    score: f32,
    /// What the cases have in common, in French; at least one.
    #[schema(example = json!(["même code CPV : 75231240-8", "mots en commun : cartons, collecte, tri"]))]
    reasons: Vec<String>,
    record: CaseFields<'a>,
}

/// The cases nearest to one, and why: what they say, what is bought, where, for how much, and to whom it is reserved.
#[utoipa::path(
    get,
    path = "/v1/cases/{id}/similar",
    operation_id = "similar",
    params(
        ("id" = String, Path, description = "The id of the case"),
        ("limite" = Option<usize>, Query, description = "How many cases at most; 5 by default.", minimum = 1, maximum = 20),
    ),
    responses(
        (status = 200, description = "The nearest cases; none where nothing is in common", body = SimilarAnswer<'static>),
        (status = 400, description = "A parameter is unknown or wrong", body = ProblemJson, content_type = "application/problem+json"),
        (status = 404, description = "No case has this id", body = ProblemJson, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn similar(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let limit = Query::decode(raw.as_deref().unwrap_or_default())?.only_number(LIMIT, DEFAULT_LIMIT, MAX_LIMIT)?;
    let Ok(Path(id)) = id else {
        return Err(Problem::NotFound("no case has this id, which is not UTF-8".to_owned()));
    };
    let (id, similar) = state.similar(id, limit).await?;
    json(&SimilarAnswer {
        id: &id,
        generation: state.engine().generation(),
        similar: similar
            .iter()
            .map(|similar| SimilarJson::new(state.labels(), similar))
            .collect(),
    })
}

impl<'a> SimilarJson<'a> {
    fn new(labels: &'a CpvLabels, similar: &'a Similar) -> Self {
        let record = &similar.record;
        Self {
            id: &record.id,
            url: case_address(&record.id),
            case_type: record.case_type.label(),
            title: &record.titre,
            score: similar.score,
            reasons: similar.reasons.iter().map(worded).collect(),
            record: CaseFields::new(labels, record),
        }
    }
}
