//! Where `cargo xtask test` installs the clients (`xtask/src/packages.rs`).

use std::path::{Path, PathBuf};

use rex_tests::installed::{self, expect_same};

/// The folder of these tests, with `node_modules` in it.
///
/// # Panics
/// When the npm packages are not there, or not those of the lock file.
pub(crate) fn npm() -> PathBuf {
    installed::npm("clients")
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
    expect_same(
        &folder().join("requirements.txt"),
        &copy,
        "the Python packages of tests/clients",
    );
    environment.join("bin").join(program)
}

/// The folder of these tests.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}
