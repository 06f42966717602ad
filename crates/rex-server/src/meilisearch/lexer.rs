//! The lexer of the filter grammar.

use super::number::Comparison;

/// A token of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenList,
    /// `]`
    CloseList,
    /// `,`
    Comma,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`, `<=`, `>`, `>=`
    Compare(Comparison),
    /// A keyword, an attribute or an unquoted value.
    Word(&'a str),
    /// A quoted text, never a keyword.
    Quoted(String),
    /// End of input.
    End,
}

/// A token and its byte offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocatedToken<'a> {
    pub(super) token: Token<'a>,
    pub(super) at: usize,
}

/// A lexical error, with its byte offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LexError {
    /// An unclosed quote.
    UnclosedQuote(usize),
    /// A character that starts no token.
    UnexpectedCharacter(char, usize),
}

/// Reserved words; as values they must be quoted.
const KEYWORDS: [&str; 11] = [
    "AND", "OR", "NOT", "IN", "TO", "EXISTS", "IS", "NULL", "EMPTY", "CONTAINS", "STARTS",
];

impl Token<'_> {
    /// Whether the token is a keyword, case-insensitive.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is any keyword.
    pub(super) fn is_keyword(&self) -> bool {
        KEYWORDS.iter().any(|keyword| self.is(keyword))
    }
}

/// Splits a filter into tokens; the last is [`Token::End`].
///
/// # Errors
/// The first character that starts no token.
pub(super) fn tokens(text: &str) -> Result<Vec<LocatedToken<'_>>, LexError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let (token, length) = first(&text[at..], at)?;
        let is_end = token == Token::End;
        tokens.push(LocatedToken { token, at });
        if is_end {
            return Ok(tokens);
        }
        at += length;
    }
}

/// The first token of a text and its length in bytes.
fn first(text: &str, at: usize) -> Result<(Token<'_>, usize), LexError> {
    let Some(c) = text.chars().next() else {
        return Ok((Token::End, 0));
    };
    let or_equal = text[c.len_utf8()..].starts_with('=');
    Ok(match c {
        '(' => (Token::Open, 1),
        ')' => (Token::Close, 1),
        '[' => (Token::OpenList, 1),
        ']' => (Token::CloseList, 1),
        ',' => (Token::Comma, 1),
        '=' => (Token::Equal, 1),
        '!' if or_equal => (Token::NotEqual, 2),
        '<' if or_equal => (Token::Compare(Comparison::LessOrEqual), 2),
        '<' => (Token::Compare(Comparison::Less), 1),
        '>' if or_equal => (Token::Compare(Comparison::GreaterOrEqual), 2),
        '>' => (Token::Compare(Comparison::Greater), 1),
        '"' | '\'' => quoted(text, c).ok_or(LexError::UnclosedQuote(at))?,
        c if is_of_word(c) => {
            let length = text.find(|c| !is_of_word(c)).unwrap_or(text.len());
            (Token::Word(&text[..length]), length)
        }
        c => return Err(LexError::UnexpectedCharacter(c, at)),
    })
}

/// Whether a character may occur in an unquoted word.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '+' | '@')
}

/// Parses a quoted text. A backslash escapes quotes and backslashes; before other characters it is literal.
fn quoted(text: &str, quote: char) -> Option<(Token<'_>, usize)> {
    let mut said = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next_if(|(_, next)| matches!(next, '"' | '\'' | '\\')) {
                Some((_, escaped)) => said.push(escaped),
                None => said.push('\\'),
            },
            c if c == quote => return Some((Token::Quoted(said), at + 1)),
            c => said.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Token<'_>>, LexError> {
        tokens(text).map(|tokens| tokens.into_iter().map(|placed| placed.token).collect())
    }

    #[test]
    fn cuts_where_signs_are() {
        use Token::{Close, CloseList, Comma, Compare, End, Equal, NotEqual, Open, OpenList, Quoted, Word};
        for (text, expected) in [
            ("", vec![End]),
            ("\u{a0} \n", vec![End]),
            (
                "(a>=-5.5)",
                vec![
                    Open,
                    Word("a"),
                    Compare(Comparison::GreaterOrEqual),
                    Word("-5.5"),
                    Close,
                    End,
                ],
            ),
            (
                "a!=b<c",
                vec![
                    Word("a"),
                    NotEqual,
                    Word("b"),
                    Compare(Comparison::Less),
                    Word("c"),
                    End,
                ],
            ),
            (
                "thème IN[x,'y']",
                vec![
                    Word("thème"),
                    Word("IN"),
                    OpenList,
                    Word("x"),
                    Comma,
                    Quoted("y".to_owned()),
                    CloseList,
                    End,
                ],
            ),
            (
                r#""a\"b"='c\'d\\e\n'"#,
                vec![Quoted("a\"b".to_owned()), Equal, Quoted(r"c'd\e\n".to_owned()), End],
            ),
            ("\"l'eau\"", vec![Quoted("l'eau".to_owned()), End]),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        assert_eq!(read("a = 'b"), Err(LexError::UnclosedQuote(4)));
        assert_eq!(read(r"'b\'"), Err(LexError::UnclosedQuote(0)));
        assert_eq!(read("é ! b"), Err(LexError::UnexpectedCharacter('!', 3)));
        assert!(Token::Word("not").is("NOT") && !Quoted("NOT".to_owned()).is("NOT"));
    }
}
