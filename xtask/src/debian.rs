//! Installs Debian packages for programs that the tests run.

use std::process::Command;

use crate::programs::{find, step};

/// Ensures that programs are installed, from Debian packages if possible.
///
/// # Errors
/// `missing`, which says how to install them, if they are still missing.
pub(crate) fn provide(
    programs: &str,
    packages: &[&str],
    are_there: impl Fn() -> bool,
    missing: &str,
) -> Result<(), String> {
    if are_there() {
        return Ok(());
    }
    if find("apt-get").is_none() {
        return Err(missing.to_owned());
    }
    let mut install = vec!["install", "--yes", "--quiet"];
    install.extend(packages);
    let installed = update(&format!("{programs}: package lists"))
        .and_then(|()| step(&format!("{programs}: install"), apt(&install)));
    match installed {
        _ if are_there() => Ok(()),
        Ok(()) => Err(missing.to_owned()),
        Err(reason) => Err(format!("{reason}; {missing}")),
    }
}

/// Updates the package lists, as a step with this name.
///
/// # Errors
/// If apt-get fails or lacks permission.
pub(crate) fn update(name: &str) -> Result<(), String> {
    step(name, apt(&["update", "--quiet"]))
}

fn apt(arguments: &[&str]) -> Command {
    // Root needs no sudo, which is often not installed in containers.
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg("if [ \"$(id -u)\" = 0 ]; then exec \"$@\"; else exec sudo -n \"$@\"; fi")
        .arg("sh");
    command
        .arg("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}
