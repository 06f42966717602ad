//! A lexer for the Rust tokens of module paths; drops comments, numbers and lifetimes.

/// A token and its line, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// An identifier or a keyword, without the `r#` of a raw one.
    Name(&'a str),
    /// The content of a string literal, escapes as written.
    Text(&'a str),
    /// `::`
    PathSeparator,
    /// Any other character. `->` and `=>` are dropped, so that each `>` closes a `<` outside of expressions.
    Mark(char),
}

/// The tokens of a source file. Never fails: invalid Rust gives meaningless tokens.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { rest: source, line: 1 };
    let mut tokens = Vec::new();
    while !lexer.rest.is_empty() {
        let line = lexer.line;
        tokens.extend(lexer.next().map(|kind| Token { kind, line }));
    }
    tokens
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lexer<'a> {
    /// Consumes at least one character; `None` if it is not part of a token.
    fn next(&mut self) -> Option<Kind<'a>> {
        let first = self.rest.chars().next()?;
        if self.rest.starts_with("//") {
            self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
            return None;
        }
        if self.rest.starts_with("/*") {
            self.block_comment();
            return None;
        }
        if self.rest.starts_with("::") {
            self.take(2);
            return Some(Kind::PathSeparator);
        }
        if self.rest.starts_with("->") || self.rest.starts_with("=>") {
            self.take(2);
            return None;
        }
        if is_in_name(first) {
            return self.name();
        }
        match first {
            '"' => Some(Kind::Text(self.string())),
            '\'' => {
                self.character_or_lifetime();
                None
            }
            _ => {
                self.take(first.len_utf8());
                (!first.is_whitespace()).then_some(Kind::Mark(first))
            }
        }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        self.line += taken.matches('\n').count();
        taken
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
            } else if let Some(other) = self.rest.chars().next() {
                self.take(other.len_utf8());
            }
            if depth == 0 || self.rest.is_empty() {
                return;
            }
        }
    }

    /// An identifier, a number, or a string literal with a prefix such as `r#` or `b`.
    fn name(&mut self) -> Option<Kind<'a>> {
        let end = self.rest.find(|c| !is_in_name(c)).unwrap_or(self.rest.len());
        let name = self.take(end);
        if matches!(name, "r" | "br" | "cr") {
            let hashes = self.rest.len() - self.rest.trim_start_matches('#').len();
            if self.rest[hashes..].starts_with('"') {
                return Some(Kind::Text(self.raw_string(hashes)));
            }
            if name == "r" && hashes == 1 && self.rest[1..].starts_with(is_in_name) {
                self.take(1);
                return self.name();
            }
        }
        if matches!(name, "b" | "c") && self.rest.starts_with('"') {
            return Some(Kind::Text(self.string()));
        }
        (!name.starts_with(|c: char| c.is_ascii_digit())).then_some(Kind::Name(name))
    }

    fn string(&mut self) -> &'a str {
        let mut is_escaped = false;
        let end = self.rest[1..].find(|c| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        });
        self.enclosed(1, end, 1)
    }

    fn raw_string(&mut self, hashes: usize) -> &'a str {
        let close = format!("\"{}", "#".repeat(hashes));
        let end = self.rest[hashes + 1..].find(&close);
        self.enclosed(hashes + 1, end, close.len())
    }

    /// Consumes an opening, the text up to `end`, and the closing; the rest of the file if there is no end.
    fn enclosed(&mut self, opening: usize, end: Option<usize>, closing: usize) -> &'a str {
        self.take(opening);
        let inside = self.take(end.unwrap_or(self.rest.len()));
        self.take(closing.min(self.rest.len()));
        inside
    }

    fn character_or_lifetime(&mut self) {
        self.take(1);
        let mut characters = self.rest.chars();
        let first = characters.next().map_or(0, char::len_utf8);
        if self.rest.starts_with('\\') {
            // The escaped character may be a quote.
            let escaped = self.rest[1..].chars().next().map_or(0, char::len_utf8);
            self.take(1 + escaped);
            let end = self.rest.find('\'').map_or(self.rest.len(), |end| end + 1);
            self.take(end);
        } else if characters.next() == Some('\'') {
            self.take(first + 1);
        } else {
            let end = self.rest.find(|c| !is_in_name(c)).unwrap_or(self.rest.len());
            self.take(end);
        }
    }
}

fn is_in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<Kind<'_>> {
        tokens(source).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn comments_numbers_and_lifetimes_are_dropped() {
        let source = "// crate::a\n/* crate::b /* nested */ crate::c */ 1.5e3 'a 'x' '\\'' '\\u{e9}' 'é' f";
        assert_eq!(kinds(source), [Kind::Mark('.'), Kind::Name("f")]);
    }

    #[test]
    fn strings_are_one_token_each() {
        let source = r####""a\"b" r#"c"d"# b"e" br##"f"#g"## r#type"####;
        let texts = [r#"a\"b"#, r#"c"d"#, "e", r##"f"#g"##].map(Kind::Text);
        assert_eq!(kinds(source), [&texts[..], &[Kind::Name("type")]].concat());
    }

    #[test]
    fn tokens_know_their_line() {
        let lines: Vec<_> = tokens("a\n/*\n*/ b \"\n\" c")
            .into_iter()
            .map(|token| token.line)
            .collect();
        assert_eq!(lines, [1, 3, 3, 4]);
    }

    #[test]
    fn source_that_ends_early_is_read_to_its_end() {
        for source in ["\"a", "r#\"a", "/* a", "'", "'\\", "b\"", "a::"] {
            tokens(source);
        }
    }
}
