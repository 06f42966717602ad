//! Reads contracts from XML, one at a time: `<marches><marche>…</marche></marches>`, in the formats of 2019 and 2022.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event as XmlEvent};

use super::json::{Json, known_key};
use super::raw::{Content, ContractKind, Event, Position, Raw, ReadError, Sink};
use crate::bounded::Bounded;

/// Maximum size of a record, of a tag and of a text. Bounds the memory.
const MAX_RECORD_BYTES: usize = 16 << 20;
/// Elements within each other. Contracts have six.
const MAX_DEPTH: usize = 64;

/// Passes each contract of a file in UTF-8 to `sink`, in file order.
///
/// # Errors
/// A file without contracts, and the byte from which on it is not XML.
pub(super) fn read_xml(source: impl Read, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut walk = Walk {
        reader: Reader::from_reader(BufReader::new(Bounded::new(source, MAX_RECORD_BYTES as u64))),
        buffer: Vec::new(),
    };
    walk.reader.config_mut().allow_dangling_amp = true;
    let (mut root, mut has_contracts) = (None, false);
    // Elements around the contracts that are open.
    let mut depth = 0_u64;
    loop {
        let position = Position::Byte(walk.reader.buffer_position());
        let event = walk.next()?;
        let (name, is_empty) = match event {
            Step::Open(name) => (name, false),
            Step::Empty(name) => (name, true),
            Step::End if has_contracts && depth > 0 => return Err(ReadError::Unclosed { position }),
            Step::End if has_contracts => return Ok(()),
            Step::End => {
                let root = root.unwrap_or_default();
                return Err(ReadError::Unknown(format!(
                    "is XML (<{root}>) without <marche>, expected DECP: <marches><marche>…</marche></marches>"
                )));
            }
            Step::Close => {
                depth = depth.saturating_sub(1);
                continue;
            }
            Step::Text(_) => continue,
        };
        let contract = match name.as_str() {
            "marche" => ContractKind::Procurement,
            "contrat-concession" => ContractKind::Concession,
            _ => {
                root.get_or_insert(name);
                depth += u64::from(!is_empty);
                continue;
            }
        };
        has_contracts = true;
        let (fields, size) = if is_empty {
            (Json::Null, 0)
        } else {
            walk.record(position)?
        };
        sink(Event::Record(Raw {
            position,
            contract,
            content: Content::Fields(fields, size),
        }))?;
    }
}

/// What is next in a file.
enum Step {
    /// The local name of an element that begins.
    Open(String),
    /// That of an element without content.
    Empty(String),
    Close,
    Text(String),
    End,
}

struct Walk<R> {
    reader: Reader<BufReader<Bounded<R>>>,
    buffer: Vec<u8>,
}

/// An element that is open: its key, its text and its children.
struct Open {
    /// `None` if it is not read.
    key: Option<&'static str>,
    text: String,
    children: Vec<(&'static str, Json)>,
}

impl<R: Read> Walk<R> {
    fn next(&mut self) -> Result<Step, ReadError> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().refill();
        let event = self.reader.read_event_into(&mut self.buffer);
        let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
        match event {
            Ok(XmlEvent::Start(tag)) => Ok(Step::Open(local(name_of(&tag)))),
            Ok(XmlEvent::Empty(tag)) => Ok(Step::Empty(local(name_of(&tag)))),
            Ok(XmlEvent::End(_)) => Ok(Step::Close),
            Ok(XmlEvent::Text(text)) => Ok(Step::Text(text.into_inner().into_owned())),
            Ok(XmlEvent::CData(text)) => Ok(Step::Text(text.into_inner().into_owned())),
            Ok(XmlEvent::GeneralRef(entity)) => Ok(Step::Text(resolved(&entity))),
            Ok(XmlEvent::Eof) => Ok(Step::End),
            Ok(_) => Ok(Step::Text(String::new())),
            Err(error) => Err(self.broken(&error.to_string())),
        }
    }

    fn broken(&self, message: &str) -> ReadError {
        ReadError::Broken {
            position: Position::Byte(self.reader.error_position()),
            message: message.to_owned(),
        }
    }

    /// The fields of the element that has begun, and their size in bytes.
    fn record(&mut self, start: Position) -> Result<(Json, usize), ReadError> {
        /// What an element takes beside its text.
        const ELEMENT: usize = 100;
        let mut open = vec![Open::new(None)];
        let mut size = 0;
        loop {
            match self.next()? {
                Step::Open(_) if open.len() == MAX_DEPTH => {
                    return Err(self.broken("too many elements within each other"));
                }
                Step::Open(name) => {
                    size += ELEMENT;
                    open.push(Open::new(known_key(&name)));
                }
                Step::Empty(_) => {}
                Step::Text(text) => {
                    size += text.len();
                    if size > MAX_RECORD_BYTES {
                        return Err(self.broken(&format!("over {MAX_RECORD_BYTES} bytes in the record at {start}")));
                    }
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text);
                    }
                }
                Step::Close => {
                    let Some(element) = open.pop() else {
                        return Ok((Json::Null, 0));
                    };
                    match open.last_mut() {
                        Some(outer) => outer.close(element),
                        None => return Ok((Json::Map(element.children), size)),
                    }
                }
                Step::End => return Err(self.broken("the file ends in the middle of a record; it was cut")),
            }
        }
    }
}

/// The text of an entity. Names that XML does not know stay: those of HTML are resolved with the rest of the text.
fn resolved(entity: &BytesRef<'_>) -> String {
    let known = resolve_predefined_entity(entity).map(str::to_owned);
    let character = || entity.resolve_char_ref().ok().flatten().map(String::from);
    known.or_else(character).unwrap_or_else(|| format!("&{};", &**entity))
}

fn name_of(tag: &str) -> &str {
    tag.split(|c: char| c.is_ascii_whitespace() || c == '/')
        .next()
        .unwrap_or_default()
}

impl Open {
    fn new(key: Option<&'static str>) -> Self {
        Self {
            key,
            text: String::new(),
            children: Vec::new(),
        }
    }

    /// Adds a child. Several with one key are a list.
    fn close(&mut self, child: Self) {
        let Some(key) = child.key else { return };
        let value = match child.children.is_empty() {
            true => Json::Scalar(child.text),
            false => Json::Map(child.children),
        };
        match self.children.iter_mut().find(|(known, _)| *known == key) {
            Some((_, Json::List(items))) => items.push(value),
            Some((_, first)) => *first = Json::List(vec![std::mem::replace(first, Json::Null), value]),
            None => self.children.push((key, value)),
        }
    }
}
