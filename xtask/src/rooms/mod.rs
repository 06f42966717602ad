//! `cargo xtask rooms`: checks that the files of a crate have no dependency cycle, and that long files give a reason.

mod graph;
mod lexer;
mod module_tree;

use std::fs;
use std::path::{Path, PathBuf};

use module_tree::Sources;

/// Paths of the packages of the workspace.
const PLACES: [&str; 3] = ["crates", "tests", "xtask"];

/// Folders that are not searched.
const LEFT_OUT: [&str; 2] = ["node_modules", "target"];

const MAX_LINES: usize = 500;

/// Number of lines at the top of a long file in which it gives its reason.
const TOP: usize = 20;

const REASON: &str = "Long because ";

/// Checks the sources of a repository, and prints cycles and long files, one per line.
///
/// # Errors
/// If there are any, or a file cannot be read.
pub(crate) fn run(repository: &Path) -> Result<(), String> {
    let mut problems = 0;
    let mut report = |problem: String| {
        eprintln!("{problem}");
        problems += 1;
    };
    for package in packages(repository)? {
        let shown = shown(&package, repository);
        let sources = sources(&package)?;
        for root in sources.keys().filter(|file| is_root(file)) {
            for cycle in graph::cycles(&sources, root) {
                report(format!("{shown}: cycle of files: {}", graph::described(&cycle)));
            }
        }
        for (file, lines) in sources.iter().filter_map(|(file, text)| Some((file, too_long(text)?))) {
            report(format!(
                "{shown}/{file}: {lines} lines, over {MAX_LINES}: split it, or give the reason in a line of its first {TOP}, \
                 \"//! {REASON}…\""
            ));
        }
    }
    match problems {
        0 => Ok(()),
        _ => Err(format!("{problems} cycles of files or long files")),
    }
}

/// Folders with a `Cargo.toml`: the given ones, or those in them.
fn packages(repository: &Path) -> Result<Vec<PathBuf>, String> {
    let mut packages = Vec::new();
    for place in PLACES.map(|place| repository.join(place)) {
        if place.join("Cargo.toml").is_file() {
            packages.push(place);
            continue;
        }
        packages.extend(
            entries(&place)?
                .into_iter()
                .filter(|entry| entry.join("Cargo.toml").is_file()),
        );
    }
    Ok(packages)
}

/// All Rust files of a package.
fn sources(package: &Path) -> Result<Sources, String> {
    let mut sources = Sources::new();
    let mut folders = vec![package.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in entries(&folder)? {
            if entry.is_dir() {
                if !LEFT_OUT.iter().any(|name| entry.ends_with(name)) {
                    folders.push(entry);
                }
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&entry).map_err(|error| format!("{}: {error}", entry.display()))?;
                sources.insert(shown(&entry, package), text);
            }
        }
    }
    Ok(sources)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let mut entries = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<_>>>()?;
        entries.sort();
        Ok(entries)
    };
    read().map_err(|error| format!("{}: {error}", folder.display()))
}

/// A path relative to a folder, with `/` on every system.
fn shown(path: &Path, folder: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// Whether a file is the root of a crate, by the conventions of this workspace.
fn is_root(file: &str) -> bool {
    let parts: Vec<_> = file.split('/').collect();
    matches!(
        parts[..],
        ["src", "lib.rs"] | ["build.rs"] | [_, "main.rs"] | ["tests", _] | ["tests", _, "main.rs"]
    )
}

/// The number of lines of a file that is too long and gives no reason.
fn too_long(text: &str) -> Option<usize> {
    let lines = text.lines().count();
    let gives_reason = |line: &str| {
        ["//! ", "// "]
            .iter()
            .any(|comment| line.strip_prefix(comment).is_some_and(|text| text.starts_with(REASON)))
    };
    (lines > MAX_LINES && !text.lines().take(TOP).any(gives_reason)).then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_needs_a_reason_at_its_top() {
        let long = |top: &str| format!("{top}\n{}", "fn f() {}\n".repeat(MAX_LINES));
        assert_eq!(too_long(&long("//! What it does.")), Some(MAX_LINES + 1));
        assert_eq!(too_long(&long("//! Long because of its table.")), None);
        assert_eq!(too_long(&long(&"//\n".repeat(TOP - 1))), Some(MAX_LINES + TOP));
        assert_eq!(too_long(&long("fn f() {} // Long because")), Some(MAX_LINES + 1));
        assert_eq!(too_long(&"\n".repeat(MAX_LINES)), None);
    }

    #[test]
    fn crates_begin_where_cargo_begins_them() {
        for file in [
            "src/lib.rs",
            "src/main.rs",
            "browser/main.rs",
            "tests/suggest.rs",
            "tests/cli/main.rs",
        ] {
            assert!(is_root(file), "{file}");
        }
        for file in ["src/a.rs", "src/a/main.rs", "tests/common/mod.rs", "browser/a.rs"] {
            assert!(!is_root(file), "{file}");
        }
    }
}
