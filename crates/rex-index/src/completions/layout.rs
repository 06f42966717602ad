//! Constants of the file `completions`.

/// First bytes of the file.
pub const MAGIC: &[u8; 8] = b"rex-comp";
/// Changes whenever the layout does.
pub const VERSION: u32 = 1;
/// Bytes of the header.
pub const HEADER: usize = 8 + 4 + 4 + 4 + 8 + 8;
