//! Finds the names of buyers in a text: collectivités by the word before them, groupings, public bodies.

use std::ops::Range;
use std::sync::LazyLock;

use crate::booklet::parties::names::{CONNECTORS, Word, name_end, words};
use rex_corpus::{Territories, Territory};
use rex_corpus::{data_lines, name_key};

/// A name of a buyer in a text.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub(crate) range: Range<usize>,
    pub(crate) typed: String,
    pub(crate) what: MentionKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MentionKind {
    /// A territory: all with that name.
    Territory(Vec<Territory>),
    /// A commune or grouping that is not in the list, or a body named after one: its own name.
    Unknown(String),
    /// A public body.
    Body,
}

/// Keys of the words before a territory that give its kind.
const LEADS: &[&str] = &[
    "ville",
    "commune",
    "mairie",
    "municipalite",
    "metropole",
    "eurometropole",
    "communaute",
    "agglomeration",
    "agglo",
    "departement",
    "conseil",
    "region",
    "etablissement",
    "ept",
];

/// The leads of communes.
pub(crate) const COMMUNES: &[&str] = &["ville", "commune", "mairie", "municipalite"];

static BODIES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let lines = data_lines(include_str!("../../data/public_bodies.tsv"));
    lines
        .map(|line| name_key(line).split(' ').map(str::to_owned).collect())
        .collect()
});

/// The names of buyers in a text, in order.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    let words = words(text);
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mention = body(text, &words, at).or_else(|| territory_at(text, &words, at));
        at = mention.as_ref().map_or(at + 1, |(_, end)| *end);
        found.extend(mention.map(|(mention, _)| mention));
    }
    // « Toulouse Métropole », « le Grand Lyon »: names of groupings need no lead.
    for (range, mut places) in Territories::shipped().mentioned(text) {
        places.retain(|place| matches!(place, Territory::Epci(_)));
        let typed = &text[range.clone()];
        let is_free = found
            .iter()
            .all(|known| known.range.end <= range.start || range.end <= known.range.start);
        if !places.is_empty()
            && is_free
            && typed.contains(' ')
            && typed.chars().filter(|c| c.is_uppercase()).count() > 1
        {
            found.push(after_grouping(text, &words, &range).unwrap_or_else(|| Mention {
                typed: typed.to_owned(),
                range,
                what: MentionKind::Territory(places),
            }));
        }
    }
    found.sort_by_key(|mention| mention.range.start);
    found
}

