//! Finds the records of a JSON file of any size one by one, in the memory of one record.
//!
//! ```text
//! 2019   {"marches": [ {…}, {…} ]}                                    _type marks concessions
//! 2022   {"marches": {"marche": [ {…} ], "contrat-concession": [ {…} ]}}
//! OCDS   {"releases": [ {…} ]}
//! API    {"results": [ {…} ]}, {"records": [ {"fields": {…}} ]}, {"features": [ {"properties": {…}} ]}
//! lines  {…} {…}                                                      one record a line (NDJSON)
//! ```
//!
//! Some files write a list of one as its only element, or leave out the outer object. Both are accepted, and so are commas too many
//! or too few in a list. Where brackets or quotes are missing, reading resumes at the next contract.

use std::io::{self, Read};

use super::super::raw::{Content, ContractKind, Event, Position, Raw, ReadError, Sink};
use super::extent::{Extent, MAX_RECORD_BYTES, extent, is_contract, skip};
use super::record::{TOO_DEEP, is_like_contract, parsed};
use super::window::Window;

/// The keys of lists of contracts at the top of a file.
const LISTS: [&str; 6] = ["marches", "results", "records", "features", "data", "releases"];

/// Passes each record of a file to `sink`, in file order.
///
/// # Errors
/// The reason to stop early. `sink` has received the records before it.
pub(in super::super) fn walk(source: impl Read, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut walk = Walk::new(source, sink);
    let ended = walk.all();
    ended.map_err(|stop| match stop {
        Stop::Fault { offset, message } => ReadError::Broken {
            position: Position::Byte(offset),
            message,
        },
        Stop::Unclosed => ReadError::Unclosed {
            position: Position::Byte(walk.window.end()),
        },
        Stop::Read(error) => error,
    })
}

/// Passes the contracts inside the bytes of another value to `visit`, with their positions in it. Searches at most `left` bytes, and takes
/// off what it searched.
pub(super) fn contracts_inside(value: &[u8], contract: ContractKind, left: &mut u64, visit: &mut dyn FnMut(Raw)) {
    let mut sink = |event| {
        if let Event::Record(record) = event {
            visit(record);
        }
        Ok(())
    };
    let mut walk = Walk {
        contract,
        spare: *left,
        times: 0,
        ..Walk::new(value, &mut sink)
    };
    let begun = walk.after_first_byte();
    // What follows the last contract is part of what is refused anyway.
    let _ = walk.resumed(begun);
    *left = left.saturating_sub(walk.scanned);
}

/// Why a part of a file was not read to its end.
enum Stop {
    Fault {
        offset: u64,
        message: String,
    },
    /// The file ends before the brackets around the records.
    Unclosed,
    Read(ReadError),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Read(ReadError::Io(error))
    }
}

struct Walk<'a, R> {
    window: Window<R>,
    sink: &'a mut Sink<'a>,
    /// The kind of contracts outside a list that tells.
    contract: ContractKind,
    has_records: bool,
    /// Whether reading resumed inside a record, so that brackets around the next ones may be missing or left over.
    is_adrift: bool,
    /// Bytes passed over by [`extent`]; more than those of the file if some were passed over again.
    scanned: u64,
    /// Bytes that may be passed over without being those of a record, and how often those of the file may be. Bounds the time for files
    /// of opening brackets.
    spare: u64,
    times: u64,
}

impl<'a, R: Read> Walk<'a, R> {
    fn new(source: R, sink: &'a mut Sink<'a>) -> Self {
        Self {
            window: Window::new(source),
            sink,
            contract: ContractKind::Procurement,
            has_records: false,
            is_adrift: false,
            scanned: 0,
            spare: 8 * MAX_RECORD_BYTES as u64,
            times: 8,
        }
    }

    /// The whole file.
    fn all(&mut self) -> Result<(), Stop> {
        let begun = self.file();
        self.resumed(begun)
    }

