//! Completes the name of the holder from its other mentions in the text.

use super::sources::HolderSources;
use crate::booklet::parties::names;
use crate::imported::Findings;
use rex_corpus::name_key;

/// All proper names of the texts.
pub(crate) fn runs(sources: &HolderSources<'_>) -> Vec<String> {
    let blocks = sources.response.iter().chain(sources.outcome);
    blocks
        .flat_map(|block| {
            let words = names::words(&block.text);
            names::proper_names(&block.text, &words)
                .into_iter()
                .map(|proper| proper.text)
        })
        .collect()
}

/// The mixed-case spelling of a name in capitals, if the text has one.
pub(crate) fn spelled(name: String, line: usize, runs: &[String], findings: &mut Findings) -> String {
    const SHORTEST: usize = 6;
    let key = name_key(&name);
    let is_mixed = |text: &str| text.chars().any(char::is_lowercase);
    let variant = runs.iter().find(|run| {
        let other = name_key(run);
        let is_near = key.chars().count() >= SHORTEST && strsim::osa_distance(&key, &other) <= 1;
        **run != name && (other == key || is_near) && is_mixed(run) && !is_mixed(&name)
    });
    let Some(variant) = variant else { return name };
    if name_key(variant) != key {
        findings.corrected(
            line,
            "titulaires",
            &name,
            format!("titulaires: \"{name}\" → {variant}, as it is spelled further on"),
        );
    }
    variant.clone()
}

/// The longest name in the text that begins with this one: `Un Nom Grand Ouest` for `Un Nom`.
pub(crate) fn full_name(name: String, runs: &[String]) -> String {
    let longer = |run: &&String| {
        let rest = run.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix(' '));
        rest.is_some_and(|rest| rest.starts_with(char::is_uppercase) && rest.split(' ').count() <= 4)
    };
    let found = runs.iter().filter(longer).max_by_key(|run| run.len());
    // « La Table » has its article elsewhere in the text.
    let with_article = runs.iter().find(|run| {
        ["Le ", "La ", "Les ", "L'"]
            .iter()
            .any(|article| run.strip_prefix(article) == Some(name.as_str()))
    });
    found.or(with_article).cloned().unwrap_or(name)
}
