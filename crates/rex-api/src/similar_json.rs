//! The JSON of similar cases.

use rex_corpus::CpvLabels;
use rex_query::Similar;
use serde::Serialize;
use utoipa::ToSchema;

use crate::case_address::case_address;
use crate::case_json::CaseFields;
use crate::similarity_reason::reason_text;

/// The cases nearest to one.
#[derive(Serialize, ToSchema)]
pub struct SimilarAnswer<'a> {
    /// The case they are near to.
    id: &'a str,
    /// The index that answered.
    generation: &'a str,
    /// The nearest first.
    similar: Vec<SimilarJson<'a>>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SimilarJson<'a> {
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

impl<'a> SimilarAnswer<'a> {
    /// The answer for a case id; CPV codes are labelled from `labels`.
    pub fn new(labels: &'a CpvLabels, id: &'a str, generation: &'a str, similar: &'a [Similar]) -> Self {
        let similar = similar.iter().map(|similar| SimilarJson::new(labels, similar));
        Self {
            id,
            generation,
            similar: similar.collect(),
        }
    }
}

impl<'a> SimilarJson<'a> {
    pub(crate) fn new(labels: &'a CpvLabels, similar: &'a Similar) -> Self {
        let record = &similar.record;
        Self {
            id: &record.id,
            url: case_address(&record.id),
            case_type: record.case_type.label(),
            title: &record.titre,
            score: similar.score,
            reasons: similar.reasons.iter().map(reason_text).collect(),
            record: CaseFields::new(labels, record),
        }
    }
}
