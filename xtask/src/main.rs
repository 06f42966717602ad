//! Tasks of the repository, run as `cargo xtask TASK`.
//!
//! ```text
//! test          everything CI runs, on any machine
//! setup         installs the programs and packages that the tests need, and runs nothing
//! rooms         checks for file cycles and long files
//! wasm          checks that the read side compiles for wasm32
//! soak          the long variants of tests/operations
//! bench         compares the speed of Rex with other engines
//! territories   generates the list of territories
//! dictionary    generates the French dictionary
//! vectors       learns the word vectors
//! ```

mod bench;
mod debian;
mod dictionary;
mod npm;
mod packages;
mod programs;
mod rooms;
mod soak;
mod territories;
mod vectors;
mod wasm;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use programs::{cargo, find, root, step};

const USAGE: &str = "\
usage: cargo xtask test                    everything CI runs: format, lints, documentation, licences, all tests
       cargo xtask setup                   install the browser, strace and the packages that the tests need
       cargo xtask rooms [FOLDER]          check this repository, or FOLDER, for file cycles and long files
       cargo xtask wasm [CRATE]...         check that the read side, or these crates, compile for wasm32
       cargo xtask soak [NAME]...          the long variants of tests/operations, or those whose names contain a NAME
       cargo xtask bench [ARGUMENT]...     compare speed with other engines, record in bench/runs; --help lists the arguments
       cargo xtask territories [FOLDER]    generate the list of territories from npm, or from FOLDER with the unpacked package
       cargo xtask dictionary [FOLDER]     generate the French dictionary from npm, or from FOLDER with the unpacked package
       cargo xtask vectors FOLDER          learn the word vectors from the texts in FOLDER; slow unless xtask is compiled with --release";

/// Seed of property tests, so that each change is tested on the same examples; plain `cargo test` draws new ones.
const DRAW: &str = "20261126";

/// Names of browsers that `tests/browser/harness.mjs` looks for.
const BROWSERS: [&str; 3] = ["chromium", "google-chrome", "chrome"];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test"] => test(),
        ["setup"] => setup(),
        ["rooms"] => rooms::run(root()),
        ["rooms", folder] => rooms::run(Path::new(folder)),
        ["wasm", crates @ ..] => wasm::run(crates),
        ["soak", names @ ..] => soak::run(names),
        ["bench", rest @ ..] => bench::run(rest),
        ["territories"] => territories::run(root(), None),
        ["dictionary"] => dictionary::run(root(), None),
        ["dictionary", folder] => dictionary::run(root(), Some(folder)),
        ["vectors", folder] => vectors::run(root(), Path::new(folder)),
        ["territories", folder] => territories::run(root(), Some(folder)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn test() -> Result<(), String> {
    step("format", cargo(&["fmt", "--all", "--check"]))?;
    eprintln!("\n== cycles of files, long files");
    rooms::run(root())?;
    step(
        "lints",
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "--deny",
            "warnings",
        ]),
    )?;
    // Not in the workspace: without this, a break would only show in the next benchmark.
    step("lints of the speed engines", bench::lints()?)?;
    let mut documentation = cargo(&["doc", "--workspace", "--no-deps", "--locked", "--quiet"]);
    documentation.env("RUSTDOCFLAGS", "--deny warnings");
    step("documentation", documentation)?;
    wasm::run(&[])?;
    licences()?;
    setup()?;
    // Before the tests that run the binary, so that no test times out while it is built.
    step("binary", cargo(&["build", "--package", "rex-cli", "--locked"]))?;
    let mut tests = cargo(&["test", "--workspace", "--locked"]);
    tests.env("PROPTEST_RNG_SEED", DRAW);
    step("tests", tests)
}

/// Installs the programs and packages that the tests need.
fn setup() -> Result<(), String> {
    browser()?;
    tracer()?;
    packages::install()
}

/// Checks licences, sources and duplicates by `deny.toml`, and vulnerabilities if their database can be fetched.
fn licences() -> Result<(), String> {
    if find("cargo-deny").is_none() {
        eprintln!("\nskipped: the licences need cargo-deny (`cargo install --locked cargo-deny`)");
        return Ok(());
    }
    step(
        "licences",
        cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]),
    )?;
    if step(
        "vulnerabilities: fetch the database",
        cargo(&["deny", "--locked", "fetch", "db"]),
    )
    .is_err()
    {
        eprintln!("skipped: the vulnerabilities need their database, which cannot be fetched from here");
        return Ok(());
    }
    step(
        "vulnerabilities",
        cargo(&["deny", "--locked", "--offline", "check", "advisories"]),
    )
}

/// Installs Chromium for Playwright, unless Chromium or Chrome is there.
fn browser() -> Result<(), String> {
    debian::provide(
        "browser",
        &["chromium"],
        || BROWSERS.iter().any(|name| find(name).is_some()),
        "the browser tests need Chromium or Chrome on the PATH; on Debian: apt-get install chromium",
    )
}

/// Installs strace, with which `tests/operations` injects disk failures. Its other programs (unshare, nsenter, setpriv) come with Linux.
fn tracer() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        eprintln!("\nskipped: tests/operations needs Linux");
        return Ok(());
    }
    debian::provide(
        "strace",
        &["strace"],
        || find("strace").is_some(),
        "the tests of failing disks need strace on the PATH; on Debian: apt-get install strace",
    )
}
