//! The rows of one contract: tables have a row for each holder and for each modification.

use super::super::json::Json;

/// The key of what a row is among those of its contract: its version, and whether it is the current one.
pub(in super::super) const ROW: &str = "ligne";
/// Rows of one contract that are merged. The largest groupings have a few dozen holders, and contracts as many modifications.
const MAX_ROWS: usize = 10_000;

/// Whether fields are a row of several.
pub(in super::super) fn is_row(fields: &Json) -> bool {
    *fields.get(ROW) != Json::Null
}

/// A contract at a time: the values after a modification, and the holders of all its rows.
struct State {
    /// 0 before the first modification.
    version: usize,
    fields: Json,
    holders: Vec<Json>,
}

/// The contracts of rows with the same buyer, number and object.
///
/// A row has the values after its modification, so that each version after the first becomes a modification. Rows of one version with
/// the same amount have a holder each; with different amounts they are lots, and contracts of their own.
pub(in super::super) fn merged(mut rows: Vec<Json>) -> Vec<Json> {
    rows.truncate(MAX_ROWS);
    let versions = versions(&rows);
    let mut states: Vec<State> = Vec::new();
    for (mut fields, version) in rows.into_iter().zip(versions) {
        fields.take(ROW);
        let holders = fields.take("titulaires").into_list();
        let amount = amount(&fields);
        let same = |state: &&mut State| state.version == version && self::amount(&state.fields) == amount;
        match states.iter_mut().find(same) {
            Some(state) => state.add(fields, holders),
            None => states.push(State {
                version,
                fields,
                holders,
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

fn amount(fields: &Json) -> String {
    let text = fields.get("montant").text();
    let number = text.parse::<f64>().map(|amount| amount.to_string());
    number.unwrap_or_else(|_| text.to_owned())
}

impl State {
    /// Adds the holders of another row, and the modifications that it names.
    fn add(&mut self, mut fields: Json, holders: Vec<Json>) {
        self.holders.extend(new_ones(&self.holders, holders));
        let mut known = self.fields.take("modifications").into_list();
        for mut modification in fields.take("modifications").into_list() {
            let holders = modification.take("titulaires").into_list();
            let same = known
                .iter_mut()
                .find(|known| known.without("titulaires") == modification);
            match same {
                Some(same) => {
                    let mut all = same.take("titulaires").into_list();
                    all.extend(new_ones(&all, holders));
                    same.put("titulaires", Json::List(all));
                }
                None => {
                    modification.put("titulaires", Json::List(holders));
                    known.push(modification);
                }
            }
        }
        self.fields.put("modifications", Json::List(known));
    }
}

fn new_ones(known: &[Json], holders: Vec<Json>) -> Vec<Json> {
    holders.into_iter().filter(|holder| !known.contains(holder)).collect()
}

/// The contract of its versions: the first, with the modifications that lead to the others.
fn contract(versions: Vec<State>) -> Option<Json> {
    let mut versions = versions.into_iter();
    let State {
        mut fields, holders, ..
    } = versions.next()?;
    let mut modifications = fields.take("modifications").into_list();
    let mut before = (fields.clone(), holders.clone());
    fields.put("titulaires", Json::List(holders));
    for State {
        fields: mut after,
        holders,
        ..
    } in versions
    {
        let mut told = after.take("modifications").into_list();
        let mut modification = if told.len() == 1 {
            told.remove(0)
        } else {
            Json::Map(Vec::new())
        };
        modifications.append(&mut told);
        for key in ["montant", "dureeMois"] {
            let value = after.get(key);
            if *value != Json::Null && value != before.0.get(key) {
                modification.put(key, value.clone());
            }
        }
        if !holders.is_empty() && holders != before.1 {
            modification.put("titulaires", Json::List(holders.clone()));
        }
        for (date, modified) in [
            ("dateNotification", "dateNotificationModification"),
            ("datePublicationDonnees", "datePublicationDonneesModification"),
        ] {
            modification.put(modified, after.get(date).clone());
        }
        modifications.push(modification);
        before = (after, holders);
    }
    fields.put("modifications", Json::List(modifications));
    Some(fields)
}
