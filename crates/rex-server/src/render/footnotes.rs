//! The footnotes of a section, in the HTML of its page: numbers in the text, and a list of notes below it that leads back.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};

/// The notes of a section.
#[derive(Default)]
struct Notes<'a> {
    /// What each says.
    bodies: Vec<Vec<Event<'a>>>,
    /// Ranks among the bodies, by labels in lower case, as labels are compared.
    by_label: HashMap<String, usize>,
}

impl<'a> Notes<'a> {
    /// The indices of the notes that some events refer to.
    fn referenced(&self, events: &[Event<'a>]) -> Vec<usize> {
        let labels = events.iter().filter_map(|event| match event {
            Event::FootnoteReference(label) => Some(label.to_lowercase()),
            _ => None,
        });
        labels.filter_map(|label| self.by_label.get(&label).copied()).collect()
    }

    /// The indices in the order in which the text refers to the notes, and notes to notes; what nothing refers to comes last.
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

/// The events of a section with its notes after the text, numbered in the order in which they are referred to; those that nothing
/// refers to come last. Nothing of a label is shown: the index of the section and the number make the ids.
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
            // Within the last paragraph, where there is one.
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

/// The number of a note where the text refers to it; the first time it can be come back to.
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

/// The text, and the notes that stood in it.
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
