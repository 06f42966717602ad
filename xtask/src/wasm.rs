//! `cargo xtask wasm`: what answers searches compiles for `wasm32-unknown-unknown` too, so that it can run in a browser.
//!
//! The target needs a standard library compiled for it. The first of these that can be had is used:
//!
//! 1. that of the toolchain in use;
//! 2. Debian's compiler of the same version or a later one, with the sources of its standard library: unpacked into the target folder,
//!    installed nowhere, kept between runs;
//! 3. that which `rustup target add` adds to the toolchain in use; no toolchain is ever fetched.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::debian;
use crate::programs::{cargo, find, root, step, target};

const TARGET: &str = "wasm32-unknown-unknown";

/// The crates of the read side; those that they need are compiled with them.
const CRATES: [&str; 5] = ["rex-query", "rex-analysis", "rex-index", "rex-search", "rex-api"];

/// Debian's current compiler, beside the older one of a release, and the sources of its standard library.
const PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// The sources of a compiler that are no use here.
const UNUSED_SOURCES: [&str; 2] = ["compiler", "src"];

/// tantivy names new segments by `uuid`, which wants a source of randomness. The target has none, and reading needs none: this one
/// compiles and fails when asked.
const FLAGS: &str = "--cfg\u{1f}getrandom_backend=\"unsupported\"";

/// Compiles these crates, or those of the read side where none is named. Says so, and does nothing, where no toolchain can be had.
///
/// # Errors
/// A crate that does not compile.
pub(crate) fn run(crates: &[&str]) -> Result<(), String> {
    let folder = target()?.join("wasm");
    let toolchain = match toolchain(&folder) {
        Ok(toolchain) => toolchain,
        Err(missing) => {
            eprintln!("\nskipped: compile for wasm32: {missing}");
            return Ok(());
        }
    };
    // Code is checked, not made, and so needs no linker.
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
    /// The one in use, which has the standard library.
    InUse,
    /// Debian's, in this folder, which compiles the standard library from its sources.
    Debian(PathBuf),
}

/// # Errors
/// What is missing, and how to get it.
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

/// Whether the toolchain in use has the standard library.
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

/// Has rustup add the target to the toolchain in use, if that is one of its own and is there.
fn add_target() -> bool {
    if find("rustup").is_none() {
        return false;
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]).env("RUSTUP_AUTO_INSTALL", "0");
    step("wasm32: rustup target", rustup).is_ok() && has_target()
}

const RUSTC: &str = "usr/bin/rustc";

/// Debian's compiler, fetched into a folder where it is not there already.
///
/// # Errors
/// Why it cannot be had.
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

/// Whether a compiler that was unpacked before is whole and still runs here.
fn runs(tree: &Path) -> bool {
    rustc(tree).and_then(|mut rustc| output(&mut rustc)).is_ok()
}

fn rustc(tree: &Path) -> Result<Command, String> {
    let mut rustc = Command::new(tree.join(RUSTC));
    rustc.arg("--version").env("LD_LIBRARY_PATH", libraries(tree)?);
    Ok(rustc)
}

/// The folder of the shared libraries, whose name is that of the machine.
fn libraries(tree: &Path) -> Result<PathBuf, String> {
    let folders = fs::read_dir(tree.join("usr/lib")).into_iter().flatten().flatten();
    folders
        .map(|folder| folder.path())
        .find(|folder| folder.to_string_lossy().ends_with("-linux-gnu"))
        .ok_or_else(|| format!("{} holds no compiler", tree.display()))
}

/// Unpacks the packages, and those that they need and the machine lacks, into a folder that appears when it is complete.
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
            // They only take room.
            let _ = unused.map(fs::remove_dir_all);
        }
    }
    fs::rename(unpacked, tree).map_err(failed)
}

/// The packages, by name, that installing the compiler would install.
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

/// The packages that a simulation of apt-get says it would install.
fn installed_by(simulation: &str) -> Vec<String> {
    let names = simulation
        .lines()
        .filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    names.map(str::to_owned).collect()
}

/// The release that `rustc --version` tells, as (1, 95).
fn release(version: &str) -> Option<(u32, u32)> {
    release_of(version.split(' ').nth(1)?)
}

fn release_of(version: &str) -> Option<(u32, u32)> {
    let (major, rest) = version.split_once('.')?;
    let minor = rest.split('.').next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// What a program prints.
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
