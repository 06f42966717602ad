//! Text on a terminal: any values with any styles. Nothing but line feeds and the styles of Rex controls the terminal, and what can be
//! seen is shown as it is.

#![no_main]

use anstyle::{AnsiColor, Style};
use libfuzzer_sys::fuzz_target;
use rex_terminal::{Indent, Notation, Output, StyledText, escape, escape_between_styles, is_escaped};

fuzz_target!(|text: &str| {
    let escaped = escape(text, Notation::Text);
    assert!(!escaped.contains(is_escaped), "{escaped:?}");
    assert_eq!(
        escape(&escaped, Notation::Text),
        escaped,
        "escaping twice changes nothing"
    );
    // What needs no escape is there, in its order.
    let mut shown = escaped.chars();
    assert!(
        text.chars()
            .filter(|c| !is_escaped(*c))
            .all(|c| shown.any(|other| other == c))
    );

    assert_eq!(written(|out| out.line(text)), format!("{escaped}\n"));
    without_styles(&escape_between_styles(text));

    // A tab separates values; every other one is bold and red.
    let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let values = text.split('\t').enumerate();
    let styled = values.fold(StyledText::default(), |styled, (rank, value)| match rank % 2 {
        0 => styled.and(value),
        _ => styled.with(style, value),
    });
    let whole = escape(&text.replace('\t', ""), Notation::Text).into_owned();
    let line = written(|out| out.styled(&styled));
    assert_eq!(without_styles(&line), format!("{whole}\n"));

    let width = 1 + text.len() % 100;
    let first = text.split('\t').next().unwrap_or_default();
    let lines = written(|out| out.wrapped(&styled, width, Indent { first: "", next: "" }));
    // Lines are broken at spaces and within long words.
    let words = |text: &str| text.replace([' ', '\n'], "");
    assert_eq!(words(&without_styles(&lines)), words(&whole));
    let indented = written(|out| out.wrapped(&styled, width, Indent { first, next: first }));
    without_styles(&indented);

    let json = serde_json::to_string(text).expect("a text is JSON");
    let line = written(|out| out.json(&json));
    assert!(!line.trim_end_matches('\n').contains(is_escaped), "{line:?}");
    assert_eq!(
        serde_json::from_str::<String>(&line).expect("JSON"),
        text,
        "the same value"
    );
});

fn written(write: impl FnOnce(&mut Output<&mut Vec<u8>>) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut Output::to(&mut bytes)).expect("memory can be written");
    String::from_utf8(bytes).expect("text is UTF-8")
}

/// The text without ANSI styles, after checking that nothing else in it controls a terminal.
fn without_styles(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| !c.is_ascii_digit() && c != ';')
            .unwrap_or(part.len());
        assert!(part[end..].starts_with('m'), "no style: {part:?}");
        plain.push_str(&part[end + 1..]);
    }
    let controls = |c: char| is_escaped(c) && c != '\n';
    assert!(!plain.contains(controls), "{plain:?}");
    plain
}
