use std::sync::Arc;

use rex_analysis::{Analyzer, Lexicon};

/// A rule of the ranking that can be left out, to measure what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankingRule {
    /// A word written as typed ranks above another form of it.
    Exact,
    /// A word of the title counts more.
    Title,
    /// A word of the buyer's or a holder's name counts more.
    Parties,
    /// Words near each other count more.
    Proximity,
    /// Words the index does not know, or hardly, are taken for their neighbours.
    Corrections,
    /// The last word, where the index does not know it, is the beginning of one.
    Prefixes,
    /// The lexicon's acronyms and synonyms.
    Synonyms,
    /// A word of the dictionary is never taken for another.
    Dictionary,
    /// Where the inflected forms of a word find next to nothing, the other words of its family.
    Derived,
    /// `sous traitant` is also `soustraitant`.
    Joins,
    /// Where all the words find nothing or next to nothing, cases that hold most of them.
    Relaxing,
    /// A query of one word keeps exact forms, stems, synonyms and corrections in this order, whatever else.
    Tiers,
    /// Parts of a query that name a value of a facet raise the cases that have it.
    Understanding,
    /// A word that the label of a case's CPV code says finds the case, below all that say it themselves.
    Labels,
}

impl RankingRule {
    /// Every rule, by the name `rex eval --without` takes.
    pub const ALL: [(&'static str, Self); 14] = [
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
    ];
}

/// How an engine reads queries and ranks what they find. The default is what Rex does; rules are left out to measure them.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What cuts queries into words: the one the index was written with.
    pub analyzer: Analyzer,
    /// Acronyms and synonyms.
    pub lexicon: Arc<Lexicon>,
    /// The rules left out, a bit each.
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
