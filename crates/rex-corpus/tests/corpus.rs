//! What is in the folder of a corpus besides cases.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::convert::Infallible;
use std::fs;

use rex_corpus::Corpus;

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
