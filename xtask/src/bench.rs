//! `cargo xtask bench`: the speed of Rex beside that of other engines, see `bench/speed/README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::packages::{npm_packages, python_environment};
use crate::programs::{cargo, find, root, step, succeeds, target};

const FOLDER: &str = "bench/speed";

/// Builds what is measured, provides what it is compared with as far as that can be had, and measures.
///
/// # Errors
/// A build that fails; a run that fails, or finds counts that differ without a known reason.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let folder = root().join(FOLDER);
    let built = target()?;
    step(
        "binary",
        cargo(&["build", "--release", "--package", "rex-cli", "--locked"]),
    )?;
    step("engines", engines(&["build", "--release"])?)?;
    peers();
    let python = python(&folder).unwrap_or_else(|reason| {
        left_out("tantivy-py and PostgreSQL", &reason);
        "python3".into()
    });
    let mut run = Command::new(&python);
    run.arg(folder.join("run.py"))
        .arg("--rex")
        .arg(built.join("release/rex"))
        .arg("--engines")
        .arg(built.join("release/speed-engines"))
        .arg("--python")
        .arg(&python)
        .args(arguments);
    step("bench", run)
}

/// The lints of the engines, whose package is not of the workspace.
///
/// # Errors
/// Cargo that does not say where it builds.
pub(crate) fn lints() -> Result<Command, String> {
    let mut lints = engines(&["clippy", "--all-targets"])?;
    lints.args(["--", "--deny", "warnings"]);
    Ok(lints)
}

/// What Cargo is to do with the engines, in the folder that it builds Rex in.
fn engines(arguments: &[&str]) -> Result<Command, String> {
    let mut command = cargo(arguments);
    command.args(["--locked", "--target-dir"]).arg(target()?);
    command.current_dir(root().join(FOLDER).join("engines"));
    Ok(command)
}

/// Installs the engines that Debian and npm have. One that cannot be had is left out by `run.py`, which says so in its record.
fn peers() {
    let provided = [
        (
            "PostgreSQL",
            debian::provide(
                "PostgreSQL",
                &["postgresql"],
                has_postgres,
                "no initdb in /usr/lib/postgresql",
            ),
        ),
        (
            "Xapian",
            debian::provide(
                "Xapian",
                &["python3-xapian"],
                has_xapian,
                "no Xapian for /usr/bin/python3",
            ),
        ),
        (
            "throughput over HTTP",
            debian::provide("wrk", &["wrk"], || find("wrk").is_some(), "no wrk on the PATH"),
        ),
        ("Pagefind", npm_packages(&format!("{FOLDER}/peers/pagefind"))),
    ];
    for (name, result) in provided {
        if let Err(reason) = result {
            left_out(name, &reason);
        }
    }
}

fn left_out(what: &str, reason: &str) {
    eprintln!("xtask: {what} will be left out: {reason}");
}

fn has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions
        .into_iter()
        .any(|version| version.path().join("bin/initdb").is_file())
}

fn has_xapian() -> bool {
    succeeds("/usr/bin/python3", &["-c", "import xapian"])
}

/// A Python that has tantivy-py and what talks to PostgreSQL.
fn python(folder: &Path) -> Result<PathBuf, String> {
    python_environment(&folder.join("peers"), "bench-venv")
}
