//! The structure of the holder, by the sentences that name it.

use super::grammar::is_opening;
use super::sources::HolderSources;
use crate::booklet::parties::names::{self, Word};
use crate::booklet::parties::structure;
use rex_corpus::structure_label;

/// The text right before and after a name: `l'association Un Nom`, `Un Nom, coopérative de…`.
fn beside<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    const BEFORE: usize = 40;
    let at = text.find(name)?;
    let end = at + name.len();
    let stop = |text: &str| [" avec ", ". ", " ; "].iter().filter_map(|stop| text.find(stop)).min();
    let after = stop(&text[end..]).map_or(text.len(), |stop| end + stop);
    let from = (at.saturating_sub(BEFORE)..=at).find(|from| text.is_char_boundary(*from))?;
    text.get(from..after)
}

/// A sentence up to the mention of a partner: « l'association Un Nom et la SCOP Un Autre ont répondu ».
fn without_partner<'t>(text: &'t str, name: &str) -> &'t str {
    let Some(end) = text.find(name).map(|at| at + name.len()) else {
        return text;
    };
    let is_partner = |at: usize| {
        let after = &text[at + " et ".len()..];
        let words = names::words(after);
        let is_article = words.first().is_some_and(|word| is_opening(word.text));
        let keys: Vec<String> = words.iter().skip(1).take(4).map(Word::key).collect();
        let is_structure = |length: usize| structure::ends_with_structure(&keys[..length]) == Some(length);
        let is_name = |length: usize| words.get(1 + length).is_some_and(Word::is_capital);
        is_article && (1..=keys.len()).any(|length| is_structure(length) && is_name(length))
    };
    let partner = text[end..]
        .match_indices(" et ")
        .map(|(at, _)| end + at)
        .find(|at| is_partner(*at));
    &text[..partner.unwrap_or(text.len())]
}

pub(crate) fn structure_of(sources: &HolderSources<'_>, name: &str) -> Option<&'static str> {
    const SENTENCES: usize = 5;
    let mut first = String::new();
    let labelled = sources.labelled.first().map(|line| line.value.as_str());
    let heading = sources.outcome_heading.map(|(_, heading)| heading);
    let mut rest: Vec<&str> = Vec::new();
    for block in sources.response {
        for range in names::sentences(&block.text) {
            let sentence = &block.text[range];
            if first.is_empty() {
                first = sentence.to_owned();
            } else {
                rest.push(sentence);
            }
        }
    }
    let near: Vec<&str> = rest.iter().take(SENTENCES).copied().collect();
    // The name itself may contain the structure.
    let first = without_partner(&first, name);
    let near_name = beside(first, name);
    let mut texts: Vec<&str> = labelled
        .into_iter()
        .chain(near_name)
        .chain([first])
        .chain(heading)
        .collect();
    texts.push(name);
    texts.extend(near);
    structure::named_in(&texts)
        .or_else(|| labelled.and_then(in_brackets))
        .or_else(|| structure::named_in(&rest).filter(|label| label.contains("insertion")))
}

/// The structure of a holder by the words beside its name, up to the next partner.
pub(super) fn structure_beside(sources: &HolderSources<'_>, name: &str) -> Option<&'static str> {
    sources.response.iter().find_map(|block| {
        names::sentences(&block.text).into_iter().find_map(|range| {
            let words = beside(without_partner(&block.text[range], name), name)?;
            let after = &words[words.find(name)?..];
            structure::named_in(&[after])
        })
    })
}

/// The structure in brackets after a name: « Un Nom (EI) ».
pub(super) fn in_brackets(text: &str) -> Option<&'static str> {
    let inner = text.split(['(', ')']).skip(1).step_by(2);
    inner
        .flat_map(|inner| inner.split([',', '/']))
        .find_map(|name| structure_label(name.trim()))
}
