//! The territory, by its own columns or that of the buyer.

use rex_corpus::{Party, Territories, Territory, most_likely};

use super::reader::{CaseReader, MAX_VALUES};
use crate::table::cell::Cell;
use crate::table::field::Field;
use crate::table::place::{PlaceName, places_in, territory, whole};
use crate::table::place_code::Level;

impl CaseReader<'_> {
    pub(super) fn territory(&mut self, buyer: Option<&Party>) -> Vec<String> {
        let mut names = Vec::new();
        for (field, level) in [
            (Field::Territory, Level::Any),
            (Field::Region, Level::Region),
            (Field::Departement, Level::Departement),
            (Field::Epci, Level::Epci),
            (Field::Postcode, Level::Postcode),
            (Field::Insee, Level::Insee),
            (Field::Commune, Level::Commune),
        ] {
            for (column, cell) in self.cells(field) {
                let texts = places_in(&cell.to_string(), level).into_iter().take(MAX_VALUES);
                names.extend(texts.map(|text| PlaceName {
                    column: column.index,
                    level,
                    text,
                }));
            }
        }
        let mut doubts = Vec::new();
        // A single column may have a path, or a name with a comma.
        let cells = self.cells(Field::Territory);
        let only = match cells.as_slice() {
            [(column, cell)] if names.iter().all(|name| name.column == column.index) => whole(&cell.to_string()),
            _ => None,
        };
        let found = only.or_else(|| territory(&names, self.near, &mut doubts));
        let column_of = |index: usize| self.header.columns.iter().find(|column| column.index == index);
        if let (Some(found), Some(column)) = (found, names.last().and_then(|name| column_of(name.column))) {
            self.found(column, "territoire", &found.path().join(" > "));
        }
        for doubt in doubts {
            if let Some(column) = column_of(doubt.column) {
                self.doubt(column, "territoire", &Cell::Text(doubt.typed), doubt.message);
            }
        }
        match found {
            Some(found) => found.path(),
            None if names.is_empty() => self.territory_of(buyer),
            None => Vec::new(),
        }
    }

    /// The territory of the buyer, where no column names one.
    fn territory_of(&mut self, buyer: Option<&Party>) -> Vec<String> {
        let Some(buyer) = buyer else { return Vec::new() };
        let all = Territories::shipped();
        let siret = buyer.siret.as_deref().and_then(|siret| all.siren(siret));
        let Some(found) = siret.or_else(|| most_likely(&all.named(&buyer.nom))) else {
            return Vec::new();
        };
        if let Some(column) = self.header.of(Field::Buyer).next() {
            self.found(
                column,
                "territoire",
                &format!("{}, that of the buyer", found.path().join(" > ")),
            );
        }
        Territory::path(found)
    }
}
