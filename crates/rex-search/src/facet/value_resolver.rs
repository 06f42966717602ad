//! What a text typed as the value of a facet stands for: `haute-garonne`, `31`, `MAPA`, `entreprises adaptées`.

mod likeness;
mod territory;

use std::time::Duration;

use rex_analysis::{Lexicon, words};
use rex_corpus::{CaseType, Nature, Procedure, Reserve, nearest, reserve_names, structure_label, structure_values};
use rex_index::{Facet, FacetKind, FacetTable};

use crate::collector::deadline::Deadline;
use crate::engine::{Engine, SearchError};
use crate::entities::{codes_meant, other_labels};
use crate::facet::value_matcher::folded;
use likeness::{Holding, Near, joined, singular};
use territory::read_territory;

/// Values between two looks at the clock.
const BETWEEN_CHECKS: usize = 1_024;
/// Values one name may stand for; of more, the first.
const MAX_MEANT: usize = 10;
/// Words before the name of a value of a closed list that tell nothing: `marché de travaux`, `procédure MAPA`.
const LEADS: [&str; 15] = [
    "a",
    "aux",
    "contrat",
    "d",
    "de",
    "des",
    "du",
    "en",
    "la",
    "marche",
    "marches",
    "nature",
    "procedure",
    "public",
    "publics",
];

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
    /// Names of parties are free: one that is unknown is never taken for another, but those that hold its words, or are
    /// nearly so, are likely. A CPV code may be written as documents print it.
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
            lexicon: &self.settings.lexicon,
            deadline: Deadline::within(time_limit),
        };
        let read = match facet {
            Facet::Type | Facet::Nature | Facet::Procedure | Facet::Reserve => Ok(read_listed(&table, typed)),
            Facet::Territoire => read_territory(&table, typed),
            Facet::Structure if structure_label(typed).is_some() => Ok(read_structure(&table, typed)),
            Facet::Considerations | Facet::Structure | Facet::Theme => read_free(&table, typed),
            Facet::Acheteur | Facet::Titulaire => read_party(&table, typed),
            Facet::Cpv => Ok(read_code(&table, typed)),
            // Numbers: another one is another value.
            Facet::Annee | Facet::Montant | Facet::Duree => Ok(ValueReading::Unknown),
        };
        read.map_err(|error| self.error(error))
    }
}

/// The values that cases have.
struct Values<'a> {
    facet: Facet,
    table: &'a FacetTable,
    lexicon: &'a Lexicon,
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

    /// Whether a case has one.
    fn has(&self, value: &str) -> bool {
        self.table.rank_of(&self.facet.term(value)).is_some()
    }

    /// What the lexicon says that a text, all of it, stands for.
    fn synonyms(&self, typed: &str) -> impl Iterator<Item = &'a str> {
        let typed = words(typed);
        let known = typed
            .first()
            .map_or(&[][..], |first| self.lexicon.beginning_with(&first.stem));
        let is_meant = move |from: &[rex_analysis::Token]| {
            from.len() == typed.len() && from.iter().zip(&typed).all(|(from, typed)| from.exact == typed.exact)
        };
        let meant = known.iter().filter(move |synonym| is_meant(&synonym.from));
        meant.map(|synonym| synonym.to_text.as_str())
    }
}

/// Reads a value of a closed list; one that no case has is one all the same.
fn read_listed(values: &Values<'_>, typed: &str) -> ValueReading {
    let facet = values.facet;
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
    let called = |typed: &str| {
        let (letters, bare) = (joined(typed), singular(typed));
        ValueReading::of_one_name(labels(&|name| name == typed))
            .or_else(|| ValueReading::of_one_name(labels(&|name| joined(name) == letters)))
            .or_else(|| ValueReading::of_one_name(labels(&|name| singular(name) == bare)))
    };
    let others = || {
        let mut meant: Vec<String> = other_labels(facet, typed).map(folded).collect();
        meant.extend(values.synonyms(typed).map(folded));
        ValueReading::of_one_name(labels(&|name| {
            meant.iter().any(|meant| singular(meant) == singular(name))
        }))
    };
    let key = folded(typed);
    let without_leads = || {
        let mut rest = key.as_str();
        while let Some((_, after)) = rest.split_once(' ').filter(|(lead, _)| LEADS.contains(lead)) {
            rest = after;
        }
        (rest.len() < key.len()).then(|| called(rest)).flatten()
    };
    let read = called(&key).or_else(others).or_else(without_leads);
    let likely = |is_near: &dyn Fn(&str) -> bool| {
        let mut likely = labels(is_near);
        likely.truncate(MAX_MEANT);
        (!likely.is_empty()).then_some(ValueReading::Likely(likely))
    };
    let holding = Holding::of(&key);
    read.or_else(|| likely(&|name| holding.is_within(name)))
        .or_else(|| likely(&|name| Holding::of(name).is_within(&key)))
        .or_else(|| likely(&|name| holding.is_nearly_within(name)))
        .unwrap_or_else(|| {
            let near = nearest(&key, names.iter().map(|(name, _)| name.as_str()));
            let label = names.iter().find(|(name, _)| near == Some(name.as_str()));
            label.map_or(ValueReading::Unknown, |(_, label)| {
                ValueReading::Likely(vec![(*label).to_owned()])
            })
        })
}

