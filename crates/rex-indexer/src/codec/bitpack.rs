//! Numbers of so many bits each, one after the other, the lowest bit first.

/// What of the numbers written so far fills no byte yet.
#[derive(Debug, Default)]
pub(crate) struct BitWriter {
    left: u64,
    /// At most seven bits.
    held: u32,
}

impl BitWriter {
    /// Adds a number of so many bits, 32 at the most.
    pub(crate) fn add(&mut self, number: u32, bits: u32, bytes: &mut Vec<u8>) {
        self.left |= u64::from(number) << self.held;
        self.held += bits;
        while self.held >= 8 {
            bytes.push(self.left as u8);
            self.left >>= 8;
            self.held -= 8;
        }
    }

    /// Adds what is missing to a whole byte.
    pub(crate) fn finish(self, bytes: &mut Vec<u8>) {
        if self.held > 0 {
            bytes.push(self.left as u8);
        }
    }
}
