//! Reads the records of a DECP file of any size one by one, in the memory of one record.
//!
//! ```text
//! 2019   {"marches": [ {…}, {…} ]}                                    _type marks concessions
//! 2022   {"marches": {"marche": [ {…} ], "contrat-concession": [ {…} ]}}
//! ```
//!
//! Some files write a list of one as its only element, or leave out the outer object. Both are accepted, and so are commas too many
//! or too few in a list. A record that cannot be read is refused; reading resumes after it, or at the next contract inside it, since
//! a quote or bracket that is missing hides the records that follow.

use std::io::{self, Read};

use super::extent::{Extent, MAX_RECORD_BYTES, extent, is_contract, skip};
use super::json::Json;
use super::repair::{Repaired, position_before_repair, repaired};
use super::window::Window;

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
    /// What had to be repaired to read it.
    pub(super) repairs: Vec<Repaired>,
}

/// What is read.
#[derive(Debug)]
pub(super) enum Event {
    Record(Item),
    /// A record, or what stands between records, that cannot be read, and that reading went on after.
    Refused {
        /// Offset of the error in the file, in bytes.
        offset: u64,
        message: String,
    },
    /// No record up to this offset.
    Searched(u64),
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
pub(super) fn read<E>(source: impl Read, visit: impl FnMut(Event) -> Result<(), E>) -> Result<(), StreamError<E>> {
    let mut walk = Walk {
        window: Window::new(source),
        visit,
        has_records: false,
        is_adrift: false,
        scanned: 0,
    };
    let ended = walk.all();
    ended.map_err(|stop| match stop {
        Stop::Fault { offset, message } => StreamError::Broken { offset, message },
        Stop::Io(source) => StreamError::Io {
            offset: walk.window.end(),
            source,
        },
        Stop::Visit(error) => StreamError::Visit(error),
    })
}

/// Why a part of a file was not read to its end.
enum Stop<E> {
    Fault { offset: u64, message: String },
    Io(io::Error),
    Visit(E),
}

impl<E> From<io::Error> for Stop<E> {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct Walk<R, F> {
    window: Window<R>,
    visit: F,
    has_records: bool,
    /// Whether reading resumed inside a record, so that brackets around the next ones may be missing or left over.
    is_adrift: bool,
    /// Bytes passed over by [`extent`]; more than those of the file if some were passed over again.
    scanned: u64,
}

impl<E, R: Read, F: FnMut(Event) -> Result<(), E>> Walk<R, F> {
    /// The whole file. After an error outside the records, looks for the next contract.
    fn all(&mut self) -> Result<(), Stop<E>> {
        let mut ended = self.file();
        while let Err(Stop::Fault { offset, message }) = ended {
            if !self.seek()? {
                return Err(Stop::Fault { offset, message });
            }
            self.refuse(offset, message)?;
            ended = self.rest();
        }
        ended
    }

    fn file(&mut self) -> Result<(), Stop<E>> {
        // JSON has no byte order mark.
        self.window.at(2)?;
        if self.window.bytes().starts_with("\u{feff}".as_bytes()) {
            self.window.consume(3);
        }
        match self.window.skip_space()? {
            Some(b'[') => self.list(ContractKind::Procurement)?,
            Some(b'{') => {
                self.window.consume(1);
                while let Some(key) = self.key()? {
                    if key == "marches" {
                        self.has_records = true;
                        self.contracts()?;
                    } else {
                        self.pass()?;
                    }
                }
            }
            _ => return Err(self.fault("expected a DECP file, {\"marches\": …}")),
        }
        match self.window.skip_space()? {
            Some(_) if self.is_adrift => self.rest(),
            Some(_) => Err(self.fault("trailing characters")),
            None if self.has_records => Ok(()),
            None => Err(self.fault("no \"marches\" in it, expected a DECP file")),
        }
    }

    /// The file from a contract in it on: what surrounds the contracts is unknown.
    fn rest(&mut self) -> Result<(), Stop<E>> {
        self.has_records = true;
        self.is_adrift = true;
        while self.seek()? {
            self.elements(ContractKind::Procurement)?;
            while let Some(b']' | b'}' | b',') = self.window.skip_space()? {
                self.window.consume(1);
            }
        }
        Ok(())
    }

