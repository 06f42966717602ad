//! What the threads of an import do: one reads, the others convert.

use std::io;
use std::mem;

use super::convert::Converter;
use super::json::{Fields, Json, Unread, read_fields};
use super::output::Line;
use super::pipeline::Batches;
use super::raw::{Content, Event, Position, Raw, ReadError};
use super::spool::Row;
use super::table::{is_row, merged};

/// What a record became.
pub(super) enum Outcome {
    Line(Line),
    /// One of several rows of a contract.
    Row(Row),
    Unread(Unread),
    /// No record up to here.
    Searched,
    /// The file of an archive with this name begins.
    File(String),
    /// It ends.
    FileEnd(Result<(), ReadError>),
}

/// Makes batches of what is read.
pub(super) struct Reader {
    batches: Batches<Vec<Event>>,
    batch: Vec<Event>,
    bytes: usize,
}

impl Reader {
    pub(super) fn new(batches: Batches<Vec<Event>>) -> Self {
        Self {
            batches,
            batch: Vec::new(),
            bytes: 0,
        }
    }

    pub(super) fn take(&mut self, event: Event) -> Result<(), ReadError> {
        const RECORDS: usize = 256;
        const BYTES: usize = 1 << 18;
        if let Event::Record(record) = &event {
            self.bytes += record.size();
        }
        self.batch.push(event);
        if self.batch.len() < RECORDS && self.bytes < BYTES {
            return Ok(());
        }
        self.flush()
    }

    /// Passes on the last batch.
    pub(super) fn flush(&mut self) -> Result<(), ReadError> {
        self.bytes = 0;
        match self.batches.push(mem::take(&mut self.batch)) {
            true => Ok(()),
            false => Err(ReadError::Stopped),
        }
    }
}

impl Converter<'_> {
    /// What each record of a batch became.
    ///
    /// # Errors
    /// None in practice: what was read can be written.
    pub(super) fn batch(&mut self, batch: Vec<Event>) -> io::Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(batch.len());
        for event in batch {
            match event {
                Event::Record(record) => self.read(record, &mut outcomes)?,
                Event::Refused { position, message } => outcomes.push(refused(position, message)),
                Event::Searched => outcomes.push(Outcome::Searched),
                Event::File(name) => outcomes.push(Outcome::File(name)),
                Event::FileEnd(read) => outcomes.push(Outcome::FileEnd(read)),
            }
        }
        Ok(outcomes)
    }

    fn read(
        &mut self,
        Raw {
            position,
            contract,
            content,
        }: Raw,
        outcomes: &mut Vec<Outcome>,
    ) -> io::Result<()> {
        let of = |fields| Fields {
            contract,
            fields: matches!(fields, Json::Map(_)).then_some(fields),
            repairs: Vec::new(),
        };
        match content {
            Content::Json(bytes) => {
                let mut read = Vec::new();
                read_fields(&bytes, position, contract, &mut |fields| read.push(fields));
                for fields in read {
                    match fields {
                        Ok((position, fields)) => self.fields(position, fields, outcomes)?,
                        Err(unread) => outcomes.push(Outcome::Unread(unread)),
                    }
                }
            }
            Content::Cells(columns, cells) => self.fields(position, of(columns.fields(&cells)), outcomes)?,
            Content::Fields(fields, _) => self.fields(position, of(fields), outcomes)?,
            Content::Rows(rows) => {
                let rows = rows
                    .iter()
                    .map(|row| serde_json::from_slice(row))
                    .collect::<Result<_, _>>()?;
                for fields in merged(rows) {
                    self.fields(position, of(fields), outcomes)?;
                }
            }
        }
        Ok(())
    }

    fn fields(&mut self, position: Position, fields: Fields, outcomes: &mut Vec<Outcome>) -> io::Result<()> {
        outcomes.push(match &fields.fields {
            Some(row) if is_row(row) => Outcome::Row(Row::of(row)?),
            _ => match self.convert(fields) {
                Ok(converted) => Outcome::Line(Line::of(&converted)?),
                Err(message) => refused(position, message.to_owned()),
            },
        });
        Ok(())
    }
}

fn refused(position: Position, message: String) -> Outcome {
    Outcome::Unread(Unread {
        position,
        message,
        has_contracts: false,
    })
}
