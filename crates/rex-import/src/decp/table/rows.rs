//! The rows of one contract: tables have a row for each holder and for each modification.

use std::collections::HashMap;

use super::super::json::Json;

/// The key of what a row is among those of its contract: its version, and whether it is the current one.
pub(in super::super) const ROW: &str = "ligne";
/// Whether fields are a row of several.
pub(in super::super) fn is_row(fields: &Json) -> bool {
    *fields.get(ROW) != Json::Null
}

/// A contract at a time: the values after a modification, and the holders and modifications of all its rows.
struct State {
    /// 0 before the first modification.
    version: usize,
    /// Without holders and modifications.
    fields: Json,
    holders: Vec<Json>,
    modifications: Vec<Json>,
}

/// The contracts of rows with the same buyer, number and object.
///
/// Rows of one version that differ in their holders only are one contract; others are publications or lots, and contracts of their own.
/// A row has the values after its modification, so that each version after the first becomes a modification.
pub(in super::super) fn merged(rows: Vec<Json>) -> Vec<Json> {
    let versions = versions(&rows);
    let mut states: Vec<State> = Vec::new();
    let mut known: HashMap<(usize, String), usize> = HashMap::new();
    for (mut fields, version) in rows.into_iter().zip(versions) {
        fields.take(ROW);
        let holders = fields.take("titulaires").into_list();
        let modifications = fields.take("modifications").into_list();
        // Fields have no order of their own: rows of one table have the same.
        let same = known.entry((version, serde_json::to_string(&fields).unwrap_or_default()));
        let at = *same.or_insert(states.len());
        match states.get_mut(at) {
            Some(state) => state.add(holders, modifications),
            None => states.push(State {
                version,
                fields,
                holders,
                modifications,
            }),
        }
    }
    // The states of one version keep their order.
    states.sort_by_key(|state| state.version);
    let mut contracts: Vec<Vec<State>> = Vec::new();
    for state in states {
        let is_only = contracts.len() == 1;
        let earlier = contracts.iter_mut().find(|versions| {
            let last = versions.last();
            last.is_some_and(|last| last.version < state.version && (is_only || last.holders == state.holders))
        });
        match earlier {
            Some(versions) => versions.push(state),
            None => contracts.push(vec![state]),
        }
    }
    contracts.into_iter().filter_map(contract).collect()
}

/// The version of each row: the number of its modification, else its rank by date if current and former rows are told apart.
fn versions(rows: &[Json]) -> Vec<usize> {
    let number = |row: &Json| {
        row.get(ROW)
            .get("version")
            .text()
            .parse::<f64>()
            .map(|number| number as usize)
    };
    let date = |row: &Json| {
        let is_current = matches!(
            row.get(ROW).get("current").text(),
            "1" | "true" | "True" | "TRUE" | "oui"
        );
        (is_current, row.get("dateNotification").text().to_owned())
    };
    let is_told = rows.iter().any(|row| *row.get(ROW).get("current") != Json::Null);
    let mut dates: Vec<_> = rows.iter().map(date).collect();
    dates.sort();
    dates.dedup();
    let rank = |row: &Json| match is_told {
        true => dates.binary_search(&date(row)).unwrap_or_default(),
        false => 0,
    };
    rows.iter()
        .map(|row| number(row).unwrap_or_else(|_| rank(row)))
        .collect()
}

impl State {
    /// Adds the holders and the modifications of another row. Each of several new holders has a row.
    fn add(&mut self, holders: Vec<Json>, modifications: Vec<Json>) {
        self.holders.extend(new_ones(&self.holders, holders));
        for mut modification in modifications {
            let holders = modification.take("titulaires").into_list();
            let same = |known: &&mut Json| known.without("titulaires") == modification;
            match self.modifications.iter_mut().find(same) {
                Some(same) => {
                    let mut all = same.take("titulaires").into_list();
                    all.extend(new_ones(&all, holders));
                    same.put("titulaires", Json::List(all));
                }
                None => {
                    modification.put("titulaires", Json::List(holders));
                    self.modifications.push(modification);
                }
            }
        }
    }
}

fn new_ones(known: &[Json], holders: Vec<Json>) -> Vec<Json> {
    holders.into_iter().filter(|holder| !known.contains(holder)).collect()
}

/// The contract of its versions: the first, with the modifications that lead to the others.
fn contract(versions: Vec<State>) -> Option<Json> {
    let mut versions = versions.into_iter();
    let first = versions.next()?;
    let mut contract = first.fields.clone();
    contract.put("titulaires", Json::List(first.holders.clone()));
    let mut modifications = first.modifications.clone();
    let mut before = first;
    for mut after in versions {
        // What a row says of its modification, such as its purpose.
        let said = (after.modifications.len() == 1).then(|| after.modifications.remove(0));
        modifications.append(&mut after.modifications);
        let mut modification = said.unwrap_or_else(|| Json::Map(Vec::new()));
        for key in ["montant", "dureeMois"] {
            let value = after.fields.get(key);
            if *value != Json::Null && value != before.fields.get(key) {
                modification.put(key, value.clone());
            }
        }
        if !after.holders.is_empty() && after.holders != before.holders {
            modification.put("titulaires", Json::List(after.holders.clone()));
        }
        for (date, modified) in [
            ("dateNotification", "dateNotificationModification"),
            ("datePublicationDonnees", "datePublicationDonneesModification"),
        ] {
            modification.put(modified, after.fields.get(date).clone());
        }
        modifications.push(modification);
        before = after;
    }
    contract.put("modifications", Json::List(modifications));
    Some(contract)
}
