//! Debian's packages, for the programs that the tests run.

use std::process::Command;

use crate::programs::{find, step};

/// Sees to it that programs are there: where they are not, installs Debian's packages of them if that can be done.
///
/// # Errors
/// `missing`, which says what is wanted and how to get it, when they are still not there.
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

/// Fetches the lists of packages anew, as a step of this name.
///
/// # Errors
/// apt-get that fails, or may not.
pub(crate) fn update(name: &str) -> Result<(), String> {
    step(name, apt(&["update", "--quiet"]))
}

fn apt(arguments: &[&str]) -> Command {
    // As root there is no need for sudo, and often no sudo.
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
