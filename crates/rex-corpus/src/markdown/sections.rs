//! Cuts the body of a case into sections.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::comments::without_comments;
use super::footnotes::Footnotes;
use super::parser::{parser, push_text};
use crate::nfc::nfc;
use crate::record::Section;

/// The sections of a body without its comments, one for each heading of the first two levels. Text before the first heading has an
/// empty title. A footnote moves to the sections that refer to it.
pub(super) fn sections(body: &str) -> Vec<Section> {
    let body = without_comments(body);
    let Outline { headings, notes } = outline(&body);
    let mut sections = Vec::new();
    let mut copied = 0;
    let mut title = String::new();
    let mut start = 0;
    let end = body.len();
    for (range, heading) in headings.into_iter().chain([(end..end, String::new())]) {
        push_section(
            &mut sections,
            &title,
            &notes.section(&body, start..range.start, &mut copied),
        );
        title = heading;
        start = range.end;
    }
    sections
}

fn push_section(sections: &mut Vec<Section>, title: &str, text: &str) {
    let (title, text) = (title.trim(), text.trim());
    if !(title.is_empty() && text.is_empty()) {
        sections.push(Section {
            // NFC, like the fields and JSON lines.
            titre: nfc(title),
            texte: nfc(text),
        });
    }
}

/// Headings and footnotes of a body.
struct Outline {
    /// Headings of the first two levels outside lists, quotations and footnotes, with their text.
    headings: Vec<(Range<usize>, String)>,
    /// Footnotes outside lists and quotations.
    notes: Footnotes,
}

fn outline(body: &str) -> Outline {
    let mut headings: Vec<(Range<usize>, String)> = Vec::new();
    let mut notes = Footnotes::default();
    let mut is_inside = false;
    let mut nesting = 0;
    for (event, range) in parser(body).into_offset_iter() {
        match event {
            Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => nesting += 1,
            Event::Start(Tag::FootnoteDefinition(label)) => {
                if nesting == 0 {
                    notes.define(&label, range);
                }
                nesting += 1;
            }
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition) => nesting -= 1,
            Event::FootnoteReference(label) => notes.refer(&label, range.start),
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1 | HeadingLevel::H2,
                ..
            }) if nesting == 0 => {
                is_inside = true;
                headings.push((range, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => is_inside = false,
            event => {
                if let Some((_, title)) = headings.last_mut().filter(|_| is_inside) {
                    push_text(&event, title);
                }
            }
        }
    }
    Outline { headings, notes }
}
