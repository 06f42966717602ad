//! Leads to the name of a place: `dans le département de la`, `près de`, `80360`.

use super::tokens::QueryTokens;
use super::{departement_code, postcode};

const WITHIN: &[&str] = &["dans"];
const NEAR: &[&str] = &[
    "pres de",
    "pres d",
    "autour de",
    "autour d",
    "proche de",
    "proche d",
    "a cote de",
    "a cote d",
    "a proximite de",
    "a proximite d",
    "aux environs de",
    "aux alentours de",
];
const AT_THE: &[&str] = &["au", "aux"];
const OF: &[&str] = &["de", "d", "du", "des"];
pub(super) const ARTICLES: [&str; 4] = ["le", "la", "les", "l"];

/// Those that are part of what names the place: `région Occitanie`, `ville de Tours`.
const KINDS: &[&str] = &["region", "departement", "dept", "ville", "commune"];
/// Kinds that need the preposition after them to show a place: `ville basse` is none.
const KINDS_OF: &[&str] = &["ville", "commune"];
/// Words of which a place follows after `de`, themselves no part of its name.
const HEADS: &[&str] = &[
    "mairie",
    "mairies",
    "municipalite",
    "metropole",
    "agglomeration",
    "agglo",
    "communaute",
    "communes",
    "urbaine",
    "intercommunalite",
    "prefecture",
    "canton",
    "arrondissement",
    "departemental",
    "regional",
    "municipal",
    "ccas",
    "habitants",
    "maire",
    "conseil",
];

/// A lead to a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lead {
    /// The index after it.
    pub(super) end: usize,
    pub(super) preposition: Preposition,
    /// Whether an article is the last of it, or within the preposition.
    pub(super) has_article: bool,
    /// Whether it names the kind of place.
    pub(super) is_kind: bool,
    /// Whether it is not empty.
    pub(super) is_led: bool,
    /// The name of the département whose number or postcode comes first: `80360 Combles`.
    pub(super) within: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preposition {
    None,
    /// `de`, `du`: the link between any two nouns.
    Of,
    /// `dans`, `près de`.
    In,
    En,
    /// `à`.
    At,
    /// `au`, `aux`.
    AtThe,
}

/// Every lead at an index, the empty one included.
pub(super) fn leads(tokens: &QueryTokens<'_>, at: usize) -> Vec<Lead> {
    let none = Lead {
        end: at,
        preposition: Preposition::None,
        has_article: false,
        is_kind: false,
        is_led: false,
        within: None,
    };
    let mut leads = vec![none];
    let (start, preposition) = preposition(tokens, at);
    let follows_head = preposition == Preposition::Of
        && at
            .checked_sub(1)
            .is_some_and(|before| HEADS.contains(&tokens.folded(before)));
    let led = Lead {
        end: start,
        preposition,
        has_article: preposition == Preposition::AtThe
            || matches!(tokens.folded(start.saturating_sub(1)), "du" | "des"),
        is_kind: follows_head,
        is_led: true,
        within: None,
    };
    let mut add = |lead: Lead| {
        if leads.last().is_some_and(|last| last.end < lead.end) {
            leads.push(lead);
        }
    };
    if start > at {
        add(led);
    }
    let after_article = tokens.skip(start, &ARTICLES);
    add(Lead {
        end: after_article,
        has_article: true,
        ..led
    });
    if let Some(kind) = tokens.any(after_article, KINDS) {
        let is_kind = !KINDS_OF.contains(&tokens.folded(kind - 1));
        let said = Lead {
            end: kind,
            has_article: false,
            is_kind,
            ..led
        };
        let of = tokens.skip(kind, OF);
        add(said);
        add(Lead {
            end: of,
            is_kind: true,
            ..said
        });
        add(Lead {
            end: tokens.skip(of, &ARTICLES),
            is_kind: is_kind || of > kind,
            ..said
        });
    }
    if let Some((end, name)) = code(tokens, at) {
        leads.push(Lead {
            end,
            within: Some(name),
            ..none
        });
    }
    leads
}

fn preposition(tokens: &QueryTokens<'_>, at: usize) -> (usize, Preposition) {
    let is_at = |phrases: &[&str]| tokens.any(at, phrases);
    if let Some(next) = is_at(NEAR).or_else(|| is_at(WITHIN)) {
        return (next, Preposition::In);
    }
    match tokens.folded(at) {
        "en" => (at + 1, Preposition::En),
        "a" => (at + 1, Preposition::At),
        _ if is_at(AT_THE).is_some() => (at + 1, Preposition::AtThe),
        _ if is_at(OF).is_some() => (at + 1, Preposition::Of),
        _ => (at, Preposition::None),
    }
}

/// A postcode, or the number of a département in parentheses or before a dash, and the index after it.
fn code(tokens: &QueryTokens<'_>, at: usize) -> Option<(usize, &'static str)> {
    const DASHES: &[&str] = &["-", "–"];
    if let Some(name) = postcode::coded(tokens, at) {
        return tokens
            .stands_alone(at, at + 1)
            .then(|| (tokens.skip(at + 1, DASHES), name));
    }
    let is_open = tokens.folded(at) == "(";
    let start = at + usize::from(is_open);
    let (name, end) = match postcode::coded(tokens, start) {
        Some(name) => (name, start + 1),
        None => departement_code::coded(tokens, start)?,
    };
    let next = tokens.any(end, if is_open { &[")"] } else { DASHES })?;
    tokens.stands_alone(start, end).then_some((next, name))
}
