//! Reads the records of a DECP file of any size one by one, in the memory of one record.
//!
//! ```text
//! 2019   {"marches": [ {…}, {…} ]}                                    _type marks concessions
//! 2022   {"marches": {"marche": [ {…} ], "contrat-concession": [ {…} ]}}
//! ```
//!
//! Some files write a list of one as its only element, or leave out the outer object. Both are accepted.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json::Json;

/// Maximum size of a record. Bounds the memory.
const MAX_RECORD_BYTES: u64 = 16 << 20;

/// The kind of a record, by its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContractKind {
    /// A contract of supplies, services or works.
    Procurement,
    Concession,
}

/// One record of a file.
#[derive(Debug)]
pub(super) struct Item {
    /// Offset of its end in the file, in bytes.
    pub(super) end: u64,
    pub(super) contract: ContractKind,
    /// `None` if the value is not an object.
    pub(super) fields: Option<Json>,
}

/// Why a file was not read to its end.
#[derive(Debug)]
pub(super) enum StreamError<E> {
    /// The file is not JSON, or not DECP, from this offset on.
    Broken { offset: u64, message: String },
    /// The file cannot be read from this offset on.
    Io { offset: u64, source: io::Error },
    /// The error of `visit`.
    Visit(E),
}

/// Passes each record to `visit`, in file order.
///
/// # Errors
/// The reason to stop early. `visit` has received the records before it.
pub(super) fn read<E>(source: impl BufRead, visit: impl FnMut(Item) -> Result<(), E>) -> Result<(), StreamError<E>> {
    let position = Position::default();
    let mut walk = Walk {
        position: &position,
        visit,
        failed: None,
        has_records: false,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(Counted {
        source,
        position: &position,
    });
    let read = FileSeed(&mut walk)
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    let has_records = walk.has_records;
    if let Some(error) = walk.failed {
        return Err(StreamError::Visit(error));
    }
    let offset = position.read.get();
    match read {
        Ok(()) if has_records => Ok(()),
        Ok(()) => Err(StreamError::Broken {
            offset,
            message: "no \"marches\" in it, expected a DECP file".to_owned(),
        }),
        Err(error) if error.is_io() && !position.is_too_long.get() => Err(StreamError::Io {
            offset,
            source: error.into(),
        }),
        Err(error) => Err(StreamError::Broken {
            offset,
            message: worded(&error, has_records),
        }),
    }
}

/// The message of serde_json without line and column, which the offset replaces.
fn worded(error: &serde_json::Error, has_records: bool) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match (error.is_eof(), has_records) {
        (true, true) => "the file ends in the middle of a record; it was cut".to_owned(),
        (true, false) => "the file ends before any record, expected {\"marches\": …}".to_owned(),
        (false, _) => text.to_owned(),
    }
}

/// Read positions in the file, in bytes.
#[derive(Debug, Default)]
struct Position {
    read: Cell<u64>,
    /// End of the last record.
    record: Cell<u64>,
    is_too_long: Cell<bool>,
}

/// Counts the bytes read, and fails if a record is too long.
struct Counted<'a, R> {
    source: R,
    position: &'a Position,
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let position = self.position;
        if position.read.get() == 0 {
            // JSON has no byte order mark.
            let is_marked = self.source.fill_buf()?.starts_with("\u{feff}".as_bytes());
            if is_marked {
                self.source.consume(3);
                position.read.set(3);
            }
        }
        if position.read.get() - position.record.get() > MAX_RECORD_BYTES {
            position.is_too_long.set(true);
            let message = format!("over {MAX_RECORD_BYTES} bytes without the end of a record, expected contracts");
            return Err(io::Error::other(message));
        }
        let read = self.source.read(buffer)?;
        position.read.set(position.read.get() + read as u64);
        Ok(read)
    }
}

struct Walk<'a, E, F: FnMut(Item) -> Result<(), E>> {
    position: &'a Position,
    visit: F,
    failed: Option<E>,
    has_records: bool,
}

impl<E, F: FnMut(Item) -> Result<(), E>> Walk<'_, E, F> {
    fn give<D: de::Error>(&mut self, contract: ContractKind, fields: Option<Json>) -> Result<(), D> {
        self.has_records = true;
        let end = self.position.read.get();
        self.position.record.set(end);
        (self.visit)(Item { end, contract, fields }).map_err(|error| {
            self.failed = Some(error);
            D::custom("stopped")
        })
    }
}

/// The whole file.
struct FileSeed<'w, 'a, E, F: FnMut(Item) -> Result<(), E>>(&'w mut Walk<'a, E, F>);
/// The value of "marches".
struct ContractsSeed<'w, 'a, E, F: FnMut(Item) -> Result<(), E>>(&'w mut Walk<'a, E, F>);
/// One record, or a list of them.
struct RecordsSeed<'w, 'a, E, F: FnMut(Item) -> Result<(), E>>(&'w mut Walk<'a, E, F>, ContractKind);

macro_rules! seed {
    ($name:ident) => {
        impl<'de, E, F: FnMut(Item) -> Result<(), E>> DeserializeSeed<'de> for $name<'_, '_, E, F> {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_any(self)
            }
        }
    };
}

seed!(FileSeed);
seed!(ContractsSeed);
seed!(RecordsSeed);

impl<'de, E, F: FnMut(Item) -> Result<(), E>> Visitor<'de> for FileSeed<'_, '_, E, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a DECP file, {\"marches\": …}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "marches" {
                self.0.has_records = true;
                map.next_value_seed(ContractsSeed(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        RecordsSeed(self.0, ContractKind::Procurement).visit_seq(list)
    }
}

impl<'de, E, F: FnMut(Item) -> Result<(), E>> Visitor<'de> for ContractsSeed<'_, '_, E, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the contracts of \"marches\", a list or {\"marche\": […]}")
    }

    fn visit_unit<D>(self) -> Result<(), D> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "marche" => map.next_value_seed(RecordsSeed(self.0, ContractKind::Procurement))?,
                "contrat-concession" => map.next_value_seed(RecordsSeed(self.0, ContractKind::Concession))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        RecordsSeed(self.0, ContractKind::Procurement).visit_seq(list)
    }
}

impl<'de, E, F: FnMut(Item) -> Result<(), E>> Visitor<'de> for RecordsSeed<'_, '_, E, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of contracts")
    }

    fn visit_unit<D>(self) -> Result<(), D> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<Json>()? {
            let fields = matches!(value, Json::Map(_)).then_some(value);
            self.0.give(self.1, fields)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let fields = Json::read_map(map)?;
        self.0.give(self.1, Some(fields))
    }
}
