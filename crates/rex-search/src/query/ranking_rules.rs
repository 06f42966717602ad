use std::sync::Arc;

use rex_analysis::{Analyzer, Lexicon};

/// A ranking rule that can be turned off to measure its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankingRule {
    /// A word written as typed ranks above its other forms.
    Exact,
    /// A match in the title counts more.
    Title,
    /// A match in the buyer's or a holder's name counts more.
    Parties,
    /// Words near each other count more.
    Proximity,
    /// Words that the index has hardly or not at all are corrected.
    Corrections,
    /// The last word is completed where the index does not have it.
    Prefixes,
    /// Acronyms and synonyms of the lexicon.
    Synonyms,
    /// A word of the dictionary is never corrected.
    Dictionary,
    /// Where the inflected forms of a word find too few hits, the other words of its family match too.
    Derived,
    /// `sous traitant` is also `soustraitant`.
    Joins,
    /// Where all the words find too few hits, cases that hold most of them match too.
    Relaxing,
    /// In a query of one word, exact forms rank above stems, stems above synonyms, and those above corrections, whatever the score.
    Tiers,
    /// Parts of a query that name a facet value boost the cases that have it.
    Understanding,
    /// A word in the label of the CPV code matches, below any match in the text.
    Labels,
    /// A record whose words are near in meaning to those of the query ranks higher.
    Meaning,
}

impl RankingRule {
    /// Every rule, with its name for `rex eval --without`.
    pub const ALL: [(&'static str, Self); 15] = [
        ("exact", Self::Exact),
        ("title", Self::Title),
        ("parties", Self::Parties),
        ("proximity", Self::Proximity),
        ("corrections", Self::Corrections),
        ("prefixes", Self::Prefixes),
        ("synonyms", Self::Synonyms),
        ("known-words", Self::Dictionary),
        ("derived", Self::Derived),
        ("joins", Self::Joins),
        ("relaxing", Self::Relaxing),
        ("tiers", Self::Tiers),
        ("understanding", Self::Understanding),
        ("labels", Self::Labels),
        ("meaning", Self::Meaning),
    ];
}

/// How an engine interprets queries and ranks hits. The default has all rules.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The analyzer of the index.
    pub analyzer: Analyzer,
    /// Acronyms and synonyms.
    pub lexicon: Arc<Lexicon>,
    /// The rules turned off, one bit each.
    left_out: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            analyzer: Analyzer::default(),
            lexicon: Arc::new(Lexicon::shipped()),
            left_out: 0,
        }
    }
}

impl Settings {
    /// The same with another lexicon.
    #[must_use]
    pub fn with_lexicon(self, lexicon: Lexicon) -> Self {
        Self {
            lexicon: Arc::new(lexicon),
            ..self
        }
    }

    /// The same with another analyzer.
    #[must_use]
    pub fn with_analyzer(self, analyzer: Analyzer) -> Self {
        Self { analyzer, ..self }
    }

    /// The same without a rule.
    #[must_use]
    pub fn without(self, rule: RankingRule) -> Self {
        Self {
            left_out: self.left_out | 1 << rule as u32,
            ..self
        }
    }

    pub(crate) fn has(&self, rule: RankingRule) -> bool {
        self.left_out & 1 << rule as u32 == 0
    }
}