    /// After an error outside the records, goes on at the next contract.
    fn resumed(&mut self, mut ended: Result<(), Stop>) -> Result<(), Stop> {
        while let Err(Stop::Fault { offset, message }) = ended {
            if !self.seek()? {
                return Err(Stop::Fault { offset, message });
            }
            self.refuse(offset, message)?;
            ended = self.rest();
        }
        ended
    }

    fn file(&mut self) -> Result<(), Stop> {
        // JSON has no byte order mark.
        self.window.at(2)?;
        if self.window.bytes().starts_with("\u{feff}".as_bytes()) {
            self.window.consume(3);
        }
        match self.window.skip_space()? {
            Some(b'[') => self.list(ContractKind::Procurement)?,
            Some(b'{') if self.starts_with_contract()? => return self.lines(),
            Some(b'{') => {
                self.window.consume(1);
                while let Some(key) = self.key()? {
                    if LISTS.contains(&key.as_str()) {
                        self.has_records = true;
                        self.contracts()?;
                    } else {
                        self.pass()?;
                    }
                }
            }
            _ => return Err(self.fault("no object and no list")),
        }
        match self.window.skip_space()? {
            Some(_) if self.is_adrift => self.rest(),
            Some(_) => Err(self.fault("trailing characters")),
            None if self.has_records => Ok(()),
            None => Err(self.fault("no \"marches\" in it")),
        }
    }

    /// Whether the file begins with a contract instead of an object around contracts.
    fn starts_with_contract(&mut self) -> Result<bool, Stop> {
        // A file of one record a line; the first key of an object around contracts is short.
        const LONGEST_KEY: usize = 64;
        self.window.at(LONGEST_KEY)?;
        let start = &self.window.bytes()[..self.window.bytes().len().min(LONGEST_KEY)];
        let first = String::from_utf8_lossy(start).into_owned();
        let first = first.split('"').nth(1).unwrap_or_default();
        if LISTS.contains(&first) {
            return Ok(false);
        }
        Ok(match self.extent(0)? {
            Extent::Whole(length) => {
                is_contract(&self.window.bytes()[..length]) || matches!(first, "marche" | "contrat-concession")
            }
            _ => false,
        })
    }

    /// One record after the other.
    fn lines(&mut self) -> Result<(), Stop> {
        loop {
            match self.window.skip_space()? {
                None => return Ok(()),
                Some(b',') => self.window.consume(1),
                Some(b']' | b'}' | b':') => return Err(self.fault("expected a contract")),
                Some(_) => self.record(self.contract)?,
            }
        }
    }

    /// The contracts behind the first byte, which cannot be that of another record.
    fn after_first_byte(&mut self) -> Result<(), Stop> {
        if self.window.at(0)?.is_some() {
            self.window.consume(1);
        }
        self.rest()
    }

    /// The file from a contract in it on: what surrounds the contracts is unknown.
    fn rest(&mut self) -> Result<(), Stop> {
        self.has_records = true;
        self.is_adrift = true;
        while self.seek()? {
            self.elements(self.contract)?;
            while let Some(b']' | b'}' | b',') = self.window.skip_space()? {
                self.window.consume(1);
            }
        }
        Ok(())
    }

