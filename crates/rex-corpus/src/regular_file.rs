//! Reads files that people name: never a folder, a pipe or a device, which may block, never end, or be changed by reading.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Opens a regular file, or a link to one.
///
/// # Errors
/// Those of the system, and what the path is instead of a regular file.
pub fn open_regular(path: &Path) -> io::Result<File> {
    expect_regular(path)?;
    File::open(path)
}

/// Checks that a path is a regular file, or a link to one, without opening it.
///
/// # Errors
/// Those of the system, and what the path is instead.
pub fn expect_regular(path: &Path) -> io::Result<()> {
    let found = fs::metadata(path)?;
    if found.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if !found.is_file() {
        let message = "it is no regular file, but a pipe, a device or the like";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(())
}

/// The content of a regular file of at most `max` bytes.
///
/// # Errors
/// Those of [`open_regular`], and a larger file.
pub fn read_regular(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        let message = format!("it is larger than {max} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// The content of a regular file of at most `max` bytes, as text.
///
/// # Errors
/// Those of [`read_regular`], and the first line that is not UTF-8.
pub fn read_regular_text(path: &Path, max: u64) -> io::Result<String> {
    String::from_utf8(read_regular(path, max)?).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        io::Error::new(io::ErrorKind::InvalidData, format!("line {line} is not UTF-8"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_bounded_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let read = || read_regular_text(&path, 4).map_err(|error| error.to_string());
        assert!(read().unwrap_err().starts_with("No such file") || cfg!(windows));
        fs::write(&path, "abcd").unwrap();
        assert_eq!(read().as_deref(), Ok("abcd"));
        fs::write(&path, "abcde").unwrap();
        assert_eq!(read().unwrap_err(), "it is larger than 4 bytes");
        fs::write(&path, b"a\n\xff").unwrap();
        assert_eq!(read().unwrap_err(), "line 2 is not UTF-8");
        assert_eq!(
            read_regular(folder.path(), 4).unwrap_err().to_string(),
            "it is a folder"
        );
        #[cfg(unix)]
        {
            assert!(
                read_regular(Path::new("/dev/zero"), 4)
                    .unwrap_err()
                    .to_string()
                    .contains("no regular file")
            );
            let socket = folder.path().join("socket");
            let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
            assert!(
                open_regular(&socket)
                    .unwrap_err()
                    .to_string()
                    .contains("no regular file")
            );
            let link = folder.path().join("link");
            std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
            assert!(open_regular(&link).is_err());
        }
    }
}
