//! Finds the packages that `cargo xtask setup` installs (`xtask/src/packages.rs`).

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace;

/// The folder of the tests `browser` or `clients`, with its `node_modules`.
///
/// # Panics
/// If the npm packages are missing, or differ from the lock file.
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

/// Checks that the installed packages are those of the repository, by the copy of its lock file beside them.
///
/// # Panics
/// If they differ.
pub fn expect_same(wanted: &Path, installed: &Path, what: &str) {
    let wanted = fs::read(wanted).expect("the repository names the packages");
    let are_there = fs::read(installed).is_ok_and(|installed| installed == wanted);
    assert!(
        are_there,
        "{what} are not installed: run `cargo xtask test`, which installs them"
    );
}
