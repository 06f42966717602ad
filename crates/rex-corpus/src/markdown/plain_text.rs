use pulldown_cmark::{Event, Tag, TagEnd};

use super::parser::{parser, push_text};

/// Separates the cells of a table row.
const CELL_SEPARATOR: &str = " | ";

/// Markdown as plain text: one line for each paragraph, list item, footnote and table row; `|` between the cells of a row.
///
/// HTML stays as typed: the caller must escape the text.
pub fn plain_text(markdown: &str) -> String {
    if paragraphs(markdown).all(is_plain) {
        let lines: Vec<_> = paragraphs(markdown).map(|text| text.trim_end_matches(' ')).collect();
        return lines.join("\n");
    }
    parsed_text(markdown)
}

fn parsed_text(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in parser(markdown) {
        let ends_line = matches!(
            event,
            Event::HardBreak
                | Event::Rule
                // A list in an item of another one.
                | Event::Start(Tag::List(_))
                | Event::End(
                    TagEnd::Paragraph
                        | TagEnd::Item
                        | TagEnd::Heading(_)
                        | TagEnd::TableHead
                        | TagEnd::TableRow
                        | TagEnd::FootnoteDefinition
                )
        );
        if matches!(event, Event::End(TagEnd::TableHead | TagEnd::TableRow)) {
            // The parser pads short rows with empty cells.
            while text.ends_with(CELL_SEPARATOR) {
                text.truncate(text.len() - CELL_SEPARATOR.len());
            }
        }
        let is_within_line = !text.is_empty() && !text.ends_with('\n');
        if ends_line && is_within_line {
            text.push('\n');
        }
        if matches!(event, Event::Start(Tag::TableCell)) && is_within_line {
            text.push_str(CELL_SEPARATOR);
        }
        push_text(&event, &mut text);
    }
    text.truncate(text.trim_end().len());
    text
}

fn paragraphs(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.split("\n\n")
}

/// Whether a paragraph is one line without any Markdown syntax, as in most bulk records. Such text needs no parser.
fn is_plain(text: &str) -> bool {
    let is_allowed =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | ';' | '.' | '\'' | '’' | '(' | ')' | '-' | '/' | '°');
    text.starts_with(char::is_alphabetic) && text.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_words_and_drops_marks() {
        let text =
            plain_text("Un **mot** et\nun [lien](https://x.fr).\n\n- un\n- deux\n  - trois\n\n<b>gras</b> `code`");
        assert_eq!(text, "Un mot et un lien.\nun\ndeux\ntrois\n<b>gras</b> code");
    }

    #[test]
    fn a_table_is_read_row_by_row() {
        let table = "Avant.\n\n| Lot | Montant |\n|:----|--------:|\n| *Tri* | 10 € |\n| a \\| b |\n\nAprès.";
        assert_eq!(plain_text(table), "Avant.\nLot | Montant\nTri | 10 €\na | b\nAprès.");
        assert_eq!(plain_text("a | b, sans plus"), "a | b, sans plus");
    }

    proptest::proptest! {
        #[test]
        fn words_without_marks_are_what_they_say(text in "[a-zé][a-zé0-9 ,;.'’()/°-]{0,30}(\n\n[a-zé][a-z0-9 .-]{0,20}){0,2}") {
            proptest::prop_assert!(paragraphs(&text).all(is_plain));
            proptest::prop_assert_eq!(plain_text(&text), parsed_text(&text));
        }
    }
}
