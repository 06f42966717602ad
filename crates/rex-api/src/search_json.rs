//! The JSON of a search answer, written out type by type: the backend types do not serialize.

use std::collections::BTreeMap;
use std::time::Duration;

use rex_corpus::CpvLabels;
use rex_query::{Hit, SearchRequest, SearchResponse, Suggestions};
use serde::Serialize;
use utoipa::ToSchema;

use crate::case_address::case_address;
use crate::case_json::CaseFields;
use crate::excerpt::extract;
use crate::facet_counts_json::{FacetJson, Facets};
use crate::html_escape::marked_html;
use crate::parameter_values::{selection_value, sort_name};
use crate::similar_json::SimilarJson;

/// Initial buffer size; most answers fit.
const TYPICAL_BYTES: usize = 16 << 10;

/// The answer to a search.
#[derive(ToSchema)]
pub struct Answer<'a> {
    query: Asked<'a>,
    /// Cases that match.
    total: u64,
    page: usize,
    per_page: usize,
    /// Pages one can ask for.
    pages: usize,
    /// Milliseconds spent.
    #[expect(dead_code, reason = "in the schema only: `SearchJson` writes the time")]
    took_ms: f64,
    /// The index that answered.
    generation: &'a str,
    hits: Vec<HitJson<'a>>,
    /// By name, in the order asked for.
    #[schema(value_type = BTreeMap<String, FacetJson<'static>>)]
    facets: Facets<'a>,
    suggestions: SuggestionsJson<'a>,
    /// Cases near in meaning, the nearest first, where a word is in no case or nothing is found, and at most a hundred cases are hits; on
    /// the first page; left out where there is none. They are no hits: `total`, `facets` and exports do not count them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    near_by_meaning: Vec<SimilarJson<'a>>,
}

/// What was asked, as understood.
#[derive(Serialize, ToSchema)]
struct Asked<'a> {
    q: &'a str,
    filters: BTreeMap<&'static str, Vec<String>>,
    sort: &'static str,
}

#[derive(Serialize, ToSchema)]
struct HitJson<'a> {
    id: &'a str,
    /// The page of the case, from the root of the site.
    url: String,
    #[serde(rename = "type")]
    case_type: &'static str,
    title: &'a str,
    /// Larger is better; 0 where hits are not in the order of relevance.
    score: f32,
    record: CaseFields<'a>,
    highlights: HighlightsJson,
    /// The best passage of each section that matches.
    snippets: Vec<SnippetJson<'a>>,
    /// The first words of the text, as they are, where no passage matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    extract: Option<String>,
}

/// Short fields as HTML: escaped, the words found within `<mark>`.
#[derive(Serialize, ToSchema)]
struct HighlightsJson {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    acheteur: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    titulaires: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct SnippetJson<'a> {
    /// The title of the section.
    section: &'a str,
    /// Escaped, the words found within `<mark>`.
    html: String,
}

#[derive(Serialize, ToSchema)]
struct SuggestionsJson<'a> {
    /// The query as it was searched, where words that no case holds were replaced; without `corrections`, an offer that was not
    /// applied.
    did_you_mean: Option<&'a str>,
    /// The words that were replaced, in the order typed; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    corrections: Vec<CorrectionJson<'a>>,
    /// True when no case holds all the words, or next to none, and those holding most of them are shown too.
    relaxed: bool,
    /// How many of the hits lack a word of the query, those in `missing` and `optional` aside: few hold all of them, or these score as high as the first page of those that do.
    /// `matching=all` leaves them out. Left out where there is none.
    #[serde(skip_serializing_if = "is_zero")]
    #[schema(required = false)]
    lacking_words: u64,
    /// Words of the query that no case holds, in any form.
    missing: &'a [String],
    /// Words of the query that hits need not hold: a chip names their value.
    optional: &'a [String],
    /// Words found by other words of their family too.
    derived: &'a [String],
    /// Parts of the query that could be filters.
    chips: Vec<ChipJson<'a>>,
}

#[derive(Serialize, ToSchema)]
struct CorrectionJson<'a> {
    /// As it was typed.
    from: &'a str,
    /// What was searched instead.
    to: &'a str,
}

