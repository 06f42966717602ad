//! Départements by number, if the context shows it: `dans le 31`, `(2A)`, `974` alone, `papier 80`.

use rex_corpus::Territories;
use rex_query::Facet;

use super::common::is_known;
use super::count::{counts, is_of_a_date, is_of_what_is_before, is_unit};
use super::departement_code::{coded, name, path};
use super::entity::EntityReading;
use super::lookup::{FacetLookup, key};
use super::place;
use super::postcode;
use super::tokens::QueryTokens;
use rex_query::Selection;

/// Words before the number of a département.
const LEADS: &[&str] = &[
    "departement",
    "departements",
    "departement du",
    "departement de",
    "le departement",
    "dept",
    "dpt",
    "dep",
    "depts",
    "dpts",
    "dans le departement",
    "dans le departement du",
    "dans le dept",
    "dept .",
    "dpt .",
    "dep .",
    "departement n °",
    "departement numero",
    "departement :",
    "dept :",
];
/// The same, but also before days and counted things: `dans les 30 jours`.
const WITHIN: &[&str] = &["dans le"];
const WITHIN_SEVERAL: &[&str] = &["dans les"];
/// Links to the next one: `dans le 31 et le 32`.
const AND: &[&str] = &["et le", "ou le", ", le", "et", "ou", ",", "/"];
const SIGNS: &[&str] = &[";", "+", "&"];
/// Départements that are named one after the other.
const MAX_LIST: usize = 16;

/// The département at an index.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let is_open = tokens.folded(at) == "(";
    let said = tokens.any(at, LEADS);
    let within = tokens.any(at, WITHIN);
    let several = tokens.any(at, WITHIN_SEVERAL);
    let lead = said.or(within).or(several);
    if let Some(reading) = of_a_list(tokens, at, values) {
        return Some(reading);
    }
    let and = tokens.any(at, AND).filter(|_| is_listed(tokens, at));
    let start = lead.or(and).unwrap_or(at + usize::from(is_open));
    let (name, end) = coded(tokens, start)?;
    let is_enclosed = is_open && tokens.folded(end) == ")";
    if is_open != is_enclosed || !tokens.stands_alone(start, end) {
        return None;
    }
    let is_shown = if and.is_some() {
        !counts(tokens, end)
    } else if said.is_some() || is_enclosed {
        !is_unit(tokens, end)
    } else if within.is_some() {
        !is_unit(tokens, end) && !is_of_a_date(tokens, end)
    } else if several.is_some() {
        !counts(tokens, end)
    } else {
        is_bare(tokens, start, end, values)
    };
    if !is_shown {
        return None;
    }
    let path = path(values.named(Facet::Territoire, &key(Facet::Territoire, name)))?;
    Some(EntityReading::new(
        and.map_or(at, |_| start)..end + usize::from(is_enclosed),
        Facet::Territoire,
        Selection::Value(path.clone()),
    ))
}

/// One of several départements that are the whole query: `31 49`, `31, 49 et 2A`. A day with its month is a date: `31/12`.
fn of_a_list(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    const MONTHS_IN_A_YEAR: u32 = 12;
    let path = |name: &str| path(values.named(Facet::Territoire, &key(Facet::Territoire, name)));
    let mut listed = Vec::new();
    let mut next = tokens.skip(0, &["("]);
    while let Some((name, end)) = coded(tokens, next) {
        listed.push((next..end, path(name)?));
        next = tokens.skip(tokens.skip(end, AND), SIGNS);
        if next == tokens.len() || listed.len() > MAX_LIST {
            break;
        }
    }
    let (first, last) = (listed.first()?.0.start, listed.last()?.0.end);
    let month = |at: usize| tokens.digits(at)?.parse::<u32>().ok();
    let is_date = tokens.folded(1) == "/" && last == 3 && month(2).is_some_and(|month| month <= MONTHS_IN_A_YEAR);
    let is_list = (2..=MAX_LIST).contains(&listed.len()) && tokens.is_all(&(first..last)) && !is_date;
    let (tokens, path) = listed.into_iter().find(|(tokens, _)| is_list && tokens.start == at)?;
    Some(EntityReading::new(
        tokens,
        Facet::Territoire,
        Selection::Value(path.clone()),
    ))
}

/// The code of the département that a text gives by number or by postcode, and nothing else: `31`, `(31)`, `dans le 31`, `31000`.
pub(crate) fn meant(text: &str) -> Option<&'static str> {
    const OTHER_LEADS: &[&str] = &["le", "code postal", "cp"];
    let tokens = QueryTokens::new(text, 0..text.len());
    let at = usize::from(tokens.folded(0) == "(");
    let leads = [LEADS, WITHIN, OTHER_LEADS].into_iter();
    let start = leads.filter_map(|leads| tokens.any(at, leads)).max().unwrap_or(at);
    let after_postcode = || Some((postcode::coded(&tokens, start)?, start + 1));
    let one_digit = || {
        let digit = tokens.digits(start).filter(|digits| digits.len() == 1)?;
        Some((name(&format!("0{digit}"))?, start + 1))
    };
    let (name, end) = coded(&tokens, start).or_else(after_postcode).or_else(one_digit)?;
    let known = Territories::departements().iter().find(|known| known.name == name)?;
    tokens.is_end(end).then_some(known.code)
}

/// Whether the number before an index is a département that a cue shows, or one of several after it.
fn is_listed(tokens: &QueryTokens<'_>, at: usize) -> bool {
    let mut end = at;
    for _ in 0..MAX_LIST {
        let is_code = |start: usize| coded(tokens, start).is_some_and(|(_, next)| next == end);
        let Some(start) = (end.saturating_sub(2)..end).find(|start| is_code(*start)) else {
            return false;
        };
        let follows = |phrases: &[&str]| {
            (0..start)
                .rev()
                .take(4)
                .find(|at| tokens.any(*at, phrases) == Some(start))
        };
        if follows(LEADS).or(follows(WITHIN)).or(follows(WITHIN_SEVERAL)).is_some() {
            return true;
        }
        let Some(before) = follows(AND) else { return false };
        end = before;
    }
    false
}

/// Whether a number without a lead is the whole query, or its last word after words none of which it counts.
fn is_bare(tokens: &QueryTokens<'_>, start: usize, end: usize, values: &dyn FacetLookup) -> bool {
    let is_last = tokens.is_end(end) && start > 0;
    tokens.is_all(&(start..end)) || is_last && !is_of_what_is_before(tokens, start) && !is_model(tokens, start, values)
}

/// Whether the word before a number is neither a word of the language or of the trade, nor an acronym, nor a place: the name of a
/// product, of which the number is a version.
fn is_model(tokens: &QueryTokens<'_>, number: usize, values: &dyn FacetLookup) -> bool {
    /// Letters of an acronym that is typed without capitals.
    const ACRONYM: usize = 5;
    let before = number.saturating_sub(1);
    let name = tokens.folded(before);
    let is_acronym = name.len() <= ACRONYM || tokens.is_acronym(before);
    !is_acronym && name.starts_with(char::is_alphabetic) && !is_known(name) && !place::ends(tokens, number, values)
}
