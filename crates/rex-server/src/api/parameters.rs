//! The query parameters of the `/v1` handlers, as the OpenAPI document describes them.

use rex_api::parameter_values::{MAX_VALUE_CHARS, matching_names, sort_names};
use rex_api::query_string::{DEFAULT_COMPLETIONS, DEFAULT_FACET_VALUES};
use rex_query::{
    DEFAULT_VALUES, Facet, FacetKind, MAX_COMPLETIONS, MAX_DEPTH, MAX_PER_PAGE, MAX_QUERY_CHARS, MAX_VALUES,
};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};

/// The parameters of a search, as [`rex_api::Query`] parses them.
pub(crate) struct SearchParameters;

impl IntoParams for SearchParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let integer = |max: usize| {
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1))
                .maximum(Some(max))
        };
        let text = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
        let mut parameters = vec![
            parameter(
                "q",
                "Words, `\"exact phrase\"`, `-without`.",
                text().max_length(Some(MAX_QUERY_CHARS)).into(),
            ),
            matching(),
            parameter(
                "tri",
                "The order of the hits.",
                text().enum_values(Some(sort_names())).into(),
            ),
            parameter(
                "page",
                &format!("From 1; `page * par_page` is at most {MAX_DEPTH}."),
                integer(MAX_DEPTH).into(),
            ),
            parameter("par_page", "Hits on a page.", integer(MAX_PER_PAGE).into()),
            parameter(
                "facettes",
                "Comma list of the facets to count; all by default, none when empty.",
                text().into(),
            ),
            parameter(
                "maxi",
                &format!(
                    "Values listed of each facet, selected ones first, which are all listed; {DEFAULT_VALUES} by default."
                ),
                integer(MAX_VALUES).into(),
            ),
        ];
        parameters.extend(filters());
        parameters
    }
}

/// The parameters of a facet value search, as [`rex_api::Query`] parses them.
pub(crate) struct FacetParameters;

impl IntoParams for FacetParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
        let integer = |max: usize| {
            let integer = ObjectBuilder::new().schema_type(Type::Integer);
            integer.minimum(Some(1)).maximum(Some(max))
        };
        let names = Facet::ALL
            .into_iter()
            .filter(|facet| facet.kind() != FacetKind::Range)
            .map(Facet::name);
        let facet = ParameterBuilder::new()
            .name("facet")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("The facet."))
            .schema(Some(text().enum_values(Some(names))))
            .build();
        let words = || text().max_length(Some(MAX_QUERY_CHARS));
        let mut parameters = vec![
            facet,
            parameter(
                "q",
                "Words, each anywhere in a value or its label; every value when empty.",
                words().into(),
            ),
            parameter(
                "recherche",
                "The words of the current search: `q` of `/v1/search`.",
                words().into(),
            ),
            matching(),
            parameter("page", "From 1.", integer(MAX_DEPTH).into()),
            parameter(
                "maxi",
                &format!("Values on a page; {DEFAULT_FACET_VALUES} by default."),
                integer(MAX_VALUES).into(),
            ),
        ];
        parameters.extend(filters());
        parameters
    }
}

fn matching() -> Parameter {
    let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    parameter(
        "matching",
        "Whether hits hold `all` the words, or `most` of them where these score as high; `most` by default.",
        text.enum_values(Some(matching_names())).into(),
    )
}

/// One parameter per facet.
fn filters() -> impl Iterator<Item = Parameter> {
    Facet::ALL.into_iter().map(|facet| {
        let text = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .min_length(Some(1))
            .max_length(Some(MAX_VALUE_CHARS));
        let list = ArrayBuilder::new().items(text.build());
        parameter(facet.name(), description(facet), list.into())
    })
}

/// The parameters of a completion request, as [`rex_api::Query`] parses them.
pub(crate) struct SuggestParameters;

impl IntoParams for SuggestParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
        let integer = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
        vec![
            parameter(
                "q",
                "What is typed so far; the most frequent values when empty.",
                text.max_length(Some(MAX_QUERY_CHARS)).into(),
            ),
            parameter(
                "limite",
                &format!("Most completions to give; {DEFAULT_COMPLETIONS} by default."),
                integer.maximum(Some(MAX_COMPLETIONS)).into(),
            ),
        ]
    }
}

fn parameter(name: &str, description: &str, schema: Schema) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

fn description(facet: Facet) -> &'static str {
    match (facet, facet.kind()) {
        (Facet::Montant, _) => {
            "`40000..90000`, `..40000`, `90000..` (euros before tax, bounds included) or `non-renseigne`."
        }
        (Facet::Duree, _) => "`12..24`, `..12`, `24..` (months, bounds included) or `non-renseigne`.",
        (Facet::Cpv, _) => "A CPV code, with or without its check digit, for it and all below it, or `non-renseigne`.",
        (_, FacetKind::Hierarchy) => {
            "The path of a value, as `Occitanie > Haute-Garonne`, for it and all below it, or `non-renseigne`."
        }
        _ => "A value, or `non-renseigne`. Repeated: any of the values.",
    }
}
