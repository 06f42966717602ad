use pulldown_cmark::{Event, Options, Parser};

/// Parses the Markdown of Rex: CommonMark with GitHub tables and footnotes.
pub fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES)
}

/// Appends the text of an event. HTML stays as typed.
pub(crate) fn push_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(part),
        // Keeps the line break after a hyphen: the analyzer joins a word hyphenated at a line end.
        Event::SoftBreak => text.push(if text.ends_with(['-', '\u{ad}', '\u{2010}']) {
            '\n'
        } else {
            ' '
        }),
        _ => {}
    }
}
