//! The Meilisearch SDKs for JavaScript and Python, each tested by a script with the test runner of its language.

use std::process::Command;

use rex_tests::{Site, made};

use crate::installed;

#[test]
fn the_javascript_sdk_gets_what_it_expects() {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter", "spec"])
        .arg(installed::npm().join("sdk/javascript.mjs"));
    passes(node);
}

#[test]
fn the_python_sdk_gets_what_it_expects() {
    let mut python = Command::new(installed::python("python"));
    python.arg("-B").arg(installed::folder().join("sdk/python_sdk.py"));
    passes(python);
}

/// Runs a script against a server with the shipped cases and one with the generated contracts.
///
/// # Panics
/// If it fails, with its output.
fn passes(mut script: Command) {
    let (shipped, made) = (Site::shipped().patient(), made::site().patient());
    let (shipped, made) = (shipped.serve(), made.serve());
    let ran = script
        .env("REX_SHIPPED", shipped.url(""))
        .env("REX_MADE", made.url(""))
        .output()
        .expect("it runs; `cargo xtask test` installs it");
    assert!(
        ran.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}
