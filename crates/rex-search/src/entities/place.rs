//! Places, by name: `Bretagne`, `en Haute-Garonne`, `ville de Tours`, `Combles (80)`.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::LazyLock;

use rex_analysis::is_common_word;
use rex_corpus::Territories;
use rex_query::{Facet, PATH_SEPARATOR};

use super::common::is_infinitive;
use super::count::{is_of_a_date, is_rank, is_unit};
use super::entity::EntityReading;
use super::lookup::{FacetLookup, key};
use super::name_key::MAX_NAME_WORDS;
use super::place_lead::{ARTICLES, Lead, Preposition, leads};
use super::tokens::{QueryTokens, TokenKind};
use super::{departement_code, postcode};
use rex_query::Selection;

/// Separators between two places: `Combles, Somme`.
const BETWEEN: &[&str] = &[",", "-", "–", "/", ":"];
/// Directions as often as they are names: `le nord de la ville`.
const DIRECTIONS: &[&str] = &["nord", "sud", "est", "ouest", "centre"];
/// The level of communes in a path.
const COMMUNES: usize = 2;

/// The régions and départements: one that no case has must not be taken for a shorter name within it.
static OFFICIAL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let regions = Territories::regions().iter().map(|region| region.name);
    let departements = Territories::departements().iter().map(|departement| departement.name);
    regions
        .chain(departements)
        .map(|name| key(Facet::Territoire, name))
        .collect()
});

/// The place at an index, with its lead, and the postcode, département or région next to it.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let named = |lead: Lead| Some((longest(tokens, lead, values)?, lead.end));
    // Of two names that end together, the longer one contains the other: "Ville de Paris".
    let places = leads(tokens, at).into_iter().filter_map(named);
    let (place, _) = places.max_by_key(|(place, start)| (place.end, Reverse(*start)))?;
    let selection = place.path.map(|path| (Facet::Territoire, Selection::Value(path)));
    Some(EntityReading::several(at..place.end, selection.into_iter().collect()))
}

/// Whether the name of a place ends at an index.
pub(super) fn ends(tokens: &QueryTokens<'_>, end: usize, values: &dyn FacetLookup) -> bool {
    let is_place = |at: usize| {
        let mut names = tokens.names(at, Facet::Territoire);
        names.any(|(name, next)| next == end && !values.named(Facet::Territoire, &name).is_empty())
    };
    (end.saturating_sub(MAX_NAME_WORDS)..end).any(is_place)
}

struct PlaceReading {
    /// The index after its name.
    end: usize,
    /// Its path; none where no case is there, or where several places of one level have the name.
    path: Option<String>,
}

/// The longest name after a lead.
fn longest(tokens: &QueryTokens<'_>, lead: Lead, values: &dyn FacetLookup) -> Option<PlaceReading> {
    if !begins_a_name(tokens, lead.end) {
        return None;
    }
    let names = tokens.names(lead.end, Facet::Territoire);
    let places = names.filter_map(|(name, end)| {
        let found = values.named(Facet::Territoire, &name);
        let is_known = !found.is_empty() || OFFICIAL.contains(&name);
        if !is_known || tokens.get(end).is_some_and(|next| next.is_hyphenated) {
            return None;
        }
        if let Some(within) = lead.within {
            let path = highest(found.iter().filter(|path| is_in(path, within)))?;
            return Some(PlaceReading { end, path: Some(path) });
        }
        if let Some(place) = beside(tokens, lead.end, end, found, values) {
            return Some(place);
        }
        (!is_common(&name) || is_shown(tokens, lead, &name, end, values)).then(|| PlaceReading {
            end,
            path: highest(found.iter()),
        })
    });
    places.last()
}

/// Whether a word is not joined to the one before, but for an elided article: not the end of `Ille-et-Vilaine`.
fn begins_a_name(tokens: &QueryTokens<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| tokens.folded(before));
    let is_tied = tokens.is_glued(at) && before.chars().all(char::is_alphanumeric) && !matches!(before, "l" | "d" | "");
    tokens
        .get(at)
        .is_some_and(|token| token.kind == TokenKind::Letters && !token.is_hyphenated)
        && !is_tied
}

/// Whether a name could be something else: an everyday word, perhaps after its article, or a letter or two.
fn is_common(name: &str) -> bool {
    let bare = without_article(name).unwrap_or(name);
    bare.len() <= 2 || is_common_word(bare)
}

/// The name without its article.
fn without_article(name: &str) -> Option<&str> {
    ARTICLES
        .iter()
        .find_map(|article| name.strip_prefix(article)?.strip_prefix(' '))
}

