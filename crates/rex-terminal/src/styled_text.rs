//! Text with styles, whose values cannot style or control anything.

use std::fmt::Display;

use anstyle::Style;

use crate::escape::{Notation, escape};

/// Text with the styles of Rex. What is added is escaped, line breaks too, so that only [`with`](Self::with) makes a style.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StyledText {
    /// Escaped values, and ANSI styles.
    ansi: String,
}

impl StyledText {
    /// Text without a style.
    pub fn plain(text: impl Display) -> Self {
        Self::default().and(text)
    }

    /// Adds text without a style.
    #[must_use]
    pub fn and(mut self, text: impl Display) -> Self {
        self.ansi.push_str(&escape(&text.to_string(), Notation::Text));
        self
    }

    /// Adds text with a style: each word by itself, so that lines can be wrapped between words.
    #[must_use]
    pub fn with(mut self, style: Style, text: impl Display) -> Self {
        let text = text.to_string();
        for (rank, word) in escape(&text, Notation::Text).split(' ').enumerate() {
            if rank > 0 {
                self.ansi.push(' ');
            }
            if !word.is_empty() {
                self.ansi += &format!("{style}{word}{style:#}");
            }
        }
        self
    }

    /// Adds another text.
    #[must_use]
    pub fn and_styled(mut self, text: &Self) -> Self {
        self.ansi.push_str(&text.ansi);
        self
    }

    /// Escaped, with ANSI styles.
    pub(crate) fn ansi(&self) -> &str {
        &self.ansi
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_its_style_and_a_value_has_none() {
        let bold = Style::new().bold();
        let text = StyledText::plain("1. ")
            .with(bold, "deux  mots")
            .and(" \u{1b}[31mrouge\n");
        assert_eq!(
            text.ansi(),
            "1. \u{1b}[1mdeux\u{1b}[0m  \u{1b}[1mmots\u{1b}[0m \\u{1b}[31mrouge\\n"
        );
    }
}
