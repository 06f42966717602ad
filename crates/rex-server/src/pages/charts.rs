//! The map and the histograms, as SVG without JavaScript.
//!
//! `assets/widget/map.js` and `range.js` draw the same.

use std::collections::HashMap;
use std::sync::LazyLock;

use askama::Template;
use rex_query::{Bounds, Bucket, Facet, Filters, PATH_SEPARATOR, SearchRequest, Selection, TreeValue};

use super::address::address;
use super::labels;
use rex_api::french_format;
use rex_api::territory_code;

/// The tile grids of régions and départements, shared with the widget.
const TILES: &str = include_str!("../../assets/widget/tiles.txt");
/// Side of a tile, in SVG units.
const PITCH: f64 = 10.0;

/// A tile: the INSEE code and the label of a territory.
struct Cell {
    column: f64,
    row: f64,
    code: &'static str,
    label: &'static str,
}

struct Grid {
    cells: Vec<Cell>,
    width: f64,
    height: f64,
}

/// The grids of régions and of départements.
static GRIDS: LazyLock<[Grid; 2]> = LazyLock::new(|| {
    let (regions, departements) = TILES.split_once("\n\n").unwrap_or((TILES, ""));
    [regions, departements].map(Grid::read)
});

impl Grid {
    fn read(text: &'static str) -> Self {
        let mut grid = Self {
            cells: Vec::new(),
            width: 0.0,
            height: 0.0,
        };
        for line in text.lines() {
            let mut column = 0.0;
            for cell in line.split_whitespace() {
                let (code, label) = cell.split_once('/').unwrap_or((cell, cell));
                if code != "." {
                    grid.cells.push(Cell {
                        column,
                        row: grid.height,
                        code,
                        label,
                    });
                }
                column += PITCH;
            }
            grid.width = grid.width.max(column);
            grid.height += PITCH;
        }
        grid
    }
}

/// The tile map and its equivalent table.
#[derive(Template)]
#[template(path = "map.html")]
pub(crate) struct MapView {
    regions: TilesView,
    departements: TilesView,
    rows: Vec<RowView>,
}

#[derive(Template)]
#[template(path = "tiles.html")]
struct TilesView {
    name: &'static str,
    label: &'static str,
    width: f64,
    height: f64,
    tiles: Vec<TileView>,
}

struct TileView {
    /// The filter of the territory; `None` where it has no case.
    link: Option<FilterLink>,
    /// Shade, 0 to 4.
    level: u8,
    x: f64,
    y: f64,
    middle: f64,
    /// Texts with their vertical positions.
    texts: Vec<(String, f64)>,
}

/// A link that toggles a filter.
struct FilterLink {
    address: String,
    title: String,
    is_selected: bool,
}

struct RowView {
    link: FilterLink,
    name: String,
    count: String,
    is_below: bool,
}

impl MapView {
    /// `None` where no value is a territory of the grid.
    pub(crate) fn new(values: &[TreeValue], request: &SearchRequest) -> Option<Self> {
        if !values.iter().any(|value| territory_code::code(&value.path).is_some()) {
            return None;
        }
        let below: Vec<&TreeValue> = values.iter().flat_map(|value| &value.children).collect();
        let regions: Vec<&TreeValue> = values.iter().collect();
        let row = |value: &TreeValue, is_below| RowView {
            link: FilterLink::new(value, request),
            name: value.value.clone(),
            count: french_format::number(value.count),
            is_below,
        };
        let rows = values.iter().flat_map(|value| {
            let known = value
                .children
                .iter()
                .filter(|child| territory_code::code(&child.path).is_some());
            std::iter::once(row(value, false)).chain(known.map(|child| row(child, true)))
        });
        let [of_regions, of_departements] = &*GRIDS;
        Some(Self {
            regions: TilesView::new("regions", "Régions", of_regions, &regions, request),
            departements: TilesView::new("departements", "Départements", of_departements, &below, request),
            rows: rows.collect(),
        })
    }
}

impl TilesView {
    fn new(
        name: &'static str,
        label: &'static str,
        grid: &Grid,
        values: &[&TreeValue],
        request: &SearchRequest,
    ) -> Self {
        let most = values.iter().map(|value| value.count).max().unwrap_or_default();
        let shown = values.iter().filter(|value| value.count > 0 || value.selected);
        let known: HashMap<_, _> = shown
            .filter_map(|value| Some((territory_code::code(&value.path)?, *value)))
            .collect();
        let tile = |cell: &Cell| {
            let value = known.get(cell.code).copied();
            let count = value.map_or(0, |value| value.count);
            let texts = match value {
                Some(_) if name == "regions" => vec![(cell.label.to_owned(), 4.4), (short(count), 8.2)],
                _ => vec![(cell.label.to_owned(), 6.2)],
            };
            TileView {
                link: value.map(|value| FilterLink::new(value, request)),
                level: level(count, most),
                x: cell.column + 0.3,
                y: cell.row + 0.3,
                middle: cell.column + PITCH / 2.0,
                texts: texts.into_iter().map(|(text, at)| (text, cell.row + at)).collect(),
            }
        };
        Self {
            name,
            label,
            width: grid.width,
            height: grid.height,
            tiles: grid.cells.iter().map(tile).collect(),
        }
    }
}

impl FilterLink {
    fn new(value: &TreeValue, request: &SearchRequest) -> Self {
        Self {
            address: toggled(request, Facet::Territoire, Selection::Value(value.path.clone())),
            title: format!("{}\u{a0}: {}", value.value, french_format::cases(value.count)),
            is_selected: value.selected,
        }
    }
}

