//! Finds the clients that `cargo xtask setup` installs (`xtask/src/packages.rs`).

use std::path::{Path, PathBuf};

use rex_tests::installed::{self, expect_same};

/// The folder of these tests, with its `node_modules`.
///
/// # Panics
/// If the npm packages are missing, or differ from the lock file.
pub(crate) fn npm() -> PathBuf {
    installed::npm("clients")
}

/// A program of the virtual environment, such as `python`.
///
/// # Panics
/// If the packages are missing, or differ from requirements.txt.
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
