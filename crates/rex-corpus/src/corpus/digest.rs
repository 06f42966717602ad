use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::regular_file::open_regular;

/// Size and hash of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDigest {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

impl FileDigest {
    /// Hashes a file.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let file = open_regular(path)?;
        Self::of_content(file)
    }

    /// Hashes the content of a file.
    ///
    /// # Errors
    /// Content that cannot be read.
    pub fn of_content(mut file: impl Read) -> io::Result<Self> {
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            match file.read(&mut buffer)? {
                0 => break,
                read => {
                    digest.update(&buffer[..read]);
                    bytes += read as u64;
                }
            }
        }
        Ok(Self {
            bytes,
            sha256: base16ct::lower::encode_string(&digest.finalize()),
        })
    }
}
