//! What a text typed as the value of a facet stands for: `haute-garonne`, `31`, `MAPA`, `entreprises adaptées`.

use std::time::Duration;

use rex_corpus::{CaseType, Nature, Procedure, Reserve, Territories, nearest, reserve_names, structure_label};
use rex_index::{Facet, FacetKind, FacetTable, PATH_SEPARATOR};

use crate::deadline::Deadline;
use crate::engine::{Engine, SearchError};
use crate::value_match::folded;

/// Values between two looks at the clock.
const BETWEEN_CHECKS: usize = 1_024;
/// Values one name may stand for; of more, the first.
const MAX_MEANT: usize = 10;
/// Letters from which a word can be taken for mistyped, and the most that is compared.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=100;
/// How like a value a text has to be to be taken for a typing error, from 0 to 1: two letters of eight.
const LIKENESS: f64 = 0.75;

/// What the types of documents are called besides.
const TYPES: [(&str, CaseType); 2] = [("REX", CaseType::Case), ("marché public", CaseType::Contract)];

/// What a text stands for among the values of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueReading {
    /// Values, each as cases write it: one, or several that differ in their letter case and accents only.
    Values(Vec<String>),
    /// None, but one of these is likely: the nearest one, or those that have the name together.
    Likely(Vec<String>),
    /// None, nor anything near: it finds no case.
    Unknown,
}

impl ValueReading {
    fn one(value: impl Into<String>) -> Self {
        Self::Values(vec![value.into()])
    }

    /// What one name stands for: several values of it are no choice of ours.
    fn of_one_name(mut values: Vec<String>) -> Option<Self> {
        values.truncate(MAX_MEANT);
        match values.len() {
            0 => None,
            1 => Some(Self::Values(values)),
            _ => Some(Self::Likely(values)),
        }
    }
}

impl Engine {
    /// Whether a case has a value of a facet of terms or a hierarchy, written exactly so.
    pub fn has_value(&self, facet: Facet, value: &str) -> bool {
        facet.kind() != FacetKind::Range && self.facets.table(facet).rank_of(&facet.term(value)).is_some()
    }

    /// Reads a value of a facet of terms or a hierarchy as people type it: in any letter case, with or without accents and the
    /// plural; of a closed list, by any of its names; of a territory, by its last levels, its number or what else it is called.
    ///
    /// Names of parties are free: one that is unknown is never taken for another.
    ///
    /// # Errors
    /// An index that cannot be read; a reading that takes longer than the limit.
    pub fn read_value(
        &self,
        facet: Facet,
        typed: &str,
        time_limit: Option<Duration>,
    ) -> Result<ValueReading, SearchError> {
        if self.has_value(facet, typed) {
            return Ok(ValueReading::one(typed));
        }
        let table = Values {
            facet,
            table: self.facets.table(facet),
            deadline: Deadline::within(time_limit),
        };
        let read = match facet {
            Facet::Type | Facet::Nature | Facet::Procedure | Facet::Reserve => Ok(read_listed(facet, typed)),
            Facet::Territoire => read_territory(&table, typed),
            Facet::Structure if structure_label(typed).is_some() => {
                Ok(structure_label(typed).map_or(ValueReading::Unknown, ValueReading::one))
            }
            Facet::Considerations | Facet::Structure | Facet::Theme => read_free(&table, typed, true),
            Facet::Acheteur | Facet::Titulaire => read_free(&table, typed, false),
            // Numbers: another one is another value.
            Facet::Cpv | Facet::Annee | Facet::Montant | Facet::Duree => Ok(ValueReading::Unknown),
        };
        read.map_err(|error| self.error(error))
    }
}

/// The values that cases have.
struct Values<'a> {
    facet: Facet,
    table: &'a FacetTable,
    deadline: Deadline,
}

