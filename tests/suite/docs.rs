//! docs/THREATS.md names the tests that show what it says: they are there.

use std::fs;
use std::path::Path;

use rex_tests::workspace;

/// The text of every Rust file below a folder.
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

/// What stands between back quotes in the last column of the tables, and what stands before each.
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
