//! `cargo xtask wasm`: checks that the read side compiles for `wasm32-unknown-unknown`, so that it can run in a browser.
//!
//! The target needs its own standard library. The first available of these is used:
//!
//! 1. the one of the current toolchain;
//! 2. Debian's compiler of the same or a later version, with the sources of its standard library, unpacked into the target folder and
//!    kept between runs, not installed;
//! 3. the one that `rustup target add` adds to the current toolchain; no toolchain is downloaded.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::debian;
use crate::programs::{cargo, find, root, step, target};

const TARGET: &str = "wasm32-unknown-unknown";

/// The crates of the read side; their dependencies are compiled too.
const CRATES: [&str; 5] = ["rex-query", "rex-analysis", "rex-index", "rex-search", "rex-api"];

/// Debian packages of a current compiler, and of the sources of its standard library.
const PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// Parts of the compiler sources that are not needed.
const UNUSED_SOURCES: [&str; 2] = ["compiler", "src"];

/// tantivy names new segments by `uuid`, which needs random numbers. The target has no source of them and reading needs none: this
/// backend compiles, and fails if called.
const FLAGS: &str = "--cfg\u{1f}getrandom_backend=\"unsupported\"";

/// Compiles the named crates, or those of the read side. Prints that it is skipped if there is no toolchain.
///
/// # Errors
/// If a crate does not compile.
pub(crate) fn run(crates: &[&str]) -> Result<(), String> {
    let folder = target()?.join("wasm");
    let toolchain = match toolchain(&folder) {
        Ok(toolchain) => toolchain,
        Err(missing) => {
            eprintln!("\nskipped: compile for wasm32: {missing}");
            return Ok(());
        }
    };
    // `cargo check` needs no linker.
    let mut check = cargo(&["check", "--lib", "--locked", "--target", TARGET, "--target-dir"]);
    check.arg(&folder);
    for name in if crates.is_empty() { &CRATES } else { crates } {
        check.args(["--package", name]);
    }
    check
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS)
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    if let Toolchain::Debian(tree) = &toolchain {
        check
            .arg("-Zbuild-std=std,panic_abort")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", tree.join(RUSTC))
            .env("LD_LIBRARY_PATH", libraries(tree)?);
    }
    step("compile for wasm32", check)
}

enum Toolchain {
    /// The current toolchain, with the standard library of the target.
    InUse,
    /// Debian's compiler in this folder; it compiles the standard library from source.
    Debian(PathBuf),
}

/// # Errors
/// Names what is missing, and how to install it.
fn toolchain(folder: &Path) -> Result<Toolchain, String> {
    if has_target() {
        return Ok(Toolchain::InUse);
    }
    debian_toolchain(folder).map(Toolchain::Debian).or_else(|reason| {
        if add_target() {
            return Ok(Toolchain::InUse);
        }
        Err(format!(
            "the toolchain in use has no standard library for {TARGET} (`rustup target add {TARGET}`), and {reason}"
        ))
    })
}

/// Whether the current toolchain has the standard library of the target.
fn has_target() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(root());
    let Ok(folder) = output(&mut command) else {
        return false;
    };
    let files = fs::read_dir(folder.trim_end()).into_iter().flatten().flatten();
    files
        .into_iter()
        .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Adds the target to the current toolchain with rustup, if rustup manages it and it is installed.
fn add_target() -> bool {
    if find("rustup").is_none() {
        return false;
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]).env("RUSTUP_AUTO_INSTALL", "0");
    step("wasm32: rustup target", rustup).is_ok() && has_target()
}

const RUSTC: &str = "usr/bin/rustc";

/// Fetches Debian's compiler into a folder, unless it is there.
///
/// # Errors
/// Why it cannot be fetched.
fn debian_toolchain(folder: &Path) -> Result<PathBuf, String> {
    let tree = folder.join("debian");
    if !runs(&tree) {
        for program in ["apt-get", "dpkg-deb"] {
            find(program).ok_or_else(|| format!("there is no {program} to fetch Debian's compiler with"))?;
        }
        fetch(folder, &tree)?;
    }
    let version = output(&mut rustc(&tree)?)?;
    match release(&version) {
        Some(release) if Some(release) >= release_of(env!("CARGO_PKG_RUST_VERSION")) => Ok(tree),
        _ => Err(format!(
            "Debian's compiler is too old: {}, not {}",
            version.trim_end(),
            env!("CARGO_PKG_RUST_VERSION")
        )),
    }
}

