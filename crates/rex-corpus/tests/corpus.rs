//! Corpus folders with difficult content.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::convert::Infallible;
use std::fs;

use rex_corpus::Corpus;

/// Found by fuzzing: an address with a line break was quoted unescaped.
#[test]
fn a_problem_is_one_line_whatever_it_quotes() {
    let folder = tempfile::tempdir().unwrap();
    let case = "---\ntitre: A\nsource: {url: https://example*\n\n.org}\ntype: \"\\e[31mx\"\n---\n";
    fs::write(folder.path().join("a.md"), case).unwrap();
    let Ok(report) = Corpus::open(folder.path())
        .unwrap()
        .read(|_, _| Ok::<_, Infallible>(()));
    let said: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().all(|line| !line.contains(char::is_control)), "{said:?}");
    assert!(
        said.iter()
            .any(|line| line.contains("\"https://example*\\n.org\" is not a web address")),
        "{said:?}"
    );
}

/// Found by fuzzing: a heading allowed in Markdown was refused in a JSON line.
#[test]
fn a_heading_may_be_what_no_facet_may() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "---\ntitre: A\n---\n# non-renseigne\nB\n").unwrap();
    let line = r#"{"id":"b","titre":"A","sections":[{"titre":"non-renseigne","texte":"B"}]}"#;
    fs::write(folder.path().join("b.jsonl"), line).unwrap();
    let mut sections = Vec::new();
    let Ok(report) = Corpus::open(folder.path()).unwrap().read(|record, _| {
        sections.push(record.sections);
        Ok::<_, Infallible>(())
    });
    assert_eq!((sections.len(), report.problem_count()), (2, 0));
    assert_eq!(sections[0], sections[1]);
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed() {
    use std::os::unix::fs::symlink;

    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("a.md"), "---\ntitre: A\n---\n").unwrap();
    fs::write(elsewhere.path().join("b.md"), "---\ntitre: B\n---\n").unwrap();
    symlink(elsewhere.path(), folder.path().join("elsewhere")).unwrap();
    symlink(folder.path(), folder.path().join("again")).unwrap();
    let mut ids = Vec::new();
    let Ok(report) = Corpus::open(folder.path()).unwrap().read(|record, _| {
        ids.push(record.id);
        Ok::<_, Infallible>(())
    });
    assert_eq!((ids, report.problem_count()), (vec!["a".to_owned()], 0));
}
