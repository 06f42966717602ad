//! Constants of the file `completions`.

/// Magic number.
pub const MAGIC: &[u8; 8] = b"rex-comp";
/// Version of the layout.
pub const VERSION: u32 = 1;
/// Size of the header in bytes, the magic number included.
pub const HEADER: usize = 8 + 4 + 4 + 4 + 8 + 8;
