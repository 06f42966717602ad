//! The buyer and the holders.

use rex_corpus::{Party, name_key};

use super::reader::{CaseReader, MAX_NAME, MAX_VALUES};
use crate::no_holder::is_no_holder;
use crate::table::cell::Cell;
use crate::table::field::Field;
use crate::table::header::{Column, one_line};
use crate::table::party::{PartyCells, PartyDoubt, buyer};

impl CaseReader<'_> {
    pub(super) fn buyer(&mut self) -> Option<Party> {
        let siret = self.first(Field::BuyerSiret);
        let name = self.first(Field::Buyer);
        let Some((column, cell)) = name else {
            if let Some((column, cell)) = siret {
                self.doubt(
                    column,
                    "acheteur",
                    cell,
                    format!("acheteur: SIRET {} without a name, left out", one_line(cell)),
                );
            }
            return None;
        };
        let mut doubts = Vec::new();
        let siret_cell = siret.map_or(&Cell::Empty, |(_, cell)| cell);
        let mut party = buyer(&cell.to_string(), siret_cell, &mut doubts)?;
        party.nom = self.name(column, "acheteur", party.nom)?;
        self.found(column, "acheteur", &with_siret(&party));
        self.party_doubts(column, siret.map(|(column, _)| column), doubts);
        Some(party)
    }

    pub(super) fn holders(&mut self) -> Vec<Party> {
        // « Titulaire 1 », « SIRET 1 », « Titulaire 2 », « SIRET 2 »: each column of names begins a group.
        let mut columns: Vec<(Field, &Column, &Cell)> = Vec::new();
        for field in [Field::Holder, Field::HolderSiret, Field::Structure] {
            let cells = self.cells(field);
            columns.extend(cells.into_iter().map(|(column, cell)| (field, column, cell)));
        }
        columns.sort_by_key(|(_, column, _)| column.index);
        let mut groups: Vec<(PartyCells, Option<&Column>, Option<&Column>)> = vec![Default::default()];
        for (field, column, cell) in columns {
            if field == Field::Holder && groups.last().is_some_and(|(cells, ..)| !cells.names.is_empty()) {
                groups.push(Default::default());
            }
            let Some((cells, names, sirets)) = groups.last_mut() else {
                continue;
            };
            match field {
                Field::Holder => {
                    cells.add_names(&cell.to_string());
                    *names = Some(column);
                }
                Field::HolderSiret => {
                    cells.add_sirets(cell);
                    *sirets = Some(column);
                }
                _ => {
                    cells.add_structures(&cell.to_string());
                    *names = names.or(Some(column));
                }
            }
        }
        let mut holders = Vec::new();
        for (cells, names, sirets) in groups {
            let Some(column) = names.or(sirets) else { continue };
            let mut doubts = Vec::new();
            for mut party in cells.parties(&mut doubts) {
                let Some(name) = self.name(column, "titulaires", party.nom) else {
                    continue;
                };
                party.nom = name;
                if names_none(&party.nom, party.siret.is_some()) {
                    let typed = Cell::Text(party.nom.clone());
                    let message = format!("titulaires: \"{}\" is no holder, left out", one_line(&typed));
                    self.doubt(column, "titulaires", &typed, message);
                    continue;
                }
                party
                    .structure
                    .retain(|structure| structure.chars().count() <= MAX_NAME);
                let kinds = party.structure.join(", ");
                let kinds = if kinds.is_empty() { kinds } else { format!(" ({kinds})") };
                self.found(column, "titulaires", &format!("{}{kinds}", with_siret(&party)));
                holders.push(party);
            }
            self.party_doubts(column, sirets, doubts);
        }
        holders.truncate(MAX_VALUES);
        holders
    }

    fn party_doubts(&mut self, names: &Column, sirets: Option<&Column>, doubts: Vec<PartyDoubt>) {
        for (field, typed, why) in doubts {
            let column = sirets.filter(|_| why.contains("SIRET")).unwrap_or(names);
            self.doubt(column, field, &Cell::Text(typed), format!("{field}: {why}"));
        }
    }
}

/// Whether a name says that there is no holder, where the holders are, or only what part one has.
fn names_none(name: &str, has_siret: bool) -> bool {
    const ROLES: &[&str] = &[
        "mandataire",
        "cotraitant",
        "cotraitants",
        "groupement",
        "sous traitant",
        "titulaire",
    ];
    const ELSEWHERE: &[&str] = &["voir", "cf", "se reporter", "en cours", "a venir"];
    let key = name_key(name);
    let begins = |words: &&str| {
        key.strip_prefix(*words)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let is_elsewhere = ELSEWHERE.iter().any(begins);
    is_no_holder(name, has_siret) || ROLES.contains(&key.as_str()) || (!has_siret && is_elsewhere)
}

fn with_siret(party: &Party) -> String {
    match &party.siret {
        Some(siret) => format!("{}, SIRET {siret}", party.nom),
        None => party.nom.clone(),
    }
}