#[derive(Serialize, ToSchema)]
struct ChipJson<'a> {
    /// The words of the query.
    text: &'a str,
    /// The parameter that would narrow to what they say.
    facet: &'static str,
    /// Its value, as the parameter takes it.
    #[schema(example = "..40000")]
    value: String,
}

/// The JSON of a search answer, without a trailing newline; CPV codes are labelled from `labels`.
///
/// # Errors
/// None for the answer of a backend.
pub fn answer_json(
    labels: &CpvLabels,
    request: &SearchRequest,
    response: &SearchResponse,
    took: Duration,
) -> serde_json::Result<Vec<u8>> {
    Ok(Answer::new(labels, request, response).json()?.with_took(took))
}

/// The JSON of a search answer without the value of `took_ms`, which differs each time a cached answer is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchJson {
    /// The bytes before the value of `took_ms`.
    before: Box<[u8]>,
    /// The bytes after it.
    after: Box<[u8]>,
}

impl SearchJson {
    /// The complete JSON, with `took_ms` set to a duration.
    pub fn with_took(&self, took: Duration) -> Vec<u8> {
        let took = serde_json::Value::from(milliseconds(took)).to_string();
        [&*self.before, took.as_bytes(), &*self.after].concat()
    }

    /// Length of the JSON in bytes, without the value of `took_ms`.
    pub fn bytes(&self) -> usize {
        self.before.len() + self.after.len()
    }
}

/// Milliseconds, rounded to 0.01.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 100_000.0).round() / 100.0
}

/// The members of [`Answer`] before `took_ms`.
#[derive(Serialize)]
struct BeforeTook<'a> {
    query: &'a Asked<'a>,
    total: u64,
    page: usize,
    per_page: usize,
    pages: usize,
}

/// The members of [`Answer`] after `took_ms`.
#[derive(Serialize)]
struct AfterTook<'a> {
    generation: &'a str,
    hits: &'a [HitJson<'a>],
    facets: &'a Facets<'a>,
    suggestions: &'a SuggestionsJson<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    near_by_meaning: &'a [SimilarJson<'a>],
}

impl<'a> Answer<'a> {
    /// The answer to a request; CPV codes are labelled from `labels`.
    pub fn new(labels: &'a CpvLabels, request: &'a SearchRequest, response: &'a SearchResponse) -> Self {
        Self {
            query: Asked::from(request),
            total: response.total,
            page: request.page(),
            per_page: request.limit,
            pages: request.pages(response.total),
            took_ms: 0.0,
            generation: &response.generation,
            hits: response.hits.iter().map(|hit| HitJson::new(labels, hit)).collect(),
            facets: Facets::new(labels, &response.facets),
            suggestions: SuggestionsJson::from(&response.suggestions),
            near_by_meaning: response
                .near_by_meaning
                .iter()
                .map(|near| SimilarJson::new(labels, near))
                .collect(),
        }
    }

    /// Serializes the answer.
    ///
    /// # Errors
    /// None for the answer of a backend.
    pub fn json(&self) -> serde_json::Result<SearchJson> {
        let before = BeforeTook {
            query: &self.query,
            total: self.total,
            page: self.page,
            per_page: self.per_page,
            pages: self.pages,
        };
        let after = AfterTook {
            generation: self.generation,
            hits: &self.hits,
            facets: &self.facets,
            suggestions: &self.suggestions,
            near_by_meaning: &self.near_by_meaning,
        };
        // Two objects make one: the first loses its closing brace, the second its opening one.
        let mut first = serde_json::to_vec(&before)?;
        first.pop();
        first.extend_from_slice(b",\"took_ms\":");
        let mut second = Vec::with_capacity(TYPICAL_BYTES);
        serde_json::to_writer(&mut second, &after)?;
        second[0] = b',';
        Ok(SearchJson {
            before: first.into(),
            after: second.into(),
        })
    }
}

