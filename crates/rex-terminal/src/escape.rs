//! Escapes the characters of a value that a terminal obeys or hides.

use std::borrow::Cow;
use std::fmt::Write;

/// How an escaped character is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// For people, as in Rust: `\n`, `\u{1b}`, `\u{202e}`.
    Text,
    /// In JSON text: `\u202e`, two escapes above U+FFFF. The text stands for the same value.
    Json,
}

/// Whether a character is escaped: control characters, line and paragraph separators, and formatting characters that reorder or hide
/// text. The soft hyphen, the zero-width joiner and the zero-width non-joiner are left, since words are written with them.
pub const fn is_escaped(c: char) -> bool {
    matches!(c,
        // C0, DEL and C1.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Bidirectional controls.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}'
        // Invisible: vowel separator, zero-width space, word joiner and operators, byte order mark, interlinear annotations, shorthand and
        // musical formats, tags.
        | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// A text with [such characters](is_escaped) escaped. Escaping twice changes nothing more.
///
/// JSON text must have no line break between its tokens.
pub fn escape(text: &str, notation: Notation) -> Cow<'_, str> {
    if !text.contains(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push(&mut escaped, c, notation));
    Cow::Owned(escaped)
}

/// Like [`escape`] for people, but leaves ANSI styles (`ESC [ digits and ; m`). Only for text whose values are escaped already.
pub fn escape_between_styles(text: &str) -> Cow<'_, str> {
    if !text.contains(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = style_length(rest).unwrap_or(0);
        if length > 0 {
            escaped.push_str(&rest[..length]);
            rest = &rest[length..];
        } else {
            push(&mut escaped, c, Notation::Text);
            rest = &rest[c.len_utf8()..];
        }
    }
    Cow::Owned(escaped)
}

/// The length in bytes of the ANSI style at the start of a text.
fn style_length(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    parameters[end..].starts_with('m').then_some("\u{1b}[".len() + end + 1)
}

fn push(out: &mut String, c: char, notation: Notation) {
    match notation {
        _ if !is_escaped(c) => out.push(c),
        Notation::Text => out.extend(c.escape_default()),
        Notation::Json => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_or_hides_is_escaped() {
        let text = |text| escape(text, Notation::Text).into_owned();
        for (raw, expected) in [
            ("\u{1b}]0;title\u{7}", r"\u{1b}]0;title\u{7}"),
            ("\u{1b}]8;;http://x\u{1b}\\a", r"\u{1b}]8;;http://x\u{1b}\a"),
            ("10 €\r99 €\n", r"10 €\r99 €\n"),
            ("\u{9b}2J\u{7f}", r"\u{9b}2J\u{7f}"),
            ("a\u{202e}b\u{2066}c\u{61c}", r"a\u{202e}b\u{2066}c\u{61c}"),
            (
                "a\u{200b}\u{feff}\u{2028}\u{e0041}",
                r"a\u{200b}\u{feff}\u{2028}\u{e0041}",
            ),
        ] {
            assert_eq!(text(raw), expected);
            assert_eq!(text(expected), expected, "escaped twice");
        }
        for plain in [
            "L'été, 40 000 € « ici »",
            "co\u{ad}opérer",
            "\u{92e}\u{200d}\u{200c}",
            "1\u{a0}000 👩\u{200d}🌾",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn escaped_json_is_the_same_value() {
        let value = serde_json::json!({"a\u{202e}": "\u{1b}\u{9b}\u{7f}\n\u{e0041}\u{feff}é", "b": [1.5, null]});
        let json = value.to_string();
        let escaped = escape(&json, Notation::Json);
        assert!(
            !escaped.contains(is_escaped) && escaped.contains(r"\udb40\udc41"),
            "{escaped}"
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
    }

    #[test]
    fn only_styles_are_left_between_styles() {
        assert_eq!(
            escape_between_styles(
                "\u{1b}[2mé\u{1b}[0m\u{1b}[1;31mx\u{1b}[2J\u{1b}[\u{1b}[31\u{1b}]0;t\u{7}\u{202e}\u{1b}[m"
            ),
            "\u{1b}[2mé\u{1b}[0m\u{1b}[1;31mx\\u{1b}[2J\\u{1b}[\\u{1b}[31\\u{1b}]0;t\\u{7}\\u{202e}\u{1b}[m"
        );
    }
}
