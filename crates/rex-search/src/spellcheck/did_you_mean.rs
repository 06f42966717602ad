//! Reports the corrections that were searched, in the spelling of the cases.

use rex_analysis::analyze;

use crate::query::expanded_term::{ExpandedTerm, ExpansionRule};
use rex_query::{Correction, Hit};

/// The corrected words of the query, in order. Completions are not corrections.
pub(crate) fn corrections(query: &str, terms: &[ExpandedTerm], hits: &[Hit]) -> Vec<Correction> {
    let replaced = terms.iter().filter_map(|term| {
        let correction = term
            .expansions
            .iter()
            .find(|expansion| expansion.rule == ExpansionRule::Correction)?;
        let (_, form) = correction.sequence.first()?;
        let range = term.word.range.clone();
        Some(Correction {
            from: query.get(range.clone())?.to_owned(),
            to: spelled(&form.exact, hits),
            range,
        })
    });
    replaced.collect()
}

/// A folded word in the spelling of a hit: with accents, in lower case.
fn spelled(exact: &str, hits: &[Hit]) -> String {
    let marked = hits.iter().flat_map(|hit| {
        let highlights = &hit.highlights;
        let short = std::iter::once(&highlights.title)
            .chain(&highlights.buyer)
            .chain(&highlights.holders);
        short.chain(hit.snippets.iter().map(|snippet| &snippet.passage))
    });
    let mut words = marked.flat_map(|marked| marked.parts().filter(|(_, is_marked)| *is_marked).map(|(word, _)| word));
    words
        .find(|word| analyze(word).iter().any(|token| token.exact == exact))
        .map_or_else(|| exact.to_owned(), str::to_lowercase)
}
