//! Resolves a text to the value of a facet: `haute-garonne`, `31`, `MAPA`, `entreprises adaptées`.

use rex_corpus::{
    CaseType, Cpv, Nature, Procedure, Reserve, nearest, reserve_names, structure_label, structure_values,
};
use rex_query::{Facet, ResolvedValue};

use crate::entities::{codes_meant, other_labels};
use crate::error::Result;
use crate::facet::value_matcher::folded;

use super::likeness::{NearestValue, ValuesWithWords, joined, singular};
use super::territory::read_territory;
use super::values::{FacetValues, MAX_MEANT, of_one_name, one};

/// Words ignored before the name of a value of a closed list: `marché de travaux`, `procédure MAPA`.
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

/// Other names of record types.
const TYPES: [(&str, CaseType); 2] = [("REX", CaseType::Case), ("marché public", CaseType::Contract)];

/// Resolves a value that no case has in this spelling, see [`rex_query::SearchBackend::resolve_value`].
///
/// An unknown name of a party resolves to no other, but those that hold its words, or nearly, are likely. A CPV code may be spelled as
/// documents print it.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn resolve(values: &FacetValues<'_>, typed: &str) -> Result<ResolvedValue> {
    match values.facet {
        Facet::Type | Facet::Nature | Facet::Procedure | Facet::Reserve => Ok(read_listed(values, typed)),
        Facet::Territoire => read_territory(values, typed),
        Facet::Structure if structure_label(typed).is_some() => Ok(read_structure(values, typed)),
        Facet::Considerations | Facet::Structure | Facet::Theme => read_free(values, typed),
        Facet::Acheteur | Facet::Titulaire => read_party(values, typed),
        Facet::Cpv => Ok(read_code(values, typed)),
        // A similar number is another value.
        Facet::Annee | Facet::Montant | Facet::Duree => Ok(ResolvedValue::Unknown),
    }
}

/// Resolves a value of a closed list, whether a case has it or not.
fn read_listed(values: &FacetValues<'_>, typed: &str) -> ResolvedValue {
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
        of_one_name(labels(&|name| name == typed))
            .or_else(|| of_one_name(labels(&|name| joined(name) == letters)))
            .or_else(|| of_one_name(labels(&|name| singular(name) == bare)))
    };
    let others = || {
        let mut meant: Vec<String> = other_labels(facet, typed).map(folded).collect();
        meant.extend(values.synonyms(typed).map(folded));
        of_one_name(labels(&|name| {
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
        (!likely.is_empty()).then_some(ResolvedValue::Likely(likely))
    };
    let holding = ValuesWithWords::of(&key);
    read.or_else(|| likely(&|name| holding.is_within(name)))
        .or_else(|| likely(&|name| ValuesWithWords::of(name).is_within(&key)))
        .or_else(|| likely(&|name| holding.is_nearly_within(name)))
        .unwrap_or_else(|| {
            let near = nearest(&key, names.iter().map(|(name, _)| name.as_str()));
            let label = names.iter().find(|(name, _)| near == Some(name.as_str()));
            label.map_or(ResolvedValue::Unknown, |(_, label)| {
                ResolvedValue::Likely(vec![(*label).to_owned()])
            })
        })
}

/// Resolves a kind of holder; if no case has it, its legal form or status is likely.
fn read_structure(values: &FacetValues<'_>, typed: &str) -> ResolvedValue {
    let mut kinds = structure_values(typed);
    if kinds.first().is_some_and(|own| values.has(own)) {
        return one(kinds.swap_remove(0));
    }
    let broader: Vec<String> = kinds.iter().skip(1).filter(|kind| values.has(kind)).cloned().collect();
    match (broader.is_empty(), kinds.first()) {
        (true, Some(own)) => one(own),
        _ => ResolvedValue::Likely(broader),
    }
}

/// Resolves a CPV code as documents print it to the one that cases have.
fn read_code(values: &FacetValues<'_>, typed: &str) -> ResolvedValue {
    let mut meant = codes_meant(typed);
    if meant.is_empty() && Cpv::parse(typed).is_err() {
        return ResolvedValue::Malformed;
    }
    meant.retain(|code| values.has(code));
    meant.dedup();
    of_one_name(meant).unwrap_or(ResolvedValue::Unknown)
}

/// Every name of the values of a closed list, with its label.
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

/// Resolves a free-text value.
fn read_free(values: &FacetValues<'_>, typed: &str) -> Result<ResolvedValue> {
    let mut others: Vec<String> = other_labels(values.facet, typed).map(folded).collect();
    others.extend(values.synonyms(typed).map(folded));
    let typed = folded(typed);
    if typed.is_empty() {
        return Ok(ResolvedValue::Unknown);
    }
    let (letters, bare) = (joined(&typed), singular(&typed));
    let (mut same, mut alike, mut meant) = (Vec::new(), Vec::new(), Vec::new());
    let (mut holding, mut near) = (ValuesWithWords::of(&typed), NearestValue::to(&typed));
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

/// Resolves the name of a buyer or holder.
fn read_party(values: &FacetValues<'_>, typed: &str) -> Result<ResolvedValue> {
    let typed = folded(typed);
    if typed.is_empty() {
        return Ok(ResolvedValue::Unknown);
    }
    let letters = joined(&typed);
    let (mut same, mut alike) = (Vec::new(), Vec::new());
    let (mut holding, mut nearly) = (ValuesWithWords::of(&typed), ValuesWithWords::of(&typed));
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
    Ok(first_of([same, alike])
        .or_else(likely)
        .unwrap_or(ResolvedValue::Unknown))
}

/// The first list that is not empty; the surest matches come first.
fn first_of<const WAYS: usize>(found: [Vec<String>; WAYS]) -> Option<ResolvedValue> {
    let mut first = found.into_iter().find(|values| !values.is_empty())?;
    first.truncate(MAX_MEANT);
    Some(ResolvedValue::Values(first))
}
