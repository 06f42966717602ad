//! What README.md and docs/ name exists: the tests of docs/THREATS.md, and every file and folder of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use rex_tests::workspace;

/// Folders of the repository whose paths are checked.
const FOLDERS: [&str; 6] = ["bench/", "crates/", "deploy/", "fuzz/", "tests/", "xtask/"];

/// Appends the text of every Rust file below a folder.
fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of the repository").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("node_modules") {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&fs::read_to_string(&path).expect("a file of the repository"));
        }
    }
}

/// The code spans in the last column of the tables, each after the text before it.
fn shown_by(page: &str) -> Vec<(&str, &str)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let columns = rows.filter_map(|row| row.trim_end_matches(" |").rsplit_once(" | "));
    let mut named = Vec::new();
    for (_, column) in columns {
        let parts: Vec<&str> = column.split('`').collect();
        named.extend(parts.chunks_exact(2).map(|pair| (pair[0], pair[1])));
    }
    named
}

#[test]
fn every_test_that_is_named_is_there() {
    let page = fs::read_to_string(workspace().join("docs/THREATS.md")).expect("the page");
    let mut source = String::new();
    for folder in ["crates", "tests"] {
        sources(&workspace().join(folder), &mut source);
    }
    let named = shown_by(&page);
    assert!(named.len() > 50, "{named:?}");
    for (before, name) in named {
        if before.ends_with("fuzz: ") {
            let target = workspace().join(format!("fuzz/fuzz_targets/{name}.rs"));
            assert!(target.is_file(), "no fuzz target {name}");
        } else if !name.contains(' ') {
            assert!(source.contains(&format!("fn {name}(")), "no test {name}");
        }
    }
}

/// README.md and the pages in docs/.
fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(workspace().join("docs")).expect("a folder").flatten();
    let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.path()).filter(is_page).collect();
    pages.push(workspace().join("README.md"));
    pages
}

/// The paths below [`FOLDERS`] that a page names, in code or as targets of links.
fn paths(page: &str) -> impl Iterator<Item = &str> {
    let words = page.split(|c: char| c.is_whitespace() || "`()[]\",;".contains(c));
    let names = words.map(|word| word.trim_start_matches("../").trim_end_matches(['.', ':']));
    let names = names.map(|name| name.split('#').next().unwrap_or(name));
    names.filter(|name| FOLDERS.iter().any(|folder| name.starts_with(folder)) && !name.contains(['<', '*', '…']))
}

#[test]
fn every_path_that_is_named_is_there() {
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for path in paths(&text) {
            count += 1;
            assert!(workspace().join(path).exists(), "{}: no {path}", page.display());
        }
    }
    assert!(count > 50, "{count} paths: the pages are not read as they should");
}
