//! The tokens of `rex-analysis` as a tokenizer of tantivy, in the plainest way.

use rex_analysis::analyze;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name of it in the schema.
pub const STEMS: &str = "rex_stems";

/// Gives the stems of Rex.
#[derive(Clone)]
pub struct Stems;

/// The stems of one text.
pub struct StemStream {
    tokens: std::vec::IntoIter<rex_analysis::Token>,
    current: Token,
}

impl Tokenizer for Stems {
    type TokenStream<'a> = StemStream;

    fn token_stream(&mut self, text: &str) -> StemStream {
        StemStream {
            tokens: analyze(text).into_iter(),
            current: Token::default(),
        }
    }
}

impl TokenStream for StemStream {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else {
            return false;
        };
        self.current = Token {
            offset_from: token.start,
            offset_to: token.end,
            position: token.position,
            position_length: token.span,
            text: token.stem,
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

/// The words a query asks for: each by the stems that do, those of its own readings and of the compounds it is a part of. Words that
/// only link others are left out unless there is nothing else, and so is a word that comes again.
pub fn asked(query: &str) -> Vec<Vec<String>> {
    let tokens = analyze(query);
    let compounds: Vec<_> = tokens.iter().filter(|token| token.span > 1).collect();
    let mut words: Vec<(usize, bool, Vec<String>)> = Vec::new();
    for token in tokens.iter().filter(|token| token.span == 1) {
        let is_stop_word = rex_analysis::is_stop_word(&token.exact);
        match words.last_mut() {
            Some((position, is_stop, stems)) if *position == token.position => {
                *is_stop &= is_stop_word;
                stems.push(token.stem.clone());
            }
            _ => words.push((token.position, is_stop_word, vec![token.stem.clone()])),
        }
    }
    let asks_more = words.iter().any(|(_, is_stop_word, _)| !is_stop_word);
    let mut asked: Vec<Vec<String>> = Vec::new();
    for (position, is_stop_word, mut stems) in words {
        if (is_stop_word && asks_more) || asked.iter().any(|before| before.starts_with(&stems)) {
            continue;
        }
        let covering = compounds
            .iter()
            .filter(|whole| (whole.position..whole.position + whole.span).contains(&position));
        stems.extend(covering.map(|whole| whole.stem.clone()));
        asked.push(stems);
    }
    asked
}
