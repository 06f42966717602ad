//! Gives the tokens of `rex-analysis` to tantivy.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::schema::is_number;
use crate::words::WordCutter;

/// Tokenizer of the fields that hold words as written.
pub(crate) const EXACT: &str = "exact";
/// Tokenizer of the fields that hold stems.
pub(crate) const STEM: &str = "stem";

/// Stands for the numbers of a text that says nothing else, in a field that does not hold numbers. No word is empty.
const NOTHING_ELSE: &str = "";

/// Adds the tokenizers an index of ours is written with.
pub(crate) fn register(manager: &TokenizerManager, cutter: &WordCutter) {
    for form in [Form::Exact, Form::Stem] {
        let cutter = cutter.clone();
        manager.register(form.name(), FrenchTokenizer { cutter, form });
    }
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

    fn of(self, token: &rex_analysis::Token) -> Option<&str> {
        match self {
            Self::Exact => Some(token.exact.as_str()).filter(|word| !is_number(word)),
            Self::Stem => Some(&token.stem),
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
        let tokens = self.cutter.cut(text);
        let ends = tokens.iter().map(|token| token.position + token.span);
        FrenchTokens {
            end: ends.max().unwrap_or_default(),
            last: tokens.iter().rposition(|token| self.form.of(token).is_some()),
            tokens,
            next: 0,
            form: self.form,
            current: Token::default(),
        }
    }
}

/// The tokens of a text. Those left out take their places all the same, at its end too: so the next text has the same places in
/// the fields of both forms.
struct FrenchTokens {
    tokens: Arc<[rex_analysis::Token]>,
    /// One past the last place.
    end: usize,
    /// The last token that is not left out.
    last: Option<usize>,
    next: usize,
    form: Form,
    current: Token,
}

impl TokenStream for FrenchTokens {
    fn advance(&mut self) -> bool {
        while let Some(token) = self.tokens.get(self.next) {
            let (at, word) = (self.next, self.form.of(token));
            self.next += 1;
            let (word, is_last) = match (word, self.last) {
                (Some(word), last) => (word, last == Some(at)),
                (None, None) if at == 0 => (NOTHING_ELSE, true),
                (None, _) => continue,
            };
            self.current.offset_from = token.start;
            self.current.offset_to = token.end;
            self.current.position = token.position;
            self.current.position_length = if is_last { self.end - token.position } else { token.span };
            self.current.text.clear();
            self.current.text.push_str(word);
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

    /// The words of a text, each with its place, and where the next text begins.
    fn cut(form: Form, text: &str) -> (Vec<(String, usize)>, usize) {
        let cutter = WordCutter::new(Analyzer::default());
        let (mut words, mut end) = (Vec::new(), 0);
        FrenchTokenizer { cutter, form }
            .token_stream(text)
            .process(&mut |token| {
                words.push((token.text.clone(), token.position));
                end = end.max(token.position + token.position_length);
            });
        (words, end)
    }

    #[test]
    fn numbers_are_kept_once_and_words_have_the_same_places() {
        for (text, exact, end) in [
            ("Lot 2 des déchets", vec![("lot", 0), ("des", 2), ("dechets", 3)], 4),
            ("Les lots 2 et 3", vec![("les", 0), ("lots", 1), ("et", 3)], 5),
            ("2 018 19", vec![("", 0)], 2),
            ("", vec![], 0),
        ] {
            let exact: Vec<_> = exact.into_iter().map(|(word, at)| (word.to_owned(), at)).collect();
            assert_eq!(cut(Form::Exact, text), (exact, end), "{text}");
            assert_eq!(cut(Form::Stem, text).1, end, "{text}");
        }
        assert_eq!(cut(Form::Stem, "2 018").0, [("2018".to_owned(), 0)]);
    }
}
