//! Installs the npm packages (next to the tests) and PyPI packages (in virtual environments) of the browser and client tests and of
//! `bench/speed`.
//!
//! A copy of the lock or requirements file records what is installed, so that nothing is installed twice. The tests check the same
//! copies (`tests/src/installed.rs`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::programs::{find, root, step, succeeds, target};

/// Folders with npm packages.
const NPM: [&str; 2] = ["tests/browser", "tests/clients"];
const PYTHON: &str = "tests/clients";

/// Minimum major version of Node.
const NODE: u32 = 20;

/// Installs curl, Node, Python and the packages where missing.
///
/// # Errors
/// Names what is missing and cannot be installed.
pub(crate) fn install() -> Result<(), String> {
    debian::provide(
        "curl",
        &["curl"],
        || find("curl").is_some(),
        "the examples of docs/API.md need curl on the PATH; on Debian: apt-get install curl",
    )?;
    debian::provide(
        "Node",
        &["nodejs", "npm"],
        || has_node() && find("npm").is_some(),
        &format!(
            "the tests of clients and in a browser need node, version {NODE} or later, and npm on the PATH; on Debian: \
             apt-get install nodejs npm"
        ),
    )?;
    for folder in NPM {
        npm_packages(folder)?;
    }
    debian::provide(
        "Python",
        &["python3", "python3-venv"],
        || succeeds("python3", &["-c", "import ensurepip, venv"]),
        "the tests of clients need python3 with its venv module on the PATH; on Debian: apt-get install python3 python3-venv",
    )?;
    python_environment(&root().join(PYTHON), "clients-venv").map(drop)
}

fn has_node() -> bool {
    let is_new = format!("process.exit(parseInt(process.versions.node) < {NODE} ? 1 : 0)");
    succeeds("node", &["-e", &is_new])
}

/// Installs the packages in the lock file of a folder.
///
/// # Errors
/// If npm is missing or fails.
pub(crate) fn npm_packages(name: &str) -> Result<(), String> {
    let folder = root().join(name);
    let lock = folder.join("package-lock.json");
    let copy = folder.join("node_modules/.installed");
    if same(&lock, &copy) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.arg("ci").current_dir(&folder);
    step(&format!("{name}: npm packages"), npm)?;
    keep(&lock, &copy)
}

/// Creates a virtual environment in the target folder, with the packages of a folder's requirements.txt, and returns its Python.
///
/// # Errors
/// If Python is missing or a package cannot be installed.
pub(crate) fn python_environment(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let requirements = folder.join("requirements.txt");
    let environment = target()?.join(name);
    let python = environment.join("bin/python");
    let program = python.to_string_lossy().into_owned();
    let copy = environment.join(".installed");
    // An environment links to the Python that created it, which may have been removed.
    if same(&requirements, &copy) && succeeds(&program, &["-c", ""]) {
        return Ok(python);
    }
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&environment);
    step(&format!("{name}: Python environment"), make)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .arg("--requirement")
        .arg(&requirements);
    step(&format!("{name}: Python packages"), pip)?;
    keep(&requirements, &copy)?;
    Ok(python)
}

/// Whether two files exist and have the same content.
fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

fn keep(file: &Path, copy: &Path) -> Result<(), String> {
    fs::copy(file, copy)
        .map(drop)
        .map_err(|error| format!("{}: {error}", copy.display()))
}
