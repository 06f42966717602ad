//! Walks through the XML of a document.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::archive::{Xml, attributes, local};
use super::error::DocumentError;

/// Takes the elements and characters of a document, in their order. Names are without namespace.
pub(super) trait Walk {
    fn start(&mut self, name: &str, attributes: impl Fn() -> HashMap<String, String>);
    fn end(&mut self, name: &str);
    fn characters(&mut self, text: &str);
    /// Whether the text has its maximum size, so that the rest is not read.
    fn is_full(&self) -> bool;
}

/// Walks to the end of a document.
///
/// # Errors
/// `damaged`, if it is no XML.
pub(super) fn walk_xml(xml: &mut Xml<'_>, walk: &mut impl Walk, damaged: DocumentError) -> Result<(), DocumentError> {
    let mut buffer = Vec::new();
    while !walk.is_full() {
        buffer.clear();
        let Ok(event) = xml.read_event_into(&mut buffer) else {
            return Err(damaged);
        };
        match event {
            Event::Start(element) => {
                let name = local(element.name().as_ref()).to_owned();
                walk.start(&name, || attributes(&element));
            }
            Event::End(element) => walk.end(local(element.name().as_ref())),
            Event::Text(characters) => walk.characters(&characters),
            Event::CData(characters) => walk.characters(&characters),
            Event::GeneralRef(name) => walk.characters(&html_escape::decode_html_entities(&format!("&{};", &*name))),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(())
}
