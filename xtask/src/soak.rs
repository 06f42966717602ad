//! `cargo xtask soak`: the long part of the scenarios of `tests/operations`, one after the other, with their figures.

use crate::programs::{cargo, step};

/// Runs the scenarios whose names hold one of `names`, all of them where there is none; in the release profile, as what is
/// measured is.
///
/// # Errors
/// A scenario that fails.
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
