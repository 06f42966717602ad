//! Footnotes as HTML: numbered references in the text, and a list with backlinks below it.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};

/// The notes of a section.
#[derive(Default)]
struct Notes<'a> {
    /// The content of each note.
    bodies: Vec<Vec<Event<'a>>>,
    /// Indices into `bodies` by lower-case label: labels are case-insensitive.
    by_label: HashMap<String, usize>,
}

impl<'a> Notes<'a> {
    /// The indices of the notes that are referenced in some events.
    fn referenced(&self, events: &[Event<'a>]) -> Vec<usize> {
        let labels = events.iter().filter_map(|event| match event {
            Event::FootnoteReference(label) => Some(label.to_lowercase()),
            _ => None,
        });
        labels.filter_map(|label| self.by_label.get(&label).copied()).collect()
    }

    /// The indices in order of reference, from the text and then from notes; unreferenced notes come last.
    fn order(&self, text: &[Event<'a>]) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::with_capacity(self.bodies.len());
        let mut is_ordered = vec![false; self.bodies.len()];
        let mut add = |indices: Vec<usize>, order: &mut Vec<usize>| {
            order.extend(
                indices
                    .into_iter()
                    .filter(|index| !std::mem::replace(&mut is_ordered[*index], true)),
            );
        };
        add(self.referenced(text), &mut order);
        let mut at = 0;
        for other in 0..=self.bodies.len() {
            while let Some(index) = order.get(at).copied() {
                add(self.referenced(&self.bodies[index]), &mut order);
                at += 1;
            }
            if other < self.bodies.len() {
                add(vec![other], &mut order);
            }
        }
        order
    }
}

/// Moves the notes of a section below its text, numbered in order of reference; unreferenced notes come last. Ids are made
/// of the section index and the number, never of a label.
pub(crate) fn with_notes_last(events: Vec<Event<'_>>, section: usize) -> Vec<Event<'_>> {
    let (text, mut notes) = split_notes(events);
    if notes.bodies.is_empty() {
        return text;
    }
    let order = notes.order(&text);
    let mut numbers = vec![0; order.len()];
    for (index, number) in order.iter().zip(1..) {
        numbers[*index] = number;
    }
    let mut is_referenced = vec![false; order.len()];
    let by_label = std::mem::take(&mut notes.by_label);
    let mut replaced = |event| match event {
        Event::FootnoteReference(label) => by_label.get(&label.to_lowercase()).map(|index| {
            let is_first = !std::mem::replace(&mut is_referenced[*index], true);
            Event::InlineHtml(note_reference(section, numbers[*index], is_first).into())
        }),
        event => Some(event),
    };
    let mut shown: Vec<Event<'_>> = text.into_iter().filter_map(&mut replaced).collect();
    let mut bodies = Vec::with_capacity(order.len());
    for index in &order {
        let body = std::mem::take(&mut notes.bodies[*index]);
        bodies.push(body.into_iter().filter_map(&mut replaced).collect::<Vec<_>>());
    }
    shown.push(Event::Html("<ol class=\"notes\">\n".into()));
    for ((mut body, index), number) in bodies.into_iter().zip(order).zip(1..) {
        shown.push(Event::Html(format!("<li id=\"note-{section}-{number}\">\n").into()));
        if is_referenced[index] {
            // Inside the last paragraph, where there is one.
            let is_paragraph = matches!(body.last(), Some(Event::End(TagEnd::Paragraph)));
            body.insert(body.len() - usize::from(is_paragraph), back_link(section, number));
        }
        shown.extend(body);
        shown.push(Event::Html("</li>\n".into()));
    }
    shown.push(Event::Html("</ol>\n".into()));
    shown
}

fn back_link(section: usize, number: usize) -> Event<'static> {
    let label = format!("Retour à l'appel de la note {number}");
    let link = format!(" <a href=\"#appel-{section}-{number}\" aria-label=\"{label}\">↩</a>");
    Event::InlineHtml(link.into())
}

/// A reference to a note. The first one is the target of the backlink.
fn note_reference(section: usize, number: usize, is_first: bool) -> String {
    let id = if is_first {
        format!("id=\"appel-{section}-{number}\" ")
    } else {
        String::new()
    };
    format!(
        "<sup class=\"note\"><a {id}href=\"#note-{section}-{number}\" aria-label=\"Note {number}\">{number}</a></sup>"
    )
}

/// Separates the text and its notes.
fn split_notes(events: Vec<Event<'_>>) -> (Vec<Event<'_>>, Notes<'_>) {
    let mut text = Vec::with_capacity(events.len());
    let mut notes = Notes::default();
    let mut is_note = false;
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => {
                is_note = true;
                let index = notes.bodies.len();
                notes.by_label.entry(label.to_lowercase()).or_insert(index);
                notes.bodies.push(Vec::new());
            }
            Event::End(TagEnd::FootnoteDefinition) => is_note = false,
            event => match notes.bodies.last_mut().filter(|_| is_note) {
                Some(note) => note.push(event),
                None => text.push(event),
            },
        }
    }
    (text, notes)
}
