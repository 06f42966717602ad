//! Standard output and standard error, for text that may hold anything.

use std::fmt::Display;
use std::io::{self, StderrLock, StdoutLock, Write};

use anstream::AutoStream;

use crate::escape::{Notation, escape};
use crate::styled_text::StyledText;

/// Writes lines for people, and JSON. Whatever a value holds, each call writes the lines it is asked for, and no control sequence but the
/// styles of [`StyledText`].
#[derive(Debug)]
pub struct Output<W> {
    out: W,
}

/// The texts before the first and before the further lines of a wrapped text.
#[derive(Debug, Clone, Copy)]
pub struct Indent<'a> {
    /// Before the first line.
    pub first: &'a str,
    /// Before each further line.
    pub next: &'a str,
}

impl Output<AutoStream<StdoutLock<'static>>> {
    /// Standard output, locked. Styles are left out unless it is a terminal or `CLICOLOR_FORCE` is set.
    pub fn stdout() -> Self {
        Self::to(anstream::stdout().lock())
    }
}

impl Output<AutoStream<StderrLock<'static>>> {
    /// Standard error, locked. Styles are left out unless it is a terminal or `CLICOLOR_FORCE` is set.
    pub fn stderr() -> Self {
        Self::to(anstream::stderr().lock())
    }
}

impl<W: Write> Output<W> {
    /// Writes to `out`, styles included.
    pub fn to(out: W) -> Self {
        Self { out }
    }

    /// Writes one line. A line break in `text` is escaped.
    ///
    /// # Errors
    /// If writing fails, as for every method here.
    pub fn line(&mut self, text: impl Display) -> io::Result<()> {
        self.write(&escape(&text.to_string(), Notation::Text))
    }

    /// Writes one line with styles.
    pub fn styled(&mut self, text: &StyledText) -> io::Result<()> {
        self.write(text.ansi())
    }

    /// Writes text with styles, on lines of at most `width` columns.
    pub fn wrapped(&mut self, text: &StyledText, width: usize, indent: Indent<'_>) -> io::Result<()> {
        let (first, next) = (
            escape(indent.first, Notation::Text),
            escape(indent.next, Notation::Text),
        );
        let options = textwrap::Options::new(width)
            .initial_indent(&first)
            .subsequent_indent(&next)
            .break_words(true);
        textwrap::wrap(text.ansi(), options)
            .iter()
            .try_for_each(|line| self.write(line))
    }

    /// Writes a value in JSON as one line.
    pub fn json(&mut self, json: &str) -> io::Result<()> {
        self.write(&escape(json, Notation::Json))
    }

    /// Writes an escaped line at once, so that lines of several threads do not mix.
    fn write(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(format!("{line}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use anstyle::Style;

    use super::*;

    fn written(write: impl FnOnce(&mut Output<&mut Vec<u8>>) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut Output::to(&mut bytes)).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_value_cannot_make_a_line_or_a_style() {
        assert_eq!(
            written(|out| out.line("a\nrex: done\u{1b}[1m")),
            "a\\nrex: done\\u{1b}[1m\n"
        );
        assert_eq!(written(|out| out.json("{\"a\":\"\u{202e}\"}")), "{\"a\":\"\\u202e\"}\n");
    }

    #[test]
    fn wrapped_text_keeps_its_words_and_styles() {
        let indent = Indent {
            first: "1. ",
            next: "   ",
        };
        let text = StyledText::plain("un ")
            .with(Style::new().bold(), "deux trois")
            .and(" quatre\ncinq");
        assert_eq!(
            written(|out| out.wrapped(&text, 12, indent)),
            "1. un \u{1b}[1mdeux\u{1b}[0m\n   \u{1b}[1mtrois\u{1b}[0m\n   quatre\\nc\n   inq\n"
        );
        assert_eq!(written(|out| out.wrapped(&StyledText::default(), 12, indent)), "1. \n");
    }
}
