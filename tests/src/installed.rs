//! Where `cargo xtask test` installs what the tests run (`xtask/src/packages.rs`).

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace;

/// A folder of these tests, `browser` or `clients`, with `node_modules` in it.
///
/// # Panics
/// When the npm packages are not there, or not those of the lock file.
pub fn npm(name: &str) -> PathBuf {
    let folder = workspace().join("tests").join(name);
    let copy = folder.join("node_modules/.installed");
    expect_same(
        &folder.join("package-lock.json"),
        &copy,
        &format!("the npm packages of tests/{name}"),
    );
    folder
}

/// Sees to it that what is installed is what the repository names, of which there is a copy beside it.
///
/// # Panics
/// When it is not.
pub fn expect_same(wanted: &Path, installed: &Path, what: &str) {
    let wanted = fs::read(wanted).expect("the repository names the packages");
    let are_there = fs::read(installed).is_ok_and(|installed| installed == wanted);
    assert!(
        are_there,
        "{what} are not installed: run `cargo xtask test`, which installs them"
    );
}