/// Reads the name of a kind of holder: one that no case has is likely to be told as its legal form or its status.
fn read_structure(values: &Values<'_>, typed: &str) -> ValueReading {
    let mut kinds = structure_values(typed);
    if kinds.first().is_some_and(|own| values.has(own)) {
        return ValueReading::one(kinds.swap_remove(0));
    }
    let broader: Vec<String> = kinds.iter().skip(1).filter(|kind| values.has(kind)).cloned().collect();
    match (broader.is_empty(), kinds.first()) {
        (true, Some(own)) => ValueReading::one(own),
        _ => ValueReading::Likely(broader),
    }
}

/// Reads a CPV code as documents print it: the one that cases have.
fn read_code(values: &Values<'_>, typed: &str) -> ValueReading {
    let mut meant = codes_meant(typed);
    meant.retain(|code| values.has(code));
    meant.dedup();
    ValueReading::of_one_name(meant).unwrap_or(ValueReading::Unknown)
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
fn read_free(values: &Values<'_>, typed: &str) -> tantivy::Result<ValueReading> {
    let mut others: Vec<String> = other_labels(values.facet, typed).map(folded).collect();
    others.extend(values.synonyms(typed).map(folded));
    let typed = folded(typed);
    if typed.is_empty() {
        return Ok(ValueReading::Unknown);
    }
    let (letters, bare) = (joined(&typed), singular(&typed));
    let (mut same, mut alike, mut meant) = (Vec::new(), Vec::new(), Vec::new());
    let (mut holding, mut near) = (Holding::of(&typed), Near::to(&typed));
    values.each(|value| {
        let name = folded(value);
        if name == typed {
            same.push(value.to_owned());
        } else if joined(&name) == letters || singular(&name) == bare {
            alike.push(value.to_owned());
        } else if others.iter().any(|other| singular(other) == singular(&name)) {
            meant.push(value.to_owned());
        } else if !holding.look(&name, value) {
            near.look(&name, value);
        }
    })?;
    Ok(first_of([same, alike, meant])
        .or_else(|| holding.reading())
        .unwrap_or_else(|| near.reading()))
}

/// Reads the name of a buyer or of a holder.
fn read_party(values: &Values<'_>, typed: &str) -> tantivy::Result<ValueReading> {
    let typed = folded(typed);
    if typed.is_empty() {
        return Ok(ValueReading::Unknown);
    }
    let letters = joined(&typed);
    let (mut same, mut alike) = (Vec::new(), Vec::new());
    let (mut holding, mut nearly) = (Holding::of(&typed), Holding::of(&typed));
    values.each(|value| {
        let name = folded(value);
        if name == typed {
            same.push(value.to_owned());
        } else if joined(&name) == letters {
            alike.push(value.to_owned());
        } else if !holding.look(&name, value) {
            nearly.look_nearly(&name, value);
        }
    })?;
    let likely = || holding.reading().or_else(|| nearly.reading());
    Ok(first_of([same, alike]).or_else(likely).unwrap_or(ValueReading::Unknown))
}

/// The first values found, the surest way first.
fn first_of<const WAYS: usize>(found: [Vec<String>; WAYS]) -> Option<ValueReading> {
    let mut first = found.into_iter().find(|values| !values.is_empty())?;
    first.truncate(MAX_MEANT);
    Some(ValueReading::Values(first))
}
