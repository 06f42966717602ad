//! Bit-packed numbers, lowest bit first.

/// Buffers the bits that do not fill a byte yet.
#[derive(Debug, Default)]
pub(crate) struct BitWriter {
    pending: u64,
    /// Number of pending bits; at most seven between calls.
    pending_bits: u32,
}

impl BitWriter {
    /// Appends a number of `bits` bits, at most 32.
    pub(crate) fn add(&mut self, number: u32, bits: u32, bytes: &mut Vec<u8>) {
        self.pending |= u64::from(number) << self.pending_bits;
        self.pending_bits += bits;
        while self.pending_bits >= 8 {
            bytes.push(self.pending as u8);
            self.pending >>= 8;
            self.pending_bits -= 8;
        }
    }

    /// Pads to a whole byte with zeros.
    pub(crate) fn finish(self, bytes: &mut Vec<u8>) {
        if self.pending_bits > 0 {
            bytes.push(self.pending as u8);
        }
    }
}
