//! Gives the tokens of `rex-analysis` to tantivy.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::forms::{FORMS, FormsTokenizer};
use crate::schema::is_number;
use crate::words::{CutText, WordCutter, WordOfText};

/// Tokenizer of the fields that hold words as written.
pub(crate) const EXACT: &str = "exact";
/// Tokenizer of the fields that hold stems.
pub(crate) const STEM: &str = "stem";

/// Adds the tokenizers an index of ours is written with.
pub(crate) fn register(manager: &TokenizerManager, cutter: &WordCutter) {
    for form in [Form::Exact, Form::Stem] {
        let cutter = cutter.clone();
        manager.register(form.name(), FrenchTokenizer { cutter, form });
    }
    let cutter = cutter.clone();
    manager.register(FORMS, FormsTokenizer { cutter });
}

/// What a field holds of a word.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// The word as written, unless it is a number.
    Exact,
    Stem,
}

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Self::Exact => EXACT,
            Self::Stem => STEM,
        }
    }

    fn of(self, word: WordOfText<'_>) -> Option<&str> {
        match self {
            Self::Exact => Some(word.exact).filter(|word| !is_number(word)),
            Self::Stem => Some(word.stem),
        }
    }
}

#[derive(Clone)]
struct FrenchTokenizer {
    cutter: WordCutter,
    form: Form,
}

impl Tokenizer for FrenchTokenizer {
    type TokenStream<'a> = FrenchTokens;

    fn token_stream(&mut self, text: &str) -> FrenchTokens {
        FrenchTokens {
            words: self.cutter.cut(text),
            next: 0,
            form: self.form,
            current: Token::default(),
        }
    }
}

/// The tokens of a text. Those left out take their places all the same.
struct FrenchTokens {
    words: Arc<CutText>,
    next: usize,
    form: Form,
    current: Token,
}

impl TokenStream for FrenchTokens {
    fn advance(&mut self) -> bool {
        while let Some(word) = self.words.get(self.next) {
            self.next += 1;
            let Some(text) = self.form.of(word) else {
                continue;
            };
            // Its bytes in the text are left at 0: nobody reads them from an index.
            self.current.position = word.position;
            self.current.position_length = word.span;
            self.current.text.clear();
            self.current.text.push_str(text);
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

#[cfg(test)]
mod tests {
    use rex_analysis::Analyzer;

    use super::*;

    /// The words of a text, each with its place.
    fn cut(form: Form, text: &str) -> Vec<(String, usize)> {
        let cutter = WordCutter::new(Analyzer::default());
        let mut words = Vec::new();
        FrenchTokenizer { cutter, form }
            .token_stream(text)
            .process(&mut |token| words.push((token.text.clone(), token.position)));
        words
    }

    #[test]
    fn numbers_are_kept_once_and_take_their_places() {
        for (text, exact) in [
            ("Lot 2 des déchets", vec![("lot", 0), ("des", 2), ("dechets", 3)]),
            ("Les lots 2 et 3", vec![("les", 0), ("lots", 1), ("et", 3)]),
            ("2 018 19", vec![]),
            ("", vec![]),
        ] {
            let exact: Vec<_> = exact.into_iter().map(|(word, at)| (word.to_owned(), at)).collect();
            assert_eq!(cut(Form::Exact, text), exact, "{text}");
        }
        assert_eq!(cut(Form::Stem, "2 018"), [("2018".to_owned(), 0)]);
    }
}
