//! The flat names of fields: columns of tables, and keys such as `acheteur.id` or `titulaire_id_1` of JSON.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::json::Json;
use super::rows::ROW;
use rex_corpus::{data_lines, name_key};

/// The field that a flat name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Column {
    part: Part,
    /// The key in the part.
    key: &'static str,
    /// The number of a numbered column, such as that of one of several holders.
    number: Option<u32>,
}

/// The part of a contract that a field is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Contract,
    Buyer,
    Place,
    Holder,
    Modification,
    /// A holder that a modification names.
    NewHolder,
    /// What a row is among those of its contract.
    Row,
}

impl Part {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "contract" => Self::Contract,
            "buyer" => Self::Buyer,
            "place" => Self::Place,
            "holder" => Self::Holder,
            "modification" => Self::Modification,
            "new_holder" => Self::NewHolder,
            "row" => Self::Row,
            _ => return None,
        })
    }
}

/// The columns by their spellings, of `data/decp_columns.tsv`.
static KNOWN: LazyLock<HashMap<&'static str, (Part, &'static str)>> = LazyLock::new(|| {
    data_lines(include_str!("../../data/decp_columns.tsv"))
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let (part, key) = (Part::named(fields.next()?)?, fields.next()?);
            Some((fields.next()?, (part, key)))
        })
        .flat_map(|(names, column)| names.split(' ').map(move |name| (name, column)))
        .collect()
});

impl Column {
    /// The column with a name, in any case, with any separators and with a number: `acheteur.id`, `Titulaire_ID_1`.
    pub(in super::super) fn named(name: &str) -> Option<Self> {
        const LONGEST: usize = 80;
        if name.len() > LONGEST || name.contains(char::is_control) {
            return None;
        }
        let letters = |name: &str| -> String {
            let kept = name.chars().filter(char::is_ascii_alphabetic);
            kept.map(|c| c.to_ascii_lowercase()).collect()
        };
        let plain = match name.is_ascii() {
            true => letters(name),
            false => letters(&name_key(name)),
        };
        let (part, key) = *KNOWN.get(plain.as_str())?;
        let digits = name
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| !digits.is_empty());
        Some(Self {
            part,
            key,
            number: digits.and_then(|digits| digits.parse().ok()),
        })
    }

    /// Whether only contract data has such a column.
    pub(in super::super) fn is_distinctive(self) -> bool {
        matches!(
            (self.part, self.key),
            (
                Part::Buyer | Part::Place | Part::Modification | Part::NewHolder | Part::Row,
                _
            ) | (Part::Holder, "id" | "typeIdentifiant")
                | (
                    Part::Contract,
                    "codeCPV" | "dureeMois" | "datePublicationDonnees" | "dateNotification"
                )
        )
    }

    pub(in super::super) fn is_object(self) -> bool {
        (self.part, self.key) == (Part::Contract, "objet")
    }

    /// Whether each of several holders has a row of its own with this column.
    fn is_by_row(self) -> bool {
        matches!(self.part, Part::Row) || (self.part == Part::Holder && self.number.is_none())
    }
}

/// A key and its value.
type Entry = (&'static str, Json);

/// The fields of holders with the number of their columns.
type Numbered = Vec<(Option<u32>, Vec<Entry>)>;

/// The fields of a contract of flat ones: `acheteur_id` is the `id` of the `acheteur`. Values for "unknown" are left out.
///
/// A row of several, one for each holder or modification, has a key [`ROW`].
pub(in super::super) fn nested(cells: impl IntoIterator<Item = (Column, Json)>) -> Vec<Entry> {
    let mut contract: Vec<Entry> = Vec::new();
    let mut parts: [Vec<Entry>; 4] = Default::default();
    let [buyer, place, modification, row] = &mut parts;
    let mut holders: Numbered = Vec::new();
    let mut new_holders = holders.clone();
    let mut is_row = false;
    for (column, value) in cells {
        is_row |= column.is_by_row();
        let Some(value) = known(value, column) else {
            continue;
        };
        let Column { part, key, number } = column;
        match part {
            Part::Contract => contract.push((key, value)),
            Part::Buyer => buyer.push((key, value)),
            Part::Place => place.push((key, value)),
            Part::Holder => with_number(&mut holders, number).push((key, value)),
            Part::Modification => modification.push((key, value)),
            Part::NewHolder => with_number(&mut new_holders, number).push((key, value)),
            Part::Row => row.push((key, value)),
        }
    }
    if let Some(holders) = list(new_holders) {
        modification.push(("titulaires", holders));
    }
    if !row.is_empty() || is_row {
        contract.push((ROW, Json::Map(std::mem::take(row))));
    }
    let modification = Some(std::mem::take(modification)).filter(|fields| !fields.is_empty());
    let modification = modification.map(|fields| Json::List(vec![Json::Map(fields)]));
    let named = [
        ("acheteur", std::mem::take(buyer)),
        ("lieuExecution", std::mem::take(place)),
    ];
    let named = named.into_iter().filter(|(_, fields)| !fields.is_empty());
    contract.extend(named.map(|(key, fields)| (key, Json::Map(fields))));
    contract.extend(list(holders).map(|holders| ("titulaires", holders)));
    contract.extend(modification.map(|list| ("modifications", list)));
    contract
}

/// The fields of the holder with a number.
fn with_number(holders: &mut Numbered, number: Option<u32>) -> &mut Vec<Entry> {
    let at = holders.iter().position(|(known, _)| *known == number);
    let at = at.unwrap_or_else(|| {
        holders.push((number, Vec::new()));
        holders.len() - 1
    });
    &mut holders[at].1
}

/// The holders that have a name or an identifier, by their numbers.
fn list(mut holders: Numbered) -> Option<Json> {
    holders.retain(|(_, fields)| fields.iter().any(|(key, _)| *key != "typeIdentifiant"));
    holders.sort_by_key(|(number, _)| *number);
    let holders: Vec<Json> = holders.into_iter().map(|(_, fields)| Json::Map(fields)).collect();
    (!holders.is_empty()).then_some(Json::List(holders))
}

/// The value of a cell. `None` if it says that there is none.
fn known(value: Json, column: Column) -> Option<Json> {
    /// Lists in one cell are separated by commas or semicolons.
    const LISTS: [&str; 3] = [
        "techniques",
        "considerationsSociales",
        "considerationsEnvironnementales",
    ];
    let Json::Scalar(text) = value else {
        return (value != Json::Null).then_some(value);
    };
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    // Software that takes SIRETs and codes of places for numbers.
    let is_number = column.part != Part::Contract && matches!(column.key, "id" | "code");
    let text = text.strip_suffix(".0").filter(|_| is_number).unwrap_or(text);
    if !LISTS.contains(&column.key) {
        return Some(Json::Scalar(text.to_owned()));
    }
    let text = text.trim_matches(['[', ']']);
    let items = text
        .split([',', ';', '|'])
        .map(|item| item.trim().trim_matches(['\'', '"']));
    Some(Json::List(items.map(|item| Json::Scalar(item.to_owned())).collect()))
}
