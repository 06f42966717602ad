//! `cargo xtask soak`: the long variants of the tests in `tests/operations`, one after the other, with their figures.

use crate::programs::{cargo, step};

/// Runs the scenarios whose names contain one of `names`, or all if it is empty, in the release profile.
///
/// # Errors
/// If a scenario fails.
pub(crate) fn run(names: &[&str]) -> Result<(), String> {
    let mut soak = cargo(&[
        "test",
        "--release",
        "--locked",
        "--package",
        "rex-tests",
        "--test",
        "operations",
        "--",
    ]);
    soak.args(["--nocapture", "--test-threads", "1"])
        .args(names)
        .env("REX_SOAK", "1");
    step("soak", soak)
}
