//! Gives the tokens of `rex-analysis` to tantivy.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::words::WordCutter;

/// Tokenizer of the fields that hold words as written.
pub(crate) const EXACT: &str = "exact";
/// Tokenizer of the fields that hold stems.
pub(crate) const STEM: &str = "stem";

/// Adds the tokenizers an index of ours is written with.
pub(crate) fn register(manager: &TokenizerManager, cutter: &WordCutter) {
    let tokenizer = |form| FrenchTokenizer {
        cutter: cutter.clone(),
        form,
    };
    manager.register(EXACT, tokenizer(|token| &token.exact));
    manager.register(STEM, tokenizer(|token| &token.stem));
}

#[derive(Clone)]
struct FrenchTokenizer {
    cutter: WordCutter,
    form: fn(&rex_analysis::Token) -> &str,
}

impl Tokenizer for FrenchTokenizer {
    type TokenStream<'a> = FrenchTokens;

    fn token_stream(&mut self, text: &str) -> FrenchTokens {
        FrenchTokens {
            tokens: self.cutter.cut(text),
            next: 0,
            form: self.form,
            current: Token::default(),
        }
    }
}

struct FrenchTokens {
    tokens: Arc<[rex_analysis::Token]>,
    next: usize,
    form: fn(&rex_analysis::Token) -> &str,
    current: Token,
}

impl TokenStream for FrenchTokens {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.get(self.next) else {
            return false;
        };
        self.next += 1;
        self.current.offset_from = token.start;
        self.current.offset_to = token.end;
        self.current.position = token.position;
        self.current.position_length = token.span;
        self.current.text.clear();
        self.current.text.push_str((self.form)(token));
        true
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}
