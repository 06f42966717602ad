//! Fetches npm packages, for generators that use their data.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Fetches a version of a package, unpacks it in a folder, and returns its path.
///
/// # Errors
/// If the folder cannot be created, or npm or tar is missing or fails.
pub(crate) fn fetch(folder: &Path, package: &str, version: &str) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    let spec = format!("{package}@{version}");
    // npm names the archive of a scoped package after both.
    let archive = format!("{}-{version}.tgz", package.trim_start_matches('@').replace('/', "-"));
    for (program, arguments) in [
        ("npm", ["pack", "--silent", &spec]),
        ("tar", ["xz", "--file", &archive]),
    ] {
        let status = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .status()
            .map_err(|error| format!("cannot run {program}, which this needs: {error}"))?;
        if !status.success() {
            return Err(format!("{program} {} failed ({status})", arguments.join(" ")));
        }
    }
    Ok(folder.join("package"))
}
