//! Gives the tokens of `rex-analysis` to tantivy.

use rex_analysis::Analyzer;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

/// Tokenizer of the fields that hold words as written.
pub(crate) const EXACT: &str = "exact";
/// Tokenizer of the fields that hold stems.
pub(crate) const STEM: &str = "stem";

/// Adds the tokenizers an index of ours is written with.
pub(crate) fn register(manager: &TokenizerManager, analyzer: Analyzer) {
    let tokenizer = |form| FrenchTokenizer { analyzer, form };
    manager.register(EXACT, tokenizer(|token| token.exact));
    manager.register(STEM, tokenizer(|token| token.stem));
}

#[derive(Clone)]
struct FrenchTokenizer {
    analyzer: Analyzer,
    form: fn(rex_analysis::Token) -> String,
}

impl Tokenizer for FrenchTokenizer {
    type TokenStream<'a> = FrenchTokens;

    fn token_stream(&mut self, text: &str) -> FrenchTokens {
        FrenchTokens {
            tokens: self.analyzer.analyze(text).into_iter(),
            form: self.form,
            current: Token::default(),
        }
    }
}

struct FrenchTokens {
    tokens: std::vec::IntoIter<rex_analysis::Token>,
    form: fn(rex_analysis::Token) -> String,
    current: Token,
}

impl TokenStream for FrenchTokens {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else {
            return false;
        };
        self.current = Token {
            offset_from: token.start,
            offset_to: token.end,
            position: token.position,
            position_length: token.span,
            text: (self.form)(token),
        };
        true
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}