/// A count short enough for a tile: `12 k`.
fn short(count: u64) -> String {
    match count {
        0..10_000 => french_format::number(count),
        _ => format!("{}\u{a0}k", french_format::number(count / 1000)),
    }
}

/// A shade from 0 to 4, by the square root of the count, so that one outlier does not flatten the others.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to 4"
)]
fn level(count: u64, most: u64) -> u8 {
    (4.0 * (count as f64 / most.max(1) as f64).sqrt()).ceil() as u8
}

/// A histogram: one bar per bucket, each linked to its filter.
#[derive(Template)]
#[template(path = "bars.html")]
pub(crate) struct BarsView {
    label: String,
    count: usize,
    bars: Vec<BarView>,
}

struct BarView {
    address: Option<String>,
    title: String,
    x: f64,
    y: f64,
    height: f64,
    is_selected: bool,
    /// Whether a selected range overlaps the bar.
    is_within: bool,
}

impl BarsView {
    /// `None` for fewer than two bars.
    #[allow(clippy::cast_precision_loss, reason = "a drawing")]
    pub(crate) fn new(facet: Facet, histogram: &[Bucket], request: &SearchRequest) -> Option<Self> {
        let most = histogram.iter().map(|bar| bar.count).max().unwrap_or_default().max(1);
        let bar = |(rank, bar): (usize, &Bucket)| {
            let share = (bar.count as f64 / most as f64).sqrt() * 100.0;
            let height = if bar.count > 0 { share.max(2.0).round() } else { 0.0 };
            let bounds = Bounds::up_to(bar.from, bar.to);
            let selection = Selection::Range(bounds);
            BarView {
                is_selected: request.filters.of(facet).contains(&selection),
                is_within: request
                    .filters
                    .of(facet)
                    .iter()
                    .any(|selection| overlaps(selection, bounds)),
                address: (bar.count > 0).then(|| toggled(request, facet, selection)),
                title: format!(
                    "{}\u{a0}: {}",
                    labels::bucket(facet, bar.from, bar.to),
                    french_format::cases(bar.count)
                ),
                x: rank as f64 + 0.05,
                y: 100.0 - height,
                height,
            }
        };
        (histogram.len() > 1).then(|| Self {
            label: format!("Répartition\u{a0}: {}", labels::facet(facet)),
            count: histogram.len(),
            bars: histogram.iter().enumerate().map(bar).collect(),
        })
    }
}

fn overlaps(selection: &Selection, bar: Bounds) -> bool {
    let Selection::Range(selected) = selection else {
        return false;
    };
    selected.from.unwrap_or(0) <= bar.to.unwrap_or(u64::MAX) && bar.from.unwrap_or(0) <= selected.to.unwrap_or(u64::MAX)
}

/// Whether one territory contains the other: as alternatives, the smaller one would be redundant.
fn is_around(one: &Selection, other: &Selection) -> bool {
    let within = |inner: &Selection, outer: &Selection| match (inner, outer) {
        (Selection::Value(inner), Selection::Value(outer)) => inner
            .strip_prefix(outer.as_str())
            .is_some_and(|rest| rest.starts_with(PATH_SEPARATOR)),
        _ => false,
    };
    within(one, other) || within(other, one)
}

/// The address of the search with a filter toggled.
fn toggled(request: &SearchRequest, facet: Facet, selection: Selection) -> String {
    let mut filters = Filters::default();
    let mut was_on = false;
    for (other, selections) in request.filters.iter() {
        for known in selections {
            if other == facet && *known == selection {
                was_on = true;
            } else if other != facet || !is_around(known, &selection) {
                filters.add(other, known.clone());
            }
        }
    }
    if !was_on {
        filters.add(facet, selection);
    }
    address(&SearchRequest {
        filters,
        offset: 0,
        ..request.clone()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rex_corpus::Territories;

    use super::*;

    #[test]
    fn every_territory_has_one_tile_about_where_it_is() {
        let [regions, departements] = &*GRIDS;
        let codes = |grid: &Grid| grid.cells.iter().map(|cell| cell.code).collect::<Vec<_>>();
        // Overseas collectivities (codes from 975, except Mayotte) have no tile.
        let is_shown = |code: &&str| code.len() < 3 || **code < *"975" || **code == *"976";
        let known: HashSet<_> = Territories::regions()
            .iter()
            .map(|region| region.code)
            .filter(is_shown)
            .collect();
        assert_eq!(codes(regions).len(), known.len());
        assert_eq!(codes(regions).into_iter().collect::<HashSet<_>>(), known);
        let known: HashSet<_> = Territories::departements()
            .iter()
            .map(|one| one.code)
            .filter(is_shown)
            .collect();
        assert_eq!(codes(departements).len(), known.len());
        assert_eq!(codes(departements).into_iter().collect::<HashSet<_>>(), known);

        let at = |code: &str| departements.cells.iter().find(|cell| cell.code == code).unwrap();
        for (north, south) in [
            ("59", "80"),
            ("75", "45"),
            ("63", "15"),
            ("69", "07"),
            ("31", "09"),
            ("67", "68"),
        ] {
            assert!(at(north).row < at(south).row, "{north} is north of {south}");
        }
        for (west, east) in [
            ("29", "35"),
            ("56", "53"),
            ("78", "75"),
            ("33", "24"),
            ("13", "2A"),
            ("38", "73"),
        ] {
            assert!(at(west).column < at(east).column, "{west} is west of {east}");
        }
    }

    #[test]
    fn few_and_many_cases_have_different_shades() {
        assert_eq!([0, 1, 10, 30, 100].map(|count| level(count, 100)), [0, 1, 2, 3, 4]);
        assert_eq!(level(0, 0), 0);
    }
}
