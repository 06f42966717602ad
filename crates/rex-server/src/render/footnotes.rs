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
    /// The ranks of the notes that some events refer to.
    fn called(&self, events: &[Event<'a>]) -> Vec<usize> {
        let labels = events.iter().filter_map(|event| match event {
            Event::FootnoteReference(label) => Some(label.to_lowercase()),
            _ => None,
        });
        labels.filter_map(|label| self.by_label.get(&label).copied()).collect()
    }

    /// The ranks in the order in which the text refers to the notes, and notes to notes; what nothing refers to comes last.
    fn order(&self, text: &[Event<'a>]) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::with_capacity(self.bodies.len());
        let mut is_ordered = vec![false; self.bodies.len()];
        let mut add = |ranks: Vec<usize>, order: &mut Vec<usize>| {
            order.extend(
                ranks
                    .into_iter()
                    .filter(|rank| !std::mem::replace(&mut is_ordered[*rank], true)),
            );
        };
        add(self.called(text), &mut order);
        let mut at = 0;
        for other in 0..=self.bodies.len() {
            while let Some(rank) = order.get(at).copied() {
                add(self.called(&self.bodies[rank]), &mut order);
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
/// refers to come last. Nothing of a label is shown: the rank of the section and the number make the ids.
pub(crate) fn with_notes_last(events: Vec<Event<'_>>, section: usize) -> Vec<Event<'_>> {
    let (text, mut notes) = apart(events);
    if notes.bodies.is_empty() {
        return text;
    }
    let order = notes.order(&text);
    let mut numbers = vec![0; order.len()];
    for (rank, number) in order.iter().zip(1..) {
        numbers[*rank] = number;
    }
    let mut is_called = vec![false; order.len()];
    let by_label = std::mem::take(&mut notes.by_label);
    let mut replaced = |event| match event {
        Event::FootnoteReference(label) => by_label.get(&label.to_lowercase()).map(|rank| {
            let is_first = !std::mem::replace(&mut is_called[*rank], true);
            Event::InlineHtml(call(section, numbers[*rank], is_first).into())
        }),
        event => Some(event),
    };
    let mut shown: Vec<Event<'_>> = text.into_iter().filter_map(&mut replaced).collect();
    let mut bodies = Vec::with_capacity(order.len());
    for rank in &order {
        let body = std::mem::take(&mut notes.bodies[*rank]);
        bodies.push(body.into_iter().filter_map(&mut replaced).collect::<Vec<_>>());
    }
    shown.push(Event::Html("<ol class=\"notes\">\n".into()));
    for ((mut body, rank), number) in bodies.into_iter().zip(order).zip(1..) {
        shown.push(Event::Html(format!("<li id=\"note-{section}-{number}\">\n").into()));
        if is_called[rank] {
            // Within the last paragraph, where there is one.
            let is_paragraph = matches!(body.last(), Some(Event::End(TagEnd::Paragraph)));
            body.insert(body.len() - usize::from(is_paragraph), way_back(section, number));
        }
        shown.extend(body);
        shown.push(Event::Html("</li>\n".into()));
    }
    shown.push(Event::Html("</ol>\n".into()));
    shown
}

fn way_back(section: usize, number: usize) -> Event<'static> {
    let label = format!("Retour à l'appel de la note {number}");
    let link = format!(" <a href=\"#appel-{section}-{number}\" aria-label=\"{label}\">↩</a>");
    Event::InlineHtml(link.into())
}

/// The number of a note where the text refers to it; the first time it can be come back to.
fn call(section: usize, number: usize, is_first: bool) -> String {
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
fn apart(events: Vec<Event<'_>>) -> (Vec<Event<'_>>, Notes<'_>) {
    let mut text = Vec::with_capacity(events.len());
    let mut notes = Notes::default();
    let mut is_note = false;
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => {
                is_note = true;
                let rank = notes.bodies.len();
                notes.by_label.entry(label.to_lowercase()).or_insert(rank);
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
