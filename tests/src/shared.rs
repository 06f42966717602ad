//! Data that is not in the repository but may lie beside it, in `../shared`.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::workspace;

/// A file or folder of `../shared`. Where it is missing, the test that asks says so and ends.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = workspace().join("../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    let test = std::thread::current();
    // libtest runs each test on a thread of that name, and hides what `println!` and `eprintln!` print in tests that pass.
    let line = format!("skipped: {} needs ../shared/{name}\n", test.name().unwrap_or("a test"));
    let _ = io::stderr().write_all(line.as_bytes());
    None
}
