//! The JSON of the facet counts of a search.

use rex_corpus::{CpvLabels, Euros};
use rex_query::{Bounds, Bucket, Facet, FacetCounts, Selection, TreeValue};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::parameter_values::selection_value;
use crate::territory_code;

/// The facets of a response by name, in the order of the request.
pub(crate) struct Facets<'a>(Vec<(Facet, FacetJson<'a>)>);

/// The counts of a facet under every filter but its own.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum FacetJson<'a> {
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
        min: Option<FacetNumber>,
        #[schema(value_type = Option<f64>)]
        max: Option<FacetNumber>,
        /// All of them, empty or not; they begin where the rules of public procurement do.
        buckets: Vec<BucketJson>,
        /// Finer ones, to draw: from the bar of the least number to that of the most.
        histogram: Vec<BarJson>,
        /// Cases without a value.
        missing: u64,
    },
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ValueJson<'a> {
    value: &'a str,
    count: u64,
    selected: bool,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TreeJson<'a> {
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
pub(crate) struct BucketJson {
    /// The value of the parameter that selects the bucket.
    #[schema(example = "40000..89999.99")]
    value: String,
    #[schema(value_type = f64)]
    from: FacetNumber,
    #[schema(value_type = Option<f64>)]
    to: Option<FacetNumber>,
    count: u64,
    selected: bool,
}

/// Numbers from `from`, included, to `to`, not included. A bar does not move from one search to the next.
#[derive(Serialize, ToSchema)]
pub(crate) struct BarJson {
    #[schema(value_type = f64)]
    from: FacetNumber,
    #[schema(value_type = Option<f64>)]
    to: Option<FacetNumber>,
    count: u64,
}

/// Euros before tax, or months.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum FacetNumber {
    Euros(Euros),
    Months(u64),
}

impl<'a> Facets<'a> {
    /// The counts of the facets of a response; CPV codes are labelled from `labels`.
    pub(crate) fn new(labels: &'a CpvLabels, facets: &'a [(Facet, FacetCounts)]) -> Self {
        let facets = facets
            .iter()
            .map(|(facet, counts)| (*facet, FacetJson::new(labels, *facet, counts)));
        Self(facets.collect())
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
                min: min.map(|number| FacetNumber::of(facet, number)),
                max: max.map(|number| FacetNumber::of(facet, number)),
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
            from: FacetNumber::of(facet, bucket.from),
            to: bucket.to.map(|to| FacetNumber::of(facet, to)),
            count: bucket.count,
            selected: bucket.selected,
        }
    }
}

impl BarJson {
    fn new(facet: Facet, bar: &Bucket) -> Self {
        Self {
            from: FacetNumber::of(facet, bar.from),
            to: bar.to.map(|to| FacetNumber::of(facet, to)),
            count: bar.count,
        }
    }
}

impl FacetNumber {
    /// A number in the unit of the API: euros for amounts, months for durations.
    fn of(facet: Facet, number: u64) -> Self {
        match facet {
            Facet::Montant => Euros::from_cents(number).map_or(Self::Months(number), Self::Euros),
            _ => Self::Months(number),
        }
    }
}