    /// The value of "marches".
    fn contracts(&mut self) -> Result<(), Stop<E>> {
        match self.window.skip_space()? {
            Some(b'[') => self.list(ContractKind::Procurement),
            Some(b'{') => {
                self.window.consume(1);
                while let Some(key) = self.key()? {
                    match key.as_str() {
                        "marche" => self.records(ContractKind::Procurement)?,
                        "contrat-concession" => self.records(ContractKind::Concession)?,
                        _ => self.pass()?,
                    }
                }
                Ok(())
            }
            Some(b'n') => self.pass(),
            None => Err(self.cut()),
            _ => Err(self.fault("expected the contracts of \"marches\", a list or {\"marche\": […]}")),
        }
    }

    /// A list of records, a record, or null.
    fn records(&mut self, contract: ContractKind) -> Result<(), Stop<E>> {
        match self.window.skip_space()? {
            Some(b'[') => self.list(contract),
            Some(b'{') => self.record(contract),
            Some(b'n') => self.pass(),
            None => Err(self.cut()),
            _ => Err(self.fault("expected a list of contracts")),
        }
    }

    fn list(&mut self, contract: ContractKind) -> Result<(), Stop<E>> {
        self.window.consume(1);
        self.elements(contract)
    }

    /// The records of a list, up to its closing bracket.
    fn elements(&mut self, contract: ContractKind) -> Result<(), Stop<E>> {
        loop {
            match self.window.skip_space()? {
                Some(b']') => {
                    self.window.consume(1);
                    return Ok(());
                }
                Some(b',') => self.window.consume(1),
                Some(b'}' | b':') => return Err(self.fault("expected a contract or the end of the list")),
                Some(_) => self.record(contract)?,
                None if self.is_adrift => return Ok(()),
                None => return Err(self.cut()),
            }
        }
    }

    /// One value of a list.
    fn record(&mut self, contract: ContractKind) -> Result<(), Stop<E>> {
        self.has_records = true;
        let extent = self.extent(0)?;
        let (length, at, message) = match extent {
            Extent::Whole(length) => match parsed(&self.window.bytes()[..length]) {
                Ok((value, _)) if !is_like_contract(&value) && self.contract_within(1, length)?.is_some() => (
                    length,
                    0,
                    "another value around contracts, expected a contract".to_owned(),
                ),
                Ok((value, repairs)) => {
                    self.window.consume(length);
                    let item = Item {
                        end: self.window.offset(),
                        contract,
                        fields: matches!(value, Json::Map(_)).then_some(value),
                        repairs,
                    };
                    return self.give(Event::Record(item));
                }
                Err((at, message)) => (length, at, message),
            },
            Extent::Mismatch(length) => (length, length, "a bracket closes one of another kind".to_owned()),
            Extent::TooLong => {
                let message = format!("over {MAX_RECORD_BYTES} bytes without the end of a record, expected contracts");
                (MAX_RECORD_BYTES, 0, message)
            }
            Extent::Cut => (
                self.window.bytes().len(),
                0,
                "a record without its end, as a quote or bracket is missing".to_owned(),
            ),
        };
        let offset = self.window.offset() + at as u64;
        // The first byte cannot be that of another record.
        let next = self.contract_within(1, length)?;
        match (next, extent) {
            (Some(next), _) => {
                self.window.consume(next);
                self.is_adrift = true;
            }
            (None, Extent::Cut) => return Err(self.cut()),
            (None, Extent::TooLong) => {
                self.window.consume(length);
                return Err(Stop::Fault { offset, message });
            }
            (None, _) => self.window.consume(length.max(1)),
        }
        self.refuse(offset, message)
    }

    /// The key of the next member of an object, up to its value; `None` after the end of the object.
    fn key(&mut self) -> Result<Option<String>, Stop<E>> {
        loop {
            match self.window.skip_space()? {
                Some(b',') => self.window.consume(1),
                Some(b'}') => {
                    self.window.consume(1);
                    return Ok(None);
                }
                Some(b'"') => break,
                Some(_) => return Err(self.fault("expected a key in quotes")),
                None if self.is_adrift => return Ok(None),
                None => return Err(self.cut()),
            }
        }
        let Extent::Whole(length) = self.extent(0)? else {
            return Err(self.fault("a key without end"));
        };
        let key = &self.window.bytes()[1..length - 1];
        let key = String::from_utf8_lossy(key).into_owned();
        self.window.consume(length);
        match self.window.skip_space()? {
            Some(b':') => {
                self.window.consume(1);
                Ok(Some(key))
            }
            Some(_) => Err(self.fault("expected `:`")),
            None => Err(self.cut()),
        }
    }

