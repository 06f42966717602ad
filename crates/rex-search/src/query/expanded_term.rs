//! A word of the query and everything that may stand for it.

use crate::query::parser::{Form, QueryWord};

/// A word to find, with what else would do.
#[derive(Debug, Clone)]
pub(crate) struct ExpandedTerm {
    /// As typed.
    pub(crate) word: QueryWord,
    /// What is the word itself: its forms, and the compounds it is a part of.
    pub(crate) own: Vec<Form>,
    /// What each of these counts, where the likeliest counts 1: *marche* typed without an accent is *marché* or *marche* as often as
    /// cases hold either.
    pub(crate) shares: Vec<f32>,
    /// What stands for it.
    pub(crate) expansions: Vec<Expansion>,
    /// Stems of the word, and of what it is completed or corrected to, that labels of CPV codes hold.
    pub(crate) labelled: Vec<String>,
    /// How telling it is, or what stands for it where the index does not know it.
    pub(crate) idf: f32,
    /// Whether it is an acronym in capitals, found as it is written only: *AI* is no form of *avoir*.
    pub(crate) is_acronym: bool,
    /// Whether some case holds a form of it.
    pub(crate) is_held: bool,
    /// Whether no case holds it, nor anything that stands for it.
    pub(crate) is_missing: bool,
}

impl ExpandedTerm {
    /// What forms that inflect other words too are indexed by.
    pub(crate) fn related(&self) -> impl Iterator<Item = &str> {
        let own = self.own.iter().filter(|_| !self.is_acronym);
        own.flat_map(|form| &form.related).map(String::as_str)
    }

    /// Whether other words of its family stand for it.
    pub(crate) fn has_derived(&self) -> bool {
        let mut rules = self.expansions.iter().map(|expansion| expansion.rule);
        rules.any(|rule| rule == ExpansionRule::Derived)
    }

    /// What the word is found as where its places are known, so that it can be near others.
    pub(crate) fn placed(&self) -> impl Iterator<Item = &str> {
        let replacing = self.expansions.iter().filter(|expansion| expansion.is_placed());
        let replacing = replacing.flat_map(|expansion| expansion.sequence.iter().map(|(_, form)| form.stem.as_str()));
        let own = self.own.iter().map(|form| form.stem.as_str());
        own.chain(self.related()).chain(replacing)
    }
}

/// What may stand for a word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expansion {
    pub(crate) rule: ExpansionRule,
    /// The words to find one after the other, by their places.
    pub(crate) sequence: Vec<(usize, Form)>,
    /// Whether they have to be written so: acronyms, and compounds in one word.
    pub(crate) is_exact: bool,
    /// What it counts, where the word itself counts 1.
    pub(crate) factor: f32,
    /// In words, for who asks why.
    pub(crate) text: String,
}

impl Expansion {
    /// A word by itself.
    pub(crate) fn of_word(rule: ExpansionRule, form: Form, text: String) -> Self {
        Self {
            rule,
            sequence: vec![(0, form)],
            is_exact: false,
            factor: rule.factor(),
            text,
        }
    }

    /// Whether it is a form of a word, which can be near others, rather than an expression.
    pub(crate) fn is_placed(&self) -> bool {
        use ExpansionRule::{Completion, Correction, Derived};
        matches!(self.rule, Completion | Correction | Derived)
    }
}

/// Why something stands for a word, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExpansionRule {
    /// Two words typed apart that are written in one, or the reverse.
    Joined,
    /// The lexicon says so.
    Synonym,
    /// Another word of the family: *réhabilitation* for *réhabiliter*.
    Derived,
    /// The word is the beginning of it.
    Completion,
    /// The word is misspelled.
    Correction,
}

impl ExpansionRule {
    /// What a match counts, where that of the word itself counts 1.
    pub(crate) const fn factor(self) -> f32 {
        match self {
            Self::Joined => 0.8,
            Self::Synonym => 0.5,
            Self::Completion | Self::Correction => 0.7,
            Self::Derived => 0.9,
        }
    }
}