    /// The value of "marches".
    fn contracts(&mut self) -> Result<(), Stop> {
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
    fn records(&mut self, contract: ContractKind) -> Result<(), Stop> {
        match self.window.skip_space()? {
            Some(b'[') => self.list(contract),
            Some(b'{') => self.record(contract),
            Some(b'n') => self.pass(),
            None => Err(self.cut()),
            _ => Err(self.fault("expected a list of contracts")),
        }
    }

    fn list(&mut self, contract: ContractKind) -> Result<(), Stop> {
        self.window.consume(1);
        self.elements(contract)
    }

    /// The records of a list, up to its closing bracket.
    fn elements(&mut self, contract: ContractKind) -> Result<(), Stop> {
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
                None => return Err(self.unclosed()),
            }
        }
    }

    /// One value of a list.
    fn record(&mut self, contract: ContractKind) -> Result<(), Stop> {
        self.has_records = true;
        let extent = self.extent(0)?;
        let (length, at, message) = match extent {
            Extent::Whole(length) if is_contract(&self.window.bytes()[..length]) => {
                return self.pass_on(length, contract);
            }
            Extent::Whole(length) => match parsed(&self.window.bytes()[..length]) {
                Ok((value, _)) if !is_like_contract(&value) && self.contract_within(1, length)?.is_some() => {
                    let message = "another value around contracts, expected a contract";
                    (length, 0, message.to_owned())
                }
                Ok(_) => return self.pass_on(length, contract),
                Err((at, message)) => (length, at, message),
            },
            Extent::Mismatch(length) => (length, length, self.mismatch(length).to_owned()),
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

    /// Why brackets do not match at a position of the window: one that opens is nested too deeply.
    fn mismatch(&self, at: usize) -> &'static str {
        match self.window.bytes().get(at) {
            Some(b'{' | b'[') => TOO_DEEP,
            _ => "a bracket closes one of another kind",
        }
    }

    /// Passes on the next value.
    fn pass_on(&mut self, length: usize, contract: ContractKind) -> Result<(), Stop> {
        let record = Raw {
            position: Position::Byte(self.window.offset()),
            contract,
            content: Content::Json(self.window.bytes()[..length].to_vec()),
        };
        self.window.consume(length);
        self.give(Event::Record(record))
    }

    /// The key of the next member of an object, up to its value; `None` after the end of the object.
    fn key(&mut self) -> Result<Option<String>, Stop> {
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
                None => return Err(self.unclosed()),
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
    fn pass(&mut self) -> Result<(), Stop> {
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
    fn seek(&mut self) -> Result<bool, Stop> {
        loop {
            let length = self.window.bytes().len();
            if let Some(next) = self.contract_within(0, length)? {
                self.window.consume(next);
                return Ok(true);
            }
            self.window.consume(length);
            self.give(Event::Searched)?;
            if self.window.bytes().is_empty() && !self.window.fill()? {
                return Ok(false);
            }
        }
    }

    /// The position of the first contract that starts between two positions.
    fn contract_within(&mut self, from: usize, to: usize) -> Result<Option<usize>, Stop> {
        let mut at = from;
        while let Some(found) = self.window.bytes()[at..to].iter().position(|byte| *byte == b'{') {
            at += found;
            if self.scanned > self.spare + self.times * self.window.offset() {
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

    fn extent(&mut self, from: usize) -> Result<Extent, Stop> {
        let extent = extent(&mut self.window, from)?;
        self.scanned += match extent {
            Extent::Whole(length) | Extent::Mismatch(length) => length as u64,
            Extent::TooLong => MAX_RECORD_BYTES as u64,
            Extent::Cut => (self.window.bytes().len() - from) as u64,
        };
        Ok(extent)
    }

    fn give(&mut self, event: Event) -> Result<(), Stop> {
        (self.sink)(event).map_err(Stop::Read)
    }

    fn refuse(&mut self, offset: u64, message: String) -> Result<(), Stop> {
        self.give(Event::Refused {
            position: Position::Byte(offset),
            message,
        })
    }

    /// An error at the next byte.
    fn fault(&self, message: &str) -> Stop {
        Stop::Fault {
            offset: self.window.offset(),
            message: message.to_owned(),
        }
    }

    /// The file ends between two records.
    fn unclosed(&self) -> Stop {
        match self.has_records {
            true => Stop::Unclosed,
            false => self.cut(),
        }
    }

    /// The file ends too early.
    fn cut(&self) -> Stop {
        let message = match self.has_records {
            true => "the file ends in the middle of a record; it was cut",
            false => "the file ends before any record",
        };
        Stop::Fault {
            offset: self.window.end(),
            message: message.to_owned(),
        }
    }
}
