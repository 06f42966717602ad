//! The JSON of a search, type by type, converted by hand from what the engine gives.

use std::collections::BTreeMap;
use std::time::Duration;

use rex_corpus::{CpvLabels, Euros};
use rex_query::{
    Bounds, Bucket, Facet, FacetCounts, Hit, SearchRequest, SearchResponse, Selection, Suggestions, TreeValue,
};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::case_address::case_address;
use crate::case_json::CaseFields;
use crate::excerpt::extract;
use crate::html_escape::marked_html;
use crate::parameter_values::{selection_value, sort_name};
use crate::territory_code;

/// Bytes that most answers have: a buffer of that size is not copied while it grows.
const USUAL_BYTES: usize = 16 << 10;

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
    took_ms: f64,
    /// The index that answered.
    generation: &'a str,
    hits: Vec<HitJson<'a>>,
    /// By name, in the order asked for.
    #[schema(value_type = BTreeMap<String, FacetJson<'static>>)]
    facets: Facets<'a>,
    suggestions: SuggestionsJson<'a>,
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

struct Facets<'a>(Vec<(Facet, FacetJson<'a>)>);

/// The counts of a facet under every filter but its own.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum FacetJson<'a> {
    Terms {
        values: Vec<ValueJson<'a>>,
        /// Different values that cases have. Where it is more than are listed, `/v1/facets/{facet}` has the others.
        total_values: u64,
        /// Cases without a value.
        missing: u64,
    },
    Hierarchy {
        values: Vec<TreeJson<'a>>,
        /// Different values that cases have, at all levels. Where it is more than are listed, `/v1/facets/{facet}` has the
        /// others.
        total_values: u64,
        /// Cases without a value.
        missing: u64,
    },
    Range {
        #[schema(value_type = Option<f64>)]
        min: Option<Number>,
        #[schema(value_type = Option<f64>)]
        max: Option<Number>,
        /// All of them, empty or not; they begin where the rules of public procurement do.
        buckets: Vec<BucketJson>,
        /// Finer ones, to draw: from the bar of the least number to that of the most.
        histogram: Vec<BarJson>,
        /// Cases without a value.
        missing: u64,
    },
}

#[derive(Serialize, ToSchema)]
struct ValueJson<'a> {
    value: &'a str,
    count: u64,
    selected: bool,
}

#[derive(Serialize, ToSchema)]
struct TreeJson<'a> {
    value: &'a str,
    /// What a CPV code is called; left out where the list at hand does not have it, and where the value is its own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Services de réinsertion")]
    label: Option<&'a str>,
    /// INSEE code of a région or a département; left out elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "31")]
    code: Option<&'static str>,
    /// What selects it.
    path: &'a str,
    /// Cases that have it, or anything below it.
    count: u64,
    selected: bool,
    #[schema(no_recursion)]
    children: Vec<Self>,
}

/// Numbers from `from`, included, to `to`, not included: each case is in one bucket.
#[derive(Serialize, ToSchema)]
struct BucketJson {
    /// The value of the parameter that selects the bucket.
    #[schema(example = "40000..89999.99")]
    value: String,
    #[schema(value_type = f64)]
    from: Number,
    #[schema(value_type = Option<f64>)]
    to: Option<Number>,
    count: u64,
    selected: bool,
}

/// Numbers from `from`, included, to `to`, not included. A bar does not move from one search to the next.
#[derive(Serialize, ToSchema)]
struct BarJson {
    #[schema(value_type = f64)]
    from: Number,
    #[schema(value_type = Option<f64>)]
    to: Option<Number>,
    count: u64,
}

/// Euros before tax, or months.
#[derive(Serialize)]
#[serde(untagged)]
enum Number {
    Euros(Euros),
    Months(u64),
}

/// The JSON of an answer, without a line end; CPV codes are called as `labels` say.
///
/// # Errors
/// None that an answer of a backend can cause.
pub fn answer_json(
    labels: &CpvLabels,
    request: &SearchRequest,
    response: &SearchResponse,
    took: Duration,
) -> serde_json::Result<Vec<u8>> {
    Ok(Answer::new(labels, request, response).json()?.taking(took))
}

/// The JSON of an answer but for the time it took, which differs each time the same answer is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchJson {
    /// Up to the value of `took_ms`.
    before: Box<[u8]>,
    /// From there on.
    after: Box<[u8]>,
}

impl SearchJson {
    /// The JSON of the answer, with the time it took in milliseconds.
    pub fn taking(&self, took: Duration) -> Vec<u8> {
        let took = serde_json::Value::from(milliseconds(took)).to_string();
        [&*self.before, took.as_bytes(), &*self.after].concat()
    }

