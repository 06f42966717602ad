//! Constants of the file `ranks`.

/// Magic number.
pub const MAGIC: &[u8; 8] = b"rex-rank";
/// Version of the layout.
pub const VERSION: u32 = 1;
/// Bytes after each array of ordinals, so that eight bytes can be read at the last one.
pub const PADDING: usize = 8;

/// Bits of an ordinal below `documents`; at least one.
pub fn bits(documents: u32) -> u32 {
    (u32::BITS - documents.saturating_sub(1).leading_zeros()).max(1)
}
