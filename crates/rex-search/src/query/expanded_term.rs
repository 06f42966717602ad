//! A word of the query with its expansions.

use crate::query::parser::{Form, QueryWord};

/// A word of the query, and what is searched in its place or beside it.
#[derive(Debug, Clone)]
pub(crate) struct ExpandedTerm {
    /// The word as typed.
    pub(crate) word: QueryWord,
    /// The word itself: its forms, and the compounds it is a part of.
    pub(crate) own: Vec<Form>,
    /// The weight of each form, 1 for the likeliest: *marche* typed without an accent is *marché* or *marche* in proportion to the
    /// cases with either.
    pub(crate) shares: Vec<f32>,
    /// Joined words, synonyms, words of its family, completions, corrections.
    pub(crate) expansions: Vec<Expansion>,
    /// Stems of the word, its completions and corrections that labels of CPV codes have.
    pub(crate) labelled: Vec<String>,
    /// IDF weight; that of its expansions where the index does not have the word.
    pub(crate) idf: f32,
    /// Whether it is an acronym in capitals, which has no other form: *AI* is no form of *avoir*.
    pub(crate) is_acronym: bool,
    /// Whether any case holds a form of it.
    pub(crate) is_held: bool,
    /// Whether no case holds it or an expansion of it.
    pub(crate) is_missing: bool,
}

impl ExpandedTerm {
    /// Stems of forms that inflect other words too.
    pub(crate) fn related(&self) -> impl Iterator<Item = &str> {
        let own = self.own.iter().filter(|_| !self.is_acronym);
        own.flat_map(|form| &form.related).map(String::as_str)
    }

    /// Whether it is expanded with words of its family.
    pub(crate) fn has_derived(&self) -> bool {
        let mut rules = self.expansions.iter().map(|expansion| expansion.rule);
        rules.any(|rule| rule == ExpansionRule::Derived)
    }

    /// Its stems that have positions, so that they can be near other words.
    pub(crate) fn placed(&self) -> impl Iterator<Item = &str> {
        let replacing = self.expansions.iter().filter(|expansion| expansion.is_placed());
        let replacing = replacing.flat_map(|expansion| expansion.sequence.iter().map(|(_, form)| form.stem.as_str()));
        let own = self.own.iter().map(|form| form.stem.as_str());
        own.chain(self.related()).chain(replacing)
    }
}

/// A word or phrase searched in the place of a word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expansion {
    pub(crate) rule: ExpansionRule,
    /// The words of the phrase, with their positions.
    pub(crate) sequence: Vec<(usize, Form)>,
    /// Whether only this form will do: acronyms, and compounds in one word.
    pub(crate) is_exact: bool,
    /// Weight, relative to the word itself.
    pub(crate) factor: f32,
    /// Shown in explanations.
    pub(crate) text: String,
}

impl Expansion {
    /// A single word.
    pub(crate) fn of_word(rule: ExpansionRule, form: Form, text: String) -> Self {
        Self {
            rule,
            sequence: vec![(0, form)],
            is_exact: false,
            factor: rule.factor(),
            text,
        }
    }

    /// Whether it is a word, which can be near others, rather than a phrase.
    pub(crate) fn is_placed(&self) -> bool {
        use ExpansionRule::{Completion, Correction, Derived};
        matches!(self.rule, Completion | Correction | Derived)
    }
}

/// Why a word is expanded, the surest reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExpansionRule {
    /// Two words that are written as one, or the reverse.
    Joined,
    /// An entry of the lexicon.
    Synonym,
    /// Another word of the family: *réhabilitation* for *réhabiliter*.
    Derived,
    /// The word is a prefix of it.
    Completion,
    /// The word is misspelled.
    Correction,
}

impl ExpansionRule {
    /// Weight of a match, relative to one of the word itself.
    pub(crate) const fn factor(self) -> f32 {
        match self {
            Self::Joined => 0.8,
            Self::Synonym => 0.5,
            Self::Completion | Self::Correction => 0.7,
            Self::Derived => 0.9,
        }
    }
}
