//! Data outside the repository, in `../shared`.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::workspace;

/// A file or folder of `../shared`; `None` if it is missing, after printing that the test is skipped.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = workspace().join("../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    let test = std::thread::current();
    // libtest names the thread after the test, and hides `println!` and `eprintln!` of tests that pass.
    let line = format!("skipped: {} needs ../shared/{name}\n", test.name().unwrap_or("a test"));
    let _ = io::stderr().write_all(line.as_bytes());
    None
}