    /// Bytes of the JSON, the time aside.
    pub fn bytes(&self) -> usize {
        self.before.len() + self.after.len()
    }
}

/// Rounded to a hundredth: finer is noise.
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
}

impl<'a> Answer<'a> {
    /// The answer to a request; CPV codes are called as `labels` say.
    pub fn new(labels: &'a CpvLabels, request: &'a SearchRequest, response: &'a SearchResponse) -> Self {
        let facets = response
            .facets
            .iter()
            .map(|(facet, counts)| (*facet, FacetJson::new(labels, *facet, counts)));
        Self {
            query: Asked::from(request),
            total: response.total,
            page: request.page(),
            per_page: request.limit,
            pages: request.pages(response.total),
            took_ms: 0.0,
            generation: &response.generation,
            hits: response.hits.iter().map(|hit| HitJson::new(labels, hit)).collect(),
            facets: Facets(facets.collect()),
            suggestions: SuggestionsJson::from(&response.suggestions),
        }
    }

    /// Its JSON.
    ///
    /// # Errors
    /// None that an answer of a backend can cause.
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
        };
        // One object, cut in two: the first half ends with its last member, the second one begins with its first.
        let mut first = serde_json::to_vec(&before)?;
        first.pop();
        first.extend_from_slice(b",\"took_ms\":");
        let mut second = Vec::with_capacity(USUAL_BYTES);
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
            missing: &suggestions.missing,
            optional: &suggestions.optional,
            derived: &suggestions.derived,
            chips: suggestions.chips.iter().map(chip).collect(),
        }
    }
}

impl Serialize for Facets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (facet, counts) in &self.0 {
            map.serialize_entry(facet.name(), counts)?;
        }
        map.end()
    }
}

impl<'a> FacetJson<'a> {
    fn new(labels: &'a CpvLabels, facet: Facet, counts: &'a FacetCounts) -> Self {
        match counts {
            FacetCounts::Terms {
                values,
                distinct,
                missing,
                ..
            } => Self::Terms {
                total_values: *distinct,
                values: values
                    .iter()
                    .map(|value| ValueJson {
                        value: &value.value,
                        count: value.count,
                        selected: value.selected,
                    })
                    .collect(),
                missing: *missing,
            },
            FacetCounts::Hierarchy {
                values,
                distinct,
                missing,
                ..
            } => Self::Hierarchy {
                total_values: *distinct,
                values: values.iter().map(|value| TreeJson::new(labels, facet, value)).collect(),
                missing: *missing,
            },
            FacetCounts::Range {
                min,
                max,
                buckets,
                histogram,
                missing,
                ..
            } => Self::Range {
                min: min.map(|number| Number::of(facet, number)),
                max: max.map(|number| Number::of(facet, number)),
                buckets: buckets.iter().map(|bucket| BucketJson::new(facet, bucket)).collect(),
                histogram: histogram.iter().map(|bar| BarJson::new(facet, bar)).collect(),
                missing: *missing,
            },
        }
    }
}

impl<'a> TreeJson<'a> {
    fn new(labels: &'a CpvLabels, facet: Facet, value: &'a TreeValue) -> Self {
        let label = match facet {
            Facet::Cpv => labels.of_branch(&value.value),
            _ => None,
        };
        let children = value.children.iter();
        Self {
            label,
            code: (facet == Facet::Territoire)
                .then(|| territory_code::code(&value.path))
                .flatten(),
            value: &value.value,
            path: &value.path,
            count: value.count,
            selected: value.selected,
            children: children.map(|child| Self::new(labels, facet, child)).collect(),
        }
    }
}

impl BucketJson {
    fn new(facet: Facet, bucket: &Bucket) -> Self {
        let bounds = Bounds::up_to(bucket.from, bucket.to);
        Self {
            value: selection_value(facet, &Selection::Range(bounds)),
            from: Number::of(facet, bucket.from),
            to: bucket.to.map(|to| Number::of(facet, to)),
            count: bucket.count,
            selected: bucket.selected,
        }
    }
}

impl BarJson {
    fn new(facet: Facet, bar: &Bucket) -> Self {
        Self {
            from: Number::of(facet, bar.from),
            to: bar.to.map(|to| Number::of(facet, to)),
            count: bar.count,
        }
    }
}

impl Number {
    /// A number in the unit of its facet, as the API gives it.
    fn of(facet: Facet, number: u64) -> Self {
        match facet {
            Facet::Montant => Euros::from_cents(number).map_or(Self::Months(number), Self::Euros),
            _ => Self::Months(number),
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