impl<'a> Values<'a> {
    /// Calls `look` with each.
    fn each(&self, mut look: impl FnMut(&'a str)) -> tantivy::Result<()> {
        for rank in 0..self.table.values() as u32 {
            if (rank as usize).is_multiple_of(BETWEEN_CHECKS) {
                self.deadline.check()?;
            }
            look(self.facet.value_of(self.table.term(rank)?));
        }
        Ok(())
    }
}

/// Reads a value of a closed list; one that no case has is one all the same.
fn read_listed(facet: Facet, typed: &str) -> ValueReading {
    let names: Vec<(String, &str)> = names(facet)
        .into_iter()
        .map(|(name, label)| (folded(name), label))
        .collect();
    let labels = |is_meant: &dyn Fn(&str) -> bool| {
        let mut labels: Vec<String> = Vec::new();
        for (name, label) in &names {
            if is_meant(name) && !labels.iter().any(|known| known == label) {
                labels.push((*label).to_owned());
            }
        }
        labels
    };
    let typed = folded(typed);
    let bare = singular(&typed);
    let read = ValueReading::of_one_name(labels(&|name| name == typed))
        .or_else(|| ValueReading::of_one_name(labels(&|name| singular(name) == bare)));
    read.unwrap_or_else(|| {
        let near = nearest(&typed, names.iter().map(|(name, _)| name.as_str()));
        let label = names.iter().find(|(name, _)| near == Some(name.as_str()));
        label.map_or(ValueReading::Unknown, |(_, label)| {
            ValueReading::Likely(vec![(*label).to_owned()])
        })
    })
}

/// Every name of the values of a closed list.
fn names(facet: Facet) -> Vec<(&'static str, &'static str)> {
    let labels = |labels: &[&'static str]| labels.iter().map(|label| (*label, *label)).collect::<Vec<_>>();
    match facet {
        Facet::Type => {
            let others = TYPES.map(|(name, of)| (name, of.label()));
            labels(CaseType::LABELS).into_iter().chain(others).collect()
        }
        Facet::Nature => labels(Nature::LABELS),
        Facet::Reserve => {
            let others = reserve_names().map(|(name, reserve)| (name, reserve.label()));
            labels(Reserve::LABELS).into_iter().chain(others).collect()
        }
        Facet::Procedure => Procedure::all()
            .flat_map(|procedure| {
                procedure
                    .other_names()
                    .chain([procedure.label()])
                    .map(move |name| (name, procedure.label()))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Reads a value that cases are free to write.
fn read_free(values: &Values<'_>, typed: &str, is_forgiven: bool) -> tantivy::Result<ValueReading> {
    let typed = folded(typed);
    if typed.is_empty() {
        return Ok(ValueReading::Unknown);
    }
    let bare = singular(&typed);
    let (mut same, mut alike) = (Vec::new(), Vec::new());
    let mut near = Near::to(&typed);
    values.each(|value| {
        let name = folded(value);
        if name == typed {
            same.push(value.to_owned());
        } else if is_forgiven && singular(&name) == bare {
            alike.push(value.to_owned());
        } else if is_forgiven {
            near.look(&name, value);
        }
    })?;
    let mut found = if same.is_empty() { alike } else { same };
    found.truncate(MAX_MEANT);
    Ok(if found.is_empty() {
        near.reading()
    } else {
        ValueReading::Values(found)
    })
}

/// Reads a territory: a path, its last levels, a name or the number of a département.
fn read_territory(values: &Values<'_>, typed: &str) -> tantivy::Result<ValueReading> {
    let levels: Vec<String> = typed.split(PATH_SEPARATOR.trim()).map(folded).collect();
    if levels.iter().any(String::is_empty) {
        return Ok(ValueReading::Unknown);
    }
    let departement = Territories::departement(&code(typed)).map(|place| place.path().join(PATH_SEPARATOR));
    let official = departement.as_deref().map(folded);
    let mut whole: Vec<String> = Vec::new();
    let mut ending: Vec<(usize, &str)> = Vec::new();
    let mut near = Near::to(levels.last().map_or("", String::as_str));
    values.each(|path| {
        let own: Vec<String> = path.split(PATH_SEPARATOR).map(folded).collect();
        if own == levels || official.as_deref().is_some_and(|official| folded(path) == official) {
            whole.push(path.to_owned());
        } else if own.ends_with(&levels) {
            ending.push((own.len(), path));
        } else if let [.., last] = own.as_slice() {
            near.look(last, path);
        }
    })?;
    if !whole.is_empty() {
        return Ok(ValueReading::Values(whole));
    }
    // The highest level of a name holds the others: Mayotte, and the département of that name.
    let highest = ending.iter().map(|(levels, _)| *levels).min();
    let highest = ending.iter().filter(|(levels, _)| Some(*levels) == highest);
    let highest = highest.map(|(_, path)| (*path).to_owned()).collect();
    if let Some(reading) = ValueReading::of_one_name(highest) {
        return Ok(reading);
    }
    if let Some(path) = departement {
        return Ok(ValueReading::one(path));
    }
    Ok(official_place(values, typed).unwrap_or_else(|| near.reading()))
}

/// The number of a département as lists have it: `1` is `01`, `2a` is `2A`.
fn code(typed: &str) -> String {
    let typed = typed.trim();
    match typed.as_bytes() {
        [b'1'..=b'9'] => format!("0{typed}"),
        _ => typed.to_uppercase(),
    }
}

/// What a name is officially: the place of that name that cases have, else the only one there is.
fn official_place(values: &Values<'_>, typed: &str) -> Option<ValueReading> {
    let facet = values.facet;
    let places = Territories::shipped().named(typed);
    let paths: Vec<String> = places.iter().map(|place| place.path().join(PATH_SEPARATOR)).collect();
    let has = |path: &&String| values.table.rank_of(&facet.term(path)).is_some();
    let known: Vec<String> = paths.iter().filter(has).cloned().collect();
    ValueReading::of_one_name(known).or_else(|| match paths.as_slice() {
        [only] => Some(ValueReading::one(only)),
        _ => None,
    })
}

/// Folded words without the marks of the plural.
fn singular(folded: &str) -> String {
    let bare = |word: &str| match word.strip_suffix(['s', 'x']) {
        Some(stem) if word.len() > 3 => stem.to_owned(),
        _ => word.to_owned(),
    };
    folded.split(' ').map(bare).collect::<Vec<_>>().join(" ")
}

/// The value whose name is most like what was typed.
struct Near<'a> {
    typed: &'a str,
    best: Option<(f64, String)>,
}

impl<'a> Near<'a> {
    fn to(typed: &'a str) -> Self {
        Self { typed, best: None }
    }

    fn look(&mut self, name: &str, value: &str) {
        let (typed, other) = (self.typed.len(), name.len());
        if !LETTERS.contains(&typed) || !LETTERS.contains(&other) {
            return;
        }
        // Nobody means another number, and one word of several is a beginning.
        let likeness = if name.starts_with(self.typed) {
            LIKENESS
        } else if typed.abs_diff(other) as f64 > (1.0 - LIKENESS) * typed.max(other) as f64
            || digits(self.typed) != digits(name)
        {
            return;
        } else {
            strsim::normalized_damerau_levenshtein(self.typed, name)
        };
        if likeness >= LIKENESS && self.best.as_ref().is_none_or(|(best, _)| likeness > *best) {
            self.best = Some((likeness, value.to_owned()));
        }
    }

    fn reading(self) -> ValueReading {
        self.best
            .map_or(ValueReading::Unknown, |(_, value)| ValueReading::Likely(vec![value]))
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