/// Whether an unpacked compiler is complete and runs on this machine.
fn runs(tree: &Path) -> bool {
    rustc(tree).and_then(|mut rustc| output(&mut rustc)).is_ok()
}

fn rustc(tree: &Path) -> Result<Command, String> {
    let mut rustc = Command::new(tree.join(RUSTC));
    rustc.arg("--version").env("LD_LIBRARY_PATH", libraries(tree)?);
    Ok(rustc)
}

/// The folder of shared libraries, named after the architecture.
fn libraries(tree: &Path) -> Result<PathBuf, String> {
    let folders = fs::read_dir(tree.join("usr/lib")).into_iter().flatten().flatten();
    folders
        .map(|folder| folder.path())
        .find(|folder| folder.to_string_lossy().ends_with("-linux-gnu"))
        .ok_or_else(|| format!("{} contains no compiler", tree.display()))
}

/// Unpacks the packages and their missing dependencies into a folder, which is renamed into place when complete.
fn fetch(folder: &Path, tree: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let names = needed().or_else(|_| {
        debian::update("wasm32: package lists")?;
        needed()
    })?;
    let unpacked = folder.join("debian.part");
    let archives = folder.join("archives");
    for old in [&unpacked, &archives, &tree.to_owned()] {
        if old.exists() {
            fs::remove_dir_all(old).map_err(failed)?;
        }
    }
    fs::create_dir_all(&archives).map_err(failed)?;
    let mut download = Command::new("apt-get");
    download
        .args(["download", "--quiet", "--option", "APT::Sandbox::User=root"])
        .args(&names)
        .current_dir(&archives);
    step("wasm32: Debian's compiler", download)?;
    for archive in fs::read_dir(&archives).map_err(failed)? {
        let mut unpack = Command::new("dpkg-deb");
        unpack
            .arg("--extract")
            .arg(archive.map_err(failed)?.path())
            .arg(&unpacked);
        output(&mut unpack)?;
    }
    fs::remove_dir_all(&archives).map_err(failed)?;
    for sources in fs::read_dir(unpacked.join("usr/src")).map_err(failed)? {
        for unused in UNUSED_SOURCES.map(|name| sources.as_ref().map(|sources| sources.path().join(name))) {
            // Saves disk space; a failure does not matter.
            let _ = unused.map(fs::remove_dir_all);
        }
    }
    fs::rename(unpacked, tree).map_err(failed)
}

/// The packages that installing the compiler would install.
fn needed() -> Result<Vec<String>, String> {
    let mut simulate = Command::new("apt-get");
    simulate
        .args(["install", "--simulate", "--yes", "--no-install-recommends"])
        .args(PACKAGES)
        .env("LC_ALL", "C");
    let names = installed_by(&output(&mut simulate).map_err(|_| "Debian's compiler cannot be had".to_owned())?);
    if names.is_empty() {
        return Err("Debian's compiler is installed, without the target".to_owned());
    }
    Ok(names)
}

/// Parses the packages that a simulated `apt-get install` would install.
fn installed_by(simulation: &str) -> Vec<String> {
    let names = simulation
        .lines()
        .filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    names.map(str::to_owned).collect()
}

/// The release in the output of `rustc --version`, as (1, 95).
fn release(version: &str) -> Option<(u32, u32)> {
    release_of(version.split(' ').nth(1)?)
}

fn release_of(version: &str) -> Option<(u32, u32)> {
    let (major, rest) = version.split_once('.')?;
    let minor = rest.split('.').next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The standard output of a program.
fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program} failed ({})", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_are_those_that_apt_would_install() {
        let simulation = "Reading package lists...\n\
                          Inst libllvm22 (1:22.1.8 Debian-Security:12 [amd64])\n\
                          Inst rustc-web [1.95] (1.96.0 Debian-Security:12 [amd64]) []\n\
                          Conf libllvm22 (1:22.1.8 Debian-Security:12 [amd64])\n";
        assert_eq!(installed_by(simulation), ["libllvm22", "rustc-web"]);
    }

    #[test]
    fn releases_are_compared_by_their_numbers() {
        assert_eq!(release("rustc 1.96.0 (ac68faa20 2026-05-25)"), Some((1, 96)));
        assert_eq!(release_of("1.95"), Some((1, 95)));
        assert!(release("rustc 1.100.0-nightly") > release("rustc 1.95.1"));
        assert_eq!(release("rustc"), None);
    }
}
