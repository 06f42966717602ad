//! The JSON of completions.

use rex_query::Completion;
use serde::Serialize;
use utoipa::ToSchema;

use crate::case_address::case_address;
use crate::html_escape::marked_html;

/// Completions for what was typed.
#[derive(Serialize, ToSchema)]
pub struct Completions {
    /// What was typed.
    query: String,
    /// The index that answered.
    generation: String,
    /// The best first.
    suggestions: Vec<CompletionJson>,
}

/// Something to search: searched as it is, it finds a case.
#[derive(Serialize, ToSchema)]
struct CompletionJson {
    /// What to search.
    text: String,
    /// `titre`, `expression`, or the facet it is a value of: `acheteur`, `titulaire`, `territoire`, `theme`, `procedure`,
    /// `structure`, `reserve`, `cpv`, `type`, `considerations`.
    #[schema(example = "acheteur")]
    kind: &'static str,
    /// Number of cases that have it; a lower bound in a large corpus.
    count: u64,
    /// The text, escaped, what was typed of it within `<mark>`.
    html: String,
    /// The facet that has it as a value, where one value is this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "procedure")]
    facet: Option<&'static str>,
    /// What the parameter of that facet takes: the text, or what the text is the label of, as the eight digits of a CPV code.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// What was typed or begun, where it is another name of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "MAPA")]
    other_name: Option<String>,
    /// For a title that one case has: the page of the case, from the root of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl Completions {
    /// The answer for a typed text.
    pub fn new(typed: String, generation: String, found: &[Completion]) -> Self {
        Self {
            query: typed,
            generation,
            suggestions: found.iter().map(CompletionJson::from).collect(),
        }
    }
}

impl From<&Completion> for CompletionJson {
    fn from(completion: &Completion) -> Self {
        Self {
            text: completion.text.text.clone(),
            kind: completion.kind.name(),
            count: completion.count,
            html: marked_html(&completion.text),
            facet: completion.value.is_some().then(|| completion.kind.name()),
            value: completion.value.clone(),
            other_name: completion.other_name.clone(),
            url: completion.case.as_deref().map(case_address),
        }
    }
}
