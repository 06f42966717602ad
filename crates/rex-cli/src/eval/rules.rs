//! Rules that `rex eval` can disable, and its stemmers, by name.

use rex_analysis::{Analyzer, Rule, Stemmer};
use rex_search::{RankingRule, Settings};

/// The values of `--without`.
pub(crate) fn rule_names() -> Vec<&'static str> {
    let analysis = Rule::ALL.iter().map(|(name, _)| *name);
    analysis.chain(RankingRule::ALL.iter().map(|(name, _)| *name)).collect()
}

/// The values of `--stemmer`.
pub(crate) fn stemmer_names() -> Vec<&'static str> {
    Stemmer::ALL.iter().map(|(name, _)| *name).collect()
}

/// The default settings without the named rules, and with a stemmer. Unknown names are ignored.
pub(crate) fn settings(without: &[String], stemmer: Option<&str>) -> Settings {
    let mut analyzer = Analyzer::default();
    let mut settings = Settings::default();
    if let Some((_, stemmer)) = Stemmer::ALL.iter().find(|(name, _)| Some(*name) == stemmer) {
        analyzer = analyzer.with_stemmer(*stemmer);
    }
    for name in without {
        if let Some((_, rule)) = Rule::ALL.iter().find(|(known, _)| known == name) {
            analyzer = analyzer.without(*rule);
        }
        if let Some((_, rule)) = RankingRule::ALL.iter().find(|(known, _)| known == name) {
            settings = settings.without(*rule);
        }
    }
    settings.with_analyzer(analyzer)
}
