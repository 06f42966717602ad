//! Facets as check boxes with counts.

use askama::Template;
use rex_corpus::CpvLabels;
use rex_query::{Bounds, Bucket, Facet, FacetCounts, FacetValue, SearchRequest, Selection, TreeValue};

use super::charts::{BarsView, MapView};
use super::labels;
use rex_api::french_format;
use rex_api::parameter_values::selection_value;

/// Values shown before "show more".
const SHOWN: usize = 8;

/// One facet of the page.
pub(crate) struct FacetView {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) map: Option<MapView>,
    pub(crate) bars: Option<BarsView>,
    pub(crate) items: Vec<ItemView>,
    /// Items behind "show more".
    pub(crate) more: Vec<ItemView>,
}

/// A check box and its children.
#[derive(Template)]
#[template(path = "facet_item.html")]
pub(crate) struct ItemView {
    name: &'static str,
    value: String,
    label: String,
    count: String,
    is_selected: bool,
    /// Whether a descendant is selected.
    is_open: bool,
    children: Vec<Self>,
}

impl FacetView {
    /// The view of a facet; `None` where it cannot narrow the results: no value, or one shared by every hit.
    pub(crate) fn new(
        labels: &CpvLabels,
        facet: Facet,
        counts: &FacetCounts,
        request: &SearchRequest,
        total: u64,
    ) -> Option<Self> {
        let selected = request.filters.of(facet);
        let mut items = items(labels, facet, counts, selected);
        let missing = missing(facet, counts);
        let narrows = match items.as_slice() {
            [] => !selected.is_empty(),
            [only] => missing.is_some() || !selected.is_empty() || only.tells_apart(&french_format::number(total)),
            _ => true,
        };
        if !narrows {
            return None;
        }
        items.extend(missing);
        // One or two hidden items are not worth a click.
        let more = if items.len() > SHOWN + 2 {
            items.split_off(SHOWN)
        } else {
            Vec::new()
        };
        let (chosen, more) = more.into_iter().partition(|item| item.is_selected || item.is_open);
        items.extend::<Vec<_>>(chosen);
        Some(Self {
            name: facet.name(),
            title: labels::facet(facet),
            map: match counts {
                FacetCounts::Hierarchy { values, .. } if facet == Facet::Territoire => MapView::new(values, request),
                _ => None,
            },
            bars: match counts {
                FacetCounts::Range { histogram, .. } => BarsView::new(facet, histogram, request),
                _ => None,
            },
            items,
            more,
        })
    }
}

/// The check boxes of the values of a facet.
fn items(cpv: &CpvLabels, facet: Facet, counts: &FacetCounts, selected: &[Selection]) -> Vec<ItemView> {
    match counts {
        FacetCounts::Terms { values, .. } => {
            let item = |value: &FacetValue| {
                let label = labels::value(cpv, facet, &value.value);
                ItemView::new(facet, value.value.clone(), label, value.count, value.selected)
            };
            values.iter().map(item).collect()
        }
        FacetCounts::Hierarchy { values, .. } => values.iter().map(|value| ItemView::tree(cpv, facet, value)).collect(),
        FacetCounts::Range { buckets, .. } => ranges(cpv, facet, buckets, selected),
    }
}

/// The check box for missing values, where there are some or it is selected.
fn missing(facet: Facet, counts: &FacetCounts) -> Option<ItemView> {
    let (FacetCounts::Terms {
        missing,
        missing_selected,
        ..
    }
    | FacetCounts::Hierarchy {
        missing,
        missing_selected,
        ..
    }
    | FacetCounts::Range {
        missing,
        missing_selected,
        ..
    }) = counts;
    let value = selection_value(facet, &Selection::Missing);
    let item = ItemView::new(facet, value, labels::MISSING.to_owned(), *missing, *missing_selected);
    (*missing > 0 || *missing_selected).then_some(item)
}

impl ItemView {
    fn new(facet: Facet, value: String, label: String, count: u64, is_selected: bool) -> Self {
        Self {
            name: facet.name(),
            value,
            label,
            count: french_format::number(count),
            is_selected,
            is_open: false,
            children: Vec::new(),
        }
    }

    /// Whether the item, or a descendant, has fewer hits than the total.
    fn tells_apart(&self, total: &str) -> bool {
        self.count != total
            || match self.children.as_slice() {
                [] => false,
                [only] => only.tells_apart(total),
                _ => true,
            }
    }

    fn tree(cpv: &CpvLabels, facet: Facet, value: &TreeValue) -> Self {
        let children: Vec<_> = value
            .children
            .iter()
            .map(|child| Self::tree(cpv, facet, shortcut(facet, child)))
            .collect();
        Self {
            is_open: children.iter().any(|child| child.is_selected || child.is_open),
            children,
            ..Self::new(
                facet,
                value.path.clone(),
                labels::value(cpv, facet, &value.value),
                value.count,
                value.selected,
            )
        }
    }
}

/// Collapses chains of single children in the CPV tree: only the last one is shown.
fn shortcut(facet: Facet, value: &TreeValue) -> &TreeValue {
    match value.children.as_slice() {
        [only] if facet == Facet::Cpv && only.count == value.count && !value.selected => shortcut(facet, only),
        _ => value,
    }
}

/// The non-empty buckets, and selected ranges that are no bucket.
fn ranges(cpv: &CpvLabels, facet: Facet, buckets: &[Bucket], selected: &[Selection]) -> Vec<ItemView> {
    let mut items = Vec::new();
    let mut named = Vec::new();
    for bucket in buckets.iter().filter(|bucket| bucket.count > 0 || bucket.selected) {
        let selection = Selection::Range(Bounds::up_to(bucket.from, bucket.to));
        let label = labels::bucket(facet, bucket.from, bucket.to);
        items.push(ItemView::new(
            facet,
            selection_value(facet, &selection),
            label,
            bucket.count,
            bucket.selected,
        ));
        named.push(selection);
    }
    for selection in selected
        .iter()
        .filter(|selection| matches!(selection, Selection::Range(_)) && !named.contains(selection))
    {
        let item = ItemView::new(
            facet,
            selection_value(facet, selection),
            labels::selection(cpv, facet, selection),
            0,
            true,
        );
        items.insert(
            0,
            ItemView {
                count: String::new(),
                ..item
            },
        );
    }
    items
}