/// A place with what is next to it: the number or the name of its département, its postcode or its région; or, for a département, one
/// of its communes. This disambiguates places of one name.
fn beside(
    tokens: &QueryTokens<'_>,
    start: usize,
    end: usize,
    found: &[String],
    values: &dyn FacetLookup,
) -> Option<PlaceReading> {
    let is_open = tokens.folded(end) == "(";
    let next = if is_open { end + 1 } else { tokens.skip(end, BETWEEN) };
    let is_ranked = !is_open && next == end && is_rank(tokens, end - 1);
    let closed = |end: usize| match (is_open, tokens.folded(end)) {
        (false, _) => Some(end),
        (true, ")") => Some(end + 1),
        (true, _) => None,
    };
    let coded = |at: usize| {
        let numbered = departement_code::coded(tokens, at)
            .filter(|(_, end)| !is_ranked && !is_unit(tokens, *end) && !is_of_a_date(tokens, *end));
        let postal = || Some((postcode::coded(tokens, at)?, at + 1));
        let (name, end) = numbered
            .or_else(postal)
            .filter(|(_, end)| tokens.stands_alone(at, *end))?;
        let path = highest(found.iter().filter(|path| is_in(path, name)))?;
        Some((path, end))
    };
    let is_certain = !is_common_name(tokens, start, end);
    let named = |at: usize| {
        let names = tokens.names(at, Facet::Territoire).filter(|(_, end)| {
            let goes_on = tokens.get(*end).is_some_and(|next| next.is_hyphenated);
            !goes_on
        });
        let paths = names.filter_map(|(name, end)| {
            let others = values.named(Facet::Territoire, &name);
            let below = |path: &&String| others.iter().any(|other| is_below(path, other));
            let inner = highest(found.iter().filter(below));
            let above = |other: &&String| found.iter().any(|path| is_below(other, path));
            let is_told = is_certain || !is_common(&name);
            let inner = inner.or_else(|| highest(others.iter().filter(above)).filter(|_| is_told))?;
            Some((inner, end))
        });
        paths.last()
    };
    let after = leads(tokens, next).into_iter().filter_map(|lead| {
        let (path, end) = coded(lead.end).or_else(|| named(lead.end))?;
        let end = closed(end)?;
        Some(PlaceReading { end, path: Some(path) })
    });
    after.max_by_key(|place| place.end)
}

fn is_common_name(tokens: &QueryTokens<'_>, start: usize, end: usize) -> bool {
    let names = tokens.names(start, Facet::Territoire);
    let mut name = names.filter(|(_, next)| *next == end).map(|(name, _)| name);
    name.next().is_none_or(|name| is_common(&name))
}

/// Whether a path has a level with a name.
fn is_in(path: &str, name: &str) -> bool {
    let name = key(Facet::Territoire, name);
    path.split(PATH_SEPARATOR)
        .any(|level| key(Facet::Territoire, level) == name)
}

fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.starts_with(PATH_SEPARATOR))
}

/// Whether the query shows that an everyday word is a name: by its lead, or by a capital that the other words lack. A number after it
/// shows the contrary: "Lot 3".
fn is_shown(tokens: &QueryTokens<'_>, lead: Lead, name: &str, end: usize, values: &dyn FacetLookup) -> bool {
    let is_number = tokens.digits(end).is_some_and(|digits| digits.len() < 4);
    let is_direction = DIRECTIONS.contains(&name) && matches!(tokens.folded(end), "de" | "du" | "d" | "des");
    if is_number || is_direction || matches!(tokens.folded(end), "n" | "no" | "numero") {
        return false;
    }
    let found = values.named(Facet::Territoire, name);
    let level = found.first().map_or(COMMUNES, |path| level(path));
    let has_article = lead.has_article || without_article(name).is_some();
    // Communes have no article but their own; départements and régions do.
    let is_led = match lead.preposition {
        Preposition::In => !has_article || level < COMMUNES,
        Preposition::En => level < COMMUNES,
        // "À publier" is a verb.
        Preposition::At if has_article => level == 0,
        Preposition::At => !DIRECTIONS.contains(&name) && !is_infinitive(name),
        Preposition::Of | Preposition::AtThe | Preposition::None => false,
    };
    lead.is_kind || is_led || is_lone_name(tokens, lead, end, values)
}

/// Whether a capital shows that a word is a name: no other word has one but places, and the first word of the query if the name has a
/// lead, as in a sentence.
fn is_lone_name(tokens: &QueryTokens<'_>, lead: Lead, end: usize, values: &dyn FacetLookup) -> bool {
    let is_place = |at: usize| {
        let name = key(Facet::Territoire, tokens.folded(at));
        !values.named(Facet::Territoire, &name).is_empty() && !is_common(&name)
    };
    let name = lead.end..end;
    let mut others = tokens.capitals_beside(&name);
    tokens.is_name(end - 1) && others.all(|at| at == 0 && lead.is_led || is_place(at))
}

/// The path of the highest level, where it is the only one of its level.
fn highest<'a>(paths: impl Iterator<Item = &'a String>) -> Option<String> {
    let mut paths = paths;
    let first = paths.next()?;
    let is_alone = paths.next().is_none_or(|second| level(second) > level(first));
    is_alone.then(|| first.clone())
}

fn level(path: &str) -> usize {
    path.matches(PATH_SEPARATOR).count()
}