/// MentionKind is called after a grouping and is another body: `Bordeaux Métropole Aménagement`.
fn after_grouping(text: &str, words: &[Word<'_>], grouping: &Range<usize>) -> Option<Mention> {
    let next = words
        .iter()
        .position(|word| word.range.start >= grouping.end)
        .filter(|next| words[*next].gap == " " && words[*next].is_capital())?;
    // In text that is all capitals, the next word is no evidence.
    if !text[grouping.clone()].contains(char::is_lowercase) {
        return None;
    }
    let end = name_end(words, next);
    let range = grouping.start..words[end - 1].range.end;
    let typed = text[range.clone()].to_owned();
    Some(Mention {
        range,
        what: MentionKind::Unknown(typed.clone()),
        typed,
    })
}

/// A public body that begins at a word: `CHU de Nantes`, `syndicat mixte du Pays de…`.
fn body(text: &str, words: &[Word<'_>], at: usize) -> Option<(Mention, usize)> {
    let keys: Vec<String> = words[at..].iter().take(9).map(Word::key).collect();
    let lead = BODIES
        .iter()
        .filter(|lead| keys.starts_with(lead))
        .max_by_key(|lead| lead.len())?;
    let mut end = at + lead.len();
    let is_acronym = lead.len() == 1 && lead[0].len() <= 5 && words[at].text.chars().all(char::is_uppercase);
    let mut has_name = false;
    loop {
        let links = words[end..].iter().take(3).take_while(|word| {
            matches!(word.gap, " " | "'") && (CONNECTORS.contains(&word.text) || matches!(word.text, "et" | "en"))
        });
        let next = end + links.count();
        let is_name = words
            .get(next)
            .is_some_and(|word| word.is_capital() && matches!(word.gap, " " | "'" | "-" | " - " | " – "));
        if !is_name || words[end..next].iter().any(|word| word.text == "et" && !has_name) {
            break;
        }
        end = name_end(words, next);
        has_name = true;
    }
    if !has_name && let Some(start) = far_name(words, end) {
        end = name_end(words, start);
        has_name = true;
    }
    if !has_name && !is_acronym {
        return None;
    }
    let range = words[at].range.start..words[end - 1].range.end;
    let typed = text[range.clone()].to_owned();
    Some((
        Mention {
            range,
            typed,
            what: MentionKind::Body,
        },
        end,
    ))
}

/// The start of a name after words in lower case: `syndicat mixte d'études et d'aménagement de la Garonne`.
fn far_name(words: &[Word<'_>], from: usize) -> Option<usize> {
    const FARTHEST: usize = 9;
    const LINKS: &[&str] = &["et", "pour"];
    let is_link = |word: &Word<'_>| CONNECTORS.contains(&word.text) || LINKS.contains(&word.text);
    if !words.get(from).is_some_and(is_link) {
        return None;
    }
    let start = (from..words.len().min(from + FARTHEST)).find(|at| words[*at].is_capital())?;
    let is_noun_after_link = |at: usize| is_link(&words[at]) || is_link(&words[at - 1]);
    let is_whole = (from..=start).all(|at| matches!(words[at].gap, " " | "'"));
    (is_whole && (from..start).all(is_noun_after_link) && is_link(&words[start - 1])).then_some(start)
}

/// A territory after a lead: `la Ville de Rennes`, `conseil départemental du Nord`.
fn territory_at(text: &str, words: &[Word<'_>], at: usize) -> Option<(Mention, usize)> {
    const MOST_WORDS: usize = 14;
    let lead = words[at].key();
    if !LEADS.contains(&lead.as_str()) || words[at].gap.ends_with('-') {
        return None;
    }
    let range = |end: usize| words[at].range.start..words[end - 1].range.end;
    let last = words.len().min(at + MOST_WORDS);
    for end in (at + 2..=last).rev() {
        let is_name = words[end - 1].is_capital()
            || words[end - 1].text.starts_with(|c: char| c.is_ascii_digit())
            || words[end - 1].gap == "-";
        let is_numbered = words[end - 1].text.len() <= 3 && !words[end - 1].text.chars().any(char::is_lowercase);
        // « Bretteville » is not a match in a misspelt « Bretteville-l'Orgeuilleuse ».
        let is_begun = words.get(end).is_some_and(|next| matches!(next.gap, "-" | "'" | "’"));
        if !is_name
            || is_begun
            || words[at + 1..end]
                .iter()
                .any(|word| word.gap.contains(['.', ',', ';', '(', ':']))
        {
            continue;
        }
        let mut places = Territories::shipped().named(&text[range(end)]);
        if places.is_empty() && is_numbered && matches!(lead.as_str(), "departement" | "conseil") && end - at <= 3 {
            places.extend(Territories::departement(words[end - 1].text));
        }
        if !places.is_empty() {
            let typed = text[range(end)].to_owned();
            return Some((
                Mention {
                    range: range(end),
                    typed,
                    what: MentionKind::Territory(places),
                },
                end,
            ));
        }
    }
    let is_grouping = lead == "communaute"
        && words
            .get(at + 1)
            .is_some_and(|word| matches!(word.text, "de" | "d" | "urbaine"));
    if !COMMUNES.contains(&lead.as_str()) && !is_grouping {
        return None;
    }
    let start = (at + 1..last.min(at + 7)).find(|next| words[*next].is_capital())?;
    let between = &words[at + 1..start];
    let is_link = |word: &Word<'_>| {
        CONNECTORS.contains(&word.text)
            || (is_grouping && matches!(word.text, "communes" | "agglomération" | "urbaine"))
    };
    if between.is_empty() || !between.iter().all(is_link) || words[start].gap.contains([',', '.']) {
        return None;
    }
    let end = name_end(words, start);
    let own = text[words[start].range.start..words[end - 1].range.end].to_owned();
    let typed = text[range(end)].to_owned();
    Some((
        Mention {
            range: range(end),
            typed,
            what: MentionKind::Unknown(own),
        },
        end,
    ))
}
