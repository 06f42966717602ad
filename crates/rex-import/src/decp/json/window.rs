//! A file in memory as far as it is needed: the bytes that are read and not yet consumed.

use std::io::{self, Read};

/// Bytes read at once.
const CHUNK: usize = 1 << 16;

/// The unconsumed bytes of a source. Positions count from the first of them.
pub(super) struct Window<R> {
    source: R,
    bytes: Vec<u8>,
    /// Consumed bytes at the start of `bytes`.
    consumed: usize,
    /// Offset of the first unconsumed byte in the file.
    offset: u64,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            bytes: Vec::new(),
            consumed: 0,
            offset: 0,
        }
    }

    /// The bytes in memory.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.consumed..]
    }

    /// Offset of the first unconsumed byte in the file.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Offset in the file up to which it was read.
    pub(super) fn end(&self) -> u64 {
        self.offset + self.bytes().len() as u64
    }

    pub(super) fn consume(&mut self, count: usize) {
        self.consumed += count;
        self.offset += count as u64;
    }

    /// Reads more bytes. `false` at the end of the file.
    pub(super) fn fill(&mut self) -> io::Result<bool> {
        self.bytes.drain(..self.consumed);
        self.consumed = 0;
        let read = self.source.by_ref().take(CHUNK as u64).read_to_end(&mut self.bytes)?;
        Ok(read > 0)
    }

    /// The byte at a position. `None` after the end of the file.
    pub(super) fn at(&mut self, position: usize) -> io::Result<Option<u8>> {
        while self.bytes().len() <= position {
            if !self.fill()? {
                return Ok(None);
            }
        }
        Ok(self.bytes().get(position).copied())
    }

    /// Consumes whitespace; returns the byte after it.
    pub(super) fn skip_space(&mut self) -> io::Result<Option<u8>> {
        loop {
            let space = self.bytes().iter().take_while(|byte| is_space(**byte)).count();
            self.consume(space);
            if let Some(byte) = self.bytes().first() {
                return Ok(Some(*byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }
}

/// Whether JSON allows the byte between values.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}