impl<'a> From<&'a SearchRequest> for Asked<'a> {
    fn from(request: &'a SearchRequest) -> Self {
        let filters = request.filters.iter().map(|(facet, selections)| {
            let values = selections.iter().map(|selection| selection_value(facet, selection));
            (facet.name(), values.collect())
        });
        Self {
            q: &request.query,
            filters: filters.collect(),
            sort: sort_name(request.sort),
        }
    }
}

impl<'a> HitJson<'a> {
    fn new(labels: &'a CpvLabels, hit: &'a Hit) -> Self {
        let snippet = |snippet: &'a rex_query::Snippet| SnippetJson {
            section: &snippet.section,
            html: marked_html(&snippet.passage),
        };
        Self {
            id: &hit.record.id,
            url: case_address(&hit.record.id),
            case_type: hit.record.case_type.label(),
            title: &hit.record.titre,
            score: hit.score,
            record: CaseFields::new(labels, &hit.record),
            highlights: HighlightsJson {
                title: marked_html(&hit.highlights.title),
                acheteur: hit.highlights.buyer.as_ref().map(marked_html),
                titulaires: hit.highlights.holders.iter().map(marked_html).collect(),
            },
            snippets: hit.snippets.iter().map(snippet).collect(),
            extract: extract(hit),
        }
    }
}

/// For a number that is left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl<'a> From<&'a Suggestions> for SuggestionsJson<'a> {
    fn from(suggestions: &'a Suggestions) -> Self {
        let chip = |chip: &'a rex_query::Chip| ChipJson {
            text: &chip.text,
            facet: chip.facet.name(),
            value: selection_value(chip.facet, &chip.selection),
        };
        let correction = |correction: &'a rex_query::Correction| CorrectionJson {
            from: &correction.from,
            to: &correction.to,
        };
        Self {
            did_you_mean: suggestions.did_you_mean.as_deref(),
            corrections: suggestions.corrections.iter().map(correction).collect(),
            relaxed: suggestions.relaxed,
            lacking_words: suggestions.lacking_words,
            missing: &suggestions.missing,
            optional: &suggestions.optional,
            derived: &suggestions.derived,
            chips: suggestions.chips.iter().map(chip).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_stands_between_the_two_halves_whatever_was_typed() {
        let request = SearchRequest {
            query: r#"{"took_ms":7,"#.to_owned(),
            ..SearchRequest::default()
        };
        let response = SearchResponse {
            total: 3,
            generation: "g-1".to_owned(),
            hits: Vec::new(),
            highlighter: std::sync::Arc::new(rex_query::NoHighlights),
            facets: Vec::new(),
            suggestions: Suggestions::default(),
            near_by_meaning: Vec::new(),
        };
        let json = answer_json(
            &CpvLabels::none(),
            &request,
            &response,
            Duration::from_micros(1_234_500),
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            concat!(
                r#"{"query":{"q":"{\"took_ms\":7,","filters":{},"sort":"pertinence"},"total":3,"page":1,"per_page":10,"#,
                r#""pages":1,"took_ms":1234.5,"generation":"g-1","hits":[],"facets":{},"suggestions":{"did_you_mean":null,"#,
                r#""relaxed":false,"missing":[],"optional":[],"derived":[],"chips":[]}}"#
            )
        );
    }

    #[test]
    fn suggestions_name_words_whether_there_are_any_or_not() {
        let json = |suggestions: &Suggestions| serde_json::to_value(SuggestionsJson::from(suggestions)).unwrap();
        assert_eq!(
            json(&Suggestions::default()),
            serde_json::json!({
                "did_you_mean": null, "relaxed": false, "missing": [], "optional": [], "derived": [], "chips": []
            })
        );
        let suggestions = Suggestions {
            did_you_mean: Some("cause".to_owned()),
            missing: vec!["clause".to_owned()],
            optional: vec!["paris".to_owned(), "31".to_owned()],
            derived: vec!["réhabiliter".to_owned()],
            ..Suggestions::default()
        };
        assert_eq!(
            json(&suggestions),
            serde_json::json!({
                "did_you_mean": "cause", "relaxed": false, "missing": ["clause"], "optional": ["paris", "31"],
                "derived": ["réhabiliter"], "chips": []
            })
        );
    }
}
