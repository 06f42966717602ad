//! Places, by name: `Bretagne`, `en Haute-Garonne`, `ville de Tours`.

use std::collections::HashSet;
use std::sync::LazyLock;

use rex_corpus::Territories;
use rex_index::{Facet, PATH_SEPARATOR};

use super::Reading;
use super::values::{Values, key};
use super::words::{Kind, Words};
use crate::request::Selection;

const PREPOSITIONS: &[&str] = &["dans", "en", "a", "au", "aux"];
const OF: &[&str] = &["de", "d", "du", "des"];
const ARTICLES: &[&str] = &["le", "la", "les", "l"];
const KINDS: &[&str] = &["region", "departement", "dept", "ville", "commune"];

/// Names that are also words of the language: `data/common_words.txt`.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("data/common_words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// The régions and départements: one that no case has must not be taken for a shorter name within it.
static OFFICIAL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let regions = Territories::regions().iter().map(|region| region.name);
    let departements = Territories::departements().iter().map(|departement| departement.name);
    regions
        .chain(departements)
        .map(|name| key(Facet::Territoire, name))
        .collect()
});

/// The place at a rank, with what leads to its name.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let named = |lead: Lead| Some((longest(words, lead, values)?, lead.end));
    // Of two names that end together, the one that begins first holds the other: "Ville de Paris".
    let places = leads(words, at).into_iter().filter_map(named);
    let (place, _) = places.max_by_key(|(place, start)| (place.end, std::cmp::Reverse(*start)))?;
    Some(Reading {
        words: at..place.end,
        meaning: place.path.map(|path| (Facet::Territoire, Selection::Value(path))),
    })
}

/// What leads to a name.
#[derive(Clone, Copy)]
struct Lead {
    /// The rank after it.
    end: usize,
    /// Whether it shows that a place follows.
    shows: bool,
}

/// Every way to read what leads to a name at a rank, none of it among them: `dans le département de la`.
fn leads(words: &Words<'_>, at: usize) -> Vec<Lead> {
    let mut leads = vec![Lead { end: at, shows: false }];
    let mut add = |end: usize, shows: bool| {
        if leads.last().is_some_and(|last| last.end < end) {
            leads.push(Lead { end, shows });
        }
    };
    let preposition = words.any(at, PREPOSITIONS);
    let shows = preposition.is_some();
    let start = preposition.unwrap_or_else(|| words.skip(at, OF));
    add(start, shows);
    let after_article = words.skip(start, ARTICLES);
    add(after_article, shows);
    if let Some(kind) = words.any(after_article, KINDS) {
        add(kind, true);
        let of = words.skip(kind, OF);
        add(of, true);
        add(words.skip(of, ARTICLES), true);
    }
    leads
}

struct Place {
    /// The rank after its name.
    end: usize,
    /// Its path; none where no case is there, or where several places of one level have the name.
    path: Option<String>,
}

/// The longest name after a lead.
fn longest(words: &Words<'_>, lead: Lead, values: &dyn Values) -> Option<Place> {
    if !begins_a_name(words, lead.end) {
        return None;
    }
    let names = words.names(lead.end, Facet::Territoire);
    let places = names.filter_map(|(name, end)| {
        let is_whole = words.get(end).is_none_or(|next| !next.is_hyphenated);
        let found = values.named(Facet::Territoire, &name);
        let is_known = !found.is_empty() || OFFICIAL.contains(&name);
        let is_place = is_whole && is_known && (!is_common(&name) || shows_a_place(words, lead, end));
        is_place.then(|| Place {
            end,
            path: highest(found).cloned(),
        })
    });
    places.last()
}

/// Whether a word is tied to none before it but an elided article: not the end of `Ille-et-Vilaine`.
fn begins_a_name(words: &Words<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| words.folded(before));
    let is_tied = words.is_glued(at) && before.chars().all(char::is_alphanumeric) && !matches!(before, "l" | "d" | "");
    words
        .get(at)
        .is_some_and(|word| word.kind == Kind::Letters && !word.is_hyphenated)
        && !is_tied
}

/// Whether a name could be something else: an everyday word, perhaps after its article, or a letter or two.
fn is_common(name: &str) -> bool {
    let bare = ARTICLES
        .iter()
        .find_map(|article| name.strip_prefix(article)?.strip_prefix(' '));
    let bare = bare.unwrap_or(name);
    bare.len() <= 2 || COMMON.contains(bare)
}

/// Whether the query shows that an everyday word is a name: what leads to it, or a capital. A number after it shows that
/// it is not: "Lot 3".
fn shows_a_place(words: &Words<'_>, lead: Lead, end: usize) -> bool {
    let is_numbered = words.digits(end).is_some() || words.folded(end) == "n" || words.folded(end) == "numero";
    (lead.shows || words.is_name(end - 1)) && !is_numbered
}

/// The path of the highest level, where it is the only one of its level.
fn highest(paths: &[String]) -> Option<&String> {
    let level = |path: &String| path.matches(PATH_SEPARATOR).count();
    let first = paths.first()?;
    let is_alone = paths.get(1).is_none_or(|second| level(second) > level(first));
    is_alone.then_some(first)
}
