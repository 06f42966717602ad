//! Reads the records of a DECP file one by one, whatever its size, in the memory of one record.
//!
//! ```text
//! 2019   {"marches": [ {…}, {…} ]}                                    _type says which is a concession
//! 2022   {"marches": {"marche": [ {…} ], "contrat-concession": [ {…} ]}}
//! ```
//!
//! A list of one is now and then written as its only element, and the outer object left out; both are read.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json::Json;

/// Bytes of the largest record; what is beyond is no contract, and would only fill memory.
const MAX_RECORD_BYTES: u64 = 16 << 20;

/// What a record is of, by where it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contract {
    /// A contract of supplies, services or works.
    Procurement,
    Concession,
}

/// One record of a file.
#[derive(Debug)]
pub(super) struct Item {
    /// Where its value ends in the file, in bytes.
    pub(super) end: u64,
    pub(super) contract: Contract,
    /// None where there is something else than an object.
    pub(super) fields: Option<Json>,
}

/// Why a file could not be read to its end.
#[derive(Debug)]
pub(super) enum StreamError<E> {
    /// What follows these bytes is not JSON, or not DECP.
    Broken { offset: u64, message: String },
    /// The file cannot be read from here on.
    Io { offset: u64, source: io::Error },
    /// What `visit` gave.
    Visit(E),
}

/// Gives each record to `visit`, in the order of the file.
///
/// # Errors
/// What ends the reading early; the records before it were given.
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

/// What serde_json says, without its line and column: the offset says where.
fn worded(error: &serde_json::Error, has_records: bool) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match (error.is_eof(), has_records) {
        (true, true) => "the file ends in the middle of a record; it was cut".to_owned(),
        (true, false) => "the file ends before any record, expected {\"marches\": …}".to_owned(),
        (false, _) => text.to_owned(),
    }
}

/// How far the file is read.
#[derive(Debug, Default)]
struct Position {
    read: Cell<u64>,
    /// Where the last record ended.
    record: Cell<u64>,
    is_too_long: Cell<bool>,
}

/// Counts the bytes given, and gives no more when a record has too many.
struct Counted<'a, R> {
    source: R,
    position: &'a Position,
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let position = self.position;
        if position.read.get() == 0 {
            // A byte order mark is no part of JSON.
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
    fn give<D: de::Error>(&mut self, contract: Contract, fields: Option<Json>) -> Result<(), D> {
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
/// What "marches" holds.
struct ContractsSeed<'w, 'a, E, F: FnMut(Item) -> Result<(), E>>(&'w mut Walk<'a, E, F>);
/// One record, or a list of them.
struct RecordsSeed<'w, 'a, E, F: FnMut(Item) -> Result<(), E>>(&'w mut Walk<'a, E, F>, Contract);

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
        RecordsSeed(self.0, Contract::Procurement).visit_seq(list)
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
                "marche" => map.next_value_seed(RecordsSeed(self.0, Contract::Procurement))?,
                "contrat-concession" => map.next_value_seed(RecordsSeed(self.0, Contract::Concession))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        RecordsSeed(self.0, Contract::Procurement).visit_seq(list)
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
