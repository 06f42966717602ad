//! Constants of the file `ranks`.

/// First bytes of the file.
pub const MAGIC: &[u8; 8] = b"rex-rank";
/// Changes whenever the layout does.
pub const VERSION: u32 = 1;
/// Bytes after the last of some ranks.
pub const PADDING: usize = 8;

/// Bits that hold every rank among so many documents.
pub fn bits(documents: u32) -> u32 {
    (u32::BITS - documents.saturating_sub(1).leading_zeros()).max(1)
}
