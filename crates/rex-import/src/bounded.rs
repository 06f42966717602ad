//! A reader that ends in an error where one thing takes too many bytes.

use std::io::{self, ErrorKind, Read};

/// Gives at most a number of bytes, and as many again after [`refill`](Self::refill). Bounds the memory of readers that hold a row, a tag
/// or a text of any length.
pub(crate) struct Bounded<R> {
    source: R,
    most: u64,
    left: u64,
    last: u8,
}

impl<R> Bounded<R> {
    pub(crate) fn new(source: R, most: u64) -> Self {
        Self {
            source,
            most,
            left: most,
            last: b'\n',
        }
    }

    pub(crate) fn refill(&mut self) {
        self.left = self.most;
    }

    /// Whether the last byte given is a line break. So it is before the first.
    pub(crate) fn ends_with_line_break(&self) -> bool {
        matches!(self.last, b'\n' | b'\r')
    }
}

impl<R: Read> Read for Bounded<R> {
    /// # Errors
    /// [`ErrorKind::FileTooLarge`] after the last byte that is allowed.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.source.read(&mut buffer[..most])?;
        self.left -= read as u64;
        if let Some(last) = buffer[..read].last() {
            self.last = *last;
        }
        Ok(read)
    }
}