    /// Passes over a value that is not read.
    fn pass(&mut self) -> Result<(), Stop<E>> {
        match self.window.skip_space()? {
            None => Err(self.cut()),
            Some(b',' | b':') => Err(self.fault("expected value")),
            Some(_) => match skip(&mut self.window)? {
                Extent::Whole(_) => Ok(()),
                Extent::Cut | Extent::TooLong => Err(self.cut()),
                Extent::Mismatch(_) => Err(self.fault("a bracket closes one of another kind")),
            },
        }
    }

    /// Consumes what stands before the next contract. `false` if there is none.
    fn seek(&mut self) -> Result<bool, Stop<E>> {
        loop {
            let length = self.window.bytes().len();
            if let Some(next) = self.contract_within(0, length)? {
                self.window.consume(next);
                return Ok(true);
            }
            self.window.consume(length);
            self.give(Event::Searched(self.window.offset()))?;
            if self.window.bytes().is_empty() && !self.window.fill()? {
                return Ok(false);
            }
        }
    }

    /// The position of the first contract that starts between two positions.
    fn contract_within(&mut self, from: usize, to: usize) -> Result<Option<usize>, Stop<E>> {
        /// Bytes that may be passed over without being those of a record, and how often those of the file may be. Bounds the time
        /// for files of opening brackets.
        const SPARE: u64 = 8 * MAX_RECORD_BYTES as u64;
        const TIMES: u64 = 8;
        let mut at = from;
        while let Some(found) = self.window.bytes()[at..to].iter().position(|byte| *byte == b'{') {
            at += found;
            if self.scanned > SPARE + TIMES * self.window.offset() {
                return Ok(None);
            }
            if let Extent::Whole(length) = self.extent(at)?
                && is_contract(&self.window.bytes()[at..at + length])
            {
                return Ok(Some(at));
            }
            at += 1;
        }
        Ok(None)
    }

    fn extent(&mut self, from: usize) -> Result<Extent, Stop<E>> {
        let extent = extent(&mut self.window, from)?;
        self.scanned += match extent {
            Extent::Whole(length) | Extent::Mismatch(length) => length as u64,
            Extent::TooLong => MAX_RECORD_BYTES as u64,
            Extent::Cut => (self.window.bytes().len() - from) as u64,
        };
        Ok(extent)
    }

    fn give(&mut self, event: Event) -> Result<(), Stop<E>> {
        (self.visit)(event).map_err(Stop::Visit)
    }

    fn refuse(&mut self, offset: u64, message: String) -> Result<(), Stop<E>> {
        self.give(Event::Refused { offset, message })
    }

    /// An error at the next byte.
    fn fault(&self, message: &str) -> Stop<E> {
        Stop::Fault {
            offset: self.window.offset(),
            message: message.to_owned(),
        }
    }

    /// The file ends too early.
    fn cut(&self) -> Stop<E> {
        let message = match self.has_records {
            true => "the file ends in the middle of a record; it was cut",
            false => "the file ends before any record, expected {\"marches\": …}",
        };
        Stop::Fault {
            offset: self.window.end(),
            message: message.to_owned(),
        }
    }
}

/// Whether a value has anything of a contract. A text between two records, whose quotes are reversed, or another file put into this
/// one has nothing.
fn is_like_contract(value: &Json) -> bool {
    let keys = ["id", "objet", "acheteur", "autoriteConcedante"];
    keys.iter().any(|key| *value.get(key) != Json::Null)
}

/// Reads a value, repaired if it has to be. The error has its position.
fn parsed(bytes: &[u8]) -> Result<(Json, Vec<Repaired>), (usize, String)> {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok((value, Vec::new()));
    }
    let (text, repairs) = repaired(bytes);
    match serde_json::from_slice(&text) {
        Ok(value) => Ok((value, repairs)),
        Err(error) => {
            let at = position_before_repair(bytes, position(&error, &text));
            let message = error.to_string();
            // The offset replaces line and column.
            let message = message.split(" at line ").next().unwrap_or_default();
            Err((at, message.to_owned()))
        }
    }
}

/// The position of an error in a text.
fn position(error: &serde_json::Error, text: &[u8]) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    before + error.column().saturating_sub(1)
}
