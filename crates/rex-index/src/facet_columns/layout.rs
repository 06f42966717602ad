//! Constants of the file `facets`.

/// First bytes of the file.
pub const MAGIC: &[u8; 8] = b"rex-face";
/// Changes whenever the layout does.
pub const VERSION: u32 = 2;
/// Bytes after the rows.
pub const PADDING: usize = 8;
