//! `cargo xtask bench`: compares the speed of Rex with other engines, see `bench/speed/README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::packages::{npm_packages, python_environment};
use crate::programs::{cargo, find, root, step, succeeds, target};

const FOLDER: &str = "bench/speed";

/// Builds Rex and the engines, installs the peers that are available, and runs the benchmark.
///
/// # Errors
/// A failed build or run, or match counts that differ for no known reason.
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

/// Lints the engines, whose package is not in the workspace.
///
/// # Errors
/// If the target folder is not known.
pub(crate) fn lints() -> Result<Command, String> {
    let mut lints = engines(&["clippy", "--all-targets"])?;
    lints.args(["--", "--deny", "warnings"]);
    Ok(lints)
}

/// A Cargo command for the engines, with the target folder of Rex.
fn engines(arguments: &[&str]) -> Result<Command, String> {
    let mut command = cargo(arguments);
    command.args(["--locked", "--target-dir"]).arg(target()?);
    command.current_dir(root().join(FOLDER).join("engines"));
    Ok(command)
}

/// Installs peers from Debian and npm. `run.py` leaves out a missing one and notes this in its record.
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

/// A Python environment with tantivy-py and a PostgreSQL client.
fn python(folder: &Path) -> Result<PathBuf, String> {
    python_environment(&folder.join("peers"), "bench-venv")
}
