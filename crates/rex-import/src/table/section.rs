//! The text of a cell as Markdown.

/// Paragraphs and lists of a text. What Markdown would read as its own is escaped.
pub(super) fn to_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut was_item = false;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let item = line
            .strip_prefix(['•', '·', '▪', '►', '✓', '–'])
            .or_else(|| line.strip_prefix("- "))
            .map(str::trim_start);
        if !out.is_empty() {
            out.push_str(if was_item && item.is_some() { "\n" } else { "\n\n" });
        }
        if item.is_some() {
            out.push_str("- ");
        }
        escape(item.unwrap_or(line), &mut out);
        was_item = item.is_some();
    }
    out
}

fn escape(line: &str, out: &mut String) {
    // A paragraph may begin like a list, a heading, a quotation or a rule.
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let start = if digits > 0 && line[digits..].starts_with(['.', ')']) {
        out.push_str(&line[..digits]);
        out.push('\\');
        digits
    } else {
        if line.starts_with(['#', '>', '+', '-', '=', '|', '~', ':']) {
            out.push('\\');
        }
        0
    };
    let mut before = ' ';
    let mut rest = line[start..].chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let is_syntax = match c {
            '*' | '`' | '\\' => true,
            '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
            // Inside a word it is a letter.
            '_' => !before.is_alphanumeric() || !next.is_alphanumeric(),
            // A link, or the definition of one, which is not shown.
            '[' => next != ' ' && (line.contains("](") || line.contains("]:")),
            _ => false,
        };
        if is_syntax {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::to_markdown;

    #[test]
    fn lines_are_paragraphs_and_items() {
        for (text, expected) in [
            ("Une\n\nautre", "Une\n\nautre"),
            ("Deux :\n- un\n• deux\nfin", "Deux :\n\n- un\n- deux\n\nfin"),
            ("# 1\n2024. Oui\n-5 %", "\\# 1\n\n2024\\. Oui\n\n\\-5 %"),
            ("a*b* `c` <b>d</b> 1 < 2", "a\\*b\\* \\`c\\` \\<b>d\\</b> 1 < 2"),
            ("[a]: b, [c](d)", "\\[a]: b, \\[c](d)"),
            ("[Note]", "[Note]"),
            ("un_mot et _deux_", "un_mot et \\_deux\\_"),
        ] {
            assert_eq!(to_markdown(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn words_are_shown_as_typed(text in "[a-z*_`<>#+=|~:.\\\\()\\[\\]! 0-9-]{0,40}") {
            let shown = rex_corpus::plain_text(&to_markdown(&text));
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
            proptest::prop_assert_eq!(letters(&shown), letters(&text));
        }
    }
}
