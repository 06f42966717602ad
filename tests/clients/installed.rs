//! Where `cargo xtask test` installs the clients (`xtask/src/clients.rs`).

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of these tests, with `node_modules` in it.
///
/// # Panics
/// When the npm packages are not there, or not those of the lock file.
pub(crate) fn npm() -> PathBuf {
    let folder = folder();
    let copy = folder.join("node_modules/.installed");
    expect_same(&folder.join("package-lock.json"), &copy, "the npm packages");
    folder
}

/// A program of the Python packages, or `python` itself.
///
/// # Panics
/// When the packages are not there, or not those that are required.
pub(crate) fn python(program: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("the folder Cargo builds in");
    let environment = target.join("clients-venv");
    let copy = environment.join(".installed");
    expect_same(&folder().join("requirements.txt"), &copy, "the Python packages");
    environment.join("bin").join(program)
}

/// The folder of these tests.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}

fn expect_same(wanted: &Path, installed: &Path, what: &str) {
    let wanted = fs::read(wanted).expect("the repository names the packages");
    let are_there = fs::read(installed).is_ok_and(|installed| installed == wanted);
    assert!(
        are_there,
        "{what} of the clients are not installed: run `cargo xtask test`, which installs them"
    );
}
