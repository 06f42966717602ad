//! Resolves territories: a path, its last levels, a name, a number, or another name.

use rex_corpus::Territories;
use rex_query::{PATH_SEPARATOR, ResolvedValue};

use super::likeness::{NearestValue, ValuesWithWords, joined};
use super::values::{FacetValues, of_one_name, one};
use crate::entities::departement_meant;
use crate::error::Result;
use crate::facet::value_matcher::folded;

/// Levels in the path of a département; a commune has more.
const DEPARTEMENT: usize = 2;

/// Resolves a territory.
pub(super) fn read_territory(values: &FacetValues<'_>, typed: &str) -> Result<ResolvedValue> {
    let name = without_number(typed);
    let looked = TerritoryMatches::at(values, name)?;
    if let Some(reading) = looked.sure.clone() {
        return Ok(reading);
    }
    let official = official_paths(name);
    let known = official.iter().filter(|path| values.has(path)).cloned().collect();
    if let Some(reading) = of_one_name(known) {
        return Ok(reading);
    }
    // An everyday name (Anjou) of a territory with cases precedes a place of that name without any.
    let mut meant = None;
    for synonym in values.synonyms(name) {
        let reading = match TerritoryMatches::at(values, synonym)?.sure {
            Some(reading) => Some(reading),
            None => only(&official_paths(synonym)),
        };
        if is_of_cases(values, reading.as_ref()) {
            return Ok(reading.unwrap_or(ResolvedValue::Unknown));
        }
        meant = meant.or(reading);
    }
    let place = only(&official);
    // A commune without cases, and territories named after it: Toulouse, and Toulouse Métropole.
    let is_of_commune = |path: &String| path.split(PATH_SEPARATOR).count() > DEPARTEMENT;
    let reading = match looked.holding.reading() {
        Some(holding) if place.is_none() || official.iter().all(is_of_commune) => Some(holding),
        _ => None,
    };
    Ok(reading.or(place).or(meant).unwrap_or_else(|| looked.near.reading()))
}

/// Matches among the values of cases.
struct TerritoryMatches {
    /// The certain match.
    sure: Option<ResolvedValue>,
    /// Values whose last level holds the words.
    holding: ValuesWithWords,
    /// The value with the most similar last level.
    near: NearestValue,
}

impl TerritoryMatches {
    fn at(values: &FacetValues<'_>, typed: &str) -> Result<Self> {
        let levels: Vec<String> = typed.split(PATH_SEPARATOR.trim()).map(folded).collect();
        let last = levels.last().map_or("", String::as_str);
        let mut found = Self {
            sure: None,
            holding: ValuesWithWords::of(last),
            near: NearestValue::to(last),
        };
        if levels.iter().any(String::is_empty) {
            found.sure = Some(ResolvedValue::Unknown);
            return Ok(found);
        }
        let departement = departement_meant(typed).and_then(Territories::departement);
        let departement = departement.map(|place| place.path().join(PATH_SEPARATOR));
        let official = departement.as_deref().map(folded);
        let mut whole: Vec<String> = Vec::new();
        let mut ending: Vec<(usize, &str)> = Vec::new();
        let mut alike: Vec<(usize, &str)> = Vec::new();
        let letters: Vec<String> = levels.iter().map(|level| joined(level)).collect();
        values.each(|path| {
            let own: Vec<String> = path.split(PATH_SEPARATOR).map(folded).collect();
            let last = own.last().map_or("", String::as_str);
            if own == levels || official.as_deref().is_some_and(|official| folded(path) == official) {
                whole.push(path.to_owned());
            } else if own.ends_with(&levels) {
                ending.push((own.len(), path));
            } else if joined(last) == letters[letters.len() - 1]
                && own
                    .iter()
                    .map(|level| joined(level))
                    .collect::<Vec<_>>()
                    .ends_with(&letters)
            {
                alike.push((own.len(), path));
            } else if !found.holding.look(last, path) {
                found.near.look(last, path);
            }
        })?;
        found.sure = if whole.is_empty() {
            highest(&ending).or_else(|| highest(&alike)).or(departement.map(one))
        } else {
            Some(ResolvedValue::Values(whole))
        };
        Ok(found)
    }
}

/// The highest level with a name, which contains the others: Mayotte, and the département of that name.
fn highest(paths: &[(usize, &str)]) -> Option<ResolvedValue> {
    let highest = paths.iter().map(|(levels, _)| *levels).min();
    let paths = paths.iter().filter(|(levels, _)| Some(*levels) == highest);
    of_one_name(paths.map(|(_, path)| (*path).to_owned()).collect())
}

/// A name without the number of its département in parentheses: `Toulouse (31)`.
fn without_number(typed: &str) -> &str {
    let split = typed.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let split = split.filter(|(name, number)| !name.trim().is_empty() && departement_meant(number).is_some());
    split.map_or(typed, |(name, _)| name.trim())
}

/// The official paths of a name.
fn official_paths(name: &str) -> Vec<String> {
    let places = Territories::shipped().named(name);
    places.iter().map(|place| place.path().join(PATH_SEPARATOR)).collect()
}

/// The only path at the highest level: Vienne is a département before it is a commune.
fn only(paths: &[String]) -> Option<ResolvedValue> {
    let levels = |path: &String| path.split(PATH_SEPARATOR).count();
    let highest = paths.iter().map(levels).min()?;
    let mut paths = paths.iter().filter(|path| levels(path) == highest);
    let first = paths.next()?;
    paths.next().is_none().then(|| one(first))
}

fn is_of_cases(values: &FacetValues<'_>, reading: Option<&ResolvedValue>) -> bool {
    match reading {
        Some(ResolvedValue::Values(paths)) => paths.iter().any(|path| values.has(path)),
        Some(ResolvedValue::Likely(_)) => true,
        Some(ResolvedValue::Unknown | ResolvedValue::Malformed) | None => false,
    }
}
