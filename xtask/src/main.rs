//! `cargo xtask test`: everything CI runs, on any machine. `cargo xtask setup`: only what it installs first, for those who then run
//! single tests. `cargo xtask rooms`, `cargo xtask wasm`: only the cycles among files and the long files; only that what answers
//! searches compiles for wasm32. `cargo xtask soak`: the long runs of what must keep working. `cargo xtask bench`: its speed beside
//! that of other engines. `cargo xtask territories`, `cargo xtask dictionary`: the list of territories and the dictionary of French,
//! made anew.

mod bench;
mod debian;
mod dictionary;
mod npm;
mod packages;
mod programs;
mod rooms;
mod soak;
mod territories;
mod wasm;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use programs::{cargo, find, root, step};

const USAGE: &str = "\
usage: cargo xtask test                    format, lints, documentation, licences, all tests, in the browser and with other clients too
       cargo xtask setup                   install the browser, strace and the packages that the tests run, where they are missing
       cargo xtask rooms [FOLDER]          cycles among the files of a crate, and long files, of this repository or the one in a folder
       cargo xtask wasm [CRATE]...         compile what answers searches for wasm32, or these crates
       cargo xtask soak [NAME]...          the long runs of tests/operations, or those whose names hold a NAME
       cargo xtask bench [ARGUMENT]...     speed beside other engines, written to bench/runs; --help lists the arguments, --quick takes a look
       cargo xtask territories [FOLDER]    make the list of territories from the npm package, or from a folder that holds it
       cargo xtask dictionary [FOLDER]     make the dictionary of French from the npm package, or from a folder that holds it";

/// The seed of what property tests draw, so that each change is judged by the same examples; `cargo test` alone draws others each time.
const DRAW: &str = "20261126";

/// The browsers that `tests/browser/harness.mjs` looks for.
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
    // A package of its own, that would else be found not to fit Rex only when somebody measures.
    step("lints of the speed engines", bench::lints()?)?;
    let mut documentation = cargo(&["doc", "--workspace", "--no-deps", "--locked", "--quiet"]);
    documentation.env("RUSTDOCFLAGS", "--deny warnings");
    step("documentation", documentation)?;
    wasm::run(&[])?;
    licences()?;
    setup()?;
    // Built before the tests that run it, so that none of them waits for it.
    step("binary", cargo(&["build", "--package", "rex-cli", "--locked"]))?;
    let mut tests = cargo(&["test", "--workspace", "--locked"]);
    tests.env("PROPTEST_RNG_SEED", DRAW);
    step("tests", tests)
}

/// Installs what the tests run and a machine may not have.
fn setup() -> Result<(), String> {
    browser()?;
    tracer()?;
    packages::install()
}

/// Licences, sources and duplicates by `deny.toml`; known vulnerabilities too where their database can be fetched.
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

/// Chromium or Chrome, which Playwright drives.
fn browser() -> Result<(), String> {
    debian::provide(
        "browser",
        &["chromium"],
        || BROWSERS.iter().any(|name| find(name).is_some()),
        "the browser tests need Chromium or Chrome on the PATH; on Debian: apt-get install chromium",
    )
}

/// strace, by which `tests/operations` has the disk fail; the rest of what it runs (unshare, nsenter, setpriv) is in every Linux.
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
