//! Constants of the file `facets`.

/// Magic number.
pub const MAGIC: &[u8; 8] = b"rex-face";
/// Version of the layout.
pub const VERSION: u32 = 2;
/// Bytes after the rows, so that eight bytes can be read at the last code.
pub const PADDING: usize = 8;
